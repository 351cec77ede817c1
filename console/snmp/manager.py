"""Asks agents over one UDP socket a family: time-outs, retries, matching of answers.

Knows no inventory and no table's meaning.
"""

import asyncio
import secrets
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field

from console.snmp import ber
from console.snmp.errors import Garbled, Timeout, Unasked
from console.snmp.messages import (
    GET,
    TOO_BIG,
    CommunityMessages,
    Prepared,
    Varbind,
    check_status,
    request_id_of,
)
from console.snmp.sockets import SocketAddress, UdpSocket, open_udp
from console.snmp.table import Table, TableReader
from console.snmp.target import Reply, Target

_NAME_HOLDS_S = 300.0  # how long a resolved name is believed
_MOST_NOISY = 4096


@dataclass(slots=True, eq=False)
class _Question:
    """One request under way, under one request id for each time it was sent."""

    target: Target
    address: SocketAddress
    udp: UdpSocket
    messages: CommunityMessages
    prepared: Prepared
    future: asyncio.Future[Reply]
    began_s: float
    tries_left: int
    sent_s: dict[int, float] = field(default_factory=dict)
    sent: bool = False
    timer: asyncio.TimerHandle | None = None


class Manager:
    """Asks agents. `open` inside the running loop before the first question, `close` at the end."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop
        self._sockets: dict[int, UdpSocket] = {}
        self._questions: dict[int, _Question] = {}
        self._messages: dict[str, CommunityMessages] = {}
        self._addresses: dict[tuple[str, int], tuple[int, SocketAddress, float]] = {}
        self._noise_s: dict[SocketAddress, float] = {}

    async def open(self) -> None:
        """Open the IPv4 socket; the one for IPv6 follows with the first IPv6 agent."""
        self._loop = asyncio.get_running_loop()
        await self._open(socket.AF_INET)

    async def close(self) -> None:
        """Close the sockets. Questions under way end as cancelled."""
        for udp in self._sockets.values():
            udp.close()
        self._sockets.clear()
        for question in set(self._questions.values()):
            question.future.cancel()
        await asyncio.sleep(0)  # asyncio's transports close in the loop's next round

    async def get(self, target: Target, oids: Sequence[ber.Oid]) -> list[Varbind]:
        """GET single variables; one varbind an OID, in their order."""
        wanted = [ber.encode_oid(oid) for oid in oids]
        answer = (await self.ask(target, self.prepare(target, GET, wanted))).answer
        if answer.error_status == TOO_BIG and len(oids) > 1:
            half = len(oids) // 2
            return await self.get(target, oids[:half]) + await self.get(target, oids[half:])
        check_status(answer)
        if answer.oids != wanted:
            raise Garbled
        return [Varbind(oid, answer.tags[i], answer.value(i)) for i, oid in enumerate(oids)]

    async def table(
        self, target: Target, columns: Sequence[ber.Oid], scalars: Sequence[ber.Oid] = ()
    ) -> Table:
        """Read columns of a table to their end; for reading again and again keep a TableReader."""
        return await TableReader(self, target, columns, scalars).read()

    def prepare(
        self,
        target: Target,
        kind: int,
        oids: Sequence[bytes],
        non_repeaters: int = 0,
        max_repetitions: int = 0,
    ) -> Prepared:
        """Prepare a request that may be sent to this target again and again."""
        return self._spoken_by(target).prepare(kind, oids, non_repeaters, max_repetitions)

    async def ask(self, target: Target, prepared: Prepared) -> Reply:
        """Send until answered or out of tries; raise SnmpError. Error statuses are the caller's."""
        known = self._addresses.get((target.host, target.port))
        if known is None or known[2] < self._loop.time():
            known = await self._resolve(target)
        family, address, _ = known
        udp = self._sockets.get(family) or await self._open(family)
        messages = self._spoken_by(target)
        question = _Question(
            *(target, address, udp, messages, prepared, self._loop.create_future()),
            *(self._loop.time(), target.retries),
        )
        self._send(question)
        try:
            return await question.future
        finally:
            if question.timer is not None:
                question.timer.cancel()
            for request_id in question.sent_s:
                del self._questions[request_id]

    def _spoken_by(self, target: Target) -> CommunityMessages:
        messages = self._messages.get(target.community)
        if messages is None:
            messages = self._messages[target.community] = CommunityMessages(target.community)
        return messages

    async def _open(self, family: int) -> UdpSocket:
        try:
            opened = await open_udp(family, self._receive)
        except OSError:
            raise Unasked("network") from None
        kept = self._sockets.setdefault(family, opened)
        if kept is not opened:  # somebody else opened one meanwhile
            opened.close()
        return kept

    async def _resolve(self, target: Target) -> tuple[int, SocketAddress, float]:
        kind = socket.SOCK_DGRAM
        holds_s = float("inf")
        try:
            found = socket.getaddrinfo(
                target.host, target.port, type=kind, flags=socket.AI_NUMERICHOST
            )
        except (socket.gaierror, UnicodeError):
            holds_s = self._loop.time() + _NAME_HOLDS_S
            try:
                found = await self._loop.getaddrinfo(target.host, target.port, type=kind)
            except (socket.gaierror, UnicodeError):
                raise Unasked("dns") from None
        family, _, _, _, address = found[0]
        known = (int(family), address, holds_s)
        self._addresses[target.host, target.port] = known
        return known

    def _new_request_id(self) -> int:
        """Return an id nobody can guess and that takes exactly four octets."""
        while True:
            request_id = secrets.randbits(30) | 0x40000000
            if request_id not in self._questions:
                return request_id

    def _send(self, question: _Question) -> None:
        request_id = self._new_request_id()
        self._questions[request_id] = question
        question.sent_s[request_id] = self._loop.time()
        datagram = question.messages.encode(question.prepared, request_id)
        question.sent = question.udp.send(datagram, question.address) or question.sent
        question.timer = self._loop.call_later(question.target.timeout_s, self._time_out, question)

    def _time_out(self, question: _Question) -> None:
        if question.future.done():
            return
        if question.tries_left:
            question.tries_left -= 1
            self._send(question)
        elif self._noise_s.get(question.address, -1.0) >= question.began_s:
            question.future.set_exception(Garbled())
        elif not question.sent:
            question.future.set_exception(Unasked("network"))
        else:
            question.future.set_exception(Timeout())

    def _receive(self, data: bytes, address: SocketAddress) -> None:
        now_s = self._loop.time()
        try:
            request_id = request_id_of(data)
            question = self._questions.get(request_id)
            if question is None or question.future.done():
                return
            if question.address != address and not question.target.other_source:
                return
            answer = question.messages.decode(data)
        except ber.BerError:
            self._note_noise(address, now_s)
            return
        rtt_us = round((now_s - question.sent_s[request_id]) * 1e6)
        question.future.set_result(Reply(answer, now_s, rtt_us))

    def _note_noise(self, address: SocketAddress, now_s: float) -> None:
        """Remember who sent what nobody can read: their silence is no time-out."""
        if len(self._noise_s) >= _MOST_NOISY:
            self._noise_s.clear()
        self._noise_s[address] = now_s
