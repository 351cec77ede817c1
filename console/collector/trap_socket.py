"""The socket that traps come to. Many datagrams wait in the kernel; those it drops are counted.

Loops that cannot watch a socket (Windows' proactor) get asyncio's datagram endpoint instead.
"""

import asyncio
import contextlib
import socket
import struct
from collections import deque
from typing import Any, TypeAlias

Address: TypeAlias = tuple[Any, ...]
Datagram: TypeAlias = tuple[bytes, Address]

_RECEIVE_BUFFER = 16 << 20  # octets; the kernel grants less where it is told to
_LARGEST_DATAGRAM = 65_535
_MOST_WAITING = 20_000  # datagrams, where the loop reads them for us
_SO_MEMINFO = 55  # Linux: eight numbers about the socket's memory, and the drops
_MEMINFO = struct.Struct("9I")
_COUNTER = 1 << 32


class TrapSocket:
    """One bound UDP socket. Use `open`; belongs to the event loop it was opened in."""

    def __init__(self, udp: socket.socket) -> None:
        self._udp = udp
        self._loop = asyncio.get_running_loop()
        self._drops_seen = 0
        self._endpoint: _Endpoint | None = None

    @classmethod
    async def open(cls, host: str, port: int) -> "TrapSocket":
        """Bind to a numeric IPv4 or IPv6 address; raise OSError where that cannot be.

        `::` hears IPv4 too.
        """
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        udp = socket.socket(family, socket.SOCK_DGRAM)
        try:
            udp.setblocking(False)
            with contextlib.suppress(OSError):
                udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
            if host == "::":
                udp.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            place = socket.getaddrinfo(host, port, family, socket.SOCK_DGRAM)[0][4]
            udp.bind(place)
        except OSError:
            udp.close()
            raise
        opened = cls(udp)
        try:
            opened._loop.add_reader(udp.fileno(), _nothing)
            opened._loop.remove_reader(udp.fileno())
        except NotImplementedError:
            _transport, opened._endpoint = await opened._loop.create_datagram_endpoint(
                _Endpoint, sock=udp
            )
        return opened

    @property
    def port(self) -> int:
        """The port it is bound to."""
        return int(self._udp.getsockname()[1])

    async def readable(self) -> None:
        """Return when something is there to be read."""
        if self._endpoint is not None:
            await self._endpoint.filled.wait()
            return
        ready: asyncio.Future[None] = self._loop.create_future()
        self._loop.add_reader(self._udp.fileno(), _settle, ready)
        try:
            await ready
        finally:
            self._loop.remove_reader(self._udp.fileno())

    def read(self, most: int) -> list[Datagram]:
        """Return what is there now, `most` datagrams at most."""
        if self._endpoint is not None:
            return self._endpoint.read(most)
        found: list[Datagram] = []
        receive = self._udp.recvfrom
        for _ in range(most):
            try:
                found.append(receive(_LARGEST_DATAGRAM))
            except BlockingIOError:
                break
            except OSError:  # an earlier answer's fault, told here by some systems
                continue
        return found

    def new_drops(self) -> int:
        """Return how many datagrams were dropped unread since the last call."""
        if self._endpoint is not None:
            return self._endpoint.new_drops()
        try:
            raw = self._udp.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, _MEMINFO.size)
            drops = _MEMINFO.unpack(raw)[8]
        except (OSError, struct.error):  # only Linux counts them
            return 0
        new = (drops - self._drops_seen) % _COUNTER
        self._drops_seen = drops
        return int(new)

    def send(self, data: bytes, address: Address) -> None:
        """Answer; an answer that cannot leave is lost, as UDP's are."""
        with contextlib.suppress(OSError):
            if self._endpoint is not None:
                self._endpoint.transport.sendto(data, address)
            else:
                self._udp.sendto(data, address)

    async def close(self) -> None:
        """Close; answers sent from now on are lost."""
        if self._endpoint is not None:
            self._endpoint.transport.close()
            await asyncio.sleep(0)  # asyncio's transports close in the loop's next round
        else:
            self._udp.close()


class _Endpoint(asyncio.DatagramProtocol):
    """Keeps what asyncio reads until it is asked for."""

    transport: asyncio.DatagramTransport

    def __init__(self) -> None:
        self.filled = asyncio.Event()
        self._waiting: deque[Datagram] = deque()
        self._dropped = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember what to answer by."""
        assert isinstance(transport, asyncio.DatagramTransport)
        self.transport = transport

    def datagram_received(self, data: bytes, address: Address) -> None:
        """Keep a datagram while there is room."""
        if len(self._waiting) < _MOST_WAITING:
            self._waiting.append((data, address))
            self.filled.set()
        else:
            self._dropped += 1

    def error_received(self, error: Exception) -> None:
        """Nothing: an earlier answer's fault."""

    def read(self, most: int) -> list[Datagram]:
        """Hand over what is there."""
        found = [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]
        if not self._waiting:
            self.filled.clear()
        return found

    def new_drops(self) -> int:
        """Return how many found no room since the last call."""
        new, self._dropped = self._dropped, 0
        return new


def _nothing() -> None:
    """Find out whether the loop watches sockets."""


def _settle(ready: "asyncio.Future[None]") -> None:
    if not ready.done():
        ready.set_result(None)
