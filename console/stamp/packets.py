"""Octets of STAMP test packets (RFC 8762, section 4.2 and 4.3). Knows no sockets and no clock.

Of RFC 8972 the session identifier; the TLVs after a packet are read in `tlvs`.
"""

import hmac
import struct
from dataclasses import dataclass

from console.stamp.tlvs import DIGEST, EXTRA_PADDING, HEAD, Fill, reflected, signed, tlv

PLAIN = 44  # octets of a packet in unauthenticated mode
AUTHENTICATED = 112  # octets of one in authenticated mode
_SIGNED = AUTHENTICATED - DIGEST  # octets that the digest at the end is over
_NTP_EPOCH_S = 2_208_988_800  # 1970 as NTP counts
_ERA_S = 1 << 32
_G = 1_000_000_000
_A_DAY_NS = 86_400 * _G

_REQUEST = struct.Struct("!IQHH28x")
_SIGNED_REQUEST = struct.Struct("!I12xQHH68x")
_REPLY = struct.Struct("!IQHHQIQH2xB3x")
_SIGNED_REPLY = struct.Struct("!I12xQHH4xQ8xI12xQH6xB15x")


class StampError(ValueError):
    """These octets are no STAMP packet, or their digest is wrong."""


@dataclass(frozen=True, slots=True)
class ErrorEstimate:
    """How far a clock may be off: `multiplier` · 2^(`scale` - 32) seconds.

    `synchronised`: to UTC by an outer source; `ptp`: timestamps are PTPv2's, not NTP's.
    """

    synchronised: bool = False
    ptp: bool = False
    scale: int = 32
    multiplier: int = 1

    def word(self) -> int:
        """Return it as its 16 bits."""
        return self.synchronised << 15 | self.ptp << 14 | self.scale << 8 | self.multiplier

    @classmethod
    def of(cls, word: int) -> "ErrorEstimate":
        """Read it from its 16 bits."""
        return cls(bool(word >> 15), bool(word >> 14 & 1), word >> 8 & 0x3F, word & 0xFF)


UNKNOWN_ERROR = ErrorEstimate()


@dataclass(frozen=True, slots=True)
class Request:
    """What a sender says. `stamp` is a timestamp's 64 bits as `error` says; `ssid` 0: none."""

    number: int
    stamp: int
    error: ErrorEstimate = UNKNOWN_ERROR
    ssid: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """What a reflector says: its own number, when it got the request, and the request again."""

    number: int
    stamp: int
    received_stamp: int
    request: Request
    ttl: int  # of the request when it came in
    error: ErrorEstimate = UNKNOWN_ERROR


def ntp_stamp(at_ns: int) -> int:
    """Return a moment (UTC nanoseconds) as NTP's 64 bits."""
    seconds, rest = divmod(at_ns, _G)
    return (seconds + _NTP_EPOCH_S) % _ERA_S << 32 | (rest << 32) // _G


def stamp_ns(stamp: int, error: ErrorEstimate = UNKNOWN_ERROR) -> int:
    """Return 64 bits as UTC nanoseconds; NTP's seconds are taken as from 1968 to 2104."""
    seconds, rest = stamp >> 32, stamp & 0xFFFFFFFF
    if error.ptp:
        return seconds * _G + rest
    if seconds < _ERA_S // 2:
        seconds += _ERA_S
    return (seconds - _NTP_EPOCH_S) * _G + -(-rest * _G >> 32)


def request_octets(request: Request, size: int = 0, key: bytes | None = None) -> bytes:
    """Return a test packet, padded to `size` octets where that leaves room for padding."""
    form = _SIGNED_REQUEST if key else _REQUEST
    packet = form.pack(request.number, request.stamp, request.error.word(), request.ssid)
    packet = _signed(packet, key)
    room = size - len(packet) - HEAD
    return packet if room < 0 else packet + tlv(EXTRA_PADDING, bytes(room))


def asking_octets(request: Request, tlvs: bytes, key: bytes) -> bytes:
    """Return an authenticated test packet with TLVs, and their HMAC."""
    return request_octets(request, key=key) + signed(tlvs, request.number, key)


def read_request(data: bytes, key: bytes | None = None) -> Request:
    """Read a test packet; what looks like a reply is refused: two reflectors must not converse."""
    _check(data, key)
    form = _SIGNED_REQUEST if key else _REQUEST
    number, stamp, error, ssid = form.unpack_from(data)
    request = Request(number, stamp, ErrorEstimate.of(error), ssid)
    received = (_SIGNED_REPLY if key else _REPLY).unpack_from(data)[4]
    if received and abs(stamp_ns(received) - stamp_ns(stamp)) < _A_DAY_NS:
        raise StampError("a reply")
    return request


def reply_octets(
    reply: Reply, request_data: bytes, key: bytes | None = None, fill: Fill | None = None
) -> bytes:
    """Return the answer to a packet, exactly as long as that; `fill` answers TLVs."""
    form = _SIGNED_REPLY if key else _REPLY
    asked = reply.request
    packet = form.pack(
        *(reply.number, reply.stamp, reply.error.word(), asked.ssid, reply.received_stamp),
        *(asked.number, asked.stamp, asked.error.word(), reply.ttl),
    )
    packet = _signed(packet, key)
    numbers = asked.number, reply.number
    return packet + reflected(request_data[len(packet) :], numbers, key, fill)


def read_reply(data: bytes, key: bytes | None = None) -> Reply:
    """Read a reflector's answer."""
    _check(data, key)
    form = _SIGNED_REPLY if key else _REPLY
    number, stamp, error, ssid, received, asked, sent, sent_error, ttl = form.unpack_from(data)
    request = Request(asked, sent, ErrorEstimate.of(sent_error), ssid)
    return Reply(number, stamp, received, request, ttl, ErrorEstimate.of(error))


def _signed(packet: bytes, key: bytes | None) -> bytes:
    return packet + hmac.digest(key, packet, "sha256")[:DIGEST] if key else packet


def _check(data: bytes, key: bytes | None) -> None:
    if len(data) < (AUTHENTICATED if key else PLAIN):
        raise StampError("too short")
    if key:
        digest = hmac.digest(key, data[:_SIGNED], "sha256")[:DIGEST]
        if not hmac.compare_digest(digest, data[_SIGNED:AUTHENTICATED]):
            raise StampError("wrong digest")
