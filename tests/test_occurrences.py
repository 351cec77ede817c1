"""When conferences are held, by the clock on the wall."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from console.analysis.occurrences import current_or_next, occurrences
from console.model.inventory import Conference
from tests.simulated import shipped

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def conference(start: str, repeat: str | None = None) -> Conference:
    entry = {"id": "c", "bridge": "b", "profile": "p", "start": start, "duration_min": 90}
    return Conference.model_validate({**entry, "repeat": repeat})


def test_first_thursday_of_the_month_at_ten_in_winter_and_summer() -> None:
    found = occurrences(
        shipped().by_id["landraetekonferenz"],  # type: ignore[arg-type]
        BERLIN,
        at("2026-10-01T00:00"),
        at("2026-12-31T00:00"),
    )
    assert found == (
        (at("2026-10-01T08:00"), at("2026-10-01T10:00")),
        (at("2026-11-05T09:00"), at("2026-11-05T11:00")),
        (at("2026-12-03T09:00"), at("2026-12-03T11:00")),
    )


def test_what_is_on_comes_before_what_is_next() -> None:
    weekly = conference("2026-11-03T09:00", "RRULE:FREQ=WEEKLY;BYDAY=TU")
    during, after = at("2026-11-24T09:29:59"), at("2026-11-24T09:30:00")
    assert current_or_next(weekly, BERLIN, during) == (
        at("2026-11-24T08:00"),
        at("2026-11-24T09:30"),
    )
    assert current_or_next(weekly, BERLIN, after) == (
        at("2026-12-01T08:00"),
        at("2026-12-01T09:30"),
    )


def test_once_is_once_and_an_offset_is_believed() -> None:
    once = conference("2026-11-24T09:00+00:00")
    span = (at("2026-11-24T09:00"), at("2026-11-24T10:30"))
    assert occurrences(once, BERLIN, span[0] - 1, span[1] + 1) == (span,)
    assert current_or_next(once, BERLIN, span[1]) is None
    assert occurrences(conference("2026-11-24T09:00"), BERLIN, 0, at("2026-11-24T07:59")) == ()
