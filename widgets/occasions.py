"""Which occurrence of a plan is on or comes next, computed anew only when it can have changed."""

from zoneinfo import ZoneInfo

from console.analysis.occurrences import current_or_next
from console.model.plan import Occurrence, Plan
from console.model.snapshot import Snapshot


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
