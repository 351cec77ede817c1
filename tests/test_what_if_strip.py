import dataclasses

import pytest
from PySide6.QtCore import Qt

from console.analysis.readiness import impact
from console.model.readiness import Direction, Overload, Verdict
from console.model.states import State
from tests.readiness_values import CONFERENCE, ready, ready_not_n1
from widgets.impact_words import impact_sentence, impact_state
from widgets.what_if_strip import WhatIfStrip


@pytest.fixture
def strip(qtbot):
    strip = WhatIfStrip()
    qtbot.addWidget(strip)
    return strip


def imagined(failed, made):
    return impact(failed, made[1].snapshot, [made[1]]), made[1].snapshot


def test_one_strip_says_what_would_happen(strip):
    strip.show_impact(*imagined("kh-bir", ready_not_n1()))
    assert strip.title.text() == "If the link Bad Kreuznach – Birkenfeld failed"
    said = strip.sentence.text()
    assert said.startswith("1 site would be cut off: Birkenfeld. 1 video room could not be")
    assert "missing at 1 site: Sicheres Surfen, Mailrelay, Waffenregister." in said
    assert said.endswith("Conferences: Allgemeine Landrätekonferenz: not ready.")


def test_what_does_no_harm_is_said_as_well(strip):
    made = ready()
    told, snapshot = imagined("ko-nr", made)
    assert impact_state(told) is State.UP
    assert impact_sentence(told, snapshot) == (
        "No site would lose its connection. No link would be overloaded."
        " Every planned conference would still be ready."
    )


def test_overloaded_links_are_named_with_their_load(strip):
    told, snapshot = imagined("ko-nr", ready())
    told = dataclasses.replace(
        told,
        overloaded=(
            Overload("mz-tr", Direction.A_TO_B, 1.18),
            Overload("mz-tr", Direction.B_TO_A, 1.02),
        ),
        conferences=((CONFERENCE, Verdict.NOT_READY),),
    )
    assert "Overloaded would be Mainz (Kern) – Trier-Saarburg (118 %)." in impact_sentence(
        told, snapshot
    )
    assert impact_state(told) is State.DOWN


def test_a_device_is_called_by_id_and_place(strip):
    strip.show_impact(*imagined("tr-r1", ready()))
    assert strip.title.text() == "If the device tr-r1 (Trier-Saarburg) failed"


def test_it_takes_no_room_without_and_ends_by_its_button(strip, qtbot):
    strip.show_impact(None, None)
    assert not strip.isVisible()
    strip.show_impact(*imagined("kh-bir", ready()))
    assert strip.isVisible()
    with qtbot.waitSignal(strip.ended):
        qtbot.mouseClick(strip.end, Qt.MouseButton.LeftButton)
