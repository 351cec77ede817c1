"""Calendars as occurrences; what is hostile is read in a process of its own, as it always is."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from console.calendars import events
from console.calendars import question as asked
from console.calendars.plans import plans_from_files
from console.calendars.question import Answer, Question
from console.calendars.reading import read
from console.model.inventory import Conference
from console.model.plan import PlanSource
from tests.builders import DEMO_INVENTORY
from tests.calendar_texts import WEEKLY, calendar


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


FROM_S, TO_S = at("2026-10-01T00:00"), at("2026-12-31T00:00")


def told(content: str) -> Answer:
    return events.answer([content.encode()], Question("", "Europe/Berlin", FROM_S, TO_S, 2700.0))


def read_file(folder: Path, content: bytes, patience_s: float = 20.0) -> Answer:
    path = folder / "calendar.ics"
    path.write_bytes(content)
    return read(Question(str(path), "Europe/Berlin", FROM_S, TO_S, 2700.0), patience_s)


def starts(answer: Answer) -> list[str]:
    assert answer.occurrences is not None
    return [f"{datetime.fromtimestamp(one.start_s, UTC):%m-%d %H:%M}" for one in answer.occurrences]


def test_ten_o_clock_stays_ten_o_clock_when_the_clocks_change() -> None:
    answer = told(calendar(WEEKLY))
    assert starts(answer) == [
        *("10-08 08:00", "10-15 08:00", "10-22 08:00"),
        *("10-29 09:00", "11-05 09:00", "11-12 09:00"),
    ]
    assert answer.occurrences is not None
    assert {one.end_s - one.start_s for one in answer.occurrences} == {5400.0}
    assert {one.title for one in answer.occurrences} == {"Dezernenten"}
    assert answer.problem is None


def test_exceptions_additions_overrides_and_cancellations() -> None:
    extra = "EXDATE;TZID=Europe/Berlin:20261015T100000\nRDATE;TZID=Europe/Berlin:20261016T080000"
    moved = """UID:weekly
RECURRENCE-ID;TZID=Europe/Berlin:20261029T100000
DTSTART;TZID=Europe/Berlin:20261030T140000
DTEND;TZID=Europe/Berlin:20261030T150000
SUMMARY:Dezernenten mit Gast"""
    cancelled = """UID:weekly
