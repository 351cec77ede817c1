"""Which occurrence of a plan comes next and which are over, computed anew only when needed."""

from zoneinfo import ZoneInfo

from console.analysis.occurrences import current_or_next, occurrences
from console.model.plan import Occurrence, Plan
from console.model.snapshot import Snapshot

_ANEW_S = 60.0
_BACK_S = 35 * 86400.0  # so far back calendars are read


class Coming:
    """Remembers the answer for every plan; a rule takes a while to follow."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Plan, str, float, Occurrence | None]] = {}

    def of(self, plan: Plan, snapshot: Snapshot) -> Occurrence | None:
        """Return the running or next occurrence at the snapshot's moment."""
        at_s = snapshot.at_s
        zone = snapshot.inventory.timezone if snapshot.inventory else "UTC"
        known = self._known.get(plan.id)
        if known is not None and known[:2] == (plan, zone):
            _plan, _zone, asked_s, one = known
            if asked_s <= at_s and (one is None or at_s < one.end_s):
                return one
        one = current_or_next(plan, ZoneInfo(zone), at_s)
        self._known[plan.id] = (plan, zone, at_s, one)
        return one


class Over:
    """The newest occurrences that are over, of all plans together."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: dict[str, tuple[Plan, str, float, tuple[Occurrence, ...]]] = {}

    def of(self, snapshot: Snapshot) -> tuple[tuple[Occurrence, Plan], ...]:
        """Return them at the snapshot's moment, the newest first."""
        found = [(one, plan) for plan in snapshot.plans for one in self._of_plan(plan, snapshot)]
        found.sort(key=_ended_s, reverse=True)
        return tuple(found[: self._most])

    def _of_plan(self, plan: Plan, snapshot: Snapshot) -> tuple[Occurrence, ...]:
        at_s = snapshot.at_s
        minute = at_s // _ANEW_S
        zone = snapshot.inventory.timezone if snapshot.inventory else "UTC"
        known = self._known.get(plan.id)
        if known is None or known[:3] != (plan, zone, minute):
            held = occurrences(plan, ZoneInfo(zone), at_s - _BACK_S, at_s)
            over = tuple(one for one in held if one.end_s <= at_s)[-self._most :]
            known = self._known[plan.id] = (plan, zone, minute, over)
        return known[3]


def _ended_s(pair: tuple[Occurrence, Plan]) -> float:
    return pair[0].end_s
