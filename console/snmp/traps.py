"""Traps and informs as octets: SNMPv1's (RFC 1157) told as v2 tells them (RFC 3584), v2's and v3's.

Pure: no socket, no clock, no inventory. Whatever comes in, BerError is all that decoding raises.
"""

from dataclasses import dataclass
from functools import lru_cache

from console.model.text import clean_text
from console.snmp import ber
from console.snmp.ber import BerError
from console.snmp.messages import RESPONSE

TRAP_V1 = 0xA4
INFORM = 0xA6
TRAP = 0xA7

SNMP_TRAPS = "1.3.6.1.6.3.1.1.5"  # coldStart .1 to egpNeighborLoss .6
TRAP_OID = "1.3.6.1.6.3.1.1.4.1.0"  # snmpTrapOID.0
TRAP_ENTERPRISE = "1.3.6.1.6.3.1.1.4.3.0"  # snmpTrapEnterprise.0
TRAP_ADDRESS = "1.3.6.1.6.3.18.1.3.0"  # snmpTrapAddress.0
TRAP_COMMUNITY = "1.3.6.1.6.3.18.1.4.0"  # snmpTrapCommunity.0: a secret, never passed on
UPTIME = "1.3.6.1.2.1.1.3.0"  # sysUpTime.0
MOST_VARIABLES = 32
MOST_CHARACTERS = 2000  # of all values of a notification together

_VERSIONS = {0: "1", 1: "2c"}
_KINDS = {"1": (TRAP_V1,), "2c": (TRAP, INFORM)}
_ENTERPRISE_SPECIFIC = 6
_NO_ADDRESS = "0.0.0.0"
_NOT_TOLD = frozenset((TRAP_OID, UPTIME, TRAP_COMMUNITY))
_MOST_HEX = 64  # octets of a value that is no text

Variables = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Notification:
    """What happened. `trap` is snmpTrapOID; `variables` are OIDs and values as safe text.

    `agent` is the device behind the sender, None where that is not told. `left_out` counts the
    variables beyond MOST_VARIABLES or MOST_CHARACTERS.
    """

    trap: str
    agent: str | None
    variables: Variables
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class CommunityTrap:
    """A v1 or v2c message read up to its PDU, whose content lies in `data` from `at` to `end`."""

    version: str
    community: bytes
    kind: int
    data: bytes
    kind_at: int
    at: int
    end: int

    def notification(self) -> Notification:
        """Decode the PDU; raise BerError."""
        return decode_pdu(self.kind, self.data, self.at, self.end)

    def answer(self) -> bytes:
        """Encode the answer to an inform: the same message as a response (RFC 3416, 4.2.7)."""
        head, tail = self.data[: self.kind_at], self.data[self.kind_at + 1 :]
        return b"".join((head, bytes((RESPONSE,)), tail))


def version_of(data: bytes) -> int:
    """Return an SNMP message's version as it spells it (0: v1, 1: v2c, 3: v3); raise BerError."""
    try:
        at, _end = ber.decode_header(data, 0, ber.SEQUENCE)
        return ber.decode_integer(data, at)[0]
    except IndexError:
        raise BerError("breaks off") from None


def read_community(data: bytes) -> CommunityTrap:
    """Read a v1 or v2c message up to its PDU: all it takes to judge its community."""
    try:
        at, end = ber.decode_header(data, 0, ber.SEQUENCE)
        number, at = ber.decode_integer(data, at)
        version = _VERSIONS.get(number, "")
        begin, kind_at = ber.decode_header(data, at, ber.OCTET_STRING)
        kind = data[kind_at]
        if end != len(data) or kind not in _KINDS.get(version, ()):
            raise BerError("not a trap of this version, or octets left over")
        at, end_of_pdu = ber.decode_header(data, kind_at, kind)
    except IndexError:
        raise BerError("breaks off") from None
    if end_of_pdu != end:
        raise BerError("octets left over")
    return CommunityTrap(version, data[begin:kind_at], kind, data, kind_at, at, end)


def decode_pdu(kind: int, data: bytes, at: int, end: int) -> Notification:
    """Decode the content of a trap's or inform's PDU; raise BerError."""
    try:
        if kind == TRAP_V1:
            return _decode_v1(data, at, end)
        if kind in (TRAP, INFORM):
            return _decode_v2(data, at, end)
    except IndexError:
        raise BerError("breaks off") from None
    raise BerError("neither a trap nor an inform")


