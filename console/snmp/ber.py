"""BER as SNMP uses it (RFC 3417, section 8): lengths, integers, object identifiers, varbinds.

Knows no message and no socket. Whatever the input, decoding raises BerError and nothing else.
"""

from typing import TypeAlias

Oid: TypeAlias = tuple[int, ...]
Value: TypeAlias = int | bytes | None  # None: noSuchObject, noSuchInstance, endOfMibView, NULL
Varbinds: TypeAlias = tuple[list[bytes], bytearray, list[int | bytes]]  # OIDs, tags, values

INTEGER = 0x02
OCTET_STRING = 0x04
NULL = 0x05
OBJECT_IDENTIFIER = 0x06
SEQUENCE = 0x30
IP_ADDRESS = 0x40
COUNTER32 = 0x41
GAUGE32 = 0x42
TIME_TICKS = 0x43
COUNTER64 = 0x46
NO_SUCH_OBJECT = 0x80
NO_SUCH_INSTANCE = 0x81
END_OF_MIB_VIEW = 0x82

_MAX_SUBIDENTIFIER = 0xFFFFFFFF
_MAX_SUBIDENTIFIERS = 128  # RFC 2578, section 3.5
# The most octets an integer of this tag may take; 0: not an integer.
INTEGER_OCTETS = [0] * 256
for _tag, _octets in (
    *((INTEGER, 4), (COUNTER32, 5), (GAUGE32, 5)),
    *((TIME_TICKS, 5), (COUNTER64, 9)),
):
    INTEGER_OCTETS[_tag] = _octets
_NOTHING = frozenset((NULL, NO_SUCH_OBJECT, NO_SUCH_INSTANCE, END_OF_MIB_VIEW))


class BerError(ValueError):
    """The octets are not what SNMP allows."""


def encode_length(length: int) -> bytes:
    """Encode a length in its shortest definite form."""
    if length < 128:
        return bytes((length,))
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((0x80 | len(octets),)) + octets


def encode(tag: int, content: bytes) -> bytes:
    """Encode tag, length and content."""
    return bytes((tag,)) + encode_length(len(content)) + content


def encode_integer(value: int) -> bytes:
    """Encode an INTEGER with its tag."""
    octets = (value if value >= 0 else ~value).bit_length() // 8 + 1
    return encode(INTEGER, value.to_bytes(octets, "big", signed=True))


