"""Receives traps and informs: stores them as events, and has their devices polled at once.

A notification never changes a state by itself. Whatever is not stored is counted.
"""

import asyncio
import logging
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from console.collector.extra_polls import ExtraPolls, Look
from console.collector.fair_queue import FairQueue, Shares
from console.collector.lookups import Names, Secrets
from console.collector.recorder import Recorder
from console.collector.trap_gate import Admitted, NotAdmittedError, TrapGate
from console.collector.trap_senders import (
    Access,
    Identity,
    Senders,
    find_access,
    find_senders,
    plain,
)
from console.collector.trap_socket import Address, Datagram, TrapSocket
from console.language import _
from console.model.events import Event, EventCount, Fate
from console.model.inventory import Inventory
from console.snmp.ber import BerError

log = logging.getLogger("leitstand.collector")

_READ_AT_ONCE = 2000  # datagrams, before any is decoded
_SLICE_S = 0.003  # of decoding, before everybody else gets a turn
_PAUSE_S = 0.001
_COUNT_S = 1.0
_LOOK_UP_S = 60.0  # so often names and secrets are looked up again
_IDENTIFY_S = 1.0  # so often at most a stranger has the devices' engines gone through
_RETRY_S = 10.0  # so often an address that is taken is tried again
_QUEUE_MOST, _QUEUE_OCTETS = 10_000, 8 << 20  # that wait, of one sender
_BURST, _PER_S = 100_000, 20  # that one device may store at once, and for ever
_MOST_INFORMS = 10_000  # remembered, to know one that is sent again
_OF_LINKS = ("1.3.6.1.6.3.1.1.5.3", "1.3.6.1.6.3.1.1.5.4")  # linkDown, linkUp

_Inform = tuple[str, int, bytes]


