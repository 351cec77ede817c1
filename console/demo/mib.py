"""What a simulated device answers, object by object: system group, ifTable, ifXTable, and what its
neighbours announce.
"""

from bisect import bisect_right
from collections.abc import Callable

from console.demo.lldp import Announcements, descr_of, mac_of
from console.demo.ports import (
    IN_BITS,
    IN_DISCARDS,
    IN_ERRORS,
    LOOPBACK,
    OUT_BITS,
    OUT_DISCARDS,
    OUT_ERRORS,
    SimulatedPort,
)
from console.demo.simulation import DeviceMoment
from console.model.inventory import Device, Site
from console.snmp import ber
from console.snmp.ber import Oid

SYSTEM = (1, 3, 6, 1, 2, 1, 1)
IF_NUMBER = (1, 3, 6, 1, 2, 1, 2, 1, 0)
IF_ENTRY = (1, 3, 6, 1, 2, 1, 2, 2, 1)
IF_X_ENTRY = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1)
IF_TABLE_LAST_CHANGE = (1, 3, 6, 1, 2, 1, 31, 1, 5, 0)
ENGINE_TIME = (1, 3, 6, 1, 6, 3, 10, 2, 1, 3, 0)
# net-snmp's number for "unknown" (enterprise 8072): a simulated router is of no maker.
OBJECT_ID = (1, 3, 6, 1, 4, 1, 8072, 3, 2, 255)
OCTETS_A_PACKET = 620
IF_SPEED_MAX = 2**32 - 1

Encoded = bytes
Read = Callable[[DeviceMoment, float], Encoded]


def _integer(value: int) -> Encoded:
    return ber.encode_integer(value)


def _gauge(value: float) -> Encoded:
    return ber.encode_unsigned(ber.GAUGE32, int(value))


def _text(value: str) -> Encoded:
    return ber.encode(ber.OCTET_STRING, value.encode())


def _ticks(seconds: float) -> Encoded:
    return ber.encode_unsigned(ber.TIME_TICKS, int(seconds * 100) % 2**32)


