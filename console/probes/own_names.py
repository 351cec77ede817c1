"""What a device calls itself and its ports where others hear it: LLDP's chassis and port ids."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from console.model.observation import PortFacts
from console.probes.announced import chassis_text, mac_text, port_text
from console.probes.local_ports import LocalPort, match_ports
from console.probes.port_names import IF_ENTRY
from console.snmp.ber import parse_oid
from console.snmp.errors import Garbled, Refused
from console.snmp.manager import Manager
from console.snmp.table import Table
from console.snmp.target import Target

_LLDP_LOCAL = parse_oid("1.0.8802.1.1.2.1.3")
_CHASSIS = ((*_LLDP_LOCAL, 1, 0), (*_LLDP_LOCAL, 2, 0))  # lldpLocChassisIdSubtype, ChassisId
# lldpLocPortIdSubtype, lldpLocPortId, lldpLocPortDesc
_PORTS = tuple((*_LLDP_LOCAL, 7, 1, column) for column in (2, 3, 4))
_IF_PHYS_ADDRESS = (*IF_ENTRY, 6)


@dataclass(frozen=True, slots=True)
class OwnNames:
    """`chassis` as neighbours hear it, "" without LLDP; `ports`: the port's key by its port id."""

    chassis: str = ""
    ports: Mapping[str, str] = field(default_factory=dict)


async def read_own_names(manager: Manager, target: Target, ports: Sequence[PortFacts]) -> OwnNames:
    """Read them; what the agent does not let be read is left out."""
    try:
        subtype, chassis = await manager.get(target, _CHASSIS)
        table = await manager.table(target, _PORTS)
    except (Refused, Garbled):
        return OwnNames("", await _addresses(manager, target, ports, {}))
    announced = {
        index[0]: LocalPort(*(column[row] for column in table.columns))
        for row, index in enumerate(table.indexes)
        if len(index) == 1
    }
    return OwnNames(
        chassis_text(subtype.value, chassis.value),
        await _addresses(manager, target, ports, announced),
    )


async def _addresses(
    manager: Manager, target: Target, ports: Sequence[PortFacts], announced: dict[int, LocalPort]
) -> dict[str, str]:
    try:
        macs = _octets(await manager.table(target, (_IF_PHYS_ADDRESS,)))
    except (Refused, Garbled):
        macs = {}
    keys = {port.if_index: port.key for port in ports}
    counts = Counter(macs.values())
    known = {
        mac_text(mac): keys[number]
        for number, mac in macs.items()
        if counts[mac] == 1 and number in keys
    }
    for number, port in match_ports(announced, ports, macs).items():
        text = port_text(announced[number].subtype, announced[number].id)
        if text:
            known[text] = port.key
    return known


def _octets(table: Table) -> dict[int, bytes]:
    return {
        index[0]: value
        for index, value in zip(table.indexes, table.columns[0], strict=True)
        if len(index) == 1 and isinstance(value, bytes) and value
    }