def _decode_v2(data: bytes, at: int, end: int) -> Notification:
    for _field in ("request id", "error status", "error index"):
        _number, at = ber.decode_integer(data, at)
    oids, tags, values = _varbinds(data, at, end)
    for oid, tag, value in zip(oids, tags, values, strict=True):
        if oid == TRAP_OID and tag == ber.OBJECT_IDENTIFIER and isinstance(value, bytes):
            return _told(dotted(value), None, oids, tags, values)
    raise BerError("a notification without snmpTrapOID")


def _decode_v1(data: bytes, at: int, end: int) -> Notification:
    begin, at = ber.decode_header(data, at, ber.OBJECT_IDENTIFIER)
    enterprise = dotted(data[begin:at])
    begin, at = ber.decode_header(data, at, ber.IP_ADDRESS)
    agent = ".".join(map(str, data[begin:at]))
    generic, at = ber.decode_integer(data, at)
    specific, at = ber.decode_integer(data, at)
    _begin, at = ber.decode_header(data, at, ber.TIME_TICKS)
    if agent.count(".") != 3 or specific < 0 or not 0 <= generic <= _ENTERPRISE_SPECIFIC:
        raise BerError("a trap of no kind")
    trap = f"{SNMP_TRAPS}.{generic + 1}"
    if generic == _ENTERPRISE_SPECIFIC:
        trap = f"{enterprise}.0.{specific}"
    found = _told(trap, None if agent == _NO_ADDRESS else agent, *_varbinds(data, at, end))
    # As RFC 3584, 3.1 (4) adds it to what a v1 trap carries.
    told = (*found.variables, (TRAP_ENTERPRISE, enterprise))
    return Notification(found.trap, found.agent, told, found.left_out)


def _varbinds(data: bytes, at: int, end: int) -> tuple[list[str], bytearray, list[int | bytes]]:
    at, end_of_list = ber.decode_header(data, at, ber.SEQUENCE)
    if end_of_list != end:
        raise BerError("octets left over")
    oids, tags, values = ber.decode_varbinds(data, at, end)
    return [dotted(oid) for oid in oids], tags, values


def _told(
    trap: str, agent: str | None, oids: list[str], tags: bytearray, values: list[int | bytes]
) -> Notification:
    """Keep what is worth keeping of the variables, as text."""
    kept: list[tuple[str, str]] = []
    left_out, room = 0, MOST_CHARACTERS
    for oid, tag, value in zip(oids, tags, values, strict=True):
        if oid in _NOT_TOLD:
            continue
        text = value_text(tag, value) if room > 0 and len(kept) < MOST_VARIABLES else None
        if text is None or len(text) > room:
            left_out += 1
            continue
        room -= len(text)
        kept.append((oid, text))
        if oid == TRAP_ADDRESS and tag == ber.IP_ADDRESS and text != _NO_ADDRESS:
            agent = text
    return Notification(trap, agent, tuple(kept), left_out)


def value_text(tag: int, value: int | bytes) -> str:
    """Return a value as safe text of at most 255 characters; what is no text in hexadecimal."""
    if isinstance(value, int):
        return str(value)
    if tag == ber.OBJECT_IDENTIFIER:
        return clean_text(dotted(value))
    if tag == ber.IP_ADDRESS and len(value) == 4:
        return ".".join(map(str, value))
    if ber.is_nothing(tag):
        return ""
    text = _text(value)
    return value[:_MOST_HEX].hex(":") if text is None else clean_text(text)


def _text(octets: bytes) -> str | None:
    """Return octets as the text they are, None where they are none; a closing NUL may be there."""
    try:
        text = octets.removesuffix(b"\0").decode()
    except UnicodeDecodeError:
        return None
    if text.isprintable() or all(char.isprintable() or char in "\t\r\n" for char in text):
        return text
    return None


@lru_cache(maxsize=8192)
def dotted(content: bytes) -> str:
    """Return an OID's content as dotted decimal; raise BerError."""
    return ".".join(map(str, ber.decode_oid(content)))
