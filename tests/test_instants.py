import pytest
from hypothesis import given
from hypothesis import strategies as st

from console import language
from console.commands.instants import iso, parse
from console.errors import OperatorError

NOW_S = 1_795_338_000.0  # 2026-11-22T09:00:00Z


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-22T09:00:00Z", NOW_S),
        ("2026-11-22T09:00:00.250Z", NOW_S + 0.25),
        ("2026-11-22T10:00:00+01:00", NOW_S),
        ("2026-11-22 10:00", NOW_S),  # Europe/Berlin
        ("2026-11-22T10:00:30", NOW_S + 30),
        ("10:00", NOW_S),
        ("9:30", NOW_S - 1800),
        ("2026-11-22", NOW_S - 36000),
        ("-2h", NOW_S - 7200),
        ("-90s", NOW_S - 90),
        ("-1.5 h", NOW_S - 5400),
        ("-30min", NOW_S - 1800),
        ("-7d", NOW_S - 604800),
        ("now", NOW_S),
        ("2026-07-01 12:00", 1_782_900_000.0),  # summer time
    ],
)
def test_parse(text, expected):
    assert parse(text, NOW_S) == expected


@pytest.mark.parametrize("text", ["", "yesterday", "-2", "2h", "2026-13-01", "25:00", "-2 weeks"])
def test_what_is_no_moment_is_wrong_input(text):
    with pytest.raises(OperatorError, match="is no moment") as error:
        parse(text, NOW_S)
    assert error.value.exit_code == 2


@pytest.mark.parametrize(
    "text",
    [
        *("0001-01-01", "1969-12-31", "9999-12-31T23:59:59Z", "9999-12-31", "-99999999d"),
        *("0001-01-01T00:00:00+05:00", f"-{'9' * 400}w"),
    ],
)
def test_what_is_too_far_away_is_wrong_input(text):
    with pytest.raises(OperatorError, match="from 1970 to 9998") as error:
        parse(text, NOW_S)
    assert error.value.exit_code == 2


def test_local_time_is_the_networks():
    language.use("en", "America/New_York")
    try:
        assert parse("2026-11-22 04:00", NOW_S) == NOW_S
    finally:
        language.use("en")


def test_iso():
    assert iso(NOW_S) == "2026-11-22T09:00:00.000Z"
    assert iso(NOW_S + 0.1234) == "2026-11-22T09:00:00.123Z"
    assert iso(None) is None


@given(st.integers(0, 4_000_000_000_000))
def test_what_is_written_is_read(at_ms):
    assert parse(iso(at_ms / 1000), NOW_S) == pytest.approx(at_ms / 1000, abs=1e-6)
