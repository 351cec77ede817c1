from datetime import datetime
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from console.model.recurrence import rule_problem


@pytest.mark.parametrize(
    "rule",
    [
        "RRULE:FREQ=MONTHLY;BYDAY=1TH",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE",
        "FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20271231",
        "FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=1",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=12;WKST=MO",
    ],
)
def test_rules_that_can_be_followed(rule):
    assert rule_problem(rule) is None


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("", "no place here"),
        ("monthly", "no place here"),
        ("BYDAY=MO", "FREQ is missing"),
        ("FREQ=MONTLY", "DAILY, WEEKLY, MONTHLY or YEARLY"),
        ("FREQ=HOURLY", "DAILY, WEEKLY, MONTHLY or YEARLY"),
        ("FREQ=DAILY;INTERVAL=0", "a number from 1"),
        ("FREQ=DAILY;FREQ=DAILY", "once"),
        ("FREQ=MONTHLY;BYDAY=DO", "1TH (the first Thursday)"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20270101", "exclude"),
        ("FREQ=DAILY;UNTIL=20271399", "cannot be"),
        ("FREQ=MONTHLY;BYSETPOS=0", "positions"),
        ("FREQ=DAILY;BYMONTH=13", "months"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31", "never"),
        ("FREQ=DAILY;UNTIL=20271231T225959Z", "a day such as"),
    ],
)
def test_rules_that_cannot(rule, says):
    assert says in rule_problem(rule)


WALL = datetime(2026, 1, 1, 10)  # noqa: DTZ001 - rules follow the clock on the wall
PARTS = st.sampled_from(
    (
        *(
            "FREQ=DAILY",
            "FREQ=WEEKLY",
            "FREQ=YEARLY",
            "INTERVAL=3",
            "BYDAY=MO",
            "BYDAY=5TU",
            "COUNT=4",
        ),
        *("BYMONTHDAY=31", "BYMONTH=13", "BYMONTH=2", "BYSETPOS=1", "UNTIL=20270101", "X=1"),
    )
)


@given(st.lists(PARTS, max_size=4))
def test_what_passes_can_be_followed(parts):
    rule = ";".join(parts)
    if rule_problem(rule) is None:
        assert next(islice(rrulestr(rule, dtstart=WALL), 1), WALL) >= WALL
