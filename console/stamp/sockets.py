"""UDP and ICMP sockets that tell when a datagram came in, and how it was marked.

Linux says it for every datagram; elsewhere the moment is when the program got to read it. Loops
that cannot watch a socket (Windows' proactor) get asyncio's datagram endpoint instead.
"""

import asyncio
import contextlib
import socket
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Protocol, TypeAlias, cast

SocketAddress: TypeAlias = tuple[Any, ...]
Ancillary: TypeAlias = tuple[int, int, bytes]

_LINUX = sys.platform == "linux"
_AT_ONCE = 64  # datagrams a wake-up, so that timers get their turn
_LARGEST_DATAGRAM = 65_535
_ROOM = 256  # octets, for what the kernel says beside a datagram
_RECEIVE_BUFFER = 1 << 20
# Numbers of Linux that Python does not name.
_SO_TIMESTAMPNS = 35
_IP_PKTINFO = 8
_IP_RECVTTL, _IP_RECVTOS = 12, 13
_TIMESPEC = struct.Struct("@ll")
_G = 1_000_000_000
_LATE_NS = 1 * _G  # a datagram does not wait so long to be read; else a clock was set


@dataclass(frozen=True, slots=True)
class Datagram:
    """What came in. `at_ns`: UTC nanoseconds; `ttl`, `traffic_class` None where not told.

    `to` is for an answer from the address that was asked.
    """

    data: bytes
    address: SocketAddress
    at_ns: int
    ttl: int | None = None
    traffic_class: int | None = None
    to: tuple[Ancillary, ...] = ()

    def age_s(self) -> float:
        """Return how long ago it came in."""
        waited_ns = time.time_ns() - self.at_ns
        return waited_ns / _G if 0 < waited_ns < _LATE_NS else 0.0


Received: TypeAlias = Callable[[Datagram], None]


class OpenSocket(Protocol):
    """What senders and reflectors need of a socket."""

    def send(self, data: bytes, address: SocketAddress, beside: tuple[Ancillary, ...] = ()) -> bool:
        """Send; return False when it did not leave, such as without any route."""

    def close(self) -> None:
        """Close; nothing is received from now on."""

    @property
    def place(self) -> tuple[str, int]:
        """Host and port it is bound to."""


def udp_socket(host: str, port: int) -> socket.socket:
    """Return a socket bound to a numeric address; raise OSError. `::` hears IPv4 too."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    udp = socket.socket(family, socket.SOCK_DGRAM)
    try:
        if host == "::":
            udp.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        udp.bind(socket.getaddrinfo(host, port, family, socket.SOCK_DGRAM)[0][4])
    except OSError:
        udp.close()
        raise
    return udp


def plain(host: str) -> str:
    """Return a numeric address as it is written shortest, without a zone (`%eth0`)."""
    return str(ip_address(host.partition("%")[0]))


def mark(udp: socket.socket, dscp: int) -> None:
    """Let everything sent carry this DSCP, where the system allows it."""
    with contextlib.suppress(OSError, AttributeError):
        if udp.family == socket.AF_INET6:
            udp.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, dscp << 2)
        else:
            udp.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, dscp << 2)


def marked_as(datagram: Datagram) -> tuple[Ancillary, ...]:
    """Return what lets an answer carry the DSCP of what was asked (without the ECN bits)."""
    if not _LINUX or not datagram.traffic_class:
        return ()
    octets = struct.pack("@i", datagram.traffic_class & 0xFC)
    if _is_ipv6(datagram.address):
        return ((socket.IPPROTO_IPV6, socket.IPV6_TCLASS, octets),)
    return ((socket.IPPROTO_IP, socket.IP_TOS, octets),)


async def watch(opened: socket.socket, received: Received) -> OpenSocket:
    """Hand on everything that comes to a socket; it belongs to the result from now on."""
    opened.setblocking(False)
    with contextlib.suppress(OSError):  # some systems allow less
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
    _ask_for_details(opened)
    try:
        return _Watched(opened, received)
    except NotImplementedError:
        if opened.type != socket.SOCK_DGRAM:
            raise OSError("this event loop watches no raw sockets") from None
        return await _Endpoint.open(opened, received)


def _ask_for_details(opened: socket.socket) -> None:
    if not _LINUX:
        return
    wishes = [(socket.SOL_SOCKET, _SO_TIMESTAMPNS)]
    wishes += [(socket.IPPROTO_IP, number) for number in (_IP_RECVTTL, _IP_RECVTOS, _IP_PKTINFO)]
    if opened.family == socket.AF_INET6:
        names = (socket.IPV6_RECVHOPLIMIT, socket.IPV6_RECVTCLASS, socket.IPV6_RECVPKTINFO)
        wishes += [(socket.IPPROTO_IPV6, number) for number in names]
    for level, number in wishes:
        with contextlib.suppress(OSError):
            opened.setsockopt(level, number, 1)


class _Watched:
    """A socket that the event loop watches."""

    def __init__(self, opened: socket.socket, received: Received) -> None:
        self._socket = opened
        self._received = received
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(opened.fileno(), self._readable)

    @property
    def place(self) -> tuple[str, int]:
        """Host and port."""
        name = self._socket.getsockname()
        return str(name[0]), int(name[1])

    def send(self, data: bytes, address: SocketAddress, beside: tuple[Ancillary, ...] = ()) -> bool:
        """Send; a full send buffer counts as not sent."""
        try:
            if beside:
                self._socket.sendmsg([data], beside, 0, address)
            else:
                self._socket.sendto(data, address)
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Close."""
        self._loop.remove_reader(self._socket.fileno())
        self._socket.close()

    def _readable(self) -> None:
        for _ in range(_AT_ONCE):
            try:
                data, beside, _flags, address = self._socket.recvmsg(_LARGEST_DATAGRAM, _ROOM)
            except BlockingIOError:
                return
            except OSError:  # an earlier send's fault, told here
                continue
            self._received(_datagram(data, beside, address))