class View:
    """The objects of one device in one layout, in the order in which GETNEXT walks them."""

    def __init__(
        self,
        device: Device,
        site: Site | None,
        ports: tuple[SimulatedPort, ...],
        layout: int,
        told: Announcements,
    ) -> None:
        self._ports = ports
        self._number = told.number(device.id)
        objects: dict[Oid, Read] = dict(self._system(device, site))
        for place, port in enumerate(ports):
            objects |= self._columns(place, port, port.numbers[layout])
        announced = told.objects(device.id, layout)
        objects |= {oid: _fixed(value) for oid, value in announced.items()}
        self.oids = sorted(objects)
        self._reads = objects

    def read(self, oid: Oid, moment: DeviceMoment, at_s: float) -> Encoded | None:
        """Return the encoded value of exactly this object, None where there is none."""
        found = self._reads.get(oid)
        return found(moment, at_s) if found else None

    def after(self, oid: Oid) -> Oid | None:
        """Return the next object after an OID, None at the end."""
        place = bisect_right(self.oids, oid)
        return self.oids[place] if place < len(self.oids) else None

    def _system(self, device: Device, site: Site | None) -> dict[Oid, Read]:
        descr = _text(descr_of(device))
        object_id = ber.encode(ber.OBJECT_IDENTIFIER, ber.encode_oid(OBJECT_ID))
        location = _text(site.name if site else "")
        return {
            (*SYSTEM, 1, 0): _fixed(descr),
            (*SYSTEM, 2, 0): _fixed(object_id),
            (*SYSTEM, 3, 0): _uptime,
            (*SYSTEM, 4, 0): _fixed(_text((site.contact or "") if site else "")),
            (*SYSTEM, 5, 0): _fixed(_text(device.id)),
            (*SYSTEM, 6, 0): _fixed(location),
            (*SYSTEM, 7, 0): _fixed(_integer(6)),
            IF_NUMBER: _fixed(_integer(len(self._ports))),
            IF_TABLE_LAST_CHANGE: _fixed(_ticks(0)),
            ENGINE_TIME: _engine_time,
        }

    def _columns(self, place: int, port: SimulatedPort, number: int) -> dict[Oid, Read]:
        table = self._if_columns(place, port, number)
        extended = self._if_x_columns(place, port)
        found = {(*IF_ENTRY, column, number): read for column, read in table.items()}
        return found | {(*IF_X_ENTRY, column, number): read for column, read in extended.items()}

    def _if_columns(self, place: int, port: SimulatedPort, number: int) -> dict[int, Read]:
        mac = b"" if port.type == LOOPBACK else mac_of(self._number, place + 1)
        return {
            1: _fixed(_integer(number)),
            2: _fixed(_text(port.name)),
            3: _fixed(_integer(port.type)),
            4: _fixed(_integer(65536 if port.type == LOOPBACK else 1514)),
            5: _fixed(_gauge(min(port.speed_bps, IF_SPEED_MAX))),
            6: _fixed(ber.encode(ber.OCTET_STRING, mac)),
            7: _status(place, 0),
            8: _status(place, 1),
            9: _last_change(place),
            10: _octets32(place, IN_BITS),
            11: _packets(place, IN_BITS, ber.COUNTER32),
            13: _pieces(place, IN_DISCARDS),
            14: _pieces(place, IN_ERRORS),
            16: _octets32(place, OUT_BITS),
            17: _packets(place, OUT_BITS, ber.COUNTER32),
            19: _pieces(place, OUT_DISCARDS),
            20: _pieces(place, OUT_ERRORS),
        }

    def _if_x_columns(self, place: int, port: SimulatedPort) -> dict[int, Read]:
        return {
            1: _fixed(_text(port.name)),
            6: _octets64(place, IN_BITS),
            7: _packets(place, IN_BITS, ber.COUNTER64),
            10: _octets64(place, OUT_BITS),
            11: _packets(place, OUT_BITS, ber.COUNTER64),
            15: _fixed(_gauge(port.speed_bps / 1e6)),
            18: _fixed(_text(port.alias)),
            19: _fixed(_ticks(0)),
        }


def _fixed(value: Encoded) -> Read:
    def read(moment: DeviceMoment, at_s: float) -> Encoded:
        return value

    return read


def _uptime(moment: DeviceMoment, at_s: float) -> Encoded:
    return _ticks(at_s - moment.booted_at_s)


def _engine_time(moment: DeviceMoment, at_s: float) -> Encoded:
    return _integer(int(at_s - moment.booted_at_s))


def _status(place: int, which: int) -> Read:
    def read(moment: DeviceMoment, at_s: float) -> Encoded:
        return _integer(int(moment.status[place][which]))

    return read


def _last_change(place: int) -> Read:
    def read(moment: DeviceMoment, at_s: float) -> Encoded:
        changed_at_s = moment.changed_at_s[place]
        return _ticks(0 if changed_at_s is None else changed_at_s - moment.booted_at_s)

    return read


def _octets64(place: int, counter: int) -> Read:
    def read(moment: DeviceMoment, at_s: float) -> Encoded:
        return ber.encode_unsigned(ber.COUNTER64, int(moment.counters[counter, place]) // 8)

    return read


def _octets32(place: int, counter: int) -> Read:
    def read(moment: DeviceMoment, at_s: float) -> Encoded:
        octets = int(moment.counters[counter, place]) // 8
        return ber.encode_unsigned(ber.COUNTER32, octets % 2**32)

    return read


def _packets(place: int, counter: int, tag: int) -> Read:
    size = 2**32 if tag == ber.COUNTER32 else 2**64

    def read(moment: DeviceMoment, at_s: float) -> Encoded:
        packets = int(moment.counters[counter, place]) // 8 // OCTETS_A_PACKET
        return ber.encode_unsigned(tag, packets % size)

    return read


def _pieces(place: int, counter: int) -> Read:
    def read(moment: DeviceMoment, at_s: float) -> Encoded:
        pieces = int(moment.counters[counter, place]) % 2**32
        return ber.encode_unsigned(ber.COUNTER32, pieces)

    return read
