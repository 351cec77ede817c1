"""Conferences entered, changed and deleted: the dialog, its way into the notes, the panel."""

import dataclasses
from datetime import datetime

import pytest
from PySide6.QtCore import QDate, Qt, QTime
from PySide6.QtWidgets import QPushButton

from console import inventory as inventories
from console import language
from console.history.notes import Noted, Notes, notes_file
from console.model.inventory import Conference
from console.model.plan import Plan, PlanSource
from tests.builders import DEMO_INVENTORY, NOON_S, healthy_snapshot
from widgets.conferences import ConferencesPanel
from widgets.dialogs import repetition
from widgets.dialogs.conference import ConferenceDialog, ConferenceOrder, DeleteDialog
from widgets.notes_desk import NotesDesk
from widgets.session import Session


@pytest.fixture(scope="module")
def inventory():
    return inventories.load(DEMO_INVENTORY)


@pytest.fixture
def order(inventory):
    names = tuple((room.id, f"{room.site} · {room.name}") for room in inventory.rooms)
    return ConferenceOrder(inventory, NOON_S, names, taken=tuple(inventory.by_id))


@pytest.fixture
def dialog(qtbot, order):
    made = ConferenceDialog(order)
    qtbot.addWidget(made)
    made.show()
    return made


def budget(**changes):
    content = {
        "id": "haushalt",
        "name": "Haushalt",
        "bridge": "mcu-mainz",
        "profile": "hd1080",
        "start": "2026-12-03T14:30",
        "duration_min": 90,
        "repeat": "RRULE:FREQ=MONTHLY;BYDAY=1TH;UNTIL=20271231T235959",
        "rooms": ["bir-saal", "tr-saal", "kl-saal"],
        "quorum": 2,
    }
    return Conference.model_validate({**content, **changes})


def test_a_conference_is_entered_with_the_keyboard_alone(qtbot, dialog):
    qtbot.keyClicks(dialog.focusWidget(), "Haushalt 2027")
    with qtbot.waitSignal(dialog.entered) as entered:
        qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    entry = entered.args[0]
    assert (entry.id, entry.name) == ("haushalt-2027", "Haushalt 2027")
    assert entry.start == datetime(2026, 11, 23, 11, 0)  # noqa: DTZ001 - the network's clock
    assert (entry.rooms, entry.quorum, entry.repeat, entry.duration_min) == ("all", "all", None, 60)
    assert not dialog.isVisible()


def test_what_was_entered_is_shown_again_and_stays_the_same(qtbot, order):
    for entry in (budget(), budget(quorum="all", rooms="all", repeat=None)):
        dialog = ConferenceDialog(dataclasses.replace(order, entry=entry))
        qtbot.addWidget(dialog)
        with qtbot.waitSignal(dialog.entered) as entered:
            dialog.save.click()
        assert entered.args[0] == entry


def test_a_rule_without_words_is_kept(qtbot, order):
    entry = budget(repeat="RRULE:FREQ=MONTHLY;BYDAY=1TH,3TH;UNTIL=20271231T235959")
    dialog = ConferenceDialog(dataclasses.replace(order, entry=entry))
    qtbot.addWidget(dialog)
    assert "BYDAY=1TH,3TH" in dialog.repeats.currentText()
    with qtbot.waitSignal(dialog.entered) as entered:
        dialog.save.click()
    assert entered.args[0] == entry


def test_sentences_stand_at_the_fields(qtbot, dialog):
    dialog.day.setDate(QDate(2026, 11, 1))
    dialog.rooms.some.setChecked(True)
    with qtbot.assertNotEmitted(dialog.entered):
        dialog.save.click()
    assert dialog.complaint("name") == "A conference needs a name"
    assert dialog.complaint("start") == "This moment is over; choose a later one"
    assert dialog.complaint("rooms") == "Choose at least one room"
    assert dialog.focusWidget() is dialog.name
    dialog.name.setText("Haushalt")
    dialog.day.setDate(QDate(2026, 12, 1))
    dialog.rooms.show_chosen(["tr-saal", "bir-saal"])
    dialog.quorum_kind.setCurrentIndex(1)
    dialog.quorum.setValue(3)
    dialog.save.click()
    assert (dialog.complaint("name"), dialog.complaint("start")) == ("", "")
    assert dialog.complaint("quorum") == "Only 2 rooms take part"
    dialog.quorum.setValue(2)
    with qtbot.waitSignal(dialog.entered) as entered:
        dialog.save.click()
    assert entered.args[0].rooms == ("bir-saal", "tr-saal")


