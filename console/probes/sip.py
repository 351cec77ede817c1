"""SIP OPTIONS over UDP (RFC 3261): is a room or bridge there, and is it in a call?

One socket for all rooms of an address family. Knows addresses only: names are resolved before.
"""

import asyncio
import re
import secrets
import socket
import time
from dataclasses import dataclass, field
from functools import lru_cache

from console import __version__
from console.model.states import Outcome

SIP_PORT = 5060
T1_S = 0.5  # first retransmission; RFC 3261, section 17.1.2.2
T2_S = 4.0  # longest wait between two
_COOKIE = "z9hG4bK"  # begins every branch of RFC 3261
_URI = re.compile(
    r"(?P<scheme>sips?):(?:(?P<user>[^@\s]+)@)?"
    r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<host>[^\s:;?\[\]]+))(?::(?P<port>\d{1,5}))?(?:[;?]\S*)?"
)
_STATUS = re.compile(r"SIP/2\.0 ([1-6]\d\d)(?: |$)")
_BRANCH = re.compile(r";\s*branch\s*=\s*([^;,\s]+)", re.IGNORECASE)
_COMPACT = {"v": "via", "i": "call-id"}
_BUSY = (486, 600)
_ANYWHERE = {socket.AF_INET: "0.0.0.0", socket.AF_INET6: "::"}


def sip_address(uri: str) -> tuple[str, int]:
    """Return host and port of a SIP URI; raise ValueError for anything else."""
    match = _URI.fullmatch(uri)
    if not match:
        raise ValueError("a SIP address looks like sip:room@host:5060")
    return match["v6"] or match["host"], int(match["port"] or SIP_PORT)


@dataclass(frozen=True, slots=True)
class Answer:
    """The part of a response that matters here."""

    status: int
    branch: str
    call_id: str


@dataclass(frozen=True, slots=True)
class Call:
    """What came of one OPTIONS. `rtt_us` is None where a retransmission makes it ambiguous."""

    outcome: Outcome
    rtt_us: int | None = None
    detail: str | None = None


def read_answer(datagram: bytes) -> Answer | None:
    """Return the response in a datagram, None where it is none that can be read."""
    head, _blank, _body = datagram.partition(b"\r\n\r\n")
    lines = re.sub(r"\r\n[ \t]+", " ", head.decode("utf-8", "replace")).split("\r\n")
    status = _STATUS.match(lines[0])
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon:
            word = name.strip().lower()
            headers.setdefault(_COMPACT.get(word, word), value.strip())
    branch = _BRANCH.search(headers.get("via", ""))
    if not status or not branch or "call-id" not in headers:
        return None
    return Answer(int(status[1]), branch[1], headers["call-id"])


@dataclass(slots=True, eq=False)
class _Asked:
    """An OPTIONS on its way."""

    call_id: str
    peer: tuple[str, int]
    answer: asyncio.Future[Answer]
    garbled: bool = field(default=False)


class SipClient(asyncio.DatagramProtocol):
    """Asks over one UDP socket; answers find their question by branch and Call-ID."""

    def __init__(self) -> None:
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

    async def ask(self, uri: str, address: str, timeout_s: float) -> Call:
        """Send OPTIONS for `uri` to a numeric address; wait at most `timeout_s` in all."""
        peer = (address, sip_address(uri)[1])
        branch = _COOKIE + secrets.token_hex(8)
        asked = _Asked(secrets.token_hex(8), peer, asyncio.get_running_loop().create_future())
        self._asked[branch] = asked
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        try:
            transport = await self._transport(family)
            port = transport.get_extra_info("sockname")[1]
            request = _options(uri, branch, asked.call_id, (_own_address(family, peer), port))
            return await _exchange(transport, request, asked, timeout_s)
        except OSError:
            return Call(Outcome.ERROR, detail="network")
        finally:
            del self._asked[branch]


async def _exchange(
    transport: asyncio.DatagramTransport, request: bytes, asked: _Asked, timeout_s: float
) -> Call:
    """Send, and send again, until answered or out of time."""
    began = time.perf_counter()
    wait_s, sent = min(T1_S, timeout_s), 0
    while (left_s := began + timeout_s - time.perf_counter()) > 0:
        transport.sendto(request, asked.peer)
        sent += 1
        await asyncio.wait([asked.answer], timeout=min(wait_s, left_s))
        if asked.answer.done():
            rtt_us = round((time.perf_counter() - began) * 1e6) if sent == 1 else None
            return _read(asked.answer.result().status, rtt_us)
        wait_s = min(2 * wait_s, T2_S)
    if asked.garbled:
        return Call(Outcome.GARBLED, detail="sip_garbled")
    return Call(Outcome.TIMEOUT, detail="sip_timeout")


def _options(uri: str, branch: str, call_id: str, own: tuple[str, int]) -> bytes:
    """Return the request; `own` is where this host hears the answer."""
    host = f"[{own[0]}]" if ":" in own[0] else own[0]
    lines = (
        f"OPTIONS {uri} SIP/2.0",
        f"Via: SIP/2.0/UDP {host}:{own[1]};branch={branch};rport",
        "Max-Forwards: 70",
        f"From: <sip:leitstand@{host}>;tag={branch[-8:]}",
        f"To: <{uri}>",
        f"Call-ID: {call_id}",
        "CSeq: 1 OPTIONS",
        f"Contact: <sip:leitstand@{host}:{own[1]}>",
        "Accept: application/sdp",
        f"User-Agent: Leitstand/{__version__}",
        "Content-Length: 0",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


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
