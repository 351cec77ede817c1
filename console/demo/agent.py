"""An SNMP v1/v2c agent for simulated devices: octets in, octets out. Knows no socket, no clock."""

from collections.abc import Callable
from dataclasses import dataclass

from console.demo.mib import View
from console.demo.simulation import DeviceMoment
from console.snmp import ber
from console.snmp.ber import BerError, Oid

GET, GETNEXT, RESPONSE, GETBULK = 0xA0, 0xA1, 0xA2, 0xA5
V1, V2C = 0, 1
TOO_BIG, NO_SUCH_NAME = 1, 2
LARGEST_ANSWER = 1472  # octets: what fits into one Ethernet frame; real agents keep to it as well
_END_OF_MIB = bytes((ber.END_OF_MIB_VIEW, 0))
_NO_INSTANCE = bytes((ber.NO_SUCH_INSTANCE, 0))
_NULL = bytes((ber.NULL, 0))

Moment = Callable[[float], tuple[View, DeviceMoment] | None]
Varbind = tuple[Oid, bytes]


@dataclass(frozen=True, slots=True)
class Request:
    """A request as read from the wire; `limit_a`, `limit_b` are non-repeaters, max-repetitions."""

    version: int
    community: bytes
    kind: int
    request_id: int
    limit_a: int
    limit_b: int
    oids: tuple[Oid, ...]


class Agent:
    """Answers for the devices behind one socket, told apart by their communities."""

    def __init__(self, devices: dict[bytes, Moment]) -> None:
        self._devices = devices

    def answer(self, data: bytes, at_s: float) -> bytes | None:
        """Return the response; None for what real agents leave unanswered, or when silent."""
        try:
            request = parse(data)
        except (BerError, IndexError):
            return None
        moment = self._devices.get(request.community)
        now = moment(at_s) if moment else None
        if now is None:
            return None
        return _respond(request, *now, at_s)


def parse(data: bytes) -> Request:
    """Read a request; BerError or IndexError for anything else."""
    at, end = ber.decode_header(data, 0, ber.SEQUENCE)
    version, at = ber.decode_integer(data, at)
    at, after = ber.decode_header(data, at, ber.OCTET_STRING)
    community, kind = data[at:after], data[after]
    if (version, kind) not in _SPOKEN:
        raise BerError("not a request that this agent answers")
    at, _ = ber.decode_header(data, after, kind)
    request_id, at = ber.decode_integer(data, at)
    limit_a, at = ber.decode_integer(data, at)
    limit_b, at = ber.decode_integer(data, at)
    at, end = ber.decode_header(data, at, ber.SEQUENCE)
    names, _, _ = ber.decode_varbinds(data, at, end)
    oids = tuple(ber.decode_oid(name) for name in names)
    return Request(version, community, kind, request_id, limit_a, limit_b, oids)


_SPOKEN = {(V1, GET), (V1, GETNEXT), (V2C, GET), (V2C, GETNEXT), (V2C, GETBULK)}


def _respond(request: Request, view: View, moment: DeviceMoment, at_s: float) -> bytes:
    if request.kind == GETBULK:
        found = _bulk(request, view, moment, at_s)
        return _message(request, 0, 0, _fitting(request, found))
    read = _exact if request.kind == GET else _next
    found = [read(oid, view, moment, at_s) for oid in request.oids]
    missing = [place for place, (_, value) in enumerate(found, 1) if value in _MISSING]
    if request.version == V1 and missing:
        unchanged = [(oid, _NULL) for oid in request.oids]
        return _message(request, NO_SUCH_NAME, missing[0], [_encoded(v) for v in unchanged])
    varbinds = [_encoded(varbind) for varbind in found]
    if len(_fitting(request, found)) < len(varbinds):
        return _message(request, TOO_BIG, 0, [])
    return _message(request, 0, 0, varbinds)


_MISSING = (_NO_INSTANCE, _END_OF_MIB)


def _exact(oid: Oid, view: View, moment: DeviceMoment, at_s: float) -> Varbind:
    return oid, view.read(oid, moment, at_s) or _NO_INSTANCE


def _next(oid: Oid, view: View, moment: DeviceMoment, at_s: float) -> Varbind:
    following = view.after(oid)
    if following is None:
        return oid, _END_OF_MIB
    return following, view.read(following, moment, at_s) or _NO_INSTANCE


def _bulk(request: Request, view: View, moment: DeviceMoment, at_s: float) -> list[Varbind]:
    once = max(0, request.limit_a)
    found = [_next(oid, view, moment, at_s) for oid in request.oids[:once]]
    repeated = list(request.oids[once:])
    for _ in range(max(0, request.limit_b) if repeated else 0):
        row = [_next(oid, view, moment, at_s) for oid in repeated]
        found += row
        repeated = [oid for oid, _ in row]
        if len(found) > LARGEST_ANSWER // 10 or all(value == _END_OF_MIB for _, value in row):
            break
    return found


def _fitting(request: Request, varbinds: list[Varbind]) -> list[bytes]:
    """Return as many encoded varbinds from the front as one answer holds."""
    left = LARGEST_ANSWER - len(_message(request, 0, 0, [])) - 8
    kept = []
    for varbind in varbinds:
        octets = _encoded(varbind)
        left -= len(octets)
        if left < 0:
            break
        kept.append(octets)
    return kept


def _encoded(varbind: Varbind) -> bytes:
    name = ber.encode(ber.OBJECT_IDENTIFIER, ber.encode_oid(varbind[0]))
    return ber.encode(ber.SEQUENCE, name + varbind[1])


def _message(request: Request, status: int, index: int, varbinds: list[bytes]) -> bytes:
    pdu = b"".join(
        (
            ber.encode_integer(request.request_id),
            ber.encode_integer(status),
            ber.encode_integer(index),
            ber.encode(ber.SEQUENCE, b"".join(varbinds)),
        )
    )
    head = ber.encode_integer(request.version) + ber.encode(ber.OCTET_STRING, request.community)
    return ber.encode(ber.SEQUENCE, head + ber.encode(RESPONSE, pdu))
