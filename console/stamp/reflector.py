"""The reflector of STAMP (RFC 8762, section 4.3), stateful: it counts what each session got.

It answers only to where a packet came from, never with more octets than came, and each source
only so often. With a key, what is not signed by it is ignored. Knows no clock of its own.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from console.stamp.packets import Reply, Request, StampError, ntp_stamp, read_request, reply_octets
from console.stamp.sockets import Datagram
from console.stamp.tlvs import Fill

MOST_SESSIONS = 4096
FORGOTTEN_S = 900.0  # so long after its last packet a session begins anew (REFWAIT, RFC 5357)
RATE_PS = 2000.0  # packets a second from one source
BURST = 1000.0
LOWEST_PORT = 1024  # services answer below: no conversation with one of those
_G = 1_000_000_000


@dataclass(slots=True)
class Tally:
    """What became of the packets that came."""

    answered: int = 0
    refused: int = 0  # no STAMP, or a wrong digest
    too_many: int = 0


@dataclass(slots=True)
class _Session:
    number: int = 0
    last_ns: int = 0


@dataclass(slots=True)
class _Allowance:
    left: float
    at_ns: int


class Reflector:
    """Turns requests into replies. `key`: authenticated mode.

    `fill` answers what else is asked in TLVs; without a key nobody is told anything.
    """

    def __init__(self, key: bytes | None = None, fill: Fill | None = None) -> None:
        self.tally = Tally()
        self._key = key
        self._fill = fill if key else None
        self._sessions: OrderedDict[tuple[str, int, int], _Session] = OrderedDict()
        self._sources: OrderedDict[str, _Allowance] = OrderedDict()

    @property
    def sources(self) -> int:
        """How many sources were heard of late."""
        return len(self._sources)

    def answer(self, datagram: Datagram, now_ns: Callable[[], int]) -> bytes | None:
        """Return the reply to a datagram, None where there is none; `now_ns` is asked last."""
        request = self.accept(datagram)
        return None if request is None else self.reply(datagram, request, now_ns())

    def accept(self, datagram: Datagram) -> Request | None:
        """Return what a datagram asks, None where it is not to be answered."""
        host, port = str(datagram.address[0]), int(datagram.address[1])
        if not self._may_ask(host, datagram.at_ns):
            self.tally.too_many += 1
            return None
        try:
            request = read_request(datagram.data, self._key)
        except StampError:
            self.tally.refused += 1
            return None
        if port < LOWEST_PORT:
            self.tally.refused += 1
            return None
        return request

    def reply(self, datagram: Datagram, request: Request, sent_ns: int) -> bytes:
        """Count a request in its session and return the answer."""
        number = self._next(datagram, request.ssid)
        received = ntp_stamp(datagram.at_ns)
        ttl = datagram.ttl if datagram.ttl is not None else 255
        self.tally.answered += 1
        reply = Reply(number, ntp_stamp(sent_ns), received, request, ttl)
        return reply_octets(reply, datagram.data, self._key, self._fill)

    def _next(self, datagram: Datagram, ssid: int) -> int:
        """Return the number of this answer in its session."""
        name = (str(datagram.address[0]), int(datagram.address[1]), ssid)
        session = self._sessions.get(name)
        if session is None or datagram.at_ns - session.last_ns > FORGOTTEN_S * _G:
            session = self._sessions[name] = _Session()
        self._sessions.move_to_end(name)
        if len(self._sessions) > MOST_SESSIONS:
            self._sessions.popitem(last=False)
        session.last_ns = datagram.at_ns
        number, session.number = session.number, (session.number + 1) & 0xFFFFFFFF
        return number

    def _may_ask(self, host: str, at_ns: int) -> bool:
        """Tell whether a source has asked seldom enough."""
        allowance = self._sources.get(host)
        if allowance is None:
            allowance = self._sources[host] = _Allowance(BURST, at_ns)
            if len(self._sources) > MOST_SESSIONS:
                self._sources.popitem(last=False)
        self._sources.move_to_end(host)
        earned = max(0, at_ns - allowance.at_ns) / _G * RATE_PS
        allowance.left, allowance.at_ns = min(BURST, allowance.left + earned), at_ns
        if allowance.left < 1:
            return False
        allowance.left -= 1
        return True
