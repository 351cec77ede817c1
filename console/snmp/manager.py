"""Asks agents over one UDP socket a family: time-outs, retries, matching of answers.

Knows no inventory and no table's meaning.
"""

import asyncio
import secrets
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from console.snmp import ber
from console.snmp.errors import Garbled, Refused, Reported, Timeout, Unasked
from console.snmp.keys import User
from console.snmp.messages import (
    GET,
    NO_SUCH_NAME,
    TOO_BIG,
    Answer,
    CommunityMessages,
    Prepared,
    Varbind,
    check_status,
    request_id_of,
)
from console.snmp.path import HELD_S, IN_ALL, Path, Window, find_path
from console.snmp.secured import SecuredMessages
from console.snmp.sockets import SocketAddress, UdpSocket, open_udp
from console.snmp.table import Table, TableReader
from console.snmp.target import Reply, Target
from console.snmp.usm import UnbelievableError

Messages: TypeAlias = CommunityMessages | SecuredMessages

_MOST_NOISY = 4096
_MOST_REPORTS = 4  # of one question that lead to another try: engine, time, a new engine, its time
_GRACE_S = 0.1  # so long an answer may contradict a report that nobody signed


@dataclass(slots=True, eq=False)
class _Question:
    """One request under way, under one request id for each time it was sent."""

    target: Target
    path: Path
    udp: UdpSocket
    messages: Messages
    prepared: Prepared
    future: asyncio.Future[Reply]
    began_s: float
    elsewhere: bool  # believe an answer from another address
    tries: int = 0
    reports: int = 0
    refused: str = ""
    unbelievable: bool = False  # something came that the user's keys do not confirm
    sent_s: dict[int, float] = field(default_factory=dict)
    sent: bool = False
    timer: asyncio.TimerHandle | None = None


