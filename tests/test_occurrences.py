"""When conferences are held, by the clock on the wall."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from console.analysis.occurrences import current_or_next, latest_past, occurrences
from console.model.inventory import Conference
from console.model.plan import Occurrence, Plan, PlanSource
from tests.simulated import shipped

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def planned(start: str, repeat: str | None = None) -> Plan:
    entry = {"id": "c", "bridge": "b", "profile": "p", "start": start, "duration_min": 90}
    return Plan(Conference.model_validate({**entry, "repeat": repeat}))


def test_first_thursday_of_the_month_at_ten_in_winter_and_summer() -> None:
    found = occurrences(
        Plan(shipped().by_id["landraetekonferenz"]),  # type: ignore[arg-type]
        BERLIN,
        at("2026-10-01T00:00"),
        at("2026-12-31T00:00"),
    )
    assert found == (
        Occurrence(at("2026-10-01T08:00"), at("2026-10-01T10:00")),
        Occurrence(at("2026-11-05T09:00"), at("2026-11-05T11:00")),
        Occurrence(at("2026-12-03T09:00"), at("2026-12-03T11:00")),
    )


def test_what_is_on_comes_before_what_is_next() -> None:
    weekly = planned("2026-11-03T09:00", "RRULE:FREQ=WEEKLY;BYDAY=TU")
    during, after = at("2026-11-24T09:29:59"), at("2026-11-24T09:30:00")
    assert current_or_next(weekly, BERLIN, during) == Occurrence(
        at("2026-11-24T08:00"), at("2026-11-24T09:30")
    )
    assert current_or_next(weekly, BERLIN, after) == Occurrence(
        at("2026-12-01T08:00"), at("2026-12-01T09:30")
    )


def test_once_is_once_and_an_offset_is_believed() -> None:
    once = planned("2026-11-24T09:00+00:00")
    held = Occurrence(at("2026-11-24T09:00"), at("2026-11-24T10:30"))
    assert occurrences(once, BERLIN, held.start_s - 1, held.end_s + 1) == (held,)
    assert current_or_next(once, BERLIN, held.end_s) is None
    assert occurrences(planned("2026-11-24T09:00"), BERLIN, 0, at("2026-11-24T07:59")) == ()


def test_what_was_over_last_is_neither_on_nor_to_come() -> None:
    weekly = planned("2026-11-03T09:00", "RRULE:FREQ=WEEKLY;BYDAY=TU")
    week_before = Occurrence(at("2026-11-17T08:00"), at("2026-11-17T09:30"))
    assert latest_past(weekly, BERLIN, at("2026-11-24T09:29:59")) == week_before
    assert latest_past(weekly, BERLIN, at("2026-11-17T09:30")) == week_before
    assert latest_past(weekly, BERLIN, at("2026-11-03T09:00")) is None


def test_what_a_calendar_said_goes_before_the_rule() -> None:
    entry = planned("2026-11-03T09:00", "RRULE:FREQ=WEEKLY;BYDAY=TU").entry
    said = (Occurrence(100.0, 200.0, "one"), Occurrence(300.0, 400.0, "two"))
    plan = Plan(entry, PlanSource.CALENDAR, said)
    assert occurrences(plan, BERLIN, 200.0, 300.0) == said[1:]
    assert current_or_next(plan, BERLIN, 150.0) == said[0]
    assert latest_past(plan, BERLIN, 350.0) == said[0]
    assert current_or_next(Plan(entry, PlanSource.CALENDAR, ()), BERLIN, 0.0) is None
