"""Poly rooms over SNMP: states of their parts, registration, calls and the calls' loss."""

import re

from console.model.observation import RoomFacts
from console.model.states import Outcome
from console.probes.announced import plain_text
from console.probes.rooms.protocol import Means, Question, Told
from console.snmp.ber import Oid, Value, parse_oid
from console.snmp.errors import SnmpError
from console.snmp.manager import Manager
from console.snmp.target import Target

_POLY = parse_oid("1.3.6.1.4.1.13885.101.1")
_DISABLED, _OK, _FAILED = 1, 2, 3
_UP_TIME = parse_oid("1.3.6.1.2.1.1.3.0")
_IDENTITY = (*_POLY, 1, 6, 0)
# Parts with a state, in the order they are asked for.
_PARTS: dict[str, Oid] = {
    "h323": (*_POLY, 2, 7, 1, 0),
    "gatekeeper": (*_POLY, 2, 7, 2, 0),
    "sip": (*_POLY, 2, 8, 1, 0),
    "hardware": (*_POLY, 3, 1, 0),
    "microphone": (*_POLY, 3, 5, 1, 0),
    "camera": (*_POLY, 3, 6, 1, 0),
    "network": (*_POLY, 3, 10, 1, 0),
}
# Of the active calls: packets lost and the percent of them, there and back each.
_CALLS = tuple((*_POLY, 4, 1, 1, column) for column in (8, 9, 16, 17))
_PERCENT = 2  # from here on
_FINDINGS = {
    "gatekeeper": "registration_failed:H.323",
    "sip": "registration_failed:SIP",
    "hardware": "hardware_failed",
    "microphone": "microphone_failed",
    "camera": "camera_failed",
    "network": "network_failed",
}


async def ask(means: Means, question: Question) -> Told:
    """Read the parts' states and the table of active calls."""
    if question.agent is None:
        return Told(Outcome.ERROR, detail="snmp_error")
    try:
        return await _read(means.manager, question.agent)
    except SnmpError as error:
        return Told(error.outcome, detail=error.detail)


async def _read(manager: Manager, agent: Target) -> Told:
    found = await manager.get(agent, [_UP_TIME, _IDENTITY, *_PARTS.values()])
    uptime, identity, *cells = (varbind.value for varbind in found)
    parts = {name: _state(cell) for name, cell in zip(_PARTS, cells, strict=True)}
    if not any(parts.values()):
        return Told(Outcome.GARBLED, detail="poly_snmp_garbled")
    table = await manager.table(agent, _CALLS, (_UP_TIME,))
    cells = [cell for column in table.columns[_PERCENT:] for cell in column]
    losses = [known for cell in cells if (known := _percent(cell)) is not None]
    calls = len(table.indexes)
    facts = RoomFacts(
        registered=_registered(parts),
        in_call=calls > 0,
        calls=calls,
        loss=min(1.0, max(losses) / 100) if losses else None,
        microphones=_MICROPHONES.get(parts["microphone"]),
        camera=_CAMERAS.get(parts["camera"]),
        model=plain_text(identity) or None,
        uptime_s=uptime / 100 if isinstance(uptime, int) else None,
        findings=tuple(code for name, code in _FINDINGS.items() if parts[name] == _FAILED),
    )
    return Told(Outcome.OK, table.rtt_us, facts=facts)


_MICROPHONES: dict[int | None, str] = {_DISABLED: "none", _OK: "on", _FAILED: "failed"}
_CAMERAS: dict[int | None, str] = {_DISABLED: "none", _OK: "connected", _FAILED: "failed"}


def _state(value: Value) -> int | None:
    return value if isinstance(value, int) and value in (_DISABLED, _OK, _FAILED) else None


def _percent(value: Value) -> float | None:
    """Return a percentage, told as a number or as text."""
    if isinstance(value, int):
        return float(value)
    found = re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,6})?", plain_text(value))
    return float(found[0]) if found else None


def _registered(parts: dict[str, int | None]) -> bool | None:
    known = {parts["sip"], parts["gatekeeper"]}
    if _FAILED in known:
        return False
    return True if _OK in known else None
