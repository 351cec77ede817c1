import json

import numpy as np

from console.commands.series_output import csv_text, json_text, plain_text
from console.model.series import LinkSeries
from tests.builders import NOON_S


def column(*values):
    return np.array(values, dtype=np.float64)


SERIES = LinkSeries(
    *("mz-tr", 1e9, 300.0, column(NOON_S, NOON_S + 300)),
    *(column(1e6, np.nan), column(2e6, np.nan), column(1.5e6, np.nan), column(2.5e6, np.nan)),
    *(column(0.0, np.nan), column(0.0, np.nan), (), 1e6, None),
)


def test_json():
    told = json.loads(json_text(SERIES))
    assert told == {
        "link": "mz-tr",
        "capacity_bps": 1e9,
        "step_s": 300.0,
        "points": [
            {
                "at": "2026-11-22T09:00:00.000Z",
                "a_to_b_bps": 1e6,
                "b_to_a_bps": 2e6,
                "a_to_b_max_bps": 1.5e6,
                "b_to_a_max_bps": 2.5e6,
            },
            {
                "at": "2026-11-22T09:05:00.000Z",
                "a_to_b_bps": None,
                "b_to_a_bps": None,
                "a_to_b_max_bps": None,
                "b_to_a_max_bps": None,
            },
        ],
        "p95": {"a_to_b_bps": 1e6, "b_to_a_bps": None},
    }


def test_csv():
    assert csv_text(SERIES).split("\n") == [
        "at,a_to_b_bps,b_to_a_bps,a_to_b_max_bps,b_to_a_max_bps",
        "2026-11-22T09:00:00.000Z,1000000.0,2000000.0,1500000.0,2500000.0",
        "2026-11-22T09:05:00.000Z,,,,",
    ]


def test_people_see_local_times_and_units():
    lines = plain_text(SERIES).split("\n")
    assert lines[0] == "mz-tr · 1.00 Gbit/s"
    assert "10:00:00" in lines[3]
    assert "1.00 Mbit/s" in lines[3]
    assert lines[4].split()[-4:] == ["–"] * 4
    assert lines[5].startswith("95th percentile")