def encode_unsigned(tag: int, value: int) -> bytes:
    """Encode a Counter32, Gauge32, TimeTicks or Counter64 with its tag."""
    return encode(tag, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def parse_oid(text: str) -> Oid:
    """Read dotted decimal, such as 1.3.6.1.2.1.1.3.0."""
    return tuple(int(part) for part in text.strip(".").split("."))


def _encode_subidentifier(value: int) -> bytes:
    octets = [value & 0x7F]
    value >>= 7
    while value:
        octets.append(0x80 | (value & 0x7F))
        value >>= 7
    return bytes(reversed(octets))


def encode_subidentifiers(index: Oid) -> bytes:
    """Encode the part of an OID after the first two: an instance, a table's index."""
    return b"".join(map(_encode_subidentifier, index))


def encode_oid(oid: Oid) -> bytes:
    """Encode the content of an OBJECT IDENTIFIER, without tag and length."""
    return encode_subidentifiers((oid[0] * 40 + oid[1], *oid[2:]))


def decode_subidentifiers(content: bytes) -> Oid:
    """Decode the part of an OID after the first two: an instance, a table's index."""
    if content and content[-1] & 0x80:
        raise BerError("an object identifier breaks off")
    found: list[int] = []
    value = 0
    for octet in content:
        value = value << 7 | octet & 0x7F
        if value > _MAX_SUBIDENTIFIER:
            raise BerError("a subidentifier is above 4294967295")
        if not octet & 0x80:
            found.append(value)
            value = 0
    if len(found) > _MAX_SUBIDENTIFIERS:
        raise BerError("an object identifier is too long")
    return tuple(found)


def decode_oid(content: bytes) -> Oid:
    """Decode the content of an OBJECT IDENTIFIER."""
    first, *rest = decode_subidentifiers(content) or (0,)
    top = min(first // 40, 2)
    return (top, first - 40 * top, *rest)


def decode_length(data: bytes, at: int) -> tuple[int, int]:
    """Decode the length at `at`; return it and where the content begins."""
    length = data[at]
    if length < 128:
        return length, at + 1
    octets = length & 0x7F
    if not 1 <= octets <= 4:
        raise BerError("a length of a form that SNMP does not use")
    return int.from_bytes(data[at + 1 : at + 1 + octets], "big"), at + 1 + octets


def decode_header(data: bytes, at: int, tag: int) -> tuple[int, int]:
    """Expect `tag` at `at`; return where its content begins and ends, the end inside `data`."""
    if data[at] != tag:
        raise BerError(f"tag {data[at]:#x} where {tag:#x} belongs")
    length, begin = data[at + 1], at + 2
    if length > 127:
        length, begin = decode_length(data, at + 1)
    if begin + length > len(data):
        raise BerError("breaks off")
    return begin, begin + length


def decode_integer(data: bytes, at: int) -> tuple[int, int]:
    """Decode an INTEGER of at most 4 octets; return it and where it ends."""
    begin, end = decode_header(data, at, INTEGER)
    if not 1 <= end - begin <= 4:
        raise BerError("an INTEGER of more than 32 bits")
    return int.from_bytes(data[begin:end], "big", signed=True), end


def _unusual_integer(tag: int, content: bytes) -> int:
    """Decode an integer that is empty, or as long as its type allows, or longer."""
    if not content:
        raise BerError("an integer without content")
    signed = tag == INTEGER
    value = int.from_bytes(content, "big", signed=signed)
    bits = 64 if tag == COUNTER64 else 31 if signed else 32
    # One octet of sign more than needed is forgiven: pyasn1 spells the least Integer32 so.
    octets = INTEGER_OCTETS[tag] + signed
    if len(content) > octets or value >> bits not in ((0, -1) if signed else (0,)):
        raise BerError("an integer beyond its type's range")
    return value


def decode_varbinds(data: bytes, at: int, end: int) -> Varbinds:
    """Decode a list of varbinds into OIDs (content as on the wire), tags and values.

    Three lists and not a list of triples, and checks gathered into one: this loop is most of what
    a poll costs. Raises IndexError too, where data break off; callers translate it.
    """
    oids: list[bytes] = []
    tags = bytearray()
    values: list[int | bytes] = []
    integer_octets, from_bytes = INTEGER_OCTETS, int.from_bytes
    add_oid, add_tag, add_value = oids.append, tags.append, values.append
    while at < end:
        outer = data[at]
        length = data[at + 1]
        at += 2
        if length > 127:
            length, at = decode_length(data, at - 1)
        following = at + length
        inner = data[at]
        length = data[at + 1]
        at += 2
        if length > 127:
            length, at = decode_length(data, at - 1)
        begin = at + length
        add_oid(data[at:begin])
        tag = data[begin]
        length = data[begin + 1]
        begin += 2
        if length > 127:
            length, begin = decode_length(data, begin - 1)
        if begin + length != following or following > end or outer != 0x30 or inner != 6:
            raise BerError("a varbind is not one")
        add_tag(tag)
        if not integer_octets[tag]:
            add_value(data[begin:following])
        elif 0 < length < integer_octets[tag]:
            add_value(from_bytes(data[begin:following], "big", signed=tag == 2))
        else:
            add_value(_unusual_integer(tag, data[begin:following]))
        at = following
    return oids, tags, values


def is_nothing(tag: int) -> bool:
    """Tell whether the tag says that there is no value."""
    return tag in _NOTHING
