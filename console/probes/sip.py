"""SIP OPTIONS (RFC 3261): is a room or bridge there, and is it in a call?

One UDP socket for all rooms of an address family, a connection a question over TCP and TLS. Knows
addresses only: names are resolved before.
"""

import asyncio
import socket
import ssl
import time
from dataclasses import dataclass, replace
from functools import lru_cache

from console.model.states import Outcome
from console.probes.failure import ProbeError
from console.probes.sip_digest import authorization
from console.probes.sip_messages import Answer, Options, new_branch, new_options, read_answer
from console.probes.sip_messages import sip_address as sip_address
from console.probes.sip_stream import Line, ask_over

T1_S = 0.5  # first retransmission; RFC 3261, section 17.1.2.2
T2_S = 4.0  # longest wait between two
_GRACE_S = 1.0
_BUSY = (486, 600)
_CHALLENGED = (401, 407)
_ANYWHERE = {socket.AF_INET: "0.0.0.0", socket.AF_INET6: "::"}


@dataclass(frozen=True, slots=True)
class Call:
    """What came of one OPTIONS. `rtt_us` is None where a retransmission makes it ambiguous."""

    outcome: Outcome
    rtt_us: int | None = None
    detail: str | None = None


@dataclass(slots=True, eq=False)
class _Asked:
    """An OPTIONS on its way over UDP."""

    call_id: str
    peer: tuple[str, int]
    answer: asyncio.Future[Answer]
    garbled: bool = False


class SipClient(asyncio.DatagramProtocol):
    """Asks; answers over UDP find their question by branch and Call-ID.

    `context` verifies certificates of peers over TLS; without one nobody is asked over TLS.
    """

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self._context = context
        self._asked: dict[str, _Asked] = {}
        self._transports: dict[socket.AddressFamily, asyncio.DatagramTransport] = {}
        self._opening = asyncio.Lock()

    async def _transport(self, family: socket.AddressFamily) -> asyncio.DatagramTransport:
        """Return the socket of an address family; the first question opens it."""
        async with self._opening:
            if family not in self._transports:
                loop = asyncio.get_running_loop()
                self._transports[family], _protocol = await loop.create_datagram_endpoint(
                    lambda: self, local_addr=(_ANYWHERE[family], 0), family=family
                )
        return self._transports[family]

    def close(self) -> None:
        """Close the sockets."""
        for transport in self._transports.values():
            transport.close()
        self._transports.clear()

    def error_received(self, exc: Exception) -> None:
        """Pass over what ICMP says of an earlier datagram: a silent peer times out anyway."""

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Hand an answer to its question; remember that a peer sent what nobody can read."""
        answer = read_answer(data)
        if answer is None:
            for asked in self._asked.values():
                if asked.peer == addr[:2]:
                    asked.garbled = True
            return
        question = self._asked.get(answer.branch)
        if question is None or question.call_id != answer.call_id or answer.status < 200:
            return
        if not question.answer.done():
            question.answer.set_result(answer)

    async def ask(
        self,
        uri: str,
        address: str,
        timeout_s: float,
        transport: str = "udp",
        credential: str | None = None,
    ) -> Call:
        """Send OPTIONS for `uri` to a numeric address; wait at most `timeout_s` in all.

        `credential` ("user:password") answers a peer that asks who this is.
        """
        host, port = sip_address(uri, transport)
        line = Line(address, port, transport, host, self._context if transport == "tls" else None)
        deadline_s = time.perf_counter() + timeout_s
        try:
            # The time for datagrams is measured apart: it tells silence from what is unreadable.
            async with asyncio.timeout(timeout_s + (_GRACE_S if transport == "udp" else 0)):
                return await self._ask(line, new_options(uri), credential, deadline_s)
        except TimeoutError:
            return Call(Outcome.TIMEOUT, detail="sip_timeout")
        except ProbeError as error:
            return Call(error.outcome, detail=error.detail)

    async def _ask(
        self, line: Line, options: Options, credential: str | None, deadline_s: float
    ) -> Call:
        answer, rtt_us = await self._put(line, options, deadline_s)
        if answer.status not in _CHALLENGED or credential is None:
            return _read(answer.status, rtt_us)
        proof = authorization(answer.status, answer.challenges, credential, options.uri)
        if proof is not None:
            again = replace(options, number=2, branch=new_branch(), authorization=proof)
            answer, rtt_us = await self._put(line, again, deadline_s)
        if answer.status in _CHALLENGED:
            return Call(Outcome.REFUSED, rtt_us, "sip_access")
        return _read(answer.status, rtt_us)

    async def _put(
        self, line: Line, options: Options, deadline_s: float
    ) -> tuple[Answer, int | None]:
        """Put a question once; return its answer, or raise ProbeError."""
        if line.transport == "udp":
            return await self._put_datagram(line, options, deadline_s)
        if line.transport == "tls" and line.context is None:
            raise ProbeError(Outcome.ERROR, "tls_failed")
        return await ask_over(line, options)

    async def _put_datagram(
        self, line: Line, options: Options, deadline_s: float
    ) -> tuple[Answer, int | None]:
        peer = (line.address, line.port)
        asked = _Asked(options.call_id, peer, asyncio.get_running_loop().create_future())
        self._asked[options.branch] = asked
        family = socket.AF_INET6 if ":" in line.address else socket.AF_INET
        try:
            transport = await self._transport(family)
            port = transport.get_extra_info("sockname")[1]
            request = options.message("udp", (_own_address(family, peer), port))
            return await _exchange(transport, request, asked, deadline_s)
        except OSError:
            raise ProbeError(Outcome.ERROR, "network") from None
        finally:
            del self._asked[options.branch]


async def _exchange(
    transport: asyncio.DatagramTransport, request: bytes, asked: _Asked, deadline_s: float
) -> tuple[Answer, int | None]:
    """Send, and send again, until answered or out of time."""
    began = time.perf_counter()
    wait_s, sent = T1_S, 0
    while (left_s := deadline_s - time.perf_counter()) > 0:
        transport.sendto(request, asked.peer)
        sent += 1
        await asyncio.wait([asked.answer], timeout=min(wait_s, left_s))
        if asked.answer.done():
            rtt_us = round((time.perf_counter() - began) * 1e6) if sent == 1 else None
            return asked.answer.result(), rtt_us
        wait_s = min(2 * wait_s, T2_S)
    if asked.garbled:
        raise ProbeError(Outcome.GARBLED, "sip_garbled")
    raise ProbeError(Outcome.TIMEOUT, "sip_timeout")


def _read(status: int, rtt_us: int | None) -> Call:
    if status in _BUSY:
        return Call(Outcome.BUSY, rtt_us)
    if 200 <= status < 300:
        return Call(Outcome.OK, rtt_us)
    return Call(Outcome.REFUSED, rtt_us, f"sip_refused:{status}")


@lru_cache(1024)
def _own_address(family: socket.AddressFamily, peer: tuple[str, int]) -> str:
    """Return the address under which this host speaks to `peer`; sends nothing."""
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect(peer)
        return str(probe.getsockname()[0])
