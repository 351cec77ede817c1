"""UDP sockets inside an event loop: read many datagrams a wake-up where the loop lets us.

Loops that cannot watch a socket (Windows' proactor) get asyncio's datagram endpoint instead.
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol, TypeAlias

SocketAddress: TypeAlias = tuple[Any, ...]
Received: TypeAlias = Callable[[bytes, SocketAddress, float], None]  # when: loop's clock, seconds

_RECEIVE_BUFFER = 4 << 20  # octets; the answers of a thousand devices that were asked at once
_LARGEST_DATAGRAM = 65_535
_AT_ONCE = 64  # datagrams a wake-up, so that timers get their turn
_ANY_ADDRESS = {int(socket.AF_INET): "0.0.0.0", int(socket.AF_INET6): "::"}


class UdpSocket(Protocol):
    """What the manager needs of a socket."""

    def send(self, data: bytes, address: SocketAddress) -> bool:
        """Send; return False when the datagram did not leave, such as without any route."""

    def close(self) -> None:
        """Close; nothing is received from now on."""


async def open_udp(family: int, received: Received) -> UdpSocket:
    """Open a socket on a free port of every address; raise OSError when that is impossible."""
    udp = socket.socket(family, socket.SOCK_DGRAM)
    try:
        udp.setblocking(False)
        with contextlib.suppress(OSError):  # some systems allow less
            udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        udp.bind((_ANY_ADDRESS[family], 0))
        return _WatchedSocket(udp, received)
    except NotImplementedError:
        return await _EndpointSocket.open(udp, received)
    except OSError:
        udp.close()
        raise


class _WatchedSocket:
    """A socket that the event loop watches."""

    def __init__(self, udp: socket.socket, received: Received) -> None:
        self._socket = udp
        self._received = received
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(udp.fileno(), self._readable)

    def send(self, data: bytes, address: SocketAddress) -> bool:
        """Send; a full send buffer counts as not sent."""
        try:
            self._socket.sendto(data, address)
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Close."""
        self._loop.remove_reader(self._socket.fileno())
        self._socket.close()

    def _readable(self) -> None:
        """Hand on what has come; to read one takes no time that another's answer would seem to."""
        at_s, receive, came = self._loop.time(), self._socket.recvfrom, []
        for _ in range(_AT_ONCE):
            try:
                came.append(receive(_LARGEST_DATAGRAM))
            except BlockingIOError:
                break
            except OSError:  # an earlier send's fault, told here by some systems
                continue
        for data, address in came:
            self._received(data, address, at_s)


class _EndpointSocket(asyncio.DatagramProtocol):
    """A socket behind asyncio's datagram endpoint."""

    def __init__(self, received: Received) -> None:
        self._received = received
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.DatagramTransport
        self._left = True

    @classmethod
    async def open(cls, udp: socket.socket, received: Received) -> "_EndpointSocket":
        """Hand a bound socket to the event loop."""
        loop = asyncio.get_running_loop()
        transport, endpoint = await loop.create_datagram_endpoint(partial(cls, received), sock=udp)
        endpoint._transport = transport
        return endpoint

    def datagram_received(self, data: bytes, address: SocketAddress) -> None:
        """Pass a datagram on."""
        self._received(data, address, self._loop.time())

    def error_received(self, error: Exception) -> None:
        """Note that what is being sent did not leave."""
        self._left = False

    def send(self, data: bytes, address: SocketAddress) -> bool:
        """Send; a fault the loop learns of only later passes for sent."""
        self._left = True
        self._transport.sendto(data, address)
        return self._left

    def close(self) -> None:
        """Close."""
        self._transport.close()
