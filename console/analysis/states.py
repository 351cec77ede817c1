"""What outcomes mean: the rules by which one device, link, room or bridge is judged.

Pure and without memory: whoever folds a stream of outcomes (analysis.judge) keeps what was before.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Self

from console.analysis.rooms import Severity, findings_of, severity_of
from console.model.observation import RoomFacts
from console.model.states import Outcome, PortStatus, RoomState, State

MISSES = 3  # unanswered questions in a row until silence counts
FAULTS_PS = 2.0  # errors and discards of a port per second, mean of FAULT_WINDOW_S
FAULT_WINDOW_S = 300.0
# Questions that were never asked because of what the operator has to mend: not a miss.
NOT_ASKED = ("secret_missing", "secret_exposed", "snmp_unsupported")
_SILENT = (State.DOWN, State.UNREACHABLE, RoomState.DOWN, RoomState.UNREACHABLE)


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a subject stands and why: reasons are codes, some with an argument after a colon."""

    state: State | RoomState
    reasons: tuple[str, ...] = ()

    @property
    def silent(self) -> bool:
        """True when nothing of the subject answers."""
        return self.state in _SILENT


@dataclass(frozen=True, slots=True)
class Answers:
    """What one probe of a subject came to lately; `misses` in a row, `reason` of a failure.

    `facts` is what a room told with its last answer.
    """

    outcome: Outcome | None = None
    misses: int = 0
    reason: str = ""
    facts: RoomFacts | None = None

    def after(self, outcome: Outcome, reason: str, facts: RoomFacts | None = None) -> Self:
        """Return the same with one more outcome."""
        missed = outcome in (Outcome.TIMEOUT, Outcome.ERROR) and not not_asked(reason)
        misses = self.misses + 1 if missed else 0
        alive = outcome.alive
        return type(self)(outcome, misses, "" if alive else reason, facts if alive else None)

    @property
    def well(self) -> bool:
        """True when the last answer was one."""
        return self.outcome is not None and self.outcome.alive

    @property
    def odd(self) -> bool:
        """True when something answered, but refused or sent what nobody can read."""
        return self.outcome in (Outcome.REFUSED, Outcome.GARBLED)

    @property
    def dead(self) -> bool:
        """True after so many misses in a row that it is no accident."""
        return self.misses >= MISSES


def not_asked(reason: str) -> bool:
    """Tell whether a failure lies in the operator's own settings."""
    return reason.partition(":")[0] in NOT_ASKED


def device_state(snmp: Answers, ping: Answers, before: Judgement) -> Judgement:
    """Judge a device by its own answers. Without any ping SNMP alone decides."""
    if snmp.outcome is None:
        return before
    if snmp.well:
        return Judgement(State.UP)
    pinged = ping.well
    if snmp.odd or not_asked(snmp.reason):
        answering = pinged or snmp.odd
        return Judgement(State.DEGRADED if answering else State.UNKNOWN, (snmp.reason,))
    if pinged:
        return Judgement(State.DEGRADED, (snmp.reason,)) if snmp.dead or before.silent else before
    if snmp.dead or ping.dead:
        return Judgement(State.DOWN, tuple(r for r in (snmp.reason, ping.reason) if r))
    return before


@dataclass(frozen=True, slots=True)
class End:
    """One end of a link as last polled. `port` names it: device id, blank, interface."""

    port: str
    admin: int | None
    oper: int | None
    speed_bps: float | None
    faults_ps: float = 0.0

    @property
    def down(self) -> bool:
        """True when the port says that it carries nothing."""
        known = self.oper not in (None, PortStatus.UP, PortStatus.UNKNOWN)
        return self.admin == PortStatus.DOWN or known

    @property
    def reason(self) -> str:
        """Why this end is down."""
        code = "port_off" if self.admin == PortStatus.DOWN else "port_down"
        return f"{code}:{self.port}"


