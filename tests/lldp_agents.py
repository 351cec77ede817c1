"""The cells of agents that have neighbours, for tests."""

from bench.agents import IF_ENTRY, IF_X_ENTRY, Cell
from console.snmp import ber
from console.snmp.ber import Oid

LLDP = ber.parse_oid("1.0.8802.1.1.2.1")
CDP = ber.parse_oid("1.3.6.1.4.1.9.9.23.1.2.1.1")
ENTITY = ber.parse_oid("1.3.6.1.2.1.47.1.1.1.1")
MAC = bytes((0, 0x1B, 0x2C, 0x3D, 0x4E, 0x5F))


def text(octets: bytes | str) -> Cell:
    return ber.OCTET_STRING, octets if isinstance(octets, bytes) else octets.encode()


def number(value: int) -> Cell:
    return ber.INTEGER, value


def local_port(lldp: int, subtype: int, called: bytes | str, descr: str = "") -> dict[Oid, Cell]:
    """A row of lldpLocPortTable."""
    row = {2: number(subtype), 3: text(called), 4: text(descr)}
    return {(*LLDP, 3, 7, 1, column, lldp): cell for column, cell in row.items()}


def remote(
    lldp: int,
    name: bytes | str = "other",
    port: tuple[int, bytes | str] = (5, "eth1"),
    chassis: tuple[int, bytes | str] = (4, MAC),
    index: tuple[int, int] = (0, 1),
) -> dict[Oid, Cell]:
    """A row of lldpRemTable; `index`: time mark and the neighbour's number."""
    row = {
        **{4: number(chassis[0]), 5: text(chassis[1]), 6: number(port[0]), 7: text(port[1])},
        **{8: text("its port"), 9: text(name), 10: text("its system")},
    }
    at = (index[0], lldp, index[1])
    return {(*LLDP, 4, 1, 1, column, *at): cell for column, cell in row.items()}


def remote_address(lldp: int, *address: int) -> dict[Oid, Cell]:
    """A row of lldpRemManAddrTable; the address as it stands in the index."""
    return {(*LLDP, 4, 2, 1, 3, 0, lldp, 1, *address): number(2)}


def cdp(if_index: int, device: bytes | str, port: str, address: bytes = b"") -> dict[Oid, Cell]:
    """A row of cdpCacheTable."""
    row = {3: number(1), 4: text(address), 6: text(device), 7: text(port), 8: text("cisco X")}
    return {(*CDP, column, if_index, 1): cell for column, cell in row.items()}


def called(cells: dict[Oid, Cell], port: int, **columns: bytes | str) -> dict[Oid, Cell]:
    """The same agent with a port's ifName, ifDescr, ifAlias or ifPhysAddress changed."""
    where = {"name": (*IF_X_ENTRY, 1), "alias": (*IF_X_ENTRY, 18)}
    where |= {"descr": (*IF_ENTRY, 2), "mac": (*IF_ENTRY, 6)}
    return cells | {(*where[column], port): text(value) for column, value in columns.items()}


def part(index: int, kind: int, *texts: str) -> dict[Oid, Cell]:
    """A row of entPhysicalTable: descr, hardware, firmware, software, serial, model."""
    row = dict(zip((2, 8, 9, 10, 11, 13), map(text, texts), strict=True)) | {5: number(kind)}
    return {(*ENTITY, column, index): cell for column, cell in row.items()}
