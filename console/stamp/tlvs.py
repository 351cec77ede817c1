"""TLVs behind a STAMP test packet (RFC 8972, section 4). Knows no sockets and no clock.

Understood are Extra Padding, HMAC, and what whoever reflects says it understands; the answer is
always as long as the question, because a sender leaves room for what it wants to be told.
"""

import hmac
import struct
from collections.abc import Callable
from dataclasses import dataclass

DIGEST = 16  # octets; HMAC-SHA-256 truncated to 128 bits
EXTRA_PADDING = 1
HMAC = 8
UNRECOGNISED, MALFORMED, UNVERIFIED = 0x80, 0x40, 0x20  # flags U, M and I

_HEAD = struct.Struct("!BBH")
_NUMBER = struct.Struct("!I")
HEAD = _HEAD.size

# Gets a TLV's type and value; returns what to answer instead, None: not understood.
Fill = Callable[[int, bytes], bytes | None]


@dataclass(frozen=True, slots=True)
class Tlv:
    """Where a TLV lies: its first octet and the one after it."""

    kind: int
    place: int
    after: int

    @property
    def value(self) -> slice:
        """Where its value lies."""
        return slice(self.place + HEAD, self.after)


def tlv(kind: int, value: bytes, flags: int = UNRECOGNISED) -> bytes:
    """Return the octets of a TLV as a sender writes it."""
    return _HEAD.pack(flags, kind, len(value)) + value


def signed(tlvs: bytes, number: int, key: bytes) -> bytes:
    """Return TLVs and an HMAC TLV (section 4.8) over the packet's number and them."""
    return tlvs + tlv(HMAC, _digest(tlvs, number, key))


def found(rest: bytes) -> tuple[list[Tlv], int | None]:
    """Return the TLVs, and where one says it is longer than what is left.

    What does not begin like a TLV is padding of older senders.
    """
    tlvs: list[Tlv] = []
    place = 0
    while len(rest) - place >= HEAD:
        _flags, kind, length = _HEAD.unpack_from(rest, place)
        if kind == 0:
            break
        after = place + HEAD + length
        if after > len(rest):
            return tlvs, place
        tlvs.append(Tlv(kind, place, after))
        place = after
    return tlvs, None


def verified(rest: bytes, number: int, key: bytes) -> bool:
    """Tell whether what is behind an authenticated packet may be believed.

    Everything but Extra Padding needs an HMAC TLV, behind which nothing but Extra Padding follows.
    """
    tlvs, broken_at = found(rest)
    serious = [one for one in tlvs if one.kind != EXTRA_PADDING]
    if not serious and broken_at is None:
        return True
    digests = [one for one in serious if one.kind == HMAC]
    if len(digests) != 1 or digests[0] is not serious[-1] or broken_at is not None:
        return False
    told = rest[digests[0].value]
    return hmac.compare_digest(told, _digest(rest[: digests[0].place], number, key))


def reflected(
    rest: bytes,
    numbers: tuple[int, int],
    key: bytes | None = None,
    fill: Fill | None = None,
) -> bytes:
    """Return TLVs as a reflector answers them, signed anew; `numbers`: the question's, its own.

    Of TLVs that cannot be believed nothing is read; they go back with a flag that says so.
    """
    answer = bytearray(rest)
    tlvs, broken_at = found(rest)
    believed = key is None or verified(rest, numbers[0], key)
    for one in tlvs:
        answer[one.place] = 0 if believed else UNVERIFIED
        if believed:
            _answer(answer, one, key, fill)
    if broken_at is not None:
        answer[broken_at] = MALFORMED | (0 if believed else UNVERIFIED)
    if key is not None and believed:
        for one in tlvs:
            if one.kind == HMAC:
                answer[one.value] = _digest(bytes(answer[: one.place]), numbers[1], key)
    return bytes(answer)


def _answer(answer: bytearray, one: Tlv, key: bytes | None, fill: Fill | None) -> None:
    if one.kind == EXTRA_PADDING or (one.kind == HMAC and key is not None):
        return
    told = None if fill is None else fill(one.kind, bytes(answer[one.value]))
    if told is None or len(told) != one.after - one.place - HEAD:
        answer[one.place] = UNRECOGNISED
    else:
        answer[one.value] = told


def value_of(rest: bytes, kind: int, number: int, key: bytes) -> bytes | None:
    """Return what an answer tells in its first TLV of a type; None where it does not."""
    if not verified(rest, number, key):
        return None
    one = next((one for one in found(rest)[0] if one.kind == kind), None)
    return None if one is None or rest[one.place] else rest[one.value]


def _digest(tlvs: bytes, number: int, key: bytes) -> bytes:
    text = _NUMBER.pack(number & 0xFFFFFFFF) + tlvs
    return hmac.digest(key, text, "sha256")[:DIGEST]
