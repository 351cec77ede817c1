"""The rehearsal in the window: what it warns of, how it goes, what it says, how it is wished."""

import dataclasses
import json
import time

import pytest
from PySide6.QtCore import Qt

from console import inventory as inventories
from console import language
from console.analysis.rehearsal import judged, legs_of, unsent
from console.errors import OperatorError
from console.history.notes import NotesReader, notes_file
from console.history.writer import HistoryWriter
from console.model.observation import Batch
from console.model.plan import Plan
from console.model.rehearsal import (
    LINK_FULL,
    SLOW,
    WISH,
    Rehearsal,
    RehearsalState,
    RehearsalWish,
)
from console.names import Names
from console.texts_rehearsal import leg_word, result_sentence, share_text, short_line
from tests.builders import DEMO_INVENTORY, healthy_snapshot
from widgets.dialogs.rehearsal import RehearsalDialog
from widgets.panels import PERSPECTIVES
from widgets.readiness.panel import ReadinessPanel
from widgets.rehearsal_words import outline, why_not
from widgets.session import Session


@pytest.fixture(scope="module")
def inventory():
    return inventories.load(DEMO_INVENTORY)


@pytest.fixture
def snapshot(inventory):
    return healthy_snapshot(inventory)


@pytest.fixture
def plan(inventory):
    return Plan(inventory.conferences[0])


@pytest.fixture
def dialog(qtbot, plan, snapshot):
    made = RehearsalDialog(outline(plan, snapshot))
    qtbot.addWidget(made)
    made.show()
    return made


def ended(plan, inventory, *, lost=0, **changes):
    """A rehearsal in which the first room's way lost so many packets."""
    profile = inventory.profiles[plan.entry.profile]
    legs = [
        judged(
            dataclasses.replace(
                leg,
                **{
                    "sent": 20000,
                    "lost": lost if n == 0 else 0,
                    "lost_there": lost if n == 0 else 0,
                },
                **{"lost_back": 0, "rtt_ms": 9.0, "jitter_there_ms": 1.0, "jitter_back_ms": 1.0},
                **{"rate_there_bps": 3.9e6, "rate_back_bps": 3.9e6},
            ),
            profile,
        )
        for n, leg in enumerate(unsent(legs_of(plan, inventory)))
    ]
    usual = Rehearsal(plan.id, 1, RehearsalState.DONE, 0.0, ended_s=60.0, legs=tuple(legs))
    return dataclasses.replace(usual, **changes)


def test_before_it_says_what_is_sent_where_and_how_much(dialog):
    assert dialog.facts.value("Rooms reached") == "24 of 24"
    assert dialog.facts.value("Each room, each way") == "4.00 Mbit/s"
    assert "96.0 Mbit/s" in dialog.facts.value("In all, each way")
    assert "real network" in dialog.warning.text()
    assert dialog.windowTitle() == "Rehearsal: Allgemeine Landrätekonferenz"


def test_enter_without_reading_sends_nothing(qtbot, dialog):
    with qtbot.assertNotEmitted(dialog.start_wanted):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()


def test_by_keyboard_it_is_started_and_cancelled(qtbot, dialog, plan, snapshot):
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    assert dialog.focusWidget() is dialog.start
    with qtbot.waitSignal(dialog.start_wanted):
        qtbot.keyClick(dialog.start, Qt.Key.Key_Return)
    running = RehearsalState.RUNNING
    dialog.show_rehearsal(Rehearsal(plan.id, 1, running, 0.0, 60, 20.0, sent=5000), snapshot)
    assert "40 s left" in dialog.progress.text()
    assert dialog.bar.value() == 333
    with qtbot.waitSignal(dialog.cancel_wanted):
        qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    assert dialog.isVisible(), "what was measured until then is still shown"
    assert not dialog.cancel.isEnabled()


def test_closing_it_cancels_what_runs(qtbot, dialog):
    dialog.start.click()
    with qtbot.waitSignal(dialog.cancel_wanted):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)


def test_the_result_names_every_room_the_worst_first(dialog, plan, inventory, snapshot):
    dialog.show_rehearsal(ended(plan, inventory, lost=400), snapshot)
    assert dialog.sentence.text().startswith("23 of 24 rooms bear the load")
    assert dialog.rows.rowCount() == 24
    first = [dialog.rows.index(0, column).data() for column in range(7)]
    assert first[1:] == ["✕ beyond: loss", "2.00 %", "0 %", "9.0 ms", "1.0 ms", "1.0 ms"]
    assert dialog.rows.index(1, 1).data() == "● within the limits"
    assert dialog.cancel.text() == "Close"


def test_a_refusal_says_why_and_what_to_do(dialog, plan, snapshot):
    link = next(iter(snapshot.links))
    refused = Rehearsal(plan.id, 1, RehearsalState.REFUSED, 0.0, reason=LINK_FULL, subject=link)
    dialog.show_rehearsal(refused, snapshot)
    assert "above 90 % already" in dialog.sentence.text()
    assert Names(snapshot.inventory).name(link) in dialog.sentence.text()
    assert not dialog.table.isVisible()


def test_when_it_cannot_be_sent_it_says_why(plan, snapshot, inventory):
    assert why_not(snapshot, plan.id) == ""
    assert "no collector" in why_not(snapshot, plan.id, "review")
    past = dataclasses.replace(snapshot, live=False)
    assert "past" in why_not(past, plan.id)
    bare = dataclasses.replace(snapshot, inventory=inventory.model_copy(update={"reflectors": ()}))
    assert "No reflector" in why_not(bare, plan.id)