def test_a_time_that_the_clocks_leave_out_is_refused(qtbot, dialog):
    dialog.name.setText("Nacht")
    dialog.day.setDate(QDate(2027, 3, 28))
    dialog.clock.setTime(QTime(2, 30))
    dialog.save.click()
    assert dialog.complaint("start").startswith("There is no such time on that day")


def test_an_end_before_the_begin_is_refused(qtbot, order):
    dialog = ConferenceDialog(dataclasses.replace(order, entry=budget()))
    qtbot.addWidget(dialog)
    dialog.last.setDate(QDate(2026, 12, 2))
    dialog.save.click()
    assert dialog.complaint("end") == "The last day lies before the first"


def test_repetitions_are_worded_after_the_day(dialog):
    dialog.day.setDate(QDate(2026, 11, 26))
    texts = [dialog.repeats.itemText(row) for row in range(dialog.repeats.count())]
    assert texts == [
        *("Once", "Every working day", "Every week on Thursday", "Every two weeks on Thursday"),
        *("Every month on the fourth Thursday", "Every month on the last Thursday"),
        "Every month on day 26",
    ]
    dialog.repeats.setCurrentIndex(2)
    dialog.day.setDate(QDate(2026, 11, 29))
    assert dialog.repeats.currentText() == "Every week on Sunday"


@pytest.mark.parametrize("rule", ["RRULE:FREQ=WEEKLY;BYDAY=TH", None])
def test_a_last_day_is_put_into_the_rule_and_taken_out_again(rule):
    day = datetime(2027, 1, 31).date()  # noqa: DTZ001
    assert repetition.split(repetition.with_end(rule, day)) == (rule, day if rule else None)


def test_rooms_are_searched(qtbot, dialog):
    dialog.rooms.some.setChecked(True)
    qtbot.keyClicks(dialog.rooms.search, "trier saal")
    shown = [x for x in dialog.rooms._items() if not x.isHidden()]
    assert [x.data(Qt.ItemDataRole.UserRole) for x in shown] == ["tr-saal"]


def test_german_days(qtbot, order):
    language.use("de", "Europe/Berlin")
    dialog = ConferenceDialog(order)
    qtbot.addWidget(dialog)
    dialog.day.setDate(QDate(2026, 12, 3))
    assert dialog.day.text().startswith("Do")
    assert any("Donnerstag" in dialog.repeats.itemText(row) for row in range(4))


def test_the_notes_get_everything_in_order_even_at_the_end(qtbot, tmp_path):
    history = tmp_path / "history.db"
    desk = NotesDesk(history)
    with qtbot.waitSignal(desk.written):
        desk.enter_conference(budget())
    for number in range(20):
        desk.enter_conference(budget(id=f"c{number:02}"))
    desk.delete_conference("haushalt")
    desk.close()
    with Notes(notes_file(history)) as notes:
        found = notes.read(0.0)
    assert [one.id for one in found.conferences] == [f"c{number:02}" for number in range(20)]


def test_notes_that_cannot_be_written_are_told_in_a_sentence(qtbot, tmp_path):
    history = tmp_path / "history.db"
    notes_file(history).mkdir()
    desk = NotesDesk(history)
    with qtbot.waitSignal(desk.refused) as refused:
        desk.enter_conference(budget())
    assert "cannot be used" in refused.args[0]
    notes_file(history).rmdir()
    with qtbot.waitSignal(desk.refused) as again:
        desk.enter_conference(budget())
    assert again.args == [""]
    desk.close()


