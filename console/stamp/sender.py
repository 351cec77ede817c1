"""The sender of STAMP (RFC 8762, section 4.2): many sessions over one socket a family and DSCP.

A session sends when told to and keeps what came back in an EchoLog; who may wonder how long to
wait is whoever reads that.
"""

import secrets
import socket
import time
from dataclasses import dataclass, field

from console.analysis.echoes import EchoLog
from console.stamp.packets import (
    Reply,
    Request,
    StampError,
    ntp_stamp,
    read_reply,
    request_octets,
    stamp_ns,
)
from console.stamp.sockets import Datagram, OpenSocket, mark, plain, udp_socket, watch

AF41 = 34  # DSCP of video
MEDIA_OCTETS = 1000  # of a test packet: about what a packet of video has
_ANYWHERE = {socket.AF_INET: "0.0.0.0", socket.AF_INET6: "::"}
_SSIDS = (1 << 16) - 1

_Place = tuple[socket.AddressFamily, int]


@dataclass(frozen=True, slots=True)
class Target:
    """A reflector at a numeric address, and how it is asked. `key`: authenticated mode."""

    host: str
    port: int
    dscp: int = AF41
    octets: int = MEDIA_OCTETS
    key: bytes | None = field(default=None, repr=False)

    @property
    def family(self) -> socket.AddressFamily:
        """IPv4 or IPv6."""
        return socket.AF_INET6 if ":" in self.host else socket.AF_INET


class Session:
    """A target under measurement. Made by `Sender.session`."""

    def __init__(self, target: Target, ssid: int, out: OpenSocket) -> None:
        self.target = target
        self.log = EchoLog()
        self._ssid = ssid
        self._out = out
        self._stamps: dict[int, int] = {}

    def send(self) -> None:
        """Send the next packet; one that cannot leave is lost."""
        target = self.target
        stamp, sent_s = ntp_stamp(time.time_ns()), time.monotonic()
        number = self.log.sent(sent_s)
        self._stamps[number] = stamp
        request = Request(number & 0xFFFFFFFF, stamp, ssid=self._ssid)
        self._out.send(
            request_octets(request, target.octets, target.key), (target.host, target.port)
        )

    def received(self, datagram: Datagram) -> None:
        """Take in what came from this target; anything but an answer to a packet is ignored.

        A reflector that knows no session identifiers answers with 0.
        """
        got_s = time.monotonic() - datagram.age_s()
        try:
            reply = read_reply(datagram.data, self.target.key)
        except StampError:
            return
        asked = reply.request
        mine = asked.ssid in (0, self._ssid) and self._stamps.get(asked.number) == asked.stamp
        if mine and self.log.waits_for(asked.number):
            self._answered(reply, datagram.at_ns, got_s)

    def forget(self, before: int) -> None:
        """Drop packets with numbers below `before`."""
        self.log.forget(before)
        for number in [number for number in self._stamps if number < before]:
            del self._stamps[number]

    def _answered(self, reply: Reply, got_ns: int, got_s: float) -> None:
        asked = reply.request
        received_ns = stamp_ns(reply.received_stamp, reply.error)
        left_ns = stamp_ns(reply.stamp, reply.error)
        away_ns = round((got_s - self.log.sent_s(asked.number)) * 1e9)
        rtt_ns = away_ns - (left_ns - received_ns)
        if not 0 < rtt_ns <= away_ns:  # the reflector's clock was set meanwhile
            self.log.answered(asked.number, None, reflected=reply.number)
            return
        there_ns, back_ns = received_ns - stamp_ns(asked.stamp), got_ns - left_ns
        self.log.answered(
            asked.number, _us(rtt_ns), _us(there_ns), _us(back_ns), reflected=reply.number
        )


class Sender:
    """The sockets, and the sessions by where their answers come from."""

    def __init__(self) -> None:
        self._sockets: dict[_Place, OpenSocket] = {}
        self._sessions: dict[tuple[_Place, str, int], list[Session]] = {}

    async def session(self, target: Target) -> Session:
        """Return a new session; raise OSError where the system has no socket for it."""
        place = (target.family, target.dscp)
        if place not in self._sockets:
            self._sockets[place] = await self._opened(place)
        session = Session(target, 1 + secrets.randbelow(_SSIDS), self._sockets[place])
        answers_from = (place, plain(target.host), target.port)
        self._sessions.setdefault(answers_from, []).append(session)
        return session

    def close(self) -> None:
        """Close all sockets."""
        for opened in self._sockets.values():
            opened.close()
        self._sockets.clear()

    async def _opened(self, place: _Place) -> OpenSocket:
        udp = udp_socket(_ANYWHERE[place[0]], 0)
        mark(udp, place[1])

        def received(datagram: Datagram) -> None:
            host, port = plain(str(datagram.address[0])), int(datagram.address[1])
            for session in self._sessions.get((place, host, port), ()):
                session.received(datagram)

        return await watch(udp, received)


def _us(ns: int) -> int:
    return round(ns / 1000)