class Manager:
    """Asks agents. `open` inside the running loop before the first question, `close` at the end."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop
        self._sockets: dict[int, UdpSocket] = {}
        self._questions: dict[int, _Question] = {}
        self._communities: dict[tuple[int, str], CommunityMessages] = {}
        self._secured: dict[tuple[str, int, User, str], SecuredMessages] = {}
        self._paths: dict[tuple[str, int], Path] = {}
        self._window: Window
        self._noise_s: dict[SocketAddress, float] = {}

    async def open(self) -> None:
        """Open the IPv4 socket; the one for IPv6 follows with the first IPv6 agent."""
        self._loop = asyncio.get_running_loop()
        self._window = Window(IN_ALL, HELD_S)
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
        if answer.error_status == NO_SUCH_NAME and 0 < answer.error_index <= len(oids):
            return await self._get_without(target, oids, answer.error_index - 1)
        check_status(answer)
        if answer.oids != wanted:
            raise Garbled
        return [Varbind(oid, answer.tags[i], answer.value(i)) for i, oid in enumerate(oids)]

    async def _get_without(
        self, target: Target, oids: Sequence[ber.Oid], missing: int
    ) -> list[Varbind]:
        """GET the others: in version 1 one variable that is missing spoils the whole answer."""
        others = [*oids[:missing], *oids[missing + 1 :]]
        found = await self.get(target, others) if others else []
        found.insert(missing, Varbind(oids[missing], ber.NO_SUCH_OBJECT, None))
        return found

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
        path = self._paths.get((target.host, target.port))
        if path is None or path.holds_s < self._loop.time():
            path = self._paths[target.host, target.port] = await find_path(target.host, target.port)
        udp = self._sockets.get(path.family) or await self._open(path.family)
        messages = self._spoken_by(target)
        turn = object()
        try:
            await path.window.enter(turn)
            await self._window.enter(turn)
            return await self._ask(target, prepared, path, udp, messages)
        finally:
            self._window.leave(turn)
            path.window.leave(turn)

    async def _ask(
        self, target: Target, prepared: Prepared, path: Path, udp: UdpSocket, messages: Messages
    ) -> Reply:
        question = _Question(
            *(target, path, udp, messages, prepared, self._loop.create_future()),
            *(self._loop.time(), target.other_source or messages.signed),
        )
        self._send(question)
        try:
            return await question.future
        finally:
            if question.timer is not None:
                question.timer.cancel()
            for request_id in question.sent_s:
                del self._questions[request_id]

    def uptime_s(self, target: Target) -> int | None:
        """Return the snmpEngineTime that SNMPv3 tells with every answer; None where it did not."""
        secured = self._known_secured(target)
        return None if secured is None else secured.uptime_s

    def engine_id(self, target: Target) -> bytes | None:
        """Return whose keys confirmed an answer of this agent; None without SNMPv3 or an answer."""
        secured = self._known_secured(target)
        return None if secured is None else secured.engine_id

    def _known_secured(self, target: Target) -> SecuredMessages | None:
        if target.user is None:
            return None
        return self._secured.get((target.host, target.port, target.user, target.context))

    def _spoken_by(self, target: Target) -> Messages:
        if target.user is None:
            return self._by_community(target)
        key = target.host, target.port, target.user, target.context
        secured = self._secured.get(key)
        if secured is None:
            secured = self._secured[key] = SecuredMessages(
                *(target.user, self._loop.time, target.context)
            )
        return secured

    def _by_community(self, target: Target) -> CommunityMessages:
        messages = self._communities.get((target.version, target.community))
        if messages is None:
            messages = CommunityMessages(target.community, target.version)
            self._communities[target.version, target.community] = messages
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

    def _new_request_id(self) -> int:
        """Return an id nobody can guess and that takes exactly four octets."""
        while True:
            request_id = secrets.randbits(30) | 0x40000000
            if request_id not in self._questions:
                return request_id

    def _send(self, question: _Question) -> None:
        request_id = self._new_request_id()
        self._questions[request_id] = question
        now_s = self._loop.time()
        question.sent_s[request_id] = now_s
        datagram = question.messages.encode(question.prepared, request_id)
        if len(datagram) > question.messages.most_octets:
            question.future.set_result(Reply(_too_big(request_id), now_s, 0))
            return
        question.sent = question.udp.send(datagram, question.path.address) or question.sent
        target = question.target
        if question.tries < target.retries:
            ends_s = now_s + question.path.wait_s(target.timeout_s, question.tries)
        else:
            ends_s = max(question.began_s + target.patience_s, now_s + target.timeout_s)
        self._wait(question, ends_s)

    def _wait(self, question: _Question, until_s: float) -> None:
        if question.timer is not None:
            question.timer.cancel()
        question.timer = self._loop.call_at(until_s, self._time_out, question)

    def _time_out(self, question: _Question) -> None:
        if question.future.done():
            return
        if question.tries < question.target.retries and not question.refused:
            question.tries += 1
            self._send(question)
        else:
            question.future.set_exception(self._why_silent(question))

    def _why_silent(self, question: _Question) -> Exception:
        """Return what a question without an answer comes to."""
        if question.refused:
            return Refused(question.refused)
        question.path.fell_silent()
        reason = question.messages.doubt()
        if question.unbelievable:
            return Refused("snmp_auth")
        if question.reports:  # somebody is there, and keeps silent to these keys
            return Refused(reason)
        if self._noise_s.get(question.path.address, -1.0) >= question.began_s:
            return Garbled()
        return Timeout() if question.sent else Unasked("network")

    def _receive(self, data: bytes, address: SocketAddress, at_s: float) -> None:
        try:
            request_id = request_id_of(data)
        except ber.BerError:
            self._note_noise(address)
            return
        question = self._questions.get(request_id)
        if question is None or question.future.done():
            return
        if question.path.address == address or question.elsewhere:
            self._take(question, request_id, data, address, at_s)

    def _take(
        self,
        question: _Question,
        request_id: int,
        data: bytes,
        address: SocketAddress,
        at_s: float,
    ) -> None:
        try:
            answer = question.messages.decode(data, question.prepared.form)
        except UnbelievableError:
            question.unbelievable = True
        except ber.BerError:
            self._note_noise(address)
        except Reported as report:
            self._heed(question, report.detail)
        else:
            if answer is None:
                return
            rtt_s = at_s - question.sent_s[request_id]
            question.path.answered(rtt_s)
            question.future.set_result(Reply(answer, at_s, round(rtt_s * 1e6)))

    def _heed(self, question: _Question, refused: str) -> None:
        """Ask again after a report that says how; give up soon after one that says no."""
        if refused:
            question.refused = refused
            self._wait(question, self._loop.time() + min(_GRACE_S, question.target.timeout_s))
        elif question.reports < _MOST_REPORTS:
            question.reports += 1
            self._send(question)

    def _note_noise(self, address: SocketAddress) -> None:
        """Remember who sent what nobody can read: their silence is no time-out."""
        if len(self._noise_s) >= _MOST_NOISY:
            self._noise_s.clear()
        self._noise_s[address] = self._loop.time()


def _too_big(request_id: int) -> Answer:
    """Return what an agent would say of a request that it cannot even take in."""
    return Answer(request_id, TOO_BIG, 0, [], bytearray(), [], 0)
