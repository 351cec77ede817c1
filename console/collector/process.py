"""The collector process from its start to its end: inventory, history, signals."""

import asyncio
import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from console import inventory as inventories
from console.collector.network import Network
from console.collector.plans import Places
from console.collector.recorder import Recorder
from console.collector.stopping import Wishes
from console.errors import OperatorError
from console.history.notes import notes_file
from console.language import _
from console.model.inventory import Inventory
from console.probes.icmp import allowed_pinger

log = logging.getLogger("leitstand.collector")


@dataclass(frozen=True, slots=True)
class Order:
    """What to collect, and for how long; `for_s` None: until told to stop.

    `notes`: what the window writes; None: beside the history.
    """

    inventory: Path
    history: Path
    for_s: float | None = None
    with_parent: bool = False
    notes: Path | None = None

    @property
    def places(self) -> Places:
        """Where plans come from."""
        return Places(self.inventory.parent, self.notes or notes_file(self.history))


async def collect(order: Order, inventory: Inventory) -> None:
    """Collect until told to stop; raise OperatorError where that cannot be."""
    wishes = Wishes()
    async with Recorder(order.history) as recorder:
        with wishes.heard(order.with_parent):
            if order.for_s is not None:
                asyncio.get_running_loop().call_later(order.for_s, wishes.stop.set)
            await _collect_until_stopped(order, inventory, recorder, wishes)
    log.info(_("Stopped; %s is complete."), order.history)


async def _collect_until_stopped(
    order: Order, inventory: Inventory, recorder: Recorder, wishes: Wishes
) -> None:
    pinger = allowed_pinger()
    while not wishes.stop.is_set():
        log.info(
            _("Collecting “%(network)s” into %(history)s."),
            {"network": inventory.network, "history": order.history},
        )
        observing = asyncio.create_task(
            Network(inventory, recorder, pinger, order.places).observe()
        )
        try:
            inventory = await _next_inventory(order.inventory, inventory, observing, wishes)
        finally:
            await _end(observing)


async def _next_inventory(
    path: Path, inventory: Inventory, observing: asyncio.Task[None], wishes: Wishes
) -> Inventory:
    """Wait for the end or for a changed inventory; return the one to go on with."""
    while True:
        waits = [asyncio.create_task(event.wait()) for event in (wishes.stop, wishes.reload)]
        try:
            await asyncio.wait([observing, *waits], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        if observing.done() or wishes.stop.is_set():
            return inventory
        wishes.reload.clear()
        try:
            changed = inventories.load(path)
        except OperatorError as error:
            log.error("%s", error)
            continue
        if changed != inventory:
            return changed


async def _end(observing: asyncio.Task[None]) -> None:
    """End the polling; pass on why it ended by itself."""
    observing.cancel()
    try:
        with suppress(asyncio.CancelledError):
            await observing
    except* OperatorError as problems:
        raise _first(problems) from None


def _first(problems: BaseException) -> BaseException:
    while isinstance(problems, BaseExceptionGroup):
        problems = problems.exceptions[0]
    return problems


def log_to_standard_error() -> None:
    """Log with UTC moments; what a library says below a warning is left out."""
    handler = logging.StreamHandler()
    formatter = logging.Formatter(
        "%(asctime)s.%(msecs)03dZ %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S"
    )
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("leitstand").setLevel(logging.INFO)
