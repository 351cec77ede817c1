"""Who is at the other end of a device's ports, as it hears them by LLDP and CDP.

Reads LLDP-MIB (IEEE 802.1AB) and CISCO-CDP-MIB.
"""

from collections.abc import Coroutine, Iterable, Mapping, Sequence

from console.model.observation import Neighbour, PortFacts
from console.probes.announced import (
    address_text,
    chassis_text,
    device_text,
    index_address,
    plain_text,
    port_text,
)
from console.probes.local_ports import LocalPort, match_ports
from console.probes.port_names import IF_ENTRY
from console.snmp.ber import Oid, Value, parse_oid
from console.snmp.errors import Garbled, Refused
from console.snmp.manager import Manager
from console.snmp.table import Table
from console.snmp.target import Target

_LLDP = parse_oid("1.0.8802.1.1.2.1")
# lldpLocPortIdSubtype, lldpLocPortId, lldpLocPortDesc
_LOCAL_COLUMNS = tuple((*_LLDP, 3, 7, 1, column) for column in (2, 3, 4))
# lldpRemChassisIdSubtype, ChassisId, PortIdSubtype, PortId, PortDesc, SysName, SysDesc
_REMOTE_COLUMNS = tuple((*_LLDP, 4, 1, 1, column) for column in (4, 5, 6, 7, 8, 9, 10))
_ADDRESS_COLUMNS = ((*_LLDP, 4, 2, 1, 3),)  # lldpRemManAddrIfSubtype: the index is the address
_CDP = parse_oid("1.3.6.1.4.1.9.9.23.1.2.1.1")
# cdpCacheAddressType, Address, DeviceId, DevicePort, Platform
_CDP_COLUMNS = tuple((*_CDP, column) for column in (3, 4, 6, 7, 8))
_IF_PHYS_ADDRESS = (*IF_ENTRY, 6)
_CDP_IP = {1: 1, 20: 2}  # CiscoNetworkProtocol ip and ipv6 as IANA families
_MOST = 1024  # neighbours of a device by one protocol; more are a fault
_MOST_ADDRESSES = 8  # of a neighbour

Addresses = Mapping[tuple[int, int], Sequence[str]]


async def read_neighbours(
    manager: Manager, target: Target, ports: Sequence[PortFacts]
) -> tuple[Neighbour, ...]:
    """Read the neighbours that a device hears, in the order of its ports.

    `ports` are the device's own, to say where each is heard. A protocol that the agent does not
    let be read tells nothing; raises SnmpError where the agent does not answer at all.
    """
    lldp = await _told(_read_lldp(manager, target, ports))
    cdp = await _told(_read_cdp(manager, target, ports))
    place = {port.key: number for number, port in enumerate(ports)}

    def order(neighbour: Neighbour) -> tuple[int, str, str, str, str]:
        known = place.get(neighbour.port_key or "", len(ports))
        n = neighbour
        return known, n.port, n.protocol, n.remote_name, n.remote_port

    return tuple(sorted((*lldp, *cdp), key=order))


async def _told(reading: Coroutine[None, None, list[Neighbour]]) -> list[Neighbour]:
    try:
        return (await reading)[:_MOST]
    except (Refused, Garbled):
        return []


async def _read_lldp(
    manager: Manager, target: Target, ports: Sequence[PortFacts]
) -> list[Neighbour]:
    remote = await manager.table(target, _REMOTE_COLUMNS)
    rows = _newest_rows(remote.indexes)
    if not rows:
        return []
    locals_ = await _read_local_ports(manager, target, (number for number, _ in rows))
    macs = await manager.table(target, (_IF_PHYS_ADDRESS,))
    interfaces = match_ports(locals_, ports, _octets_by_index(macs))
    addresses = _addresses(await manager.table(target, _ADDRESS_COLUMNS))
    found = []
    for (number, neighbour), row in rows.items():
        announced, port = locals_[number], interfaces.get(number)
        heard = addresses.get((number, neighbour), ())
        found.append(_lldp_neighbour(_row(remote, row), announced, port, number, heard))
    return found


def _newest_rows(indexes: Sequence[Oid]) -> dict[tuple[int, int], int]:
    """Return the row of each (local port number, neighbour's number): the newest of its marks."""
    newest: dict[tuple[int, int], int] = {}
    for row, index in enumerate(indexes):  # ascending by lldpRemTimeMark
        if len(index) == 3:
            newest[index[1], index[2]] = row
    return newest


async def _read_local_ports(
    manager: Manager, target: Target, numbers: Iterable[int]
) -> dict[int, LocalPort]:
    """Read what LLDP calls its ports, and those it heard something at even if it tells nothing."""
    table = await manager.table(target, _LOCAL_COLUMNS)
    told = {
        index[0]: LocalPort(*_row(table, row))
        for row, index in enumerate(table.indexes)
        if len(index) == 1
    }
    return dict.fromkeys(numbers, LocalPort()) | told


def _lldp_neighbour(
    cells: list[Value],
    announced: LocalPort,
    port: PortFacts | None,
    number: int,
    addresses: Sequence[str],
) -> Neighbour:
    chassis_subtype, chassis, port_subtype, remote_port, port_descr, name, descr = cells
    called = port_text(announced.subtype, announced.id)
    return Neighbour(
        protocol="lldp",
        port_key=None if port is None else port.key,
        port=(called or str(number)) if port is None else port.name,
        name=plain_text(name),
        chassis=chassis_text(chassis_subtype, chassis),
        remote_port=port_text(port_subtype, remote_port),
        remote_port_descr=plain_text(port_descr),
        descr=plain_text(descr),
        addresses=tuple(addresses),
    )


def _addresses(table: Table) -> Addresses:
    found: dict[tuple[int, int], list[str]] = {}
    for index in table.indexes:
        address = index_address(index[3:])
        known = found.setdefault((index[1], index[2]), []) if address else []
        if address not in known and len(known) < _MOST_ADDRESSES:
            known.append(address)
    return found


async def _read_cdp(
    manager: Manager, target: Target, ports: Sequence[PortFacts]
) -> list[Neighbour]:
    table = await manager.table(target, _CDP_COLUMNS)
    by_index = {port.if_index: port for port in ports}
    return [
        _cdp_neighbour(_row(table, row), by_index.get(index[0]), index[0])
        for row, index in enumerate(table.indexes)
        if len(index) == 2
    ]


def _cdp_neighbour(cells: list[Value], port: PortFacts | None, number: int) -> Neighbour:
    kind, address, device, remote_port, platform = cells
    family = _CDP_IP.get(kind, 0) if isinstance(kind, int) else 0
    known = address_text(family, address) if isinstance(address, bytes) else ""
    name = device_text(device)
    return Neighbour(
        protocol="cdp",
        port_key=None if port is None else port.key,
        port=str(number) if port is None else port.name,
        name=name,
        chassis=name,
        remote_port=plain_text(remote_port),
        remote_port_descr="",
        descr=plain_text(platform),
        addresses=(known,) if known else (),
    )


def _octets_by_index(table: Table) -> dict[int, bytes]:
    """Return a column of octets by the ifIndex of its rows."""
    return {
        index[0]: value
        for index, value in zip(table.indexes, table.columns[0], strict=True)
        if len(index) == 1 and isinstance(value, bytes) and value
    }


def _row(table: Table, row: int) -> list[Value]:
    return [column[row] for column in table.columns]
