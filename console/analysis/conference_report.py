"""What a conference came to, told from windows of 15 seconds. Pure.

The limits are those of video conferencing guides, as the help lists them. Ours: a single lost
packet of a window is amber at most, unless it was the only one; a room was affected when two of
the twenty windows of any five minutes were red.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from console.analysis.evidence import Measured, evidence
from console.model.observation import Frozen
from console.model.plan import Occurrence
from console.model.readiness import Verdict
from console.model.report import WINDOW_S, ConferenceReport, Quality, RoomReport
from console.model.series import Incident

_SPAN = 300 // WINDOW_S  # windows in five minutes
_AFFECTED = 2 / _SPAN
_RTT_MS = (60.0, 150.0)  # green up to, amber up to
_JITTER_MS = (15.0, 30.0)
_LOSS = (0.001, 0.01)
_ORDER = (Quality.GREEN, Quality.AMBER, Quality.RED)
Windows = Sequence[Quality | None]  # one after the other from the start on


@dataclass(frozen=True, slots=True)
class Held:
    """What is known of a conference that is over; `windows` by room, `needed` rooms of them."""

    conference: str
    occurrence: Occurrence
    at_s: float
    needed: int
    sites: Mapping[str, str]  # room → site
    windows: Mapping[str, Windows]
    last: Frozen | None
    incidents: tuple[Incident, ...]


def quality(measured: Sequence[Measured]) -> Quality | None:
    """Judge one window by all that was measured in it; None where nothing was."""
    told = evidence(measured)
    if told.loss is None:
        return None
    counted = [m for m in measured if m.trips or not m.remote] if told.rtt_ms else measured
    sent, lost = sum(m.sent for m in counted), sum(m.lost for m in counted)
    worst = max(_level(told.rtt_ms, _RTT_MS), _level(told.jitter_ms, _JITTER_MS))
    return _ORDER[max(worst, _loss_level(sent, lost))]


def _level(value: float | None, limits: tuple[float, float]) -> int:
    return 0 if value is None else sum(value > limit for limit in limits)


def _loss_level(sent: int, lost: int) -> int:
    if lost == 1 and sent > 1:
        return min(1, _level(1 / sent, _LOSS))
    return _level(lost / sent, _LOSS)


def report(held: Held) -> ConferenceReport:
    """Return what the conference came to."""
    rooms = tuple(
        _room(room, site, held.windows.get(room, ()), held.occurrence.start_s)
        for room, site in held.sites.items()
    )
    happened = _happened(rooms, held.needed)
    predicted = held.last.assessment.verdict if held.last else None
    affected = dict.fromkeys(room.site for room in rooms if _affected(room))
    return ConferenceReport(
        conference=held.conference,
        occurrence=held.occurrence,
        made_at_s=held.at_s,
        gate=held.last.gate if held.last else None,
        predicted=predicted,
        happened=happened,
        right=_right(predicted, happened),
        rooms=rooms,
        sites=len(set(held.sites.values())),
        affected_sites=tuple(affected),
        causes=held.incidents,
    )


def _room(room: str, site: str, windows: Windows, start_s: float) -> RoomReport:
    green, amber, red, unknown = (sum(w is one for w in windows) for one in (*_ORDER, None))
    share, place = _worst(windows)
    at_s = None if place is None else start_s + place * WINDOW_S
    return RoomReport(room, site, green, amber, red, unknown, share, at_s)


def _worst(windows: Windows) -> tuple[float | None, int | None]:
    """Return the largest share of red among five minutes, unknown ones not red, and where."""
    if all(one is None for one in windows):
        return None, None
    last = max(1, len(windows) - _SPAN + 1)
    counts = [sum(w is Quality.RED for w in windows[n : n + _SPAN]) for n in range(last)]
    most = max(counts)
    return most / min(_SPAN, len(windows)), counts.index(most) if most else None


def _affected(room: RoomReport) -> bool:
    return room.worst_share is not None and room.worst_share >= _AFFECTED


def _happened(rooms: Sequence[RoomReport], needed: int) -> Verdict:
    well = sum(room.worst_share is not None and not _affected(room) for room in rooms)
    unknown = sum(room.worst_share is None for room in rooms)
    if well >= needed:
        return Verdict.READY
    return Verdict.UNKNOWN if well + unknown >= needed else Verdict.NOT_READY


def _right(predicted: Verdict | None, happened: Verdict) -> bool | None:
    if predicted in (None, Verdict.UNKNOWN) or happened is Verdict.UNKNOWN:
        return None
    return (predicted is Verdict.NOT_READY) == (happened is Verdict.NOT_READY)
