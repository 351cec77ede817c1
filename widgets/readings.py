"""What the desk has read for panels: functions that run on the worker and return plain answers."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from console.history.reader import HistoryReader
    from console.model.rehearsal import Rehearsal
    from console.model.report import ConferenceStory
    from console.model.series import LinkSeries
    from widgets.detail.wish import SeriesWish


def series(reader: "HistoryReader", wish: "SeriesWish") -> object:
    """Return the load of a port or link over time, None for a link that was not there."""
    if wish.kind == "port":
        return reader.port_series(int(wish.id), wish.from_s, wish.to_s)
    return link_series(reader, str(wish.id), wish.from_s, wish.to_s)


def story(reader: "HistoryReader", conference: str, start_s: float) -> "ConferenceStory | None":
    """Return the story of an occurrence, None where nobody plans it any more."""
    try:
        return reader.conference_story(conference, start_s, None)
    except KeyError:
        return None


def rehearsal(
    reader: "HistoryReader", conference: str, at_s: float | None
) -> "tuple[str, Rehearsal | None]":
    """Return a conference and its newest rehearsal."""
    return conference, reader.rehearsal(conference, at_s)


def link_series(
    reader: "HistoryReader", link: str, from_s: float, to_s: float
) -> "LinkSeries | None":
    """Return the load of a link that was there at `to_s`, else None."""
    try:
        return reader.link_series(link, from_s, to_s, at_s=to_s)
    except KeyError:
        return None


def stepped(reader: "HistoryReader", from_s: float, by: int) -> float | None:
    """Return the moment to step to: a cycle's begin, or an incident's."""
    if abs(by) == 1:
        cycle = reader.cycle_after(from_s) if by > 0 else reader.cycle_before(from_s)
        return cycle.at_s if cycle else None
    span = reader.span()
    if span is None:
        return None
    begun = sorted({incident.began_s for incident in reader.incidents(*span)})
    if by > 0:
        return next((at_s for at_s in begun if at_s > from_s), None)
    return next((at_s for at_s in reversed(begun) if at_s < from_s), None)
