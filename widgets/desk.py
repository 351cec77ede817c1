"""Joins panels to the feed: shows them what was read, and does what they wish.

A panel offers any of the methods of _SHOWS and any of the signals of _WISHES, and is joined by what
it offers: a new panel needs no change here.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from console.model.series import Incident
from console.model.snapshot import Snapshot
from widgets import readings
from widgets.advising import Adviser
from widgets.assessing import Assessor
from widgets.feed import HistoryFeed
from widgets.turns import Turns, tell
from widgets.what_if import WhatIf

if TYPE_CHECKING:
    from console.model.readiness import Assessment
    from console.model.situation import Situation
    from widgets.detail.wish import SeriesWish
    from widgets.events import EventsWish

_SPARK_S = 3600.0
_SPARK_POINTS = 60
_INCIDENTS_S = 10.0  # so often incidents are read again while the network is followed
Span = tuple[float, float]


class Desk(QObject):
    """What is selected, what is shown, who wants what.

    Signals:
        snapshot_shown: this Snapshot is on its way to every panel.
        selection_changed: kind (link, device, site, room, conference) and id; both "" for nothing.
        density_read: a Density for the time bar.
        impact_told: the Impact of what is imagined to fail; None when nothing is any more.
        rehearsal_wanted: id of a conference to rehearse.
        paper_wanted: a PaperWish.
        conference_edit_wanted: id of a conference to change, "" to enter a new one.
        conference_delete_wanted: id of a conference to delete.
    """

    snapshot_shown = Signal(object)
    selection_changed = Signal(str, str)
    density_read = Signal(object)
    impact_told = Signal(object)
    rehearsal_wanted = Signal(str)
    paper_wanted = Signal(object)
    conference_edit_wanted = Signal(str)
    conference_delete_wanted = Signal(str)

    def __init__(self, feed: HistoryFeed, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._panels: list[Any] = []
        self._turns = Turns(self)
        self.snapshot: Snapshot | None = None
        self.selection = ("", "")
        self.incidents: tuple[Incident, ...] = ()
        self._read_only = ""
        self._incidents_asked_s = float("-inf")
        feed.snapshot_read.connect(self.show_snapshot)
        feed.cursor_changed.connect(self._show_cursor)
        feed.span_changed.connect(self._show_span)
        feed.answered.connect(self._deliver)
        self.perspective = ""
        self.assessor = Assessor(feed, self)
        self.assessor.relieved.connect(self._show_reliefs)
        self.assessor.assessed.connect(self._show_assessment)
        self.assessor.at_hand_changed.connect(self._show_at_hand)
        self.adviser = Adviser(feed, self.assessor, self)
        self.what_if = WhatIf(feed, self.assessor, self)
        self.what_if.changed.connect(self._show_impact)

    def join(self, panel: QWidget) -> None:
        """Connect the wishes that `panel` offers and show it what is known."""
        for signal, slot in _WISHES.items():
            wish = getattr(panel, signal, None)
            if wish is not None:
                wish.connect(getattr(self, slot))
        self.adviser.join(panel)
        self._panels.append(panel)
        panel.installEventFilter(self)
        if self._feed.span is not None:
            tell(panel, "show_span", self._feed.span)
        tell(panel, "show_cursor", self._feed.cursor_s)
        if self.snapshot is not None:
            tell(panel, "show_snapshot", self.snapshot)
            tell(panel, "show_selection", *self.selection)
        tell(panel, "show_incidents", self.incidents)
        tell(panel, "show_perspective", self.perspective)
        for conference, found in self.assessor.known.items():
            tell(panel, "show_reliefs", conference, self.assessor.reliefs[conference])
            tell(panel, "show_assessment", *found)
        tell(panel, "show_at_hand", self.assessor.at_hand)
        tell(panel, "show_impact", self.what_if.impact)
        tell(panel, "show_read_only", self._read_only)

    @property
    def read_only(self) -> str:
        """Why nothing can be entered here; "" where it can."""
        return self._read_only

    def forbid_editing(self, why: str) -> None:
        """Tell the panels why nothing can be entered here."""
        self._read_only = why
        self._tell_all("show_read_only", why)

    @Slot(object)
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Hand a snapshot to every panel that can be seen; the others get it when they can."""
        self.snapshot = snapshot
        self._turns.show_snapshot(self._panels, snapshot)
        self.snapshot_shown.emit(snapshot)
        self.assessor.show_snapshot(snapshot)
        self.what_if.show_snapshot(snapshot)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: D102
        if event.type() == QEvent.Type.Show and self.snapshot is not None:
            self._turns.show_snapshot([watched], self.snapshot)
        return False

    def select(self, kind: str, thing: str) -> None:
        """Select something everywhere; empty: nothing."""
        if (kind, thing) != self.selection:
            self.selection = (kind, thing)
            if kind == "conference":
                self.assessor.choose(thing)
            self._turns.tell(self._panels, "show_selection", kind, thing)
            self.selection_changed.emit(kind, thing)

    @Slot(str)
    def choose_link(self, link: str) -> None:
        """Select a link."""
        self.select("link", link)

    @Slot(str)
    def choose_device(self, device: str) -> None:
        """Select a device."""
        self.select("device", device)

    @Slot(str)
    def choose_site(self, site: str) -> None:
        """Select a site."""
        self.select("site", site)

    @Slot(str)
    def choose_room(self, room: str) -> None:
        """Select a room."""
        self.select("room", room)

    @Slot(str)
    def choose_conference(self, conference: str) -> None:
        """Select a conference; chosen again it is not selected any more."""
        again = self.selection == ("conference", conference)
        self.select("", "") if again else self.select("conference", conference)

    @Slot(str)
    def choose_subject(self, subject: str) -> None:
        """Select whatever has this id."""
        known = self.snapshot
        if known is None:
            return
        for kind, of in (
            *(("link", known.links), ("device", known.devices)),
            *(("room", known.rooms), ("room", known.bridges), ("site", known.sites)),
        ):
            if subject in of:
                self.select(kind, subject)

    def show_perspective(self, key: str) -> None:
        """Tell the panels for which kind of work they are arranged."""
        self.perspective = key
        self._turns.tell(self._panels, "show_perspective", key)

    @Slot(str)
    def imagine(self, failed: str) -> None:
        """Ask what the failure of a link or device would do."""
        self.what_if.begin(failed)

    @Slot(str)
    def rehearse(self, conference: str) -> None:
        """Pass on that a conference is to be rehearsed."""
        self.rehearsal_wanted.emit(conference)

    @Slot(object)
    def move_cursor(self, at_s: float | None) -> None:
        """Look at another moment."""
        self._feed.move_cursor(at_s)

    @Slot(int)
    def step(self, by: int) -> None:
        """Go to the next or previous cycle (±1) or incident (±2)."""
        from_s = self._feed.cursor_s
        if from_s is None:
            if by > 0 or self._feed.span is None:
                return
            from_s = self._feed.span[1]
        at_s = from_s
        self._feed.ask("step", lambda reader: readings.stepped(reader, at_s, by))

    @Slot(object)
    def read_series(self, wish: "SeriesWish") -> None:
        """Read a series for a panel."""
        self._feed.ask("series", lambda reader: (wish, readings.series(reader, wish)))

    @Slot(str)
    def read_hover(self, link: str) -> None:
        """Read the last hour of a link for the map's hover."""
        to_s = self._moment_s()
        from_s = to_s - _SPARK_S
        span = (from_s, to_s)
        self._feed.ask("hover", lambda reader: (link, readings.link_series(reader, link, *span)))

    @Slot(object)
    def read_sparklines(self, ports: tuple[int, ...]) -> None:
        """Read the last hour of some ports."""
        to_s = self._moment_s()
        from_s = to_s - _SPARK_S
        self._feed.ask(
            "sparklines", lambda reader: reader.sparklines(ports, from_s, to_s, _SPARK_POINTS)
        )

    @Slot()
    def read_paths(self) -> None:
        """Read the newest window of every measured path."""
        at_s = self._feed.cursor_s
        self._feed.ask("paths", lambda reader: reader.paths_at(at_s))

    @Slot(object)
    def read_events(self, wish: "EventsWish") -> None:
        """Read events for a panel."""
        span = (wish.from_s, wish.to_s, wish.limit)
        self._feed.ask("events", lambda reader: reader.events(*span))

    @Slot(str, float)
    def read_story(self, conference: str, start_s: float) -> None:
        """Read check points and report of an occurrence; whatever is known by now counts."""
        self._feed.ask("story", lambda reader: readings.story(reader, conference, start_s))

    @Slot(str)
    def read_rehearsal(self, conference: str) -> None:
        """Read the newest rehearsal of a conference as of the cursor."""
        at_s = self._feed.cursor_s
        self._feed.ask("rehearsal", lambda reader: readings.rehearsal(reader, conference, at_s))

    @Slot(object)
    def work_ahead(self, work: Callable[[], object]) -> None:
        """Run what a panel will need, so that it is found done."""
        self._feed.ask("work", lambda _reader: work())

    @Slot(str)
    def edit_conference(self, conference: str) -> None:
        """Ask for the dialog that enters or changes a conference."""
        self.conference_edit_wanted.emit(conference)

    @Slot(str)
    def delete_conference(self, conference: str) -> None:
        """Ask for a conference to be deleted."""
        self.conference_delete_wanted.emit(conference)

    @Slot(float, float, int)
    def read_density(self, from_s: float, to_s: float, bins: int) -> None:
        """Read what the time bar draws."""
        self._feed.ask("density", lambda reader: reader.density(from_s, to_s, bins))

    def _moment_s(self) -> float:
        if self._feed.cursor_s is not None:
            return self._feed.cursor_s
        return self.snapshot.at_s if self.snapshot is not None else 0.0

    @Slot(object)
    def _show_cursor(self, cursor_s: float | None) -> None:
        self._tell_all("show_cursor", cursor_s)

    @Slot(object)
    def _show_span(self, span: Span) -> None:
        self._tell_all("show_span", span)
        now_s = time.monotonic()
        if now_s - self._incidents_asked_s >= _INCIDENTS_S:
            self._incidents_asked_s = now_s
            self._feed.ask("incidents", lambda reader: reader.incidents(*span))

    @Slot(str, object)
    def _deliver(self, kind: str, answer: Any) -> None:
        if kind in _ANSWERS:
            if answer is not None:
                self._turns.tell(self._panels, _ANSWERS[kind], answer)
        elif kind == "series":
            self._tell_all("show_series", *answer)
        elif kind == "hover" and answer[1] is not None:
            self._tell_all("show_series_for_hover", *answer)
        elif kind == "density":
            self.density_read.emit(answer)
        elif kind == "incidents":
            self.incidents = answer
            self._tell_all("show_incidents", answer)
        elif kind == "step" and answer is not None:
            self._feed.move_cursor(answer)

    @Slot(object)
    def pass_paper(self, wish: object) -> None:
        """Pass on that a page is to be printed."""
        self.paper_wanted.emit(wish)

    @Slot(str, object)
    def _show_reliefs(self, conference: str, reliefs: object) -> None:
        self._turns.tell(self._panels, "show_reliefs", conference, reliefs)

    @Slot(object, object)
    def _show_assessment(self, assessment: "Assessment", situation: "Situation") -> None:
        self._turns.tell(self._panels, "show_assessment", assessment, situation)

    @Slot(str)
    def _show_at_hand(self, conference: str) -> None:
        self._turns.tell(self._panels, "show_at_hand", conference)

    @Slot(object)
    def _show_impact(self, impact: object) -> None:
        self._turns.tell(self._panels, "show_impact", impact)
        self.impact_told.emit(impact)

    def _tell_all(self, method: str, *what: object) -> None:
        for panel in self._panels:
            tell(panel, method, *what)


_WISHES = {
    "link_chosen": "choose_link",
    "device_chosen": "choose_device",
    "site_chosen": "choose_site",
    "room_chosen": "choose_room",
    "conference_chosen": "choose_conference",
    "conference_edit_wanted": "edit_conference",
    "conference_delete_wanted": "delete_conference",
    "subject_chosen": "choose_subject",
    "series_wanted": "read_series",
    "hover_wanted": "read_hover",
    "sparklines_wanted": "read_sparklines",
    "paths_wanted": "read_paths",
    "cursor_wanted": "move_cursor",
    "events_wanted": "read_events",
    "work_wanted": "work_ahead",
    "story_wanted": "read_story",
    "paper_wanted": "pass_paper",
    "what_if_wanted": "imagine",
    "rehearsal_wanted": "rehearse",
    "rehearsed_wanted": "read_rehearsal",
}


_ANSWERS = {
    **{"sparklines": "show_sparklines", "events": "show_events", "story": "show_story"},
    **{"rehearsal": "show_rehearsal", "paths": "show_paths"},
}
