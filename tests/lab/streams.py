"""Media of a conference as plain UDP, paced, counted at both ends. Knows addresses only.

`meet` runs at the bridge and `join` in a room: from a common moment on every room sends `up` and
receives `down` for so many seconds; ten times a second it asks the bridge for an echo. `load` sends
everyday traffic, which nobody counts. Each prints one JSON object.
"""

import json
import selectors
import socket
import struct
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

FLOWS = 32  # a direction is so many: routers share by flow, and few flows share unevenly
PORT = 20_000  # of the first flow
_WIRE = 42  # octets of Ethernet, IP and UDP headers
_SIZE = 1000  # octets on the wire
_ECHO_S = 0.1
_MEDIA, _ECHO, _HELLO = b"m", b"e", b"h"
_TIDY_S = 1.0  # what is still on its way at the end


@dataclass(slots=True)
class _Pace:
    """Says how many packets of a stream are due; never makes up for more than a short stall."""

    rate_bps: float
    due_s: float

    def take(self, now_s: float) -> int:
        step_s = _SIZE * 8 / self.rate_bps
        if now_s < self.due_s:
            return 0
        count = min(32, int((now_s - self.due_s) / step_s) + 1)
        self.due_s += count * step_s
        return count


@dataclass(slots=True)
class _Peer:
    """What one side counts of the other."""

    sent: int = 0
    received: int = 0
    rtt_ms: list[float] = field(default_factory=list)


def _sockets(address: str) -> list[socket.socket]:
    made = []
    for flow in range(FLOWS):
        made.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        made[-1].setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_000_000)
        made[-1].bind((address, PORT + flow))
        made[-1].setblocking(False)
    return made


def _received(
    selector: selectors.BaseSelector, wait_s: float
) -> Iterator[tuple[socket.socket, bytes, tuple[str, int]]]:
    for key, _events in selector.select(wait_s):
        for _ in range(64):
            try:
                data, peer = key.fileobj.recvfrom(2048)  # type: ignore[union-attr]
            except OSError:  # nothing more, or ICMP's word that the other end is not there
                break
            yield key.fileobj, data, peer  # type: ignore[misc]


def _send(sender: socket.socket, data: bytes, to: tuple[str, int]) -> None:
    try:
        sender.sendto(data, to)
    except OSError:  # no way there just now: it counts as sent, and as lost
        return


def _begun(at_s: float) -> float:
    """Wait for a moment of the wall clock; return it as the monotonic clock counts."""
    time.sleep(max(0.0, at_s - time.time()))
    return time.monotonic()


def meet(own: str, down_bps: float, at_s: float, for_s: float, rooms: Sequence[str]) -> None:
    """Send to and receive from rooms; each room's address is its loopback's."""
    sockets = _sockets(own)
    selector = selectors.DefaultSelector()
    for sender in sockets:
        selector.register(sender, selectors.EVENT_READ)
    now_s = _begun(at_s)
    peers = {room: _Peer() for room in rooms}
    paces = {
        room: _Pace(down_bps, now_s + number * 0.003 / len(rooms))
        for number, room in enumerate(rooms)
    }
    end_s = now_s + for_s
    media = _MEDIA.ljust(_SIZE - _WIRE, b"\0")
    while (now_s := time.monotonic()) < end_s + _TIDY_S:
        for at, data, peer in _received(selector, 0.001):
            if data[:1] == _ECHO:
                _send(at, data, peer)
            elif peer[0] in peers:
                peers[peer[0]].received += 1
        for room, pace in paces.items() if now_s < end_s else ():
            for _ in range(pace.take(now_s)):
                flow = peers[room].sent % FLOWS
                _send(sockets[flow], media, (room, PORT + flow))
                peers[room].sent += 1
    print(json.dumps({room: [peer.sent, peer.received] for room, peer in peers.items()}))  # noqa: T201


def join(own: str, bridge: str, up_bps: float, at_s: float, for_s: float) -> None:
    """Send to and receive from the bridge."""
    sockets = _sockets(own)
    selector = selectors.DefaultSelector()
    for sender in sockets:
        selector.register(sender, selectors.EVENT_READ)
    counted = _Peer()
    now_s = _begun(at_s)
    pace, echo_s, end_s = _Pace(up_bps, now_s), now_s, now_s + for_s
    media = _MEDIA.ljust(_SIZE - _WIRE, b"\0")
    while (now_s := time.monotonic()) < end_s + _TIDY_S:
        for _at, data, _peer in _received(selector, 0.002):
            if data[:1] == _ECHO:
                counted.rtt_ms.append((time.monotonic() - struct.unpack("!d", data[1:9])[0]) * 1e3)
            else:
                counted.received += 1
        if now_s >= end_s:
            continue
        for _ in range(pace.take(now_s)):
            flow = counted.sent % FLOWS
            _send(sockets[flow], media, (bridge, PORT + flow))
            counted.sent += 1
        if now_s >= echo_s:
            echo_s += _ECHO_S
            _send(sockets[0], _ECHO + struct.pack("!d", now_s) + bytes(64), (bridge, PORT))
    print(json.dumps([counted.sent, counted.received, counted.rtt_ms]))  # noqa: T201


def load(for_s: float, flows: Sequence[tuple[str, float]]) -> None:
    """Send everyday traffic to addresses, each at its rate in bit/s, for so long."""
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    now_s = time.monotonic()
    end_s = now_s + for_s
    paces = [(address, _Pace(rate_bps, now_s)) for address, rate_bps in flows]
    packet = bytes(_SIZE - _WIRE)
    while (now_s := time.monotonic()) < end_s:
        for address, pace in paces:
            for _ in range(pace.take(now_s)):
                _send(sender, packet, (address, 9))  # discard
        time.sleep(0.002)
    print("{}")  # noqa: T201


if __name__ == "__main__":
    {"meet": meet, "join": join, "load": load}[sys.argv[1]](*json.loads(sys.argv[2]))
