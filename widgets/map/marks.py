"""What a conference or an imagined failure draws on the map: ways, loads that follow, cut-offs.

Values only; painted by `mark_painter`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from console.language import format_ratio
from console.model.readiness import Assessment, Direction, Impact, LoadedLink
from console.model.situation import Situation
from widgets.readiness.critical import critical_of

CONFERENCE = "conference"  # the perspective that draws the ways of the conference at hand
Loads = tuple[float | None, float | None]  # of what flows to the end a, and to the end b


@dataclass(frozen=True, slots=True)
class Marks:
    """`ways`: links with media and the load that follows; `strong`: those of one room.

    `labels` are numbers written on links; `failed` is a link or device, `cut_off` are sites.
    """

    ways: Mapping[str, Loads] = field(default_factory=dict)
    strong: frozenset[str] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict)
    failed: str = ""
    cut_off: frozenset[str] = frozenset()


def of_conference(assessment: Assessment, room: str = "") -> Marks:
    """Return the ways of a conference; those of `room` stand out, else its critical link."""
    paths = {one.room: one.path or () for one in assessment.participants}
    critical = critical_of(assessment).link
    strong = frozenset(paths.get(room, ()))
    labels = {}
    if critical is not None:
        strong = strong or frozenset((critical.id,))
        if critical.load is not None:
            labels[critical.id] = format_ratio(critical.load)
    return Marks(_loads(assessment.links), strong, labels)


def of_impact(impact: Impact) -> Marks:
    """Return what would follow from a failure."""
    worst: dict[str, float] = {}
    for one in impact.overloaded:
        worst[one.link] = max(one.load, worst.get(one.link, 0.0))
    return Marks(
        ways=_loads(impact.flows),
        strong=frozenset(worst),
        labels={link: format_ratio(load) for link, load in worst.items()},
        failed=impact.failed,
        cut_off=frozenset(impact.cut_off_sites),
    )


def _loads(links: Iterable[LoadedLink]) -> dict[str, Loads]:
    found: dict[str, Loads] = {}
    for one in links:
        to_a, to_b = found.get(one.id, (None, None))
        if one.direction is Direction.A_TO_B:
            found[one.id] = to_a, one.load
        else:
            found[one.id] = one.load, to_b
    return found


class Marking:
    """Remembers what is to be marked, and tells whether it has become something else."""

    def __init__(self) -> None:
        self._known: dict[str, Assessment] = {}
        self._at_hand = ""
        self._room = ""
        self._impact: Impact | None = None
        self._in_conference = False
        self.marks: Marks | None = None

    def take_assessment(self, assessment: Assessment, _situation: Situation) -> bool:
        """Take an assessment of any conference."""
        self._known[assessment.conference] = assessment
        return self._renew()

    def take_at_hand(self, conference: str) -> bool:
        """Mark the ways of this conference."""
        self._at_hand = conference
        return self._renew()

    def take_selection(self, kind: str, thing: str) -> bool:
        """Let the ways of a room stand out."""
        self._room = thing if kind == "room" else ""
        return self._renew()

    def take_impact(self, impact: Impact | None) -> bool:
        """Mark what an imagined failure would do, instead of a conference."""
        self._impact = impact
        return self._renew()

    def take_perspective(self, key: str) -> bool:
        """Mark conferences where they are what it is about."""
        self._in_conference = key == CONFERENCE
        return self._renew()

    def _renew(self) -> bool:
        before, self.marks = self.marks, self._made()
        return self.marks != before

    def _made(self) -> Marks | None:
        if self._impact is not None:
            return of_impact(self._impact)
        known = self._known.get(self._at_hand)
        if known is None or not self._in_conference:
            return None
        return of_conference(known, self._room)