class TrapReceiver:
    """Listens where the inventory's `traps` says. `looks` asks a device, by its id.

    `identities` tells what devices are known by besides the address they are polled at.
    """

    def __init__(
        self,
        inventory: Inventory,
        recorder: Recorder,
        names: Names,
        secrets: Secrets,
        looks: Mapping[str, Look],
        identities: Callable[[], Iterable[Identity]] = tuple,
    ) -> None:
        assert inventory.traps is not None, "made only where traps are wanted"
        self._inventory = inventory
        self._recorder = recorder
        self._names = names
        self._secrets = secrets
        self._looks = looks
        self._identities = identities
        self._identified_s = 0.0
        self._listen = inventory.traps.endpoint
        self._gate = TrapGate(self._listen[1])
        self._senders = Senders()
        self._missing: tuple[str, ...] = ()
        self._queue: FairQueue[Datagram] = FairQueue(_QUEUE_MOST, _QUEUE_OCTETS)
        self._shares = Shares(_BURST, _PER_S)
        self._counts: Counter[tuple[Fate, str | None]] = Counter()
        self._informs: OrderedDict[_Inform, bool] = OrderedDict()  # whether stored
        self._socket: TrapSocket
        self._polls: ExtraPolls

    async def run(self) -> None:
        """Receive until cancelled."""
        await self._look_up()
        self._socket = await self._opened_socket()
        try:
            async with asyncio.TaskGroup() as group:
                self._polls = ExtraPolls(self._looks, group)
                group.create_task(self._keep_counting())
                group.create_task(self._keep_looking_up())
                group.create_task(self._keep_receiving())
        finally:
            self._give_up_the_rest()
            await self._socket.close()

    async def _opened_socket(self) -> TrapSocket:
        """Bind as soon as that is possible; polling goes on meanwhile."""
        host, port = self._listen
        written = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        told = False
        while True:
            try:
                opened = await TrapSocket.open(await self._names.get(host) or host, port)
            except OSError as error:
                if not told:
                    log.error(
                        _("Traps cannot be received on %(address)s (%(problem)s); change “traps”."),
                        {"address": written, "problem": error.strerror or error},
                    )
                told = True
                await asyncio.sleep(_RETRY_S)
            else:
                log.info(_("Listening for traps on %s."), written)
                return opened

    async def _keep_looking_up(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_UP_S)
            await self._look_up()

    async def _look_up(self) -> None:
        senders = await find_senders(self._inventory, self._names)
        self._senders = senders.identified(self._identities())
        access = await find_access(self._inventory, self._secrets)
        self._gate.give(access)
        self._tell_what_is_missing(access)

    def _tell_what_is_missing(self, access: Access) -> None:
        if access.missing and access.missing != self._missing:
            missing = ", ".join(access.missing)
            log.warning(_("Secrets are missing: traps of profile %s are refused."), missing)
        self._missing = access.missing

    async def _keep_counting(self) -> None:
        while True:
            await asyncio.sleep(_COUNT_S)
            self._hand_over_counts()

    def _hand_over_counts(self) -> None:
        self._counts[Fate.KERNEL, None] += self._socket.new_drops()
        cycle = self._recorder.now()
        self._recorder.add_event_counts(
            EventCount(cycle.id, cycle.ms(), fate, count, device)
            for (fate, device), count in self._counts.items()
            if count
        )
        self._counts.clear()

    def _give_up_the_rest(self) -> None:
        """Count what waits and is not going to be stored, because the program ends."""
        while self._read():
            continue
        while self._queue:
            _source, datagram = self._queue.take()
            self._counts[Fate.QUEUE, self._device_at(plain(datagram[1][0]))] += 1
        self._hand_over_counts()

    async def _keep_receiving(self) -> None:
        """Read first, decode then: in the kernel's queue nobody has a share of their own."""
        while True:
            await self._socket.readable()
            while self._read() or self._queue:
                end_s = time.monotonic() + _SLICE_S
                while self._queue and time.monotonic() < end_s:
                    _source, datagram = self._queue.take()
                    self._receive(*datagram)
                # Sleeping lets the history's thread have the interpreter, too.
                await asyncio.sleep(_PAUSE_S)

    def _read(self) -> int:
        found = self._socket.read(_READ_AT_ONCE)
        for datagram in found:
            host = plain(datagram[1][0])
            source = host if self._senders.knows(host) else None
            if not self._queue.put(source, datagram, len(datagram[0])):
                self._counts[Fate.QUEUE, self._device_at(host)] += 1
        return len(found)

    def _device_at(self, host: str) -> str | None:
        """Return the one device at an address, for counting what nobody has read."""
        found = self._senders.find((host, 0), None, ())
        return found[0] if len(found) == 1 else None

    def _receive(self, data: bytes, address: Address) -> None:
        """Take in one datagram: store what it says, or count why not."""
        host = plain(address[0])
        try:
            self._take_in(self._gate.admit(data), host, address)
        except NotAdmittedError as error:
            if not error.again:
                self._counts[Fate.REFUSED, self._device_at(host)] += 1
            if error.report is not None:
                self._socket.send(error.report, address)
        except BerError:
            self._counts[Fate.GARBLED, self._device_at(host)] += 1

    def _take_in(self, admitted: Admitted, host: str, address: Address) -> None:
        told, port = admitted.notification, int(address[1])
        inform = (host, port, admitted.pdu) if admitted.answer is not None else None
        devices = self._find(admitted, host, port)
        device = devices[0] if len(devices) == 1 else None
        if inform is not None and inform in self._informs:
            self._counts[Fate.REPEATED, device] += 1
            self._answer_again(admitted, inform, address)
            return
        with_news = admitted.authenticated and told.trap in _OF_LINKS
        for heard in devices:
            self._polls.want(heard, with_news=with_news)
        if not self._shares.take(device, time.monotonic()):
            self._counts[Fate.WITHHELD, device] += 1
            return
        cycle = self._recorder.now()
        event = Event(
            *(cycle.id, cycle.ms(), device, told.agent or host),
            *(told.trap, told.variables, told.left_out),
        )
        if not self._recorder.add_event(event, self._when_stored(admitted, inform, address)):
            self._counts[Fate.HISTORY, device] += 1
        elif inform is not None:
            self._informs[inform] = False

    def _find(self, admitted: Admitted, host: str, port: int) -> tuple[str, ...]:
        """Return who may have sent it; of strangers ask, once a second, who is known by now."""
        sent = (host, port), admitted.notification.agent, admitted.profiles, admitted.engine
        found = self._senders.find(*sent)
        now_s = time.monotonic()
        if found or now_s - self._identified_s < _IDENTIFY_S:
            return found
        self._identified_s = now_s
        self._senders = self._senders.identified(self._identities())
        return self._senders.find(*sent)

    def _when_stored(
        self, admitted: Admitted, inform: _Inform | None, address: Address
    ) -> Callable[[], None] | None:
        if inform is None or admitted.answer is None:
            return None
        return partial(self._acknowledge, inform, admitted.answer, address)

    def _acknowledge(self, inform: _Inform, answer: Callable[[], bytes], address: Address) -> None:
        """Tell the sender: the row is committed."""
        self._informs[inform] = True
        while len(self._informs) > _MOST_INFORMS:
            self._informs.popitem(last=False)
        self._socket.send(answer(), address)

    def _answer_again(self, admitted: Admitted, inform: _Inform, address: Address) -> None:
        """Answer an inform that was stored already; one that waits is answered when it is."""
        if self._informs[inform] and admitted.answer is not None:
            self._socket.send(admitted.answer(), address)
