"""What a device is made of, by ENTITY-MIB (RFC 6933): its chassis' model, serial and revisions."""

from console.model.observation import ChassisFacts
from console.probes.announced import plain_text
from console.snmp.ber import parse_oid
from console.snmp.manager import Manager
from console.snmp.target import Target

_ENTRY = parse_oid("1.3.6.1.2.1.47.1.1.1.1")
_CLASS = (*_ENTRY, 5)
_CHASSIS, _STACK = 3, 11
# entPhysicalDescr, ModelName, SerialNum, HardwareRev, FirmwareRev, SoftwareRev
_COLUMNS = (2, 13, 11, 8, 9, 10)
_MOST = 4  # chassis of a stack that are looked at


async def read_chassis(manager: Manager, target: Target) -> ChassisFacts | None:
    """Read the first chassis that tells its model or serial, else the first there is.

    None where the agent tells of none; raises SnmpError. Only the classes are read as a table: a
    large device has thousands of parts.
    """
    table = await manager.table(target, (_CLASS,))
    classes = table.columns[0]
    rows = [index for index, kind in zip(table.indexes, classes, strict=True) if kind == _CHASSIS]
    rows += [index for index, kind in zip(table.indexes, classes, strict=True) if kind == _STACK]
    found: list[ChassisFacts] = []
    for index in rows[:_MOST]:
        cells = await manager.get(target, [(*_ENTRY, column, *index) for column in _COLUMNS])
        found.append(ChassisFacts(*(plain_text(cell.value) for cell in cells)))
        if found[-1].model or found[-1].serial:
            return found[-1]
    return found[0] if found else None
