"""The verdict on the conference at hand: one sentence, reasons, what to do, whom to call."""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from console.language import _, ngettext
from console.model.advice import Lookback, Relief
from console.model.plan import Occurrence, Plan
from console.model.readiness import Assessment
from console.model.rehearsal import Rehearsal
from console.model.report import GATES, ConferenceReport, ConferenceStory
from console.model.situation import Situation
from console.model.snapshot import Snapshot
from console.model.states import State
from console.names import Names
from console.texts import reason_of, sentence
from console.texts_rehearsal import short_line
from widgets.advising import SitesTold
from widgets.detail.parts import plain_label
from widgets.occasions import Coming
from widgets.readiness.brief import Brief, brief_of, when_line
from widgets.readiness.county_list import CountyList
from widgets.readiness.county_tiles import CountyTiles
from widgets.readiness.gate_row import GateRow
from widgets.readiness.gates import gates_of
from widgets.readiness.paper import PaperWish, Reader, page
from widgets.readiness.point_list import PointList
from widgets.readiness.print_button import PrintButton
from widgets.readiness.questions import Questions
from widgets.readiness.report_box import ReportBox
from widgets.readiness.report_paper import report_page
from widgets.readiness.room_box import RoomBox
from widgets.readiness.verdict_box import VerdictBox
from widgets.rehearsal_words import why_not


