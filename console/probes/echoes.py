"""ICMP echo along many paths over one socket a family (RFC 792, RFC 4443).

Where Linux says it, the moment an answer came in is the kernel's, so that a busy process bends no
curve. Knows addresses only: names are resolved before.
"""

import secrets
import socket
import struct
import time

from console.analysis.echoes import EchoLog
from console.stamp.sockets import Datagram, OpenSocket, plain, watch

_HEADER = struct.Struct("!BBHHH")  # type, code, checksum, identifier, sequence number
_FILLING = bytes(range(48))  # with the token 56 octets, as ping(8) sends
_TOKEN_OCTETS = 8
_SEQUENCES = 1 << 16
_KINDS = {socket.AF_INET: (8, 0), socket.AF_INET6: (128, 129)}
_PROTOCOLS = {socket.AF_INET: socket.IPPROTO_ICMP, socket.AF_INET6: socket.IPPROTO_ICMPV6}


class EchoSession:
    """One address under measurement. Made by `EchoClient.session`."""

    def __init__(self, client: "EchoClient", family: socket.AddressFamily, host: str) -> None:
        self.log = EchoLog()
        self.host = host
        self.family = family
        self._client = client

    def send(self) -> None:
        """Send the next echo request; one that cannot leave is lost."""
        self._client.send(self, self.log.sent(time.monotonic()))

    def forget(self, before: int) -> None:
        """Drop packets with numbers below `before`."""
        self.log.forget(before)


class EchoClient:
    """The sockets. `privileged`: raw ones, where the system gives no others."""

    def __init__(self, privileged: bool) -> None:
        self._kind = socket.SOCK_RAW if privileged else socket.SOCK_DGRAM
        self._sockets: dict[socket.AddressFamily, OpenSocket] = {}
        self._token = secrets.token_bytes(_TOKEN_OCTETS)
        self._identifier = secrets.randbelow(_SEQUENCES)
        self._sequence = 0
        self._asked: dict[int, tuple[EchoSession, int]] = {}

    async def session(self, host: str) -> EchoSession:
        """Return a new session; raise OSError where the system has no socket for it."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        if family not in self._sockets:
            opened = socket.socket(family, self._kind, _PROTOCOLS[family])
            try:
                self._sockets[family] = await watch(opened, self._received)
            except OSError:
                opened.close()
                raise
        return EchoSession(self, family, host)

    def close(self) -> None:
        """Close all sockets."""
        for opened in self._sockets.values():
            opened.close()
        self._sockets.clear()

    def send(self, session: EchoSession, number: int) -> None:
        """Send an echo request that finds its way back to this number of a session."""
        self._sequence = (self._sequence + 1) % _SEQUENCES
        self._asked[self._sequence] = session, number
        head = (_KINDS[session.family][0], 0)
        payload = self._token + _FILLING
        bare = _HEADER.pack(*head, 0, self._identifier, self._sequence) + payload
        # For IPv6 and for sockets without privilege the kernel does it.
        checksum = _checksum(bare) if session.family == socket.AF_INET else 0
        data = _HEADER.pack(*head, checksum, self._identifier, self._sequence) + payload
        self._sockets[session.family].send(data, (session.host, 0))

    def _received(self, datagram: Datagram) -> None:
        data = datagram.data
        if data and data[0] >> 4 == 4:  # raw sockets of IPv4 show its header
            data = data[(data[0] & 0xF) * 4 :]
        if len(data) < _HEADER.size + _TOKEN_OCTETS or data[8:16] != self._token:
            return
        kind, _code, _sum, _identifier, sequence = _HEADER.unpack_from(data)
        session, number = self._asked.get(sequence, (None, 0))
        if session is None or kind != _KINDS[session.family][1]:
            return
        same = plain(str(datagram.address[0])) == plain(session.host)
        if same and session.log.waits_for(number):
            away_s = time.monotonic() - datagram.age_s() - session.log.sent_s(number)
            session.log.answered(number, round(away_s * 1e6) if away_s > 0 else None)


def _checksum(data: bytes) -> int:
    """Return the Internet checksum (RFC 1071) of an even number of octets."""
    words: tuple[int, ...] = struct.unpack(f"!{len(data) // 2}H", data)
    total = sum(words)
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
