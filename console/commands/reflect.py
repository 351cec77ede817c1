"""`reflect`: answers path measurements (STAMP, RFC 8762) at a site, until told to stop.

With `--toward` it also measures to others, and tells those who have its key.
"""

import asyncio
import contextlib
import re
import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from console.commands.numbers import seconds
from console.errors import OperatorError
from console.language import N_, _, format_number
from console.model.addresses import checked_address, split_address
from console.model.inventory import ID, ID_CHARACTERS, STAMP_PORT
from console.model.references import is_reference

if TYPE_CHECKING:
    from console.analysis.echoes import PathNumbers
    from console.collector.measuring import Window
    from console.stamp.finished import Finished
    from console.stamp.reflector import Reflector, Tally
    from console.stamp.sender import Session

DEFAULT_ADDRESS = f"127.0.0.1:{STAMP_PORT}"
_MOST_TOWARD = 100
Toward = dict[str, tuple[str, int]]  # names of reflectors, and where they are


@dataclass(frozen=True, slots=True)
class _Order:
    """Where to listen, the key, what to measure, and for how long."""

    place: tuple[str, int]
    key: bytes | None = field(repr=False)
    toward: Toward
    for_s: float | None


def reflect(
    listen: str, key: str | None, for_s: float | None, toward: tuple[str, ...] = ()
) -> None:
    """Answer at an address; `key` is a reference. Raise OperatorError where that cannot be."""
    from console import secrets

    place, others = _numeric(listen), _others(toward)
    if others and key is None:
        sentence = _(
            "--toward needs --key: without one the reflector tells nobody what it measures."
        )
        raise OperatorError(sentence, exit_code=2)
    resolved = None if key is None else secrets.resolve(_checked_key(key)).encode()
    tally = asyncio.run(_reflect(_Order(place, resolved, others, for_s)))
    sentence = _("Answered: {answered}. Not understood or wrongly signed: {refused}.")
    counts = {"answered": tally.answered, "refused": tally.refused, "too_many": tally.too_many}
    words = [sentence]
    if tally.too_many:
        words.append(_("Left unanswered because a source sent too many: {too_many}."))
    numbers = {name: format_number(count) for name, count in counts.items()}
    click.echo(" ".join(words).format(**numbers))


async def _reflect(order: _Order) -> "Tally":
    """Answer, and measure to others; return what became of the packets that came."""
    from console.stamp.finished import Finished
    from console.stamp.reflector import Reflector
    from console.stamp.sender import AF41

    finished = Finished(order.toward, AF41)
    reflector = Reflector(order.key, finished.fill)
    measuring = asyncio.create_task(_measure(order, finished))
    try:
        await _answer(order.place, reflector, order.for_s)
    finally:
        measuring.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await measuring
    return reflector.tally


async def _measure(order: _Order, finished: "Finished") -> None:
    """Measure to others as the collector does, until cancelled."""
    from functools import partial

    from console.collector.lookups import Names
    from console.collector.measuring import Measuring, Path
    from console.model.inventory import Polling
    from console.stamp.sender import Sender, Target

    if not order.toward:
        return
    polling, names, sender = Polling(), Names(), Sender()

    async def opened(port: int, address: str) -> "Session":
        return await sender.session(Target(address, port, key=order.key))

    def saw(path: Path, window: "Window[None]", numbers: "PathNumbers") -> None:
        finished.add(path.name, window.began_s, window.lasts_s, numbers)

    paths = [
        Path((), name, host, names, partial(opened, port))
        for name, (host, port) in order.toward.items()
    ]
    times = polling.paths_s or 0.0, polling.timeout_s
    try:
        await Measuring(paths, times, lambda: None, saw).run()
    finally:
        sender.close()


async def _answer(place: tuple[str, int], reflector: "Reflector", for_s: float | None) -> None:
    from console.collector.stopping import Wishes
    from console.stamp.serving import Listener

    try:
        listener = await Listener.open(*place, reflector)
    except OSError as error:
        raise OperatorError(_refused(place, error)) from error
    wishes = Wishes()
    if for_s is not None:
        asyncio.get_running_loop().call_later(for_s, wishes.stop.set)
    try:
        with wishes.heard(with_parent=False):
            host, port = listener.place
            shown = f"[{host}]" if ":" in host else host
            click.echo(_("Answering at {host} port {port}.").format(host=shown, port=port))
            await wishes.stop.wait()
    finally:
        listener.close()