class ReadinessPanel(QWidget):
    """Shows the assessment of the conference at hand.

    Signals:
        room_chosen: id of a room.
        subject_chosen: id of what a reason is about.
        rehearsal_wanted: id of the conference to rehearse.
        rehearsed_wanted: id of a conference of which the newest rehearsal is wanted.
        story_wanted: conference and start of which the check points and the report are wanted.
        paper_wanted: a PaperWish.
        changes_wanted: a conference to compare with the last that went well.
        bridge_sites_wanted: a conference whose bridge is to be tried at every site.
        bridge_sites_ended: nobody waits for that any more.
    """

    room_chosen = Signal(str)
    subject_chosen = Signal(str)
    rehearsal_wanted = Signal(str)
    rehearsed_wanted = Signal(str)
    story_wanted = Signal(str, float)
    paper_wanted = Signal(object)
    changes_wanted = Signal(str)
    bridge_sites_wanted = Signal(str)
    bridge_sites_ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._snapshot: Snapshot | None = None
        self._at_hand = self._room = ""
        self._known: dict[str, tuple[Assessment, Situation]] = {}
        self._reliefs: dict[str, tuple[Relief, ...]] = {}
        self._stories: dict[tuple[str, float], ConferenceStory] = {}
        self._told_report: ConferenceReport | None = None
        self._rehearsals: dict[str, Rehearsal | None] = {}
        self._read_only = ""
        self._asked: object = None
        self._coming = Coming()
        self.brief: Brief | None = None
        self._reveal = QTimer(self, singleShot=True, interval=0)
        self._reveal.timeout.connect(self._reveal_room)
        self._make_parts()
        self._lay_out()

    def _make_parts(self) -> None:
        self.title = plain_label(scale="large")
        self.title.setWordWrap(True)
        self.when = plain_label(tone="dim")
        self.when.setWordWrap(True)
        self.print_button = PrintButton()
        self.print_button.chosen.connect(self._print)
        self.rehearse_button = QPushButton(_("Rehearse …"))
        self.rehearse_button.clicked.connect(self._rehearse)
        self.rehearsed = plain_label(tone="dim", scale="small")
        self.rehearsed.hide()
        self.verdict, self.points, self.report = VerdictBox(), PointList(), ReportBox()
        self.report.hide()
        self.points.subject_chosen.connect(self.subject_chosen)
        self.questions = Questions(self)
        self.questions.changes_wanted.connect(self.changes_wanted)
        self.questions.bridge_sites_wanted.connect(self.bridge_sites_wanted)
        self.questions.bridge_sites_ended.connect(self.bridge_sites_ended)
        self.questions.bridge.grown.connect(self._reveal_bridge)
        self.counted = plain_label(weight="strong")
        self.as_tiles, self.as_list = _choice(_("Tiles")), _choice(_("List"))
        self.as_tiles.setChecked(True)
        self.as_tiles.clicked.connect(self._change_way_of_telling)
        self.as_list.clicked.connect(self._change_way_of_telling)
        self.tiles, self.rows = CountyTiles(), CountyList()
        self.rows.hide()
        self.room_box = RoomBox()
        self.tiles.room_chosen.connect(self.room_chosen)
        self.rows.room_chosen.connect(self.room_chosen)
        self.gates_title = plain_label(_("Check points"), weight="strong")
        self.gates = GateRow()
        self.empty = plain_label(tone="dim")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setContentsMargins(32, 32, 32, 32)

    def _lay_out(self) -> None:
        self.body = QWidget()
        self.body.setObjectName("detailBody")
        lines = QVBoxLayout(self.body)
        lines.setContentsMargins(20, 14, 20, 12)
        lines.setSpacing(8)
        lines.addLayout(self._head())
        lines.addWidget(self.when)
        lines.addWidget(self.verdict)
        lines.addWidget(self.rehearsed)
        lines.addWidget(self.report)
        lines.addWidget(self.points)
        lines.addWidget(self.questions.since)
        lines.addLayout(self._counties_head())
        lines.addWidget(self.tiles)
        lines.addWidget(self.rows)
        lines.addWidget(self.room_box)
        lines.addWidget(self.gates_title)
        lines.addWidget(self.gates)
        lines.addWidget(self.questions.bridge)
        lines.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.body)
        scroll.viewport().setAutoFillBackground(False)
        self.body.setAutoFillBackground(False)
        self._page = scroll
        self._pages = QStackedWidget()
        self._pages.addWidget(self.empty)
        self._pages.addWidget(scroll)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
        self._show_empty(_("The conferences appear with the first data."))

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title, 1)
        for button in (self.rehearse_button, self.print_button):
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return head

    def _counties_head(self) -> QHBoxLayout:
        self._switch = QFrame()
        self._switch.setObjectName("segments")
        inside = QHBoxLayout(self._switch)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.as_tiles)
        inside.addWidget(self.as_list)
        row = QHBoxLayout()
        row.addWidget(self.counted, 1)
        row.addWidget(self._switch)
        return row

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show how the conference at hand stands at this moment."""
        self._snapshot = snapshot
        self._show()

    def show_at_hand(self, conference: str) -> None:
        """Look at another conference; "": none is planned."""
        self._at_hand = conference
        self._show()
        if conference:
            self.rehearsed_wanted.emit(conference)

    def show_reliefs(self, conference: str, reliefs: tuple[Relief, ...]) -> None:
        """Take what helps against the overloads of the assessment that comes next."""
        self._reliefs[conference] = reliefs

    def show_lookback(self, found: Lookback) -> None:
        """Take what has changed since a conference went well."""
        self.questions.show_lookback(found)

    def show_bridge_sites(self, told: SitesTold) -> None:
        """Take how a bridge would stand at every site, as far as they were tried."""
        self.questions.show_sites(told)

    def show_assessment(self, assessment: Assessment, situation: Situation) -> None:
        """Take an assessment of any conference."""
        self._known[assessment.conference] = (assessment, situation)
        if assessment.conference == self._at_hand:
            self._show()
            self._ask_story(assessment)
            self.rehearsed_wanted.emit(assessment.conference)

    def _ask_story(self, assessment: Assessment) -> None:
        """Ask for what was kept, again whenever another check point has passed."""
        ahead_s = assessment.start_s - assessment.assessed_at_s
        passed = sum(gate.before_s + gate.late_s >= ahead_s for gate in GATES)
        early = sum(gate.before_s >= ahead_s for gate in GATES)
        asked = assessment.conference, assessment.start_s, passed, early
        if asked != self._asked:
            self._asked = asked
            self.story_wanted.emit(assessment.conference, assessment.start_s)

    def show_story(self, story: ConferenceStory) -> None:
        """Take what was kept at the check points of an occurrence, and its report."""
        self._stories[story.conference, story.occurrence.start_s] = story
        if story.conference == self._at_hand:
            self._show()

    def show_rehearsal(self, found: tuple[str, Rehearsal | None]) -> None:
        """Take the newest rehearsal of a conference; None: there is none."""
        conference, self._rehearsals[found[0]] = found
        if conference == self._at_hand:
            self._show()

    def show_read_only(self, why: str) -> None:
        """Take why nothing can be sent from here; "" where it can."""
        self._read_only = why
        self._show()

    def show_selection(self, kind: str, thing: str) -> None:
        """Mark a room."""
        before, self._room = self._room, thing if kind == "room" else ""
        self.tiles.show_chosen(self._room)
        self.rows.show_chosen(self._room)
        self._show()
        if self._room != before and self.room_box.isVisible():
            self._reveal.start()

    def _show(self) -> None:
        snapshot = self._snapshot
        if snapshot is None or not self.isVisible():
            return
        plan = next((plan for plan in snapshot.plans if plan.id == self._at_hand), None)
        if plan is None or snapshot.inventory is None:
            self._show_empty(
                _("No conference is planned. Enter one on the left, or name one in the inventory.")
            )
            return
        self._pages.setCurrentWidget(self._page)
        span = self._coming.of(plan, snapshot)
        known = self._known.get(plan.id)
        if known is not None and span is not None and known[0].start_s == span.start_s:
            self._show_assessed(known[0], plan, snapshot)
        else:
            self._show_open(plan, span, snapshot)

    def _show_empty(self, text: str) -> None:
        self.brief = None
        self.empty.setText(text)
        self._pages.setCurrentWidget(self.empty)

    def _show_assessed(self, assessment: Assessment, plan: Plan, snapshot: Snapshot) -> None:
        brief = brief_of(assessment, plan.entry, snapshot, self._reliefs.get(plan.id, ()))
        self.brief = brief
        self.title.setText(brief.title)
        self.when.setText(brief.when)
        self.verdict.show_verdict(brief.sign, brief.headline, brief.sentence, brief.assessed)
        self.points.show_points(brief.points, brief.notes)
        self.questions.show_assessment(assessment, snapshot)
        self._show_rooms(brief, assessment, snapshot)
        self._show_story(assessment, snapshot)
        self._show_parts(assessed=True, timed=True)

    def _show_story(self, assessment: Assessment, snapshot: Snapshot) -> None:
        span = Occurrence(assessment.start_s, assessment.end_s)
        story = self._stories.get((assessment.conference, assessment.start_s))
        report = story.report if story and snapshot.at_s >= span.start_s else None
        self._told_report = report
        self.print_button.show_reported(report is not None)
        self.gates.show_gates(gates_of(span, snapshot.at_s, story.points if story else (), report))
        self.verdict.show_caption(_("As it stands at the moment you look at") if report else "")
        self.report.show_report(report, Names(snapshot.inventory))

    def _show_open(self, plan: Plan, span: Occurrence | None, snapshot: Snapshot) -> None:
        """Show a conference that is not assessed yet, or cannot be."""
        self.brief = None
        self.title.setText(plan.entry.name or plan.id)
        self.when.setText(when_line(plan.entry, span, snapshot))
        if span is not None:
            self.verdict.show_verdict(
                State.UNKNOWN, _("Not assessed yet"), _("Rooms and ways are being looked at …")
            )
            self.gates.show_gates(gates_of(span, snapshot.at_s))
        else:
            why = sentence(reason_of(plan.problem)) if plan.problem else ""
            told = why or _("Its calendar names no time in the next years.")
            self.verdict.show_verdict(State.UNKNOWN, _("No time is planned"), told)
        self._show_parts(assessed=False, timed=span is not None)

    def _show_parts(self, assessed: bool, timed: bool) -> None:
        if not assessed:
            self.questions.hide()
            self.room_box.hide()
            self.report.hide()
        of_assessment: tuple[QWidget, ...] = (self.points, self.counted, self._switch)
        for part in of_assessment:
            part.setVisible(assessed)
        self.tiles.setVisible(assessed and self.as_tiles.isChecked())
        self.rows.setVisible(assessed and self.as_list.isChecked())
        self.gates.setVisible(timed)
        self.gates_title.setVisible(timed)
        self.print_button.setEnabled(assessed)
        self._show_rehearsed(timed)

    def _show_rehearsed(self, timed: bool) -> None:
        """Say what the newest rehearsal told, and whether there can be another."""
        snapshot, found = self._snapshot, self._rehearsals.get(self._at_hand)
        assert snapshot is not None
        why = why_not(snapshot, self._at_hand, self._read_only)
        self.rehearse_button.setEnabled(timed and not why)
        usual = _("Send the media of the conference as a test")
        self.rehearse_button.setToolTip(why or usual)
        told = short_line(found, snapshot.at_s) if found is not None else ""
        self.rehearsed.setText(told)
        self.rehearsed.setVisible(bool(told))

    def _show_rooms(self, brief: Brief, assessment: Assessment, snapshot: Snapshot) -> None:
        number = len(brief.rooms)
        self.counted.setText(ngettext("The {n} room", "The {n} rooms", number).format(n=number))
        self._show_way_of_telling(brief)
        text = next((x for x in brief.rooms if x.room == self._room), None)
        one = next((x for x in assessment.participants if x.room == self._room), None)
        if text is not None and one is not None:
            reliefs = self._reliefs.get(assessment.conference, ())
            self.room_box.show_room(text, one, Names(snapshot.inventory), reliefs)
        else:
            self.room_box.hide()

    @Slot()
    def _reveal_bridge(self) -> None:
        self._page.ensureWidgetVisible(self.questions.bridge, 0, 8)

    @Slot()
    def _reveal_room(self) -> None:
        """Scroll to what is told of the chosen room, once it has its place."""
        self._page.ensureWidgetVisible(self.room_box, 0, 8)

    def _show_way_of_telling(self, brief: Brief) -> None:
        """Show the rooms as tiles or as a list; the other is not kept up to date."""
        shown = self.tiles if self.as_tiles.isChecked() else self.rows
        shown.show_rooms(brief.rooms)
        shown.show_chosen(self._room)
        self.tiles.setVisible(shown is self.tiles)
        self.rows.setVisible(shown is self.rows)

    @Slot()
    def _change_way_of_telling(self) -> None:
        if self.brief is not None:
            self._show_way_of_telling(self.brief)

    @Slot()
    def _rehearse(self) -> None:
        self.rehearsal_wanted.emit(self._at_hand)

    @Slot(object, bool)
    def _print(self, reader: Reader, as_pdf: bool) -> None:
        known, snapshot = self._known.get(self._at_hand), self._snapshot
        if known is not None and snapshot is not None and self.brief is not None:
            advice = self._reliefs.get(self._at_hand, ()), self.questions.lookback
            if reader is Reader.REPORT and self._told_report is not None:
                html = report_page(self._told_report, snapshot)
            else:
                html = page(known, snapshot, reader, *advice)
            self.paper_wanted.emit(PaperWish(self.brief.title, html, as_pdf))


def _choice(text: str) -> QPushButton:
    button = QPushButton(text)
    button.setCheckable(True)
    button.setAutoExclusive(True)
    button.setMinimumWidth(button.sizeHint().width() + 28)  # bold when chosen
    return button
