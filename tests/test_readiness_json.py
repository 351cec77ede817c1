"""The contract's JSON key by key, and the kept form, which loses nothing."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.analysis.readiness import assess
from console.model.readiness import (
    Assessment,
    Direction,
    Finding,
    Impact,
    LoadedLink,
    Overload,
    Participant,
    Severity,
    SingleFailure,
    Verdict,
)
from console.model.readiness_json import dumps, impact_to_json, loads, to_json
from tests.situations import network, situation

INVENTORY = network(
    {"m": ["m1"], "a": ["a1"]}, [("am", "a1", "m1", 10e6, None)], {"ra": "a", "rm": "m"}, "m"
)


def said(finding: Finding) -> str:
    return f"about {finding.subject}"


def shape(value: Any) -> Any:
    """The keys, without the values."""
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value and isinstance(value[0], dict) else []
    return None


def test_the_keys_are_the_contracts() -> None:
    found = to_json(assess(situation(INVENTORY)), said)
    reason = {"code": None, "severity": None, "subject": None, "text": None}
    participant = dict.fromkeys(
        ("room", "site", "verdict", "path", "rtt_ms", "jitter_ms", "loss", "evidence_age_s")
    )
    link = dict.fromkeys(("id", "direction", "capacity_bps", "baseline_bps", "demand_bps", "load"))
    assert shape(found) == {
        **dict.fromkeys(("conference", "start", "end", "assessed_at", "verdict")),
        "reasons": [reason],
        "participants": [{**participant, "path": [], "reasons": []}],
        "links": [link],
        "single_failures": [{"failed": None, "cut_off": [], "overloaded": [], "verdict": None}],
    }
    assert found["start"] == "2026-11-22T10:00:00.000Z"
    assert found["participants"][0]["path"] == ["am"]
    assert found["participants"][1]["path"] == []
    assert found["reasons"][0]["text"] == "about am"
    assert found["links"][0]["direction"] == "a_to_b"
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_impact() -> None:
    impact = Impact(
        *("am", 0.0, ("a",), ("ra",), (("web", ("a",)),), (("conf", Verdict.NOT_READY),)),
        *((Overload("x", Direction.B_TO_A, 1.2),), ()),
    )
    assert impact_to_json(impact) == {
        "failed": "am",
        "at": "1970-01-01T00:00:00.000Z",
        "cut_off_sites": ["a"],
        "rooms": ["ra"],
        "services": [{"id": "web", "cut_off": ["a"]}],
        "conferences": [{"id": "conf", "verdict": "not_ready"}],
        "overloaded": [{"link": "x", "direction": "b_to_a", "load": 1.2}],
    }


words = st.text(max_size=5)
number = st.none() | st.floats(-1e18, 1e18)
names = st.lists(words, max_size=3).map(tuple)
reasons = st.lists(
    st.builds(Finding, words, st.sampled_from(Severity), words, words), max_size=2
).map(tuple)
verdicts, instants = st.sampled_from(Verdict), st.floats(0, 4e9)
participants = st.builds(
    *(Participant, words, words, verdicts, st.none() | names),
    *(number, number, number, number, reasons),
)
links = st.builds(
    *(LoadedLink, words, st.sampled_from(Direction), number, number, st.floats(0, 1e12), number),
)
failures = st.builds(SingleFailure, words, names, names, verdicts)
kept_ones = st.builds(
    *(Assessment, words, instants, instants, instants, verdicts, reasons),
    *(st.lists(one, max_size=2).map(tuple) for one in (participants, links, failures)),
)


@given(kept_ones)
@settings(max_examples=100)
def test_what_is_kept_is_read_back_as_it_was(kept: Assessment) -> None:
    assert loads(dumps(kept)) == kept


def test_what_is_no_kept_assessment_is_refused() -> None:
    for text in ("", "[]", "{}", '{"verdict": "ready"}', "null"):
        with pytest.raises(ValueError, match=r"."):
            loads(text)