def _numeric(listen: str) -> tuple[str, int]:
    """Return the address to bind to; names are looked up."""
    try:
        host, port = split_address(checked_address(listen), STAMP_PORT)
    except ValueError as error:
        raise OperatorError(f"--listen “{listen}”: {_(str(error))}", exit_code=2) from None
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)
    except (OSError, UnicodeError) as error:
        sentence = _("No address is known for {host}; name one of this machine's with --listen.")
        raise OperatorError(sentence.format(host=host)) from error
    return str(found[0][4][0]), port


def _others(toward: tuple[str, ...]) -> Toward:
    """Read NAME=ADDRESS, several with commas between."""
    found: Toward = {}
    for part in ",".join(toward).split(",") if toward else ():
        name, equals, address = part.strip().partition("=")
        if not re.fullmatch(ID, name) or len(name) > ID_CHARACTERS or not equals:
            sentence = _("--toward “{part}”: give it as NAME=ADDRESS, by the inventory's names.")
            raise OperatorError(sentence.format(part=part), exit_code=2)
        try:
            found[name] = split_address(checked_address(address), STAMP_PORT)
        except ValueError as error:
            raise OperatorError(f"--toward “{part}”: {_(str(error))}", exit_code=2) from None
    if len(found) > _MOST_TOWARD:
        sentence = _("--toward names {count} reflectors; {most} are the most.")
        raise OperatorError(sentence.format(count=len(found), most=_MOST_TOWARD), exit_code=2)
    return found


def _checked_key(key: str) -> str:
    if not is_reference(key):  # never repeated: it may be the key itself
        sentence = _(
            "--key names where the key is kept, ${keyring:NAME}, ${env:NAME} or ${file:NAME};"
            " the key itself does not belong on the command line, where everyone can read it."
        )
        raise OperatorError(sentence, exit_code=2)
    return key


def _refused(place: tuple[str, int], error: OSError) -> str:
    host, port = place
    if isinstance(error, PermissionError):
        sentence = _(
            "Port {port} is for privileged programs only; name a higher one, --listen"
            " {host}:18620, and the same port in the inventory, or let this program have it"
            " (Linux: CAP_NET_BIND_SERVICE, as in AmbientCapabilities= of a systemd unit)."
        )
    else:
        sentence = _(
            "The reflector cannot listen at {host} port {port}: {reason}. End the program that"
            " uses it, or name another address with --listen."
        )
    shown = f"[{host}]" if ":" in host else host
    return sentence.format(host=shown, port=port, reason=error.strerror or str(error))


@click.command(
    "reflect",
    help=N_(
        "Answer the collector's path measurements at a site (STAMP, RFC 8762): loss in each"
        " direction, round trip, jitter. Only to where a packet came from, never with more than"
        " came. Name it in the inventory under “reflectors”."
    ),
    epilog=N_(
        "Example: python main.py reflect --listen 10.1.2.3:862 --key '${keyring:reflector/trier}'"
    ),
)
@click.option(
    "--listen",
    default=DEFAULT_ADDRESS,
    show_default=True,
    metavar="ADDRESS",
    help=N_("This machine's address, and a port if not 862."),
)
@click.option(
    "--key",
    metavar="REFERENCE",
    help=N_("Answer signed packets only: ${keyring:NAME}, ${env:NAME} or ${file:NAME}."),
)
@click.option(
    "--toward",
    multiple=True,
    metavar="NAME=ADDRESS",
    help=N_(
        "Measure to other sites' reflectors too, several with commas between, and tell the"
        " collector, which asks where the inventory says “toward”. Needs --key, the same there."
    ),
)
@click.option("--for", "for_s", type=seconds(0), metavar="S", help=N_("End after so many seconds."))
def command(listen: str, key: str | None, for_s: float | None, toward: tuple[str, ...]) -> None:
    """Run on the command line."""
    reflect(listen, key, for_s, toward)