def test_a_dialog_that_cannot_send_says_why_and_offers_nothing(dialog):
    dialog.show_why_not("This is the past.")
    assert dialog.why_not.isVisible()
    assert not dialog.start.isEnabled()


def test_lines_and_shares(plan, inventory):
    fine = ended(plan, inventory)
    assert short_line(fine, 60.0 + 180) == "Rehearsed 3 min ago: 24 of 24 without loss"
    bad = ended(plan, inventory, lost=400)
    assert short_line(bad, 240.0) == "Rehearsed 3 min ago: 23 of 24 within the limits"
    assert short_line(dataclasses.replace(fine, state=RehearsalState.REFUSED), 240.0) == ""
    assert (share_text(0, 100), share_text(None, 100)) == ("0 %", "–")
    assert share_text(1, 100_000) == "< 0.01 %"
    assert leg_word(unsent(legs_of(plan, inventory))[0]) == "not measured"


def test_a_load_that_was_sent_in_part_is_not_told_as_the_whole(dialog, plan, inventory, snapshot):
    told = ended(plan, inventory)
    slow = dataclasses.replace(told.legs[0], reason=SLOW)
    dialog.show_rehearsal(dataclasses.replace(told, legs=(slow, *told.legs[1:])), snapshot)
    assert "could not send all of it" in dialog.sentence.text()
    words = [dialog.rows.index(row, 1).data() for row in range(24)]
    assert "● within the limits · less was sent than planned" in words


def test_in_german(plan, inventory, snapshot):
    language.use("de")
    line = short_line(ended(plan, inventory), 240.0)
    assert line == "Generalprobe vor 3 min: 24 von 24 ohne Verlust"
    told = result_sentence(ended(plan, inventory, lost=400), Names(inventory))
    assert told.startswith("23 von 24 Räumen")


def rows_of(session):
    """The wishes in the notes, none while these are being made."""
    reader = NotesReader(notes_file(session.history))
    try:
        noted = reader.news(time.time())
    except OperatorError:
        return []
    finally:
        reader.close()
    return [wish for wish in noted.wishes if wish.kind == WISH] if noted else []


@pytest.fixture
def session(qtbot, tmp_path, inventory, snapshot):
    """A window on a live history, whose collector is the test."""
    history = tmp_path / "history.db"
    with HistoryWriter.open(history, "test") as writer:
        writer.record_inventory(inventory)
        writer.begin_cycle(time.time())
        made = Session(history)
        made.window.desk.forbid_editing("")
        qtbot.addWidget(made.window)
        made.writer = writer
        made.window.show()
        made.feed.start()
        qtbot.waitUntil(lambda: made.window.desk.snapshot is not None)
        yield made
        made.close()


def test_from_the_button_to_the_result(qtbot, session, plan, inventory):
    session.window.desk.rehearse(plan.id)
    dialog = session.dialog
    assert isinstance(dialog, RehearsalDialog)
    dialog.start.click()
    qtbot.waitUntil(lambda: len(rows_of(session)) == 1)
    [wish] = rows_of(session)
    assert RehearsalWish(**json.loads(wish.content)) == RehearsalWish(plan.id)

    def collect(**changes):
        told = dataclasses.replace(ended(plan, inventory), wish=wish.id, **changes)
        session.writer.store(Batch(1, time.time(), rehearsals=(told,)))

    collect(state=RehearsalState.RUNNING, elapsed_s=30.0, ended_s=None, legs=())
    qtbot.waitUntil(lambda: "30 s left" in dialog.progress.text())
    dialog.cancel.click()
    qtbot.waitUntil(lambda: rows_of(session)[0].cancelled_s is not None)
    collect(state=RehearsalState.CANCELLED, elapsed_s=31.0, legs=())
    qtbot.waitUntil(lambda: dialog.sentence.text() == "Cancelled after 31 s.")
    dialog.cancel.click()
    assert session.dialog is None


def test_one_that_runs_already_is_shown(qtbot, session, plan, inventory):
    running = Rehearsal(plan.id, 7, RehearsalState.RUNNING, time.time(), elapsed_s=12.0)
    session.writer.store(Batch(1, time.time(), rehearsals=(running,)))
    session.window.desk.rehearse(plan.id)
    qtbot.waitUntil(lambda: "48 s left" in session.dialog.progress.text())
    assert not session.dialog.start.isVisible()
    session.dialog.reject()


def test_the_panel_tells_of_the_last_rehearsal(qtbot, session, plan, inventory):
    done = dataclasses.replace(ended(plan, inventory), ended_s=time.time() - 240)
    session.writer.store(Batch(1, time.time(), rehearsals=(done,)))
    session.window.complete_panels()
    session.window.show_perspective(PERSPECTIVES[1])
    session.window.desk.choose_conference(plan.id)
    qtbot.waitUntil(lambda: session.window.findChild(ReadinessPanel) is not None)
    panel = session.window.findChild(ReadinessPanel)
    words = "Rehearsed 4 min ago: 24 of 24 without loss"
    qtbot.waitUntil(lambda: panel.rehearsed.isVisible() and panel.rehearsed.text() == words)
    assert panel.rehearse_button.isEnabled()
    panel.show_read_only("review")
    assert not panel.rehearse_button.isEnabled()
    assert "no collector" in panel.rehearse_button.toolTip()
