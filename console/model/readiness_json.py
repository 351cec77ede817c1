"""An assessment as the contract's JSON, and as the text that the history keeps of it.

The first is for scripts and carries sentences; the second is read back without any loss.
"""

import dataclasses
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from console.model.advice import Relief
from console.model.readiness import (
    Assessment,
    Direction,
    Finding,
    Impact,
    LoadedLink,
    Participant,
    Severity,
    SingleFailure,
    Verdict,
)

Json = dict[str, Any]
Sentence = Callable[[Finding], str]
Entry = TypeVar("Entry", Finding, LoadedLink, Participant, SingleFailure)
_WORDS: Mapping[str, type[StrEnum]] = {
    "verdict": Verdict,
    "severity": Severity,
    "direction": Direction,
}


def iso(at_s: float) -> str:
    """Return UTC seconds as ISO 8601 with Z and milliseconds."""
    moment = datetime.fromtimestamp(round(at_s, 3), UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def to_json(assessment: Assessment, sentence: Sentence) -> Json:
    """Return `readiness --json`; `sentence` puts a reason into words."""
    return {
        "conference": assessment.conference,
        "start": iso(assessment.start_s),
        "end": iso(assessment.end_s),
        "assessed_at": iso(assessment.assessed_at_s),
        "verdict": assessment.verdict.value,
        "reasons": _reasons(assessment.reasons, sentence),
        "participants": [
            {**_plain(one), "reasons": _reasons(one.reasons, sentence)}
            for one in assessment.participants
        ],
        "links": [_plain(link) for link in assessment.links],
        "single_failures": [_plain(failure) for failure in assessment.single_failures],
    }


def relief_to_json(relief: Relief, text: str) -> Json:
    """Return one entry of `advice` in `readiness --json`; `failed` is null for things as they are.

    `text` is the relief in words.
    """
    return {
        "failed": relief.failed or None,
        "take_down": [_plain(step) for step in relief.steps],
        "still_overloaded": [_plain(overload) for overload in relief.left],
        "text": text,
    }


def impact_to_json(impact: Impact) -> Json:
    """Return `impact --json`."""
    return {
        "failed": impact.failed,
        "at": iso(impact.at_s),
        "cut_off_sites": list(impact.cut_off_sites),
        "rooms": list(impact.rooms),
        "services": [{"id": service, "cut_off": list(sites)} for service, sites in impact.services],
        "conferences": [
            {"id": conference, "verdict": verdict.value}
            for conference, verdict in impact.conferences
        ],
        "overloaded": [_plain(overload) for overload in impact.overloaded],
    }


def _reasons(reasons: Iterable[Finding], sentence: Sentence) -> list[Json]:
    keys = ("code", "severity", "subject")
    return [
        {**{key: str(getattr(reason, key)) for key in keys}, "text": sentence(reason)}
        for reason in reasons
    ]


def _plain(entry: Any) -> Json:
    """Return a dataclass as JSON has it: words for enums, lists for tuples."""
    found: Json = {}
    for field in dataclasses.fields(entry):
        value = getattr(entry, field.name)
        if isinstance(value, StrEnum):
            value = value.value
        elif isinstance(value, tuple):
            value = [_plain(one) if dataclasses.is_dataclass(one) else one for one in value]
        found[field.name] = value
    return found


def dumps(assessment: Assessment) -> str:
    """Return the text that `loads` reads back."""
    return json.dumps(_plain(assessment), ensure_ascii=False, separators=(",", ":"))


def loads(text: str) -> Assessment:
    """Read what `dumps` wrote. Raises ValueError for anything else."""
    try:
        return _assessment(json.loads(text))
    except (KeyError, TypeError) as error:
        raise ValueError("not a kept assessment") from error


def _assessment(found: Json) -> Assessment:
    lists = {
        "reasons": _entries(Finding, found["reasons"]),
        "participants": _entries(Participant, found["participants"]),
        "links": _entries(LoadedLink, found["links"]),
        "single_failures": _entries(SingleFailure, found["single_failures"]),
    }
    return Assessment(**{**found, **lists, "verdict": Verdict(found["verdict"])})


def _entries(kind: type[Entry], found: Iterable[Json]) -> tuple[Entry, ...]:
    return tuple(kind(**{key: _value(key, value) for key, value in one.items()}) for one in found)


def _value(key: str, value: Any) -> Any:
    if key in _WORDS:
        return _WORDS[key](value)
    if key == "reasons":
        return _entries(Finding, value)
    return tuple(value) if isinstance(value, list) else value