RECURRENCE-ID;TZID=Europe/Berlin:20261105T100000
DTSTART;TZID=Europe/Berlin:20261105T100000
DTEND;TZID=Europe/Berlin:20261105T113000
STATUS:CANCELLED"""
    answer = told(calendar(f"{WEEKLY}\n{extra}", moved, cancelled))
    assert starts(answer) == [
        *("10-08 08:00", "10-16 06:00", "10-22 08:00", "10-30 13:00", "11-12 09:00")
    ]
    assert answer.occurrences is not None
    assert answer.occurrences[3].title == "Dezernenten mit Gast"
    assert answer.occurrences[3].end_s == at("2026-10-30T14:00")


def test_a_cancelled_series_and_whole_days_are_no_occurrences() -> None:
    whole = "UID:day\nDTSTART;VALUE=DATE:20261103\nDTEND;VALUE=DATE:20261104\nSUMMARY:Klausur"
    answer = told(calendar(f"{WEEKLY}\nSTATUS:CANCELLED", whole))
    assert answer == Answer(())


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("DTSTART:20261103T090000", "11-03 08:00"),  # floating: the network's time zone
        ("DTSTART:20261103T090000Z", "11-03 09:00"),
        ("DTSTART;TZID=America/New_York:20261103T090000", "11-03 14:00"),
        ("DTSTART;TZID=W. Europe Standard Time:20261103T090000", "11-03 08:00"),  # Outlook
        ("DTSTART;TZID=/private/Nowhere:20261103T090000", "11-03 08:00"),
    ],
)
def test_times_in_any_zone(start: str, expected: str) -> None:
    answer = told(calendar(f"UID:a\n{start}\nDURATION:PT1H", zone=""))
    assert starts(answer) == [expected]


def test_a_zone_of_its_own_is_followed() -> None:
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Haus\nBEGIN:STANDARD\nDTSTART:20000101T000000\n"
        "TZOFFSETFROM:+0300\nTZOFFSETTO:+0300\nEND:STANDARD\nEND:VTIMEZONE"
    )
    answer = told(calendar("UID:a\nDTSTART;TZID=Haus:20261103T090000", zone=zone))
    assert starts(answer) == ["11-03 06:00"]
    assert answer.occurrences is not None
    assert answer.occurrences[0].end_s - answer.occurrences[0].start_s == 2700.0  # no end given


def test_daily_over_the_night_that_has_an_hour_twice() -> None:
    lines = (
        "UID:night\nDTSTART;TZID=Europe/Berlin:20261024T023000\nDURATION:PT30M\n"
        "RRULE:FREQ=DAILY;COUNT=3"
    )
    assert starts(told(calendar(lines))) == ["10-24 00:30", "10-25 00:30", "10-26 01:30"]


def test_titles_are_cleaned() -> None:
    lines = "UID:a\nDTSTART:20261103T090000Z\nSUMMARY:\u202egut\\nA\x1b[31m " + "x" * 500
    answer = told(calendar(lines))
    assert answer.occurrences is not None
    title = answer.occurrences[0].title
    assert title.startswith("\ufffdgut\ufffdA\ufffd[31m xxx")
    assert len(title) == 255


def test_what_cannot_be_followed_is_left_out_and_told() -> None:
    broken = "UID:b\nDTSTART:20261399T090000Z\nRRULE:FREQ=WEEKLY"
    answer = told(calendar(WEEKLY, broken))
    assert answer.problem == asked.PARTLY
    assert len(starts(answer)) == 6


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", asked.UNREADABLE),
        (b"network: Kommunalnetz\n", asked.UNREADABLE),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 20000, asked.UNREADABLE),
        (bytes(range(256)) * 100, asked.UNREADABLE),
        (b"BEGIN:VCALENDAR\r\n" + b"x" * asked.MOST_OCTETS, asked.TOO_LARGE),
        (
            calendar("UID:a\nDTSTART:20261001T000000Z\nRRULE:FREQ=MINUTELY;COUNT=9000").encode(),
            asked.TOO_LARGE,
        ),
    ],
)
def test_what_is_no_calendar_of_conferences(tmp_path: Path, content: bytes, problem: str) -> None:
    assert read_file(tmp_path, content) == Answer(None, problem)


def test_what_would_never_end_is_ended(tmp_path: Path) -> None:
    hostile = calendar("UID:a\nDTSTART:19000101T000000Z\nRRULE:FREQ=SECONDLY")
    assert read_file(tmp_path, hostile.encode(), 1.5) == Answer(None, asked.UNREADABLE)


def test_a_zone_that_changes_every_second_holds_nothing_up(tmp_path: Path) -> None:
    zone = (
        "BEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:00010101T000000\n"
        "RRULE:FREQ=SECONDLY\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:STANDARD\nEND:VTIMEZONE"
    )
    hostile = calendar("UID:a\nDTSTART;TZID=X:20261103T090000", zone=zone)
    answer = read_file(tmp_path, hostile.encode(), 1.5)
    assert answer.occurrences or answer.problem


def test_a_file_that_is_not_there_or_never_ends(tmp_path: Path) -> None:
    gone = Question(str(tmp_path / "no.ics"), "Europe/Berlin", FROM_S, TO_S, 60.0)
    assert read(gone) == Answer(None, asked.MISSING)
    pipe = tmp_path / "pipe.ics"
    os.mkfifo(pipe)
    assert read(Question(str(pipe), "Europe/Berlin", FROM_S, TO_S, 60.0), 1.0).problem


def test_a_question_does_not_show_its_credential() -> None:
    question = Question("x", "Europe/Berlin", 0.0, 1.0, 60.0, credential="noc:secret")
    assert "secret" not in repr(question)


def test_plans_of_an_inventory_with_a_calendar_beside_it() -> None:
    entry = {"id": "it", "bridge": "b", "profile": "p", "calendar": "it-leiter.ics"}
    ruled = {"id": "r", "bridge": "b", "profile": "p", "start": "2026-11-03T09:00"}
    entries = [Conference.model_validate(one) for one in (entry, ruled)]
    plan, other = plans_from_files(
        entries, DEMO_INVENTORY.parent, "Europe/Berlin", at("2026-11-22T12:00")
    )
    assert (plan.source, plan.problem) == (PlanSource.CALENDAR, None)
    assert plan.read is not None
    assert plan.read[0].start_s == at("2026-10-20T07:00")
    assert plan.read[1].start_s == at("2026-10-27T08:00")
    assert (other.source, other.read) == (PlanSource.INVENTORY, None)
