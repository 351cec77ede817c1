"""What has changed, and where the bridge would stand best: in the conference panel."""

import dataclasses

import pytest
from PySide6.QtCore import Qt

from console import language
from console.analysis.readiness.bridge_sites import bridge_sites
from console.model.advice import BridgeSite, Lookback
from console.names import Names
from tests.readiness_values import CONFERENCE, demo_inventory, lookback, not_ready, ready
from widgets.advising import SitesTold
from widgets.readiness.advice_words import lookback_head, sites_sentence
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


def ranking(made, tried=None):
    sites = bridge_sites(made[1])
    total = len(sites)
    tried = total if tried is None else tried
    return SitesTold(CONFERENCE, tried, total, "rechenzentrum", sites[:tried])


def test_what_changed_is_asked_for_and_open_while_not_ready(panel, qtbot):
    with qtbot.waitSignal(panel.changes_wanted, timeout=3000) as asked:
        show(panel, not_ready())
    assert asked.args == [CONFERENCE]
    since = panel.questions.since
    assert since.is_open
    assert since.since.text() == "The history is being looked through …"
    panel.show_lookback(lookback())
    assert since.since.text() == "Since Runde der IT-Leiter (Tue 17 Nov, 10:00) went well:"
    assert since.told == [
        "Sun 22 Nov, 09:55 The link Bad Kreuznach – Birkenfeld is down; it was in operation.",
        "Sun 22 Nov, 08:00 The video room Ahrweiler is down; it was ready. No answer over SIP.",
    ]
    qtbot.mouseClick(since.more, Qt.MouseButton.LeftButton)
    assert len(since.told) == 4
    assert since.told[2].startswith("Sat 21 Nov, 10:00 The network device Kaiserslautern runs")


def test_while_ready_it_is_a_line_that_opens_by_mouse_or_key(panel, qtbot):
    show(panel, ready())
    since = panel.questions.since
    assert not since.is_open
    since.line.setFocus()
    qtbot.keyClick(since.line, Qt.Key.Key_Space)
    assert since.is_open
    panel.show_assessment(*ready())  # stays as the person wants it
    assert since.is_open


def test_it_is_asked_again_when_the_reasons_change_and_not_before(panel, qtbot):
    made = not_ready()
    with qtbot.waitSignal(panel.changes_wanted, timeout=3000):
        show(panel, made)
    with qtbot.assertNotEmitted(panel.changes_wanted, wait=600):
        panel.show_assessment(*made)
    fewer = dataclasses.replace(made[0], reasons=made[0].reasons[1:])
    with qtbot.waitSignal(panel.changes_wanted, timeout=3000):
        panel.show_assessment(fewer, made[1])


def test_answers_about_another_conference_are_not_shown(panel):
    show(panel, not_ready())
    panel.show_lookback(dataclasses.replace(lookback(), conference="it-leiter"))
    assert panel.questions.since.told == []


@pytest.mark.parametrize("spoken", ["en", "de"])
def test_answers_make_the_panel_no_wider(qtbot, spoken):
    language.use(spoken)
    panel = ReadinessPanel()
    qtbot.addWidget(panel)
    panel.resize(600, 650)  # what a screen of 1280 x 800 leaves it
    panel.show()
    show(panel, not_ready())
    panel.show_lookback(lookback())
    panel.questions.bridge.show_open(True)
    panel.show_bridge_sites(ranking(ready()))
    assert panel.body.minimumSizeHint().width() <= 590


def test_nothing_recorded_so_long_is_said(panel):
    names = Names(demo_inventory())
    none = Lookback(CONFERENCE, 0.0, None, lookback().from_s, ())
    assert lookback_head(none, names) == (
        "No conference that went well is recorded since Sun 8 Nov."
    )
    assert (
        lookback_head(dataclasses.replace(none, from_s=None), names) == "Nothing is recorded yet."
    )
    same = dataclasses.replace(lookback(), changes=())
    assert lookback_head(same, names).startswith("Nothing that was recorded has changed since")


def test_the_bridge_is_tried_only_when_wanted_with_progress_and_can_be_stopped(panel, qtbot):
    show(panel, ready())
    box = panel.questions.bridge
    assert not box.is_open
    with qtbot.waitSignal(panel.bridge_sites_wanted) as asked:
        qtbot.mouseClick(box.line, Qt.MouseButton.LeftButton)
    assert asked.args == [CONFERENCE]
    panel.show_bridge_sites(ranking(ready(), tried=3))
    assert box.sentence.text() == "Every failure is tried at each site: 3 of 27"
    assert box.progress.value() == 3
    with qtbot.waitSignal(panel.bridge_sites_ended):
        qtbot.mouseClick(box.cancel, Qt.MouseButton.LeftButton)
    assert not box.is_open


def test_the_ranking_marks_where_the_bridge_is(panel, qtbot):
    show(panel, ready())
    box = panel.questions.bridge
    qtbot.mouseClick(box.line, Qt.MouseButton.LeftButton)
    panel.show_bridge_sites(ranking(ready()))
    assert box.sentence.text() == "The bridge stands as well at Rechenzentrum as anywhere."
    assert box.rows[0] == ("Mainz (Kern)", "1 room", "25 %")
    assert ("Rechenzentrum (the bridge is here)", "1 room", "25 %") in box.rows
    assert len(box.rows) == 5


def test_a_better_site_is_named_and_the_present_one_placed(panel):
    names = Names(demo_inventory())
    sites = tuple(
        BridgeSite(site, cut_off, 0.5, "", 0)
        for site, cut_off in (("mainz", 0), ("koblenz", 1), ("rechenzentrum", 2))
    )
    told = sites_sentence(SitesTold(CONFERENCE, 3, 3, "rechenzentrum", sites), names)
    assert told.startswith("It would stand best at another site: ")
    assert told.endswith("Rechenzentrum, where it is, ranks 3 of 3.")
    nothing = SitesTold(CONFERENCE, 0, 0, "rechenzentrum", ())
    assert sites_sentence(nothing, names).startswith("No site could be tried")


def test_another_conference_at_hand_ends_what_was_asked_of_the_first(panel, qtbot):
    show(panel, ready())
    qtbot.mouseClick(panel.questions.bridge.line, Qt.MouseButton.LeftButton)
    other = dataclasses.replace(ready()[0], conference="it-leiter")
    with qtbot.waitSignal(panel.bridge_sites_ended):
        panel.questions.show_assessment(other, ready()[1].snapshot)
    assert not panel.questions.bridge.is_open
