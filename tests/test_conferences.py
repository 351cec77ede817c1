import dataclasses

import pytest
from PySide6.QtCore import Qt

from console import inventory as inventories
from console.model.readiness import Verdict
from console.model.states import RoomState, State
from tests.builders import DEMO_INVENTORY, NOON_S, healthy_snapshot, with_room
from tests.readiness_values import not_ready, unknown
from widgets.conferences import ConferencesPanel


@pytest.fixture(scope="module")
def snapshot():
    return healthy_snapshot(inventories.load(DEMO_INVENTORY))


@pytest.fixture
def panel(qtbot, snapshot):
    panel = ConferencesPanel()
    qtbot.addWidget(panel)
    panel.show_snapshot(snapshot)
    return panel


def card_of(panel, conference):
    return next(card for card in panel.cards if card.key == conference)


def test_the_next_comes_first_and_says_when(panel):
    assert panel.cards[0].key == "it-leiter"
    text = card_of(panel, "landraetekonferenz").text_shown
    assert (text.when, text.soon) == ("Thu 3 Dec, 10:00 – 12:00", "in 11 days")


def test_it_follows_the_cursor_into_the_past_and_back(panel, snapshot):
    week_s = 7 * 86400
    panel.show_snapshot(dataclasses.replace(snapshot, at_s=NOON_S - week_s))
    assert card_of(panel, "it-leiter").text_shown.when.startswith("Tue 17 Nov, 09:00")
    panel.show_snapshot(dataclasses.replace(snapshot, at_s=NOON_S))
    assert card_of(panel, "it-leiter").text_shown.when.startswith("Tue 24 Nov, 09:00")


def test_a_conference_that_is_on_says_so(panel, snapshot):
    at_s = NOON_S + 2 * 86400 - 1800  # Tuesday 24 November, 09:30
    panel.show_snapshot(dataclasses.replace(snapshot, at_s=at_s))
    text = card_of(panel, "it-leiter").text_shown
    assert (text.when, text.soon) == ("Tue 24 Nov, 09:00 – 10:30", "now")


def test_rooms_are_counted_as_an_observation(panel, snapshot):
    assert card_of(panel, "landraetekonferenz").text_shown.ready == "24 of 24 rooms ready"
    panel.show_snapshot(with_room(snapshot, "bir-saal", state=RoomState.DOWN))
    text = card_of(panel, "landraetekonferenz").text_shown
    assert (text.ready, text.state) == ("23 of 24 rooms ready", State.DEGRADED)
    assert text.hint == "Allgemeine Landrätekonferenz\nNot ready: Birkenfeld"
    assert card_of(panel, "katastrophenschutz").text_shown.state == State.UP


def test_unknown_rooms_make_the_whole_unknown_never_fine(panel, snapshot):
    panel.show_snapshot(with_room(snapshot, "bir-saal", state=RoomState.UNKNOWN))
    assert card_of(panel, "landraetekonferenz").text_shown.state == State.UNKNOWN


def test_the_keyboard_chooses(panel, qtbot):
    card = panel.cards[0]
    with qtbot.waitSignal(panel.conference_chosen) as chosen:
        qtbot.keyClick(card, Qt.Key.Key_Space)
    assert chosen.args == [card.key]


def test_what_was_held_last_stands_below_and_leads_back(panel, qtbot, snapshot):
    names = [card.lines[0] for card in panel.held]
    assert names == [
        "Sozialdezernate Süd",
        "Lage Katastrophenschutz Nord",
        "Runde der IT-Leiter",
    ]
    assert panel.held[2].lines[1].startswith("Tue 17 Nov, 09:00")
    with qtbot.waitSignal(panel.cursor_wanted) as wanted:
        panel.held[2].click()
    assert wanted.args == [NOON_S - 5 * 86400 - 3600]
    panel.show_snapshot(dataclasses.replace(snapshot, at_s=NOON_S - 5 * 86400 + 3600))
    assert panel.held[0].lines == ("Runde der IT-Leiter", "Tue 17 Nov, 09:00 · 30 min ago")
    panel.show_snapshot(snapshot)


def test_a_calendar_that_cannot_be_read_is_told(panel, snapshot):
    plans = tuple(
        dataclasses.replace(plan, problem="calendar_missing") if plan.read else plan
        for plan in snapshot.plans
    )
    panel.show_snapshot(dataclasses.replace(snapshot, plans=plans))
    text = card_of(panel, "it-leiter").text_shown
    assert text.soon.endswith("calendar cannot be read")
    assert "There is no calendar" in text.hint


def test_the_verdict_stands_on_the_card_once_it_is_assessed(panel):
    card = card_of(panel, "landraetekonferenz")
    assert (card.text_shown.verdict, card.text_shown.sign) == ("not assessed yet", State.UNKNOWN)
    made = not_ready()
    panel.show_snapshot(made[1].snapshot)
    panel.show_assessment(*made)
    assert (card.text_shown.verdict, card.text_shown.sign) == ("not ready", State.DOWN)
    assert "21 of 24 rooms are ready." in card.text_shown.hint


def test_a_single_room_that_decides_is_named_on_the_card(panel):
    made = unknown()
    alone = tuple(
        dataclasses.replace(one, verdict=Verdict.READY) if one.room != "ems-saal" else one
        for one in made[0].participants
    )
    panel.show_assessment(dataclasses.replace(made[0], participants=alone), made[1])
    text = card_of(panel, "landraetekonferenz").text_shown
    assert text.verdict == "not known: Rhein-Lahn"


def test_the_conference_at_hand_is_marked_until_another_is_selected(panel):
    panel.show_at_hand("it-leiter")
    assert card_of(panel, "it-leiter")._chosen
    panel.show_selection("conference", "landraetekonferenz")
    assert card_of(panel, "landraetekonferenz")._chosen
    assert not card_of(panel, "it-leiter")._chosen
