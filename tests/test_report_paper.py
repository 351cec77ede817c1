"""The printed report: one sheet with every county, what was predicted and what was wrong."""

import dataclasses

from PySide6.QtCore import QSizeF

from console.model.series import Incident
from tests.readiness_values import START_S, ready, story
from widgets.readiness.printing import fitted
from widgets.readiness.report_paper import report_page

A4_PT = QSizeF(505, 752)


def text_of(**changes):
    report = dataclasses.replace(story().report, **changes)
    document = fitted(report_page(report, ready()[1].snapshot), A4_PT)
    assert document.pageCount() == 1
    return document.toPlainText()


def test_predicted_against_happened_with_every_county(qtbot):
    text = text_of()
    assert "Allgemeine Landrätekonferenz\nThursday, 3 December 2026, 10:00 – 12:00\n" in text
    assert "✕ Too few rooms had good picture and sound" in text
    assert "3 of 24 counties were affected." in text
    assert "Predicted 5 minutes before: ready. That was wrong." in text
    cells = text.partition("Worst five minutes\n")[2].partition("Not in order")[0]
    rows = cells.split("\n")
    assert rows[:5] == ["Ahrweiler", "3.5 min", "0", "0", "70 % bad from 10:10"]
    assert "Südwestpfalz\n0\n0\n0\n0 %\n" in cells
    assert "Nothing on the way to the rooms." in text


def test_what_was_not_measured_is_no_minute_of_health(qtbot):
    room = story().report.rooms[5]
    silent = dataclasses.replace(room, green=0, unknown=480, worst_share=None, worst_at_s=None)
    assert "\n0\n0\n120.0 min\n–\n" in text_of(rooms=(silent,))


def test_causes_say_what_when_and_why_and_many_are_counted(qtbot):
    link = Incident("kh-bir", "down", START_S + 600, START_S + 1200, ())
    room = Incident("aw-saal", "down", START_S + 300, None, ("sip_timeout",))
    text = text_of(causes=(link, room))
    told = text.partition("Not in order meanwhile\n")[2]
    assert told.startswith("10:05 · Ahrweiler: down (No answer over SIP)\n10:10 – 10:20 · ")
    assert "and 38 more" in text_of(causes=(link,) * 50)


def test_markup_in_names_is_printed_as_letters(qtbot):
    cause = Incident("<b>x</b>", "down", START_S, None, ())
    assert "<b>x</b>" in text_of(causes=(cause,))
