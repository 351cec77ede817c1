"""SNMP requests and answers as octets: PDUs (RFC 3416) in community messages (RFC 1901).

A protocol version is one class with `prepare`, `encode` and `decode`; the manager knows no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from console.snmp import ber
from console.snmp.ber import BerError, Value
from console.snmp.errors import Refused
from console.snmp.form import Form

GET = 0xA0
GETNEXT = 0xA1
RESPONSE = 0xA2
GETBULK = 0xA5
REPORT = 0xA8

TOO_BIG = 1
NO_SUCH_NAME = 2
GEN_ERR = 5
NO_ACCESS = 6
AUTHORIZATION_ERROR = 16

VERSION_1 = 0
VERSION_2C = 1
LARGEST_MESSAGE = 65_507  # octets; what UDP over IPv4 carries
_NULL_VALUE = bytes((ber.NULL, 0))


@dataclass(frozen=True, slots=True)
class Varbind:
    """One variable. `value` is None where the agent says that there is none."""

    oid: ber.Oid
    tag: int
    value: Value


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request but for its id: the same octets serve every poll. `form`: of its answers."""

    head: bytes
    tail: bytes
    form: Form = field(default_factory=Form, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """A response PDU; OIDs as on the wire, `size` in octets of the whole message."""

    request_id: int
    error_status: int
    error_index: int
    oids: list[bytes]
    tags: bytearray
    values: list[int | bytes]
    size: int

    def value(self, position: int) -> Value:
        """Return the value at `position`, None where there is none."""
        if position >= len(self.tags) or ber.is_nothing(self.tags[position]):
            return None
        return self.values[position]


class CommunityMessages:
    """Messages of one community. The request id always takes four octets."""

    most_octets = LARGEST_MESSAGE
    signed = False

    def __init__(self, community: str, version: int = VERSION_2C) -> None:
        self._opening = ber.encode_integer(version) + ber.encode(
            ber.OCTET_STRING, community.encode()
        )

    def prepare(
        self, kind: int, oids: Sequence[bytes], non_repeaters: int = 0, max_repetitions: int = 0
    ) -> Prepared:
        """Prepare a request for OIDs in wire form; the two numbers matter to GETBULK only."""
        pdu = prepare_pdu(kind, oids, non_repeaters, max_repetitions)
        octets = len(self._opening) + len(pdu.head) + 4 + len(pdu.tail)
        opening = bytes((ber.SEQUENCE,)) + ber.encode_length(octets) + self._opening
        return Prepared(opening + pdu.head, pdu.tail)

    @staticmethod
    def encode(prepared: Prepared, request_id: int) -> bytes:
        """Complete a prepared request; the id must need four octets (see new_request_id)."""
        return prepared.head + request_id.to_bytes(4, "big") + prepared.tail

    def doubt(self) -> str:
        """Do nothing: silence says nothing about a community."""
        return ""

    def decode(self, data: bytes, form: Form | None = None) -> Answer:
        """Decode an answer in this community and version; raise BerError for anything else."""
        try:
            return self._decode(data, form)
        except IndexError:
            raise BerError("breaks off") from None

    def _decode(self, data: bytes, form: Form | None) -> Answer:
        at, end = ber.decode_header(data, 0, ber.SEQUENCE)
        if end != len(data) or not data.startswith(self._opening, at):
            raise BerError("another version or community, or octets left over")
        at, end_of_pdu = ber.decode_header(data, at + len(self._opening), RESPONSE)
        if end_of_pdu != end:
            raise BerError("octets left over")
        return decode_pdu(data, at, end, end, form)


def prepare_pdu(
    kind: int, oids: Sequence[bytes], non_repeaters: int = 0, max_repetitions: int = 0
) -> Prepared:
    """Prepare a PDU alone; its id takes four octets."""
    names = (ber.encode(ber.OBJECT_IDENTIFIER, oid) + _NULL_VALUE for oid in oids)
    varbinds = b"".join(ber.encode(ber.SEQUENCE, name) for name in names)
    tail = ber.encode_integer(non_repeaters) + ber.encode_integer(max_repetitions)
    tail += ber.encode(ber.SEQUENCE, varbinds)
    head = bytes((kind,)) + ber.encode_length(6 + len(tail)) + bytes((ber.INTEGER, 4))
    return Prepared(head, tail)


def decode_pdu(data: bytes, at: int, end: int, size: int, form: Form | None = None) -> Answer:
    """Decode a PDU's content, from `at` to `end`. Raises IndexError too, where data break off."""
    request_id, at = ber.decode_integer(data, at)
    status, at = ber.decode_integer(data, at)
    index, at = ber.decode_integer(data, at)
    at, end_of_list = ber.decode_header(data, at, ber.SEQUENCE)
    if end_of_list != end:
        raise BerError("octets left over")
    found = None if form is None else form.read(data, at, end)
    if found is None:
        found = ber.decode_varbinds(data, at, end)
        if form is not None:
            form.learn(data, at, end, found)
    return Answer(request_id, status, index, *found, size)


def request_id_of(data: bytes) -> int:
    """Read only what tells whose answer this is: a community message's request id, v3's msgID.

    Raises BerError where there is none.
    """
    try:
        at, _ = ber.decode_header(data, 0, ber.SEQUENCE)
        _, at = ber.decode_header(data, at, ber.INTEGER)
        if data[at] == ber.SEQUENCE:
            at, _ = ber.decode_header(data, at, ber.SEQUENCE)
        else:
            _, at = ber.decode_header(data, at, ber.OCTET_STRING)
            at, _ = ber.decode_header(data, at, RESPONSE)
        return ber.decode_integer(data, at)[0]
    except IndexError:
        raise BerError("breaks off") from None


def check_status(answer: Answer) -> None:
    """Raise what an error status means."""
    if answer.error_status in (NO_ACCESS, AUTHORIZATION_ERROR):
        raise Refused("snmp_access")
    if answer.error_status:
        raise Refused("snmp_status")
