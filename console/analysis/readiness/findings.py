"""The codes of reasons, and what each does to a room. For sentences: console.texts_readiness."""

from collections.abc import Iterable

from console.model.readiness import Finding, Severity, Verdict

# Above these a load is a risk or a blocker; a sum of shares is right to nine places.
RISKY, FULL = 0.8 + 1e-9, 1.0 + 1e-9

SEVERITIES = {
    # of a room
    "room_down": Severity.BLOCKER,
    "room_unreachable": Severity.BLOCKER,
    "room_unknown": Severity.RISK,
    "room_degraded": Severity.RISK,
    "room_standby": Severity.INFO,
    "room_in_call": Severity.INFO,
    "room_missing": Severity.RISK,
    "no_path": Severity.BLOCKER,
    # measured between the collector and the room; the argument is the value
    "rtt_high": Severity.BLOCKER,
    "jitter_high": Severity.BLOCKER,
    "loss_high": Severity.BLOCKER,
    "evidence_missing": Severity.RISK,
    "evidence_old": Severity.RISK,
    # of the bridge and the plan
    "bridge_down": Severity.BLOCKER,
    "bridge_unknown": Severity.RISK,
    "bridge_degraded": Severity.RISK,
    "bridge_not_asked": Severity.RISK,
    "bridge_missing": Severity.RISK,
    "profile_missing": Severity.RISK,
    "calendar_problem": Severity.RISK,
    "no_rooms": Severity.BLOCKER,
    "quorum_missed": Severity.BLOCKER,
    # of links and devices on the way; the argument of a load is its percentage
    "overload": Severity.BLOCKER,
    "load_high": Severity.RISK,
    "baseline_unknown": Severity.RISK,
    "capacity_unknown": Severity.RISK,
    "link_unknown": Severity.RISK,
    "device_unknown": Severity.RISK,
    "single_point": Severity.INFO,
    "failure_cuts_off": Severity.RISK,  # the argument is how many rooms
    "failure_overloads": Severity.RISK,
}
# Reasons for which nobody can say whether the room is ready.
UNKNOWN = frozenset(
    (
        *("room_unknown", "room_missing", "evidence_missing", "evidence_old"),
        *("bridge_unknown", "bridge_missing", "profile_missing"),
        *("baseline_unknown", "capacity_unknown", "link_unknown", "device_unknown"),
    )
)
_ORDER = (Severity.BLOCKER, Severity.RISK, Severity.INFO)


def finding(code: str, subject: str, argument: str = "") -> Finding:
    """Return a reason with the severity of its code."""
    return Finding(code, SEVERITIES[code], subject, argument)


def room_verdict(reasons: Iterable[Finding]) -> Verdict:
    """Return what a room's reasons come to."""
    found = list(reasons)
    if any(reason.severity is Severity.BLOCKER for reason in found):
        return Verdict.NOT_READY
    if any(reason.code in UNKNOWN for reason in found):
        return Verdict.UNKNOWN
    return Verdict.READY


def in_order(reasons: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return each reason once, blockers first; a link overloaded one way is not nearly full too."""
    once = dict.fromkeys(reasons)
    full = {reason.subject for reason in once if reason.code == "overload"}
    told = [r for r in once if r.code != "load_high" or r.subject not in full]
    return tuple(sorted(told, key=lambda r: _ORDER.index(r.severity)))