def planned(snapshot, entry):
    plan = Plan(entry, PlanSource.WINDOW)
    return dataclasses.replace(snapshot, plans=(*snapshot.plans, plan))


def test_only_what_the_window_entered_can_be_changed_there(qtbot, inventory):
    panel = ConferencesPanel()
    qtbot.addWidget(panel)
    snapshot = planned(healthy_snapshot(inventory), budget())
    panel.show_snapshot(snapshot)
    assert [action.isEnabled() for action in panel.menu("haushalt").actions()] == [True, True]
    others = panel.menu("it-leiter").actions()
    assert [action.isEnabled() for action in others] == [False, False]
    assert "inventory file" in others[0].toolTip()
    with qtbot.waitSignal(panel.conference_edit_wanted) as wanted:
        panel.menu("haushalt").actions()[0].trigger()
    assert wanted.args == ["haushalt"]
    with qtbot.waitSignal(panel.conference_delete_wanted):
        panel.menu("haushalt").actions()[1].trigger()
    with qtbot.waitSignal(panel.conference_edit_wanted) as wanted:
        panel.enter.click()
    assert wanted.args == [""]
    panel.show_snapshot(dataclasses.replace(snapshot, live=False))
    assert not panel.enter.isEnabled()
    assert "live" in panel.enter.toolTip()
    panel.show_snapshot(snapshot)
    panel.show_read_only("Because.")
    assert not panel.enter.isEnabled()
    assert not panel.menu("haushalt").actions()[0].isEnabled()
    assert "Because." in panel.enter.toolTip()


def test_a_session_enters_changes_and_deletes(qtbot, inventory, tmp_path):
    history = tmp_path / "history.db"
    session = Session(history, inventory=DEMO_INVENTORY)
    qtbot.addWidget(session.window)
    desk = session.window.desk
    desk.show_snapshot(healthy_snapshot(inventory))
    desk.conference_edit_wanted.emit("")
    assert isinstance(session.dialog, ConferenceDialog)
    session.dialog.name.setText("Haushalt")
    with qtbot.waitSignal(session.notes.written):
        session.dialog.save.click()
    with Notes(notes_file(history)) as notes:
        (entry,) = notes.read(0.0).conferences
    assert entry.name == "Haushalt"
    desk.show_snapshot(planned(healthy_snapshot(inventory), entry))
    desk.conference_edit_wanted.emit("it-leiter")
    assert session.dialog is None
    desk.conference_edit_wanted.emit("haushalt")
    assert session.dialog.name.text() == "Haushalt"
    session.dialog.reject()
    desk.conference_delete_wanted.emit("haushalt")
    assert isinstance(session.dialog, DeleteDialog)
    buttons = {button.text(): button for button in session.dialog.findChildren(QPushButton)}
    with qtbot.waitSignal(session.notes.written):
        buttons["Delete"].click()
    with Notes(notes_file(history)) as notes:
        assert notes.read(0.0) == Noted()
    session.close()


def test_a_review_enters_nothing(qtbot, inventory, tmp_path):
    session = Session(tmp_path / "history.db", review="history.db")
    qtbot.addWidget(session.window)
    panel = ConferencesPanel()
    qtbot.addWidget(panel)
    session.window.desk.join(panel)
    assert not panel.enter.isEnabled()
    assert "no collector writes this history" in panel.enter.toolTip()
    session.close()


def test_tab_goes_through_the_fields_from_top_to_bottom(qtbot, dialog):
    dialog.rooms.some.setChecked(True)
    fields = [dialog.name, dialog.day, dialog.clock, dialog.minutes, dialog.repeats]
    fields += [dialog.bridge, dialog.rooms.all, dialog.rooms.search, dialog.rooms.list]
    fields += [dialog.profile, dialog.quorum_kind]
    for field in fields:
        assert dialog.focusWidget() is field, field.accessibleName()
        assert field.accessibleName() or field.text()
        for _part in range(4):  # day, month and year are passed one by one
            if dialog.focusWidget() is field:
                qtbot.keyClick(field, Qt.Key.Key_Tab)