def link_state(ends: Sequence[End]) -> Judgement:
    """Judge a link by those of its ends that are fresh."""
    down = [end for end in ends if end.down]
    if down:
        return Judgement(State.DOWN, tuple(end.reason for end in down))
    if not any(end.oper == PortStatus.UP for end in ends):
        return Judgement(State.UNKNOWN)
    reasons = [f"port_faults:{end.port}" for end in ends if end.faults_ps > FAULTS_PS]
    speeds = {end.speed_bps for end in ends if end.speed_bps}
    if len(speeds) > 1:
        reasons.append("speed_mismatch")
    return Judgement(State.DEGRADED if reasons else State.UP, tuple(reasons))


def room_state(
    probes: Mapping[str, Answers], site_unreachable: bool, before: Judgement
) -> Judgement:
    """Judge a room or bridge by all its probes; a probe's name begins with its protocol.

    A question that could not be put for want of a secret tells nothing of the room.
    """
    put = [answer for answer in probes.values() if not not_asked(answer.reason)]
    if not put and probes:
        return Judgement(RoomState.UNKNOWN, _reasons(probes.values()))
    if put and all(answer.dead for answer in put):
        state = RoomState.UNREACHABLE if site_unreachable else RoomState.DOWN
        return Judgement(state, _reasons(probes.values()))
    well = [answer for answer in put if answer.well]
    suspect = any(0 < answer.misses < MISSES for answer in put)
    unsettled = before.silent or before.state is RoomState.UNKNOWN
    heard = well or any(answer.odd for answer in put)
    if not heard or (suspect and not unsettled):
        return before
    failing = [a for a in probes.values() if a.dead or a.odd or not_asked(a.reason)]
    judged = _room_by_answers(well, _reasons(failing))
    if judged.state is RoomState.IDLE and all(n.partition(" ")[0] == "icmp" for n in probes):
        return Judgement(RoomState.IDLE, ("ping_only", *judged.reasons))
    return judged


def _room_by_answers(well: Sequence[Answers], failures: tuple[str, ...]) -> Judgement:
    """Judge a room of which something answers: the best that is known, unless something fails."""
    facts = [answer.facts for answer in well if answer.facts is not None]
    reasons = failures + findings_of(facts)
    if any(severity_of(reason) is Severity.ERROR for reason in reasons):
        return Judgement(RoomState.DEGRADED, reasons)
    busy = any(answer.outcome is Outcome.BUSY for answer in well)
    if busy or any(known.in_call for known in facts):
        return Judgement(RoomState.IN_CALL, reasons)
    if any(known.standby for known in facts):
        return Judgement(RoomState.STANDBY, reasons)
    return Judgement(RoomState.IDLE, reasons)


def _reasons(answers: Iterable[Answers]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(answer.reason for answer in answers if answer.reason))


Neighbours = Mapping[str, Sequence[tuple[str, str]]]  # device → (link, device at its other end)


def cut_off(
    neighbours: Neighbours, silent: Set[str], answering: Set[str], broken: Set[str]
) -> dict[str, str]:
    """Return the silent devices that a failure on the way explains, each with that link or device.

    A silent device with a live link to an answering one is itself the failure, and so is one whose
    two or more links to answering devices are all `broken`; behind a single broken link it is cut
    off. Whatever lies beyond them is cut off by them. Where no way leads to an answering device
    nothing is explained.
    """
    causes: dict[str, str] = {}  # of every silent device reached so far; its own id: the failure
    for device in sorted(silent):
        ways = [link for link, other in neighbours.get(device, ()) if other in answering]
        if ways:
            alone = len(ways) == 1 and ways[0] in broken
            causes[device] = ways[0] if alone else device
    frontier = list(causes)
    while frontier:
        beyond = []
        for device in frontier:
            for _link, other in neighbours.get(device, ()):
                if other in silent and other not in causes:
                    causes[other] = causes[device]
                    beyond.append(other)
        frontier = beyond
    return {device: cause for device, cause in causes.items() if cause != device}
