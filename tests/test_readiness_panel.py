import dataclasses

import pytest
from PySide6.QtCore import Qt

from console.analysis.readiness.relief import reliefs
from console.model.plan import Plan
from console.model.readiness import Verdict
from console.model.states import State
from tests.readiness_values import (
    CONFERENCE,
    START_S,
    VALUES,
    moved,
    not_ready,
    ready,
    story,
    tight,
)
from widgets.readiness.panel import ReadinessPanel


@pytest.fixture
def panel(qtbot):
    panel = ReadinessPanel()
    panel.resize(760, 900)
    qtbot.addWidget(panel)
    panel.show()
    return panel


def show(panel, made):
    panel.show_snapshot(made[1].snapshot)
    panel.show_at_hand(CONFERENCE)
    panel.show_assessment(*made)


def tile(panel, name):
    return next(tile for tile in panel.tiles.tiles if tile.text_shown.name == name)


@pytest.mark.parametrize(
    ("value", "headline", "sign"),
    [
        ("ready", "Ready", State.UP),
        ("ready_not_n1", "Ready – but not under every failure", State.DEGRADED),
        ("not_ready", "Not ready", State.DOWN),
        ("unknown", "Unknown", State.UNKNOWN),
    ],
)
def test_each_verdict_is_said_in_words_and_by_a_shape(panel, value, headline, sign):
    show(panel, VALUES[value]())
    assert panel.verdict.headline.text() == headline
    assert panel.brief.sign is sign
    assert panel.verdict.accessibleName() == headline


def test_when_and_where_it_is_and_how_many_are_needed(panel):
    show(panel, not_ready())
    assert panel.title.text() == "Allgemeine Landrätekonferenz"
    assert panel.when.text() == (
        "Thursday, 3 December 2026, 10:00 – 12:00 · in 11 days · Bridge Rechenzentrum"
        " · 24 rooms, 22 needed"
    )
    assert panel.verdict.assessed.text() == "Assessed 0 s ago · oldest measurement 40 s"


def test_it_grows_old_until_it_is_assessed_again(panel):
    made = ready()
    show(panel, made)
    panel.show_snapshot(dataclasses.replace(made[1].snapshot, at_s=made[0].assessed_at_s + 200))
    assert panel.verdict.assessed.text() == "Assessed 3 min ago · oldest measurement 4 min"


def test_every_reason_says_what_to_do_and_whom_to_call(panel):
    show(panel, not_ready())
    rows = panel.points.shown
    assert rows[1].text.text() == "The video room Ahrweiler does not answer. No answer over SIP."
    number = "Tel.\u00a002641\u00a0555\u2011015"  # does not break at the end of a line
    assert rows[1].step.text().endswith(f"network cable · Haustechnik, {number}")


def test_what_would_be_too_full_says_which_rooms_to_take_down(panel):
    assessment, situation = tight()
    panel.show_reliefs(CONFERENCE, reliefs(situation, assessment))
    show(panel, (assessment, situation))
    told = [row for row in panel.points.shown if row.text.text().startswith("If the ")]
    assert told[0].text.text() == (
        "If the link Mainz (Kern) – Kaiserslautern fails, 1 other link is overloaded."
    )
    assert (
        told[0]
        .step.text()
        .startswith(
            "→ Then take Kaiserslautern, Kusel, Südliche Weinstraße, Südwestpfalz down to 720p:"
            " that is enough again · Netzbetrieb"
        )
    )


def test_more_than_a_few_reasons_are_shown_when_wanted(panel, qtbot):
    show(panel, not_ready())
    few = len(panel.points.shown)
    assert panel.points.more.text() == "Show 3 more …"
    panel.points.more.click()
    assert len(panel.points.shown) == few + 3
    assert "depends on a single network device" in panel.points.shown[-1].text.text()
    panel.points.more.click()
    assert len(panel.points.shown) == few


def test_a_reason_chooses_what_it_is_about(panel, qtbot):
    show(panel, not_ready())
    cover = panel.points.shown[1]._cover
    with qtbot.waitSignal(panel.subject_chosen) as chosen:
        qtbot.keyClick(cover, Qt.Key.Key_Space)
    assert chosen.args == ["aw-saal"]


def test_counties_by_name_each_with_a_word(panel):
    show(panel, not_ready())
    names = [tile.text_shown.name for tile in panel.tiles.tiles]
    assert names[:2] == ["Ahrweiler", "Altenkirchen"]
    assert len(names) == 24
    assert tile(panel, "Birkenfeld").accessibleName() == "Birkenfeld: unreachable"
    assert tile(panel, "Kusel").text_shown.word == "loss of 3.4 %"
    assert tile(panel, "Neuwied").text_shown.word == "ready"


def test_silent_rooms_tell_since_when(panel):
    show(panel, VALUES["unknown"]())
    assert tile(panel, "Rhein-Lahn").text_shown.word == "silent for 4 min"


def test_the_list_has_those_first_who_need_a_person_with_reason_and_contact(panel):
    show(panel, not_ready())
    panel.as_list.click()
    assert panel.rows.isVisible()
    assert not panel.tiles.isVisible()
    first = panel.rows.rows[0].text_shown
    assert first.name == "Ahrweiler"
    assert first.contact == "Haustechnik, Tel. 02641 555-015"
    panel.as_tiles.click()
    assert panel.tiles.isVisible()


