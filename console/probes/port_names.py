"""What rarely changes of a device: its system group and its ports' names, types and speeds."""

import time
from collections.abc import Sequence

from console.analysis.ports import port_keys
from console.model.observation import PortFacts, SystemFacts
from console.model.text import clean_text
from console.snmp.ber import BerError, Oid, Value, decode_oid, parse_oid
from console.snmp.errors import Garbled, Refused
from console.snmp.manager import Manager
from console.snmp.table import Table
from console.snmp.target import Target

IF_ENTRY = parse_oid("1.3.6.1.2.1.2.2.1")
IF_X_ENTRY = parse_oid("1.3.6.1.2.1.31.1.1.1")
SYS_UP_TIME = parse_oid("1.3.6.1.2.1.1.3.0")
# ifDescr, ifType, ifSpeed, ifName, ifHighSpeed, ifAlias
NAME_COLUMNS = (
    *((*IF_ENTRY, 2), (*IF_ENTRY, 3), (*IF_ENTRY, 5)),
    *((*IF_X_ENTRY, 1), (*IF_X_ENTRY, 15), (*IF_X_ENTRY, 18)),
)
_SYSTEM = (
    parse_oid("1.3.6.1.2.1.1.1.0"),  # sysDescr
    parse_oid("1.3.6.1.2.1.1.2.0"),  # sysObjectID
    SYS_UP_TIME,
    parse_oid("1.3.6.1.2.1.1.5.0"),  # sysName
    parse_oid("1.3.6.1.2.1.1.6.0"),  # sysLocation
    parse_oid("1.3.6.1.6.3.10.2.1.3.0"),  # snmpEngineTime
)
_TICKS = 1 << 32  # hundredths of a second, after which sysUpTime starts again
_UNTOLD_SPEED = 0xFFFFFFFF  # ifSpeed of a port that is too fast for it
_WRAP_TOLERANCE_S = 30.0


async def read_system(manager: Manager, target: Target) -> SystemFacts:
    """Read the system group; an agent that shows nothing of it refuses this community."""
    values = [varbind.value for varbind in await manager.get(target, _SYSTEM)]
    if all(value is None for value in values):
        raise Refused
    descr, object_id, ticks, name, location, engine_s = values
    told_s = manager.uptime_s(target)  # with SNMPv3 it comes along, whatever may be read
    uptime_s = _uptime_s(ticks, engine_s if isinstance(engine_s, int) else told_s)
    return SystemFacts(
        name=_text(name),
        descr=_text(descr),
        object_id=_dotted(object_id),
        location=_text(location),
        booted_at_s=None if uptime_s is None else time.time() - uptime_s,
    )


def _uptime_s(ticks: Value, engine_s: Value) -> float | None:
    """Return sysUpTime in seconds; snmpEngineTime counts on where it agrees but for wraps."""
    if not isinstance(ticks, int):
        return float(engine_s) if isinstance(engine_s, int) else None
    uptime_s = ticks / 100
    if isinstance(engine_s, int):
        wraps = round((engine_s - uptime_s) * 100 / _TICKS)
        unwrapped_s = uptime_s + wraps * _TICKS / 100
        if wraps > 0 and abs(unwrapped_s - engine_s) < _WRAP_TOLERANCE_S:
            return unwrapped_s
    return uptime_s


def facts_of(table: Table) -> tuple[PortFacts, ...]:
    """Read the ports out of a table of NAME_COLUMNS, in ifIndex order."""
    indexes = if_indexes(table.indexes)
    descrs, types, speeds, names, high_speeds, aliases = table.columns
    descr_texts = [_text(value) for value in descrs]
    name_texts = [_text(value) for value in names]
    keys = port_keys(zip(indexes, name_texts, descr_texts, strict=True))
    return tuple(
        PortFacts(
            key=keys[row],
            if_index=if_index,
            name=name_texts[row] or descr_texts[row],
            descr=descr_texts[row],
            alias=None if aliases[row] is None else _text(aliases[row]),
            type=_number(types[row]),
            speed_bps=_speed_bps(speeds[row], high_speeds[row]),
        )
        for row, if_index in enumerate(indexes)
    )


def if_indexes(indexes: Sequence[Oid]) -> list[int]:
    """Return the rows' ifIndex; raise Garbled for an index of another shape."""
    if any(len(index) != 1 for index in indexes):
        raise Garbled
    return [index[0] for index in indexes]


def _speed_bps(speed: Value, high_speed: Value) -> float | None:
    if isinstance(high_speed, int) and high_speed > 0:
        return high_speed * 1e6
    if isinstance(speed, int) and 0 < speed < _UNTOLD_SPEED:
        return float(speed)
    return None


def _text(value: Value) -> str:
    return clean_text(value) if isinstance(value, bytes) else ""


def _number(value: Value) -> int | None:
    return value if isinstance(value, int) else None


def _dotted(value: Value) -> str:
    if not isinstance(value, bytes):
        return ""
    try:
        return ".".join(map(str, decode_oid(value)))
    except BerError:
        return ""
