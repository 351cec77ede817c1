"""Enters a conference, or changes one that was entered in the window."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from PySide6.QtCore import QDate, QLocale, Qt, QTime, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QTimeEdit,
    QWidget,
)

from console.language import _, format_rate, language, ngettext
from console.model import entered
from console.model.inventory import Conference, Inventory, MediaProfile
from widgets.dialogs import repetition
from widgets.dialogs.room_choice import RoomChoice
from widgets.dialogs.sheet import Sheet, text_label

_MOST_MINUTES = 1440
_WIDTH_PX = 600
_NUMBER_PX = 96
_OTHER = "other"


@dataclass(frozen=True, slots=True)
class ConferenceOrder:
    """What the dialog needs; `entry` None: a new one. `taken` are ids that other things have."""

    inventory: Inventory
    now_s: float
    room_names: tuple[tuple[str, str], ...]  # id and name of every room, as they shall be listed
    entry: Conference | None = None
    taken: tuple[str, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """The network's time zone."""
        return ZoneInfo(self.inventory.timezone)


class ConferenceDialog(Sheet):
    """The fields of a conference; sentences say at a field what is wrong with it.

    Signals:
        entered: a Conference that fits the inventory.
    """

    entered = Signal(object)

    def __init__(self, order: ConferenceOrder, parent: QWidget | None = None) -> None:
        heading = _("Enter a conference") if order.entry is None else _("Change the conference")
        super().__init__(heading, parent)
        self._order = order
        self._complaints: dict[str, QLabel] = {}
        self._labels: dict[str, QLabel] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._make_fields()
        self._place_fields()
        self.body.addLayout(self._grid)
        self.body.addStretch(1)
        self.setMinimumWidth(_WIDTH_PX)
        self.add_button(_("Cancel")).clicked.connect(self.reject)
        self.save = self.add_button(_("Save"), primary=True)
        self.save.clicked.connect(self._save)
        self._fill(order.entry)
        self.day.dateChanged.connect(self._show_repetitions)
        self.repeats.currentIndexChanged.connect(self._show_end)
        self.ends.currentIndexChanged.connect(self._show_end)
        self.rooms.changed.connect(self._show_most)
        self.quorum_kind.currentIndexChanged.connect(self._show_most)
        self.name.setFocus()

    def _make_fields(self) -> None:
        inventory = self._order.inventory
        self.name = QLineEdit()
        self.name.setMaxLength(255)
        self.day, self.last = _day_field(), _day_field()
        self.clock = QTimeEdit()
        self.clock.setDisplayFormat("HH:mm")
        self.minutes = QSpinBox()
        self.minutes.setRange(1, _MOST_MINUTES)
        self.minutes.setSingleStep(15)
        self.minutes.setSuffix(" " + _("min"))
        self.repeats, self.bridge, self.profile = QComboBox(), QComboBox(), QComboBox()
        self.ends = QComboBox()
        self.ends.addItem(_("Without an end"), False)
        self.ends.addItem(_("This day:"), True)
        for bridge in inventory.bridges:
            self.bridge.addItem(bridge.name, bridge.id)
        for name, profile in inventory.profiles.items():
            self.profile.addItem(_profile_text(name, profile), name)
        self.rooms = RoomChoice(self._order.room_names)
        self.quorum_kind = QComboBox()
        self.quorum_kind.addItem(_("Every room that takes part"), "all")
        self.quorum_kind.addItem(_("At least so many rooms:"), "number")
        self.quorum = QSpinBox()
        for field in (self.clock, self.minutes, self.quorum):
            field.setFixedWidth(_NUMBER_PX)
            inside = field.findChild(QLineEdit)
            assert isinstance(inside, QLineEdit), "where its text stands"
            inside.setTextMargins(6, 0, 0, 0)  # as in other fields

    def _place_fields(self) -> None:
        zone = text_label(self._order.inventory.timezone, size="small", tone="dim")
        self._add(_("Name"), "name", self.name)
        self._add(_("Begins"), "start", self.day, self.clock, zone)
        self._add(_("Lasts"), "duration", self.minutes, None)
        self._add(_("Repeats"), "repeat", self.repeats)
        self._add(_("Repeats until"), "end", self.ends, self.last, None)
        self._add(_("Bridge"), "bridge", self.bridge)
        self._add(_("Rooms"), "rooms", self.rooms)
        self._add(_("Media"), "profile", self.profile)
        self._add(_("Must be ready"), "quorum", self.quorum_kind, self.quorum, None)
        names = (
            (self.clock, _("Time of day")),
            (self.last, _("Last day")),
            (self.quorum, _("Number of rooms")),
        )
        for field, name in names:
            field.setAccessibleName(name)

    def _add(self, text: str, key: str, first: QWidget, *others: QWidget | None) -> None:
        """Add a line; None among `others` leaves the rest of it empty."""
        line = self._grid.rowCount()
        label = text_label(text)
        label.setBuddy(first)
        self._labels[key] = label
        first.setAccessibleName(text)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(first, 0 if others else 1)
        for other in others:
            if other is None:
                row.addStretch(1)
            else:
                row.addWidget(other)
        if others and others[-1] is not None:
            row.addStretch(1)
        complaint = text_label("", size="small", tone="down", wrap=True)
        complaint.hide()
        self._complaints[key] = complaint
        side = Qt.AlignmentFlag.AlignTop if first is self.rooms else Qt.AlignmentFlag(0)
        self._grid.addWidget(label, line, 0, side)
        self._grid.addLayout(row, line, 1)
        self._grid.addWidget(complaint, line + 1, 1)
        self._grid.setRowMinimumHeight(line + 2, 8)

    def _fill(self, entry: Conference | None) -> None:
        """Show the entry; a new one begins at the next full hour of tomorrow."""
        zone = self._order.zone
        start = datetime.fromtimestamp(self._order.now_s, zone) + timedelta(days=1, hours=1)
        start = start.replace(minute=0, second=0, microsecond=0)
        if entry is not None and entry.start is not None:
            start = entry.start.astimezone(zone) if entry.start.tzinfo else entry.start
        self.day.setDate(QDate(start.year, start.month, start.day))
        self.clock.setTime(QTime(start.hour, start.minute))
        self.minutes.setValue(entry.duration_min if entry else 60)
        rule, last = repetition.split(entry.repeat if entry else None)
        self.ends.setCurrentIndex(0 if last is None else 1)
        until = last or start.date() + timedelta(days=365)
        self.last.setDate(QDate(until.year, until.month, until.day))
        self._show_repetitions()
        self._choose_rule(rule)
        self.rooms.show_chosen(None if entry is None or entry.rooms == "all" else entry.rooms)
        if entry is not None:
            self.name.setText(entry.name or entry.id)
            self.bridge.setCurrentIndex(self.bridge.findData(entry.bridge))
            self.profile.setCurrentIndex(self.profile.findData(entry.profile))
        number = entry.quorum if entry is not None and entry.quorum != "all" else None
        self.quorum_kind.setCurrentIndex(0 if number is None else 1)
        self.quorum.setRange(1, max(1, self.rooms.list.count()))
        self.quorum.setValue(number or self.rooms.count)
        self._show_end()
        self._show_most()

    def _choose_rule(self, rule: str | None) -> None:
        """Choose a repetition; one that has no words here is kept as it is."""
        known = {choice.rule: choice.key for choice in self._choices()}
        if rule not in known:
            self.repeats.addItem(_("As before: {rule}").format(rule=rule), (_OTHER, rule))
            self.repeats.setCurrentIndex(self.repeats.count() - 1)
            return
        for row in range(self.repeats.count()):
            if self.repeats.itemData(row)[0] == known[rule]:
                self.repeats.setCurrentIndex(row)

    def _first(self) -> date:
        chosen = self.day.date()
        return date(chosen.year(), chosen.month(), chosen.day())

    def _choices(self) -> tuple[repetition.Repetition, ...]:
        return repetition.choices(self._first())

    @Slot()
    def _show_repetitions(self) -> None:
        """Word the repetitions after the day chosen; the way chosen stays where it still can."""
        chosen = self.repeats.currentData()
        kept = (
            [] if chosen is None or chosen[0] != _OTHER else [(chosen, self.repeats.currentText())]
        )
        self.repeats.blockSignals(True)
        self.repeats.clear()
        for choice in self._choices():
            self.repeats.addItem(choice.text, (choice.key, choice.rule))
        for data, text in kept:
            self.repeats.addItem(text, data)
        keys = [self.repeats.itemData(row)[0] for row in range(self.repeats.count())]
        if chosen is not None and chosen[0] in keys:
            self.repeats.setCurrentIndex(keys.index(chosen[0]))
        self.repeats.blockSignals(False)
        self._show_end()

    @Slot()
    def _show_end(self) -> None:
        repeats = self._rule() is not None
        self.ends.setVisible(repeats)
        self._labels["end"].setVisible(repeats)
        self.last.setVisible(repeats and bool(self.ends.currentData()))

    @Slot()
    def _show_most(self) -> None:
        self.quorum.setVisible(self.quorum_kind.currentData() == "number")

    def _rule(self) -> str | None:
        data = self.repeats.currentData()
        return None if data is None else data[1]

    @Slot()
    def _save(self) -> None:
        for complaint in self._complaints.values():
            complaint.hide()
        wrong = dict(self._wrong())
        if not wrong:
            try:
                entry = self._entry()
            except ValidationError:
                wrong["name"] = _("This name cannot be; use letters and numbers")
            else:
                sentences = entered.sentences(entry, self._order.inventory)
                if not sentences:
                    self.entered.emit(entry)
                    self.accept()
                    return
                wrong["name"] = "\n".join(sentences)
        self._complain(wrong)

    def _complain(self, wrong: dict[str, str]) -> None:
        for key, sentence in wrong.items():
            self._complaints[key].setText(sentence)
            self._complaints[key].show()
        fields = {"name": self.name, "start": self.day, "end": self.last, "rooms": self.rooms}
        first = fields.get(next(iter(wrong)))
        if first is not None:
            (self.rooms.search if first is self.rooms else first).setFocus()

    def complaint(self, key: str) -> str:
        """Return what is said at a field, "" for nothing."""
        label = self._complaints[key]
        return "" if label.isHidden() else label.text()

    def _wrong(self) -> Iterable[tuple[str, str]]:
        if not self.name.text().strip():
            yield "name", _("A conference needs a name")
        yield from self._wrong_times()
        if not self.bridge.count():
            yield "bridge", _("The inventory names no bridge; add one there")
        if not self.profile.count():
            yield "profile", _("The inventory names no media profile; add one there")
        yield from self._wrong_rooms()

    def _wrong_times(self) -> Iterable[tuple[str, str]]:
        start = self._start()
        problem = _no_such_time(start, self._order.zone)
        if problem:
            yield "start", problem
        elif self._rule() is None and self._order.entry is None and self._is_over(start):
            yield "start", _("This moment is over; choose a later one")
        if self._until() is not None and self.last.date() < self.day.date():
            yield "end", _("The last day lies before the first")

    def _wrong_rooms(self) -> Iterable[tuple[str, str]]:
        if self.rooms.count == 0:
            yield "rooms", _("Choose at least one room")
        elif self.quorum_kind.currentData() == "number" and self.quorum.value() > self.rooms.count:
            words = ngettext(
                "Only {count} room takes part", "Only {count} rooms take part", self.rooms.count
            )
            yield "quorum", words.format(count=self.rooms.count)

    def _start(self) -> datetime:
        at = self.clock.time()
        return datetime.combine(self._first(), time(at.hour(), at.minute()))

    def _is_over(self, start: datetime) -> bool:
        return start.replace(tzinfo=self._order.zone).timestamp() < self._order.now_s

    def _until(self) -> date | None:
        if self._rule() is None or not self.ends.currentData():
            return None
        chosen = self.last.date()
        return date(chosen.year(), chosen.month(), chosen.day())

    def _entry(self) -> Conference:
        name = self.name.text().strip()
        before = self._order.entry
        rooms = self.rooms.chosen
        of_quorum = self.quorum_kind.currentData() == "number"
        return Conference.model_validate(
            {
                "id": before.id if before else entered.free_id(name, self._order.taken),
                "name": name,
                "bridge": self.bridge.currentData(),
                "rooms": "all" if rooms is None else rooms,
                "profile": self.profile.currentData(),
                "start": self._start(),
                "duration_min": self.minutes.value(),
                "repeat": repetition.with_end(self._rule(), self._until()),
                "quorum": self.quorum.value() if of_quorum else "all",
            }
        )


class DeleteDialog(Sheet):
    """Asks before a conference is deleted; accepted where it shall be."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(_("Delete the conference?"), parent)
        sentence = _("“{name}” will no longer be planned. What was recorded of it stays.")
        self.body.addWidget(text_label(sentence.format(name=name), wrap=True))
        self.setMinimumWidth(420)
        self.add_button(_("Cancel")).clicked.connect(self.reject)
        self.add_button(_("Delete"), primary=True).clicked.connect(self.accept)


def _day_field() -> QDateEdit:
    field = QDateEdit()
    field.setCalendarPopup(True)
    field.setDisplayFormat("ddd dd.MM.yyyy" if language() == "de" else "ddd d MMM yyyy")
    field.setLocale(QLocale(language()))
    return field


def _profile_text(name: str, profile: MediaProfile) -> str:
    up, down = format_rate(profile.up_bps), format_rate(profile.down_bps)
    return _("{name} · {up} up, {down} down a room").format(name=name, up=up, down=down)


def _no_such_time(start: datetime, zone: ZoneInfo) -> str:
    """Say so where the clocks leave this time out."""
    there = start.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    return "" if there == start else _("There is no such time on that day: the clocks change")