def test_a_chosen_room_tells_reason_contact_and_way(panel, qtbot):
    show(panel, not_ready())
    with qtbot.waitSignal(panel.room_chosen) as chosen:
        qtbot.keyClick(tile(panel, "Kusel"), Qt.Key.Key_Space)
    panel.show_selection("room", chosen.args[0])
    box = panel.room_box
    assert box.name.text() == "Kusel: loss of 3.4 %"
    assert "Too much is lost on the way to Kusel: 3.4 %." in box.lines.text()
    assert box.contact.text() == "Call: Haustechnik, Tel.\u00a006381\u00a0555\u20110205"
    way = box.way.text().partition("\n")[0].partition("Kusel → ")[2]
    assert way == "Trier-Saarburg / Kaiserslautern → Mainz (Kern) → Rechenzentrum"
    panel.show_selection("", "")
    assert not box.isVisible()


def test_arrow_keys_walk_the_tiles(panel, qtbot):
    show(panel, ready())
    panel.activateWindow()
    first, second = panel.tiles.tiles[:2]
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Right)
    assert panel.focusWidget() is second
    qtbot.keyClick(second, Qt.Key.Key_Up)
    assert panel.focusWidget() is second


def test_no_conference_is_said_and_not_drawn_as_fine(panel):
    panel.show_snapshot(ready()[1].snapshot)
    panel.show_at_hand("")
    assert panel.empty.isVisible()
    assert panel.empty.text().startswith("No conference is planned. Enter one on the left")


def test_until_it_is_assessed_nothing_is_claimed(panel):
    panel.show_snapshot(ready()[1].snapshot)
    panel.show_at_hand(CONFERENCE)
    assert panel.verdict.headline.text() == "Not assessed yet"
    assert not panel.tiles.isVisible()
    assert not panel.print_button.isEnabled()


def test_a_conference_without_a_time_says_why(panel):
    snapshot = ready()[1].snapshot
    entry = next(x for x in snapshot.inventory.conferences if x.id == "it-leiter")
    entry = entry.model_copy(update={"start": None, "calendar": "it-leiter.ics"})
    plan = Plan(entry, read=(), problem="calendar_unreadable")
    panel.show_snapshot(dataclasses.replace(snapshot, plans=(plan,)))
    panel.show_at_hand("it-leiter")
    assert panel.verdict.headline.text() == "No time is planned"
    assert "calendar cannot be read" in panel.verdict.sentence.text()
    assert not panel.rehearse_button.isEnabled()


def test_check_points_tell_what_was_kept_and_which_comes_next(panel, qtbot):
    show(panel, moved(ready(), START_S - 1800))
    panel.show_story(story(reported=False))
    below = {gate.name: gate.below for gate in panel.gates.gates}
    assert below["7 days"] == "nothing kept"
    assert below["1 day"] == "ready, with a risk"
    assert below["15 minutes"] == "in 15 min"
    assert below["5 minutes"] == ""


def test_what_was_kept_is_asked_for_once_and_again_when_a_check_point_has_passed(panel, qtbot):
    asked = []
    panel.story_wanted.connect(lambda *what: asked.append(what))
    show(panel, moved(ready(), START_S - 1000))
    panel.show_assessment(*moved(ready(), START_S - 950))
    assert asked == [(CONFERENCE, START_S)]
    panel.show_assessment(*moved(ready(), START_S - 890))
    assert len(asked) == 2


def test_one_that_is_on_says_so(panel):
    show(panel, VALUES["running"]())
    assert "running, 90 min left" in panel.when.text()
    assert panel.gates.gates[5].below == "running"


def test_the_report_compares_what_was_predicted_with_what_happened(panel):
    show(panel, VALUES["running"]())
    panel.show_story(story(Verdict.NOT_READY))
    assert panel.report.headline.text() == "Too few rooms had good picture and sound"
    assert panel.report.caption.text() == "How it went"
    assert panel.verdict.caption.text() == "As it stands at the moment you look at"
    assert "Ahrweiler (3.5 min), Altenkirchen (2.5 min)" in panel.report.sentence.text()
    assert "Predicted 5 minutes before: ready. That was wrong." in panel.report.sentence.text()
    assert panel.report.sentence.text().startswith("3 of 24 counties were affected. ")
    assert panel.gates.gates[6].sign is State.DOWN
    panel.show_story(story(Verdict.READY))
    assert panel.report.headline.text() == "It went well, not everywhere"


def test_the_report_is_a_page_once_there_is_one(panel, qtbot):
    show(panel, VALUES["running"]())
    choices = panel.print_button.choices.actions()
    assert [action.isVisible() for action in choices] == [True] * 4 + [False] * 2
    panel.show_story(story(Verdict.NOT_READY))
    with qtbot.waitSignal(panel.paper_wanted) as wished:
        choices[4].trigger()
    assert "Too few rooms had good picture and sound" in wished.args[0].html
    assert wished.args[0].as_pdf
    show(panel, not_ready())
    assert not choices[4].isVisible()


def test_buttons_wish_and_do_nothing_themselves(panel, qtbot):
    show(panel, ready())
    with qtbot.waitSignal(panel.rehearsal_wanted) as wished:
        qtbot.mouseClick(panel.rehearse_button, Qt.MouseButton.LeftButton)
    assert wished.args == [CONFERENCE]
    with qtbot.waitSignal(panel.paper_wanted) as wished:
        panel.print_button.choices.actions()[0].trigger()
    assert wished.args[0].title == "Allgemeine Landrätekonferenz"
    assert wished.args[0].as_pdf


def test_names_are_letters_and_nothing_else(panel):
    assessment, situation = ready()
    plan = dataclasses.replace(
        situation.plan, entry=situation.plan.entry.model_copy(update={"name": "<b>bold</b>"})
    )
    situation = dataclasses.replace(
        situation, plan=plan, snapshot=dataclasses.replace(situation.snapshot, plans=(plan,))
    )
    show(panel, (assessment, situation))
    assert panel.title.text() == "<b>bold</b>"
    assert panel.title.textFormat() == Qt.TextFormat.PlainText
