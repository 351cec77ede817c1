"""Rehearses a conference: a warning first, then progress, then what every room's way bore."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from console.language import N_, UNKNOWN, _, format_number, format_rate, format_span
from console.model.rehearsal import Leg, LegVerdict, Rehearsal, RehearsalState
from console.model.snapshot import Snapshot
from console.model.states import State
from console.names import Names
from console.texts_rehearsal import leg_word, result_sentence, share_text
from widgets import theme
from widgets.detail.parts import FactList
from widgets.dialogs.sheet import Sheet, text_label
from widgets.readiness.verdict_box import Sign
from widgets.rehearsal_words import Outline
from widgets.rows_model import Column, RowsModel
from widgets.rows_view import RowsView
from widgets.symbols import state_sign
from widgets.wording import sort_key

_WIDTH_PX, _TABLE_PX = 980, 320
_WHOLE = 1000  # steps of the bar
_STATES = {
    LegVerdict.WITHIN: State.UP,
    LegVerdict.BEYOND: State.DOWN,
    LegVerdict.UNKNOWN: State.UNKNOWN,
}

_WORST_FIRST = (LegVerdict.BEYOND, LegVerdict.UNKNOWN, LegVerdict.WITHIN)


@dataclass(frozen=True, slots=True)
class _Row:
    """A room and the leg that stands for it."""

    room: str
    name: str
    leg: Leg


class _Stage(Enum):
    BEFORE, RUNNING, AFTER = range(3)


class RehearsalDialog(Sheet):
    """Shows what would be sent, how it goes and what became of it. Closing it cancels.

    Signals:
        start_wanted: the operator has read the warning and wants it.
        cancel_wanted: nothing more shall be sent.
    """

    start_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, outline: Outline, parent: QWidget | None = None) -> None:
        super().__init__(_("Rehearsal: {name}").format(name=outline.title), parent)
        self._stage = _Stage.BEFORE
        self.setMinimumWidth(_WIDTH_PX)
        self._make_before(outline)
        self._make_running()
        self._make_after()
        self.body.addStretch(1)
        self.cancel = self.add_button(_("Cancel"))
        self.cancel.clicked.connect(self._cancel)
        self.start = self.add_button(_("Send for one minute"), primary=True)
        self.start.clicked.connect(self._start)
        for button in (self.cancel, self.start):
            button.setAutoDefault(True)
        self.cancel.setDefault(True)  # who presses Enter without reading sends nothing
        self.cancel.setFocus()
        self._show_stage(_Stage.BEFORE)

    def _make_before(self, outline: Outline) -> None:
        self.what = text_label(outline.what, wrap=True)
        self.facts = FactList()
        for name, value in outline.facts:
            self.facts.show_fact(name, value)
        self.warning = text_label(
            _(
                "This loads the real network. While it lasts, everyday traffic on the way may"
                " suffer: calls, remote desktops, other conferences. Nothing is sent where a link"
                " on the way is above 90 % already."
            ),
            wrap=True,
        )
        sign = Sign(22)
        sign.show_state(State.DEGRADED)
        self._warning = QWidget()
        row = QHBoxLayout(self._warning)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(12)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.warning, 1)
        self.why_not = text_label("", tone="down", wrap=True)
        self.why_not.hide()
        for part in (self.what, self.facts, self._warning, self.why_not):
            self.body.addWidget(part)

    def _make_running(self) -> None:
        self.bar = QProgressBar()
        self.bar.setRange(0, _WHOLE)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("Progress of the rehearsal"))
        self.progress = text_label("", wrap=True)
        self.hint = text_label(
            _("Closing this window cancels the rehearsal."), size="small", tone="dim"
        )
        for part in (self.progress, self.bar, self.hint):
            self.body.addWidget(part)

    def _make_after(self) -> None:
        self.sign = Sign(26)
        self.sentence = text_label("", wrap=True)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._after = QWidget()
        row = QHBoxLayout(self._after)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.sentence, 1)
        self.rows: RowsModel[_Row] = RowsModel(_COLUMNS, _identity, _name)
        self.table = RowsView(self.rows)
        self.table.setAccessibleName(_("Result by room"))
        self.table.setMinimumHeight(_TABLE_PX)
        self.table.sort_by(1, False)  # what is not well comes first
        self.body.addWidget(self._after)
        self.body.addWidget(self.table, 1)

    def show_why_not(self, why: str) -> None:
        """Say why nothing can be sent; "" where it can."""
        self.start.setEnabled(not why)
        self.why_not.setText(why)
        self._show_stage(self._stage)

    def show_waiting(self) -> None:
        """Say that the collector was asked."""
        self.progress.setText(_("The collector was asked and begins …"))
        self.bar.setRange(0, 0)
        self._show_stage(_Stage.RUNNING)

    def show_unheard(self) -> None:
        """Say that no collector has begun."""
        self._show_result(State.UNKNOWN, _("No collector has heard the wish; nothing was sent."))

    def show_rehearsal(self, rehearsal: Rehearsal, snapshot: Snapshot) -> None:
        """Show how it stands."""
        if rehearsal.state.over:
            names = Names(snapshot.inventory)
            rows = [
                _Row(room, names.name(room), leg) for leg in rehearsal.legs for room in leg.rooms
            ]
            self.rows.show_rows(rows)
            self._show_result(_state(rehearsal), result_sentence(rehearsal, names), bool(rows))
            return
        if rehearsal.state is RehearsalState.WAITING:
            self.show_waiting()
            return
        self._show_stage(_Stage.RUNNING)
        self.bar.setRange(0, _WHOLE)
        self.bar.setValue(round(_WHOLE * rehearsal.elapsed_s / rehearsal.lasts_s))
        said = _("{span} left · {sent} packets sent, {lost} lost so far")
        numbers = {name: format_number(getattr(rehearsal, name)) for name in ("sent", "lost")}
        self.progress.setText(said.format(span=format_span(round(rehearsal.left_s)), **numbers))

    def _show_result(self, state: State, sentence: str, table: bool = False) -> None:
        self.sign.show_state(state)
        self.sentence.setText(sentence)
        self._show_stage(_Stage.AFTER)
        self.table.setVisible(table)

    def _show_stage(self, stage: _Stage) -> None:
        before, running = stage is _Stage.BEFORE, stage is _Stage.RUNNING
        for part in (self.what, self.facts, self._warning, self.start):
            part.setVisible(before)
        self.why_not.setVisible(before and bool(self.why_not.text()))
        for part in (self.progress, self.bar, self.hint):
            part.setVisible(running)
        self._after.setVisible(stage is _Stage.AFTER)
        self.table.setVisible(stage is _Stage.AFTER)
        if stage is not self._stage:
            self._stage = stage
            self.cancel.setText(_("Close") if stage is _Stage.AFTER else _("Cancel"))
            self.cancel.setEnabled(True)
            self.cancel.setFocus()
            self.adjustSize()

    @Slot()
    def _start(self) -> None:
        self.show_waiting()
        self.start_wanted.emit()

    @Slot()
    def _cancel(self) -> None:
        """Cancel what runs and wait for what was measured; else close."""
        if self._stage is _Stage.RUNNING:
            self.cancel.setEnabled(False)
            self.progress.setText(_("It is being cancelled …"))
            self.cancel_wanted.emit()
        else:
            self.reject()

    def reject(self) -> None:
        """Close; what runs is cancelled."""
        if self._stage is _Stage.RUNNING:
            self.cancel_wanted.emit()
        super().reject()


def _state(rehearsal: Rehearsal) -> State:
    if rehearsal.state is not RehearsalState.DONE:
        return State.DEGRADED
    verdicts = {leg.verdict for leg in rehearsal.legs}
    if LegVerdict.BEYOND in verdicts:
        return State.DOWN
    if LegVerdict.WITHIN not in verdicts:
        return State.UNKNOWN
    doubtful = LegVerdict.UNKNOWN in verdicts or any(leg.reason for leg in rehearsal.legs)
    return State.DEGRADED if doubtful else State.UP


def _identity(row: _Row) -> str:
    return row.room


def _name(row: _Row) -> str:
    return row.name


def _name_key(row: _Row) -> str:
    return sort_key(row.name)


def _verdict(row: _Row) -> str:
    return f"{state_sign(_STATES[row.leg.verdict])} {leg_word(row.leg)}"


def _verdict_key(row: _Row) -> int:
    return _WORST_FIRST.index(row.leg.verdict)


def _verdict_colour(row: _Row) -> QColor:
    return theme.current().state(_STATES[row.leg.verdict])


def _hint(row: _Row) -> str:
    leg = row.leg
    if not leg.sent:
        return ""
    said = _("{lost} of {sent} packets lost; {there} sent, {back} received")
    return said.format(
        lost=format_number(leg.lost),
        sent=format_number(leg.sent),
        there=format_rate(leg.rate_there_bps),
        back=format_rate(leg.rate_back_bps),
    )


def _loss(name: str, title: str) -> Column[_Row]:
    """Return the column of a direction's loss."""

    def text(row: _Row) -> str:
        return share_text(getattr(row.leg, name), row.leg.sent)

    def key(row: _Row) -> float | None:
        lost: int | None = getattr(row.leg, name)
        return None if lost is None or not row.leg.sent else lost / row.leg.sent

    return Column(name, title, 108, text, key, right=True, falling=True, hint=_hint)


def _time(name: str, title: str) -> Column[_Row]:
    """Return the column of a time in milliseconds."""

    def text(row: _Row) -> str:
        value: float | None = getattr(row.leg, name)
        return UNKNOWN if value is None else f"{format_number(value, 1)} ms"

    def key(row: _Row) -> float | None:
        value: float | None = getattr(row.leg, name)
        return value

    return Column(name, title, 108, text, key, right=True, falling=True, hint=_hint)


_COLUMNS = (
    Column("room", N_("Room"), 0, _name, _name_key),
    Column(
        *("verdict", N_("Result"), 210, _verdict, _verdict_key), colour=_verdict_colour, hint=_hint
    ),
    _loss("lost_there", N_("Lost there")),
    _loss("lost_back", N_("Lost back")),
    _time("rtt_ms", N_("Delay")),
    _time("jitter_there_ms", N_("Jitter there")),
    _time("jitter_back_ms", N_("Jitter back")),
)
