"""What is known of each room and of the bridge: the contract's rule 5. Knows no routing. Pure."""

from collections.abc import Iterator

from console.analysis.readiness.findings import finding
from console.model.inventory import Bridge, MediaProfile
from console.model.readiness import Finding
from console.model.situation import Evidence, Situation
from console.model.snapshot import RoomView
from console.model.states import RoomState

_STATES = {
    RoomState.DOWN: "room_down",
    RoomState.UNREACHABLE: "room_unreachable",
    RoomState.UNKNOWN: "room_unknown",
    RoomState.DEGRADED: "room_degraded",
    RoomState.STANDBY: "room_standby",
    RoomState.IN_CALL: "room_in_call",
}
_BRIDGE_STATES = {
    RoomState.DOWN: "bridge_down",
    RoomState.UNREACHABLE: "bridge_down",
    RoomState.UNKNOWN: "bridge_unknown",
    RoomState.DEGRADED: "bridge_degraded",
}
_SILENT = (RoomState.DOWN, RoomState.UNREACHABLE, RoomState.UNKNOWN)


def room_findings(situation: Situation, room: str, profile: MediaProfile) -> Iterator[Finding]:
    """Yield what the state of a room and the measurements of its way say."""
    view = situation.snapshot.rooms.get(room)
    state = view.state if view else RoomState.UNKNOWN
    if state in _STATES:
        yield finding(_STATES[state], room, _cause(view))
    if state not in _SILENT:  # says it all
        yield from _evidence(situation.evidence.get(room), room, profile)


def _evidence(evidence: Evidence | None, room: str, profile: MediaProfile) -> Iterator[Finding]:
    if evidence is None or evidence.age_s is None:
        yield finding("evidence_missing", room)
        return
    if not evidence.fresh:
        yield finding("evidence_old", room)
        return
    limits = (
        ("loss_high", evidence.loss, profile.max_loss),
        ("rtt_high", evidence.rtt_ms, profile.max_rtt_ms),
        ("jitter_high", evidence.jitter_ms, profile.max_jitter_ms),
    )
    for code, value, most in limits:
        if value is not None and value > most:
            yield finding(code, room, f"{value:.4g}")
    if evidence.loss is None or (evidence.rtt_ms is None and evidence.loss < 1):
        yield finding("evidence_missing", room)


def bridge_findings(situation: Situation, bridge: Bridge) -> Iterator[Finding]:
    """Yield what the state of the bridge says."""
    if not bridge.probes:
        yield finding("bridge_not_asked", bridge.id)
        return
    view = situation.snapshot.bridges.get(bridge.id)
    state = view.state if view else RoomState.UNKNOWN
    if state in _BRIDGE_STATES:
        yield finding(_BRIDGE_STATES[state], bridge.id, _cause(view))


def _cause(view: RoomView | None) -> str:
    """Return the first reason of a state as probes spell it: a code, or code:argument."""
    if view is None or not view.reasons:
        return ""
    reason = view.reasons[0]
    return f"{reason.code}:{reason.argument}" if reason.argument else reason.code
