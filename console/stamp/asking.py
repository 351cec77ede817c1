"""Asks reflectors for the finished windows of their own paths: authenticated packets with a TLV."""

import asyncio
import secrets
import socket
import time
from dataclasses import dataclass, field

from console.stamp.far_windows import (
    WINDOWS_TLV,
    Answer,
    Question,
    question_octets,
    read_answer,
)
from console.stamp.packets import (
    AUTHENTICATED,
    Request,
    StampError,
    asking_octets,
    ntp_stamp,
    read_reply,
)
from console.stamp.sockets import Datagram, OpenSocket, plain, udp_socket, watch
from console.stamp.tlvs import tlv, value_of

_ANYWHERE = {socket.AF_INET: "0.0.0.0", socket.AF_INET6: "::"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A reflector at a numeric address, and its key."""

    host: str
    port: int
    key: bytes = field(repr=False)


@dataclass(slots=True)
class _Waiting:
    """A question under way."""

    asked: Asked
    number: int
    stamp: int
    nonce: int
    answer: "asyncio.Future[tuple[Answer, float] | None]"


class Asker:
    """One socket a family; answers are known by number, timestamp, nonce and digests."""

    def __init__(self) -> None:
        self._sockets: dict[socket.AddressFamily, OpenSocket] = {}
        self._waiting: dict[int, _Waiting] = {}
        self._number = 0
        self._ssid = 1 + secrets.randbelow((1 << 16) - 1)

    async def ask(
        self, asked: Asked, run: int, after: int, name: str, timeout_s: float
    ) -> tuple[Answer, float] | None:
        """Return the answer and when it came, monotonic; None where none is understood in time.

        Raises OSError where the system has no socket for it.
        """
        out = await self._socket(asked.host)
        self._number = self._number % 0xFFFFFFFF + 1
        number, stamp, nonce = self._number, ntp_stamp(time.time_ns()), secrets.randbits(64)
        future: asyncio.Future[tuple[Answer, float] | None]
        future = asyncio.get_running_loop().create_future()
        self._waiting[number] = _Waiting(asked, number, stamp, nonce, future)
        value = question_octets(Question(nonce, run, after, name))
        request = Request(number, stamp, ssid=self._ssid)
        try:
            data = asking_octets(request, tlv(WINDOWS_TLV, value), asked.key)
            out.send(data, (asked.host, asked.port))
            async with asyncio.timeout(timeout_s):
                return await future
        except TimeoutError:
            return None
        finally:
            del self._waiting[number]

    def close(self) -> None:
        """Close all sockets."""
        for opened in self._sockets.values():
            opened.close()
        self._sockets.clear()

    async def _socket(self, host: str) -> OpenSocket:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        if family not in self._sockets:
            opened = await watch(udp_socket(_ANYWHERE[family], 0), self._received)
            if family in self._sockets:  # somebody else opened one meanwhile
                opened.close()
            else:
                self._sockets[family] = opened
        return self._sockets[family]

    def _received(self, datagram: Datagram) -> None:
        """Settle the question this answers; anything else is ignored."""
        place = plain(str(datagram.address[0])), int(datagram.address[1])
        for waiting in list(self._waiting.values()):
            asked = waiting.asked
            if place != (plain(asked.host), asked.port) or waiting.answer.done():
                continue
            understood, answer = _read(datagram.data, waiting)
            if understood:
                came_s = time.monotonic() - datagram.age_s()
                waiting.answer.set_result(None if answer is None else (answer, came_s))
                return


def _read(data: bytes, waiting: _Waiting) -> tuple[bool, Answer | None]:
    """Tell whether a datagram answers a question, and what it tells.

    A reflector that does not know the question says so by a flag: nothing is told.
    """
    key = waiting.asked.key
    try:
        reply = read_reply(data, key)
    except StampError:
        return False, None
    if (reply.request.number, reply.request.stamp) != (waiting.number, waiting.stamp):
        return False, None
    value = value_of(data[AUTHENTICATED:], WINDOWS_TLV, reply.number, key)
    return True, None if value is None else read_answer(value, waiting.nonce)