def _datagram(data: bytes, beside: list[tuple[int, int, bytes]], address: Any) -> Datagram:
    told = {(level, kind): octets for level, kind, octets in beside}
    spec = told.get((socket.SOL_SOCKET, _SO_TIMESTAMPNS))
    at_ns = time.time_ns()
    if spec is not None and len(spec) == _TIMESPEC.size:
        seconds, rest = _TIMESPEC.unpack(spec)
        at_ns = seconds * _G + rest
    to: tuple[Ancillary, ...] = ()
    level, ttl, traffic_class, info = _NAMES[_is_ipv6(address)]
    if octets := told.get((level, info)):
        to = ((level, info, octets if level == socket.IPPROTO_IPV6 else _answering(octets)),)
    return Datagram(
        *(data, address, at_ns),
        *(_number(told.get((level, ttl))), _number(told.get((level, traffic_class)))),
        to,
    )


_NAMES = {
    False: (socket.IPPROTO_IP, socket.IP_TTL, socket.IP_TOS, _IP_PKTINFO),
    True: (
        *(socket.IPPROTO_IPV6, getattr(socket, "IPV6_HOPLIMIT", -1)),
        *(getattr(socket, "IPV6_TCLASS", -1), getattr(socket, "IPV6_PKTINFO", -1)),
    ),
}


def _is_ipv6(address: SocketAddress) -> bool:
    """Tell IPv6 from IPv4, also where a socket for both writes IPv4 its own way."""
    host = str(address[0])
    if ":" not in host:
        return False
    return getattr(ip_address(host.partition("%")[0]), "ipv4_mapped", None) is None


def _answering(octets: bytes) -> bytes:
    """Return an in_pktinfo that sends from the address it tells of, by any interface."""
    _interface, local, _destination = struct.unpack("@I4s4s", octets)
    return struct.pack("@I4s4s", 0, local, bytes(4))


def _number(octets: bytes | None) -> int | None:
    return None if not octets else int.from_bytes(octets, sys.byteorder)


class _Endpoint(asyncio.DatagramProtocol):
    """A socket behind asyncio's datagram endpoint."""

    def __init__(self, received: Received) -> None:
        self._received = received
        self._transport: asyncio.DatagramTransport

    @classmethod
    async def open(cls, opened: socket.socket, received: Received) -> "_Endpoint":
        """Hand the socket to asyncio."""
        loop = asyncio.get_running_loop()
        _transport, protocol = await loop.create_datagram_endpoint(
            lambda: cls(received), sock=opened
        )
        return protocol

    @property
    def place(self) -> tuple[str, int]:
        """Host and port."""
        name = self._transport.get_extra_info("sockname")
        return str(name[0]), int(name[1])

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember what to send by."""
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: SocketAddress) -> None:
        """Hand it on."""
        self._received(Datagram(data, addr, time.time_ns()))

    def error_received(self, exc: Exception) -> None:
        """Pass over an earlier send's fault."""

    def send(self, data: bytes, address: SocketAddress, beside: tuple[Ancillary, ...] = ()) -> bool:
        """Send, without what cannot be said beside a datagram here."""
        self._transport.sendto(data, address)
        return True

    def close(self) -> None:
        """Close."""
        self._transport.close()
