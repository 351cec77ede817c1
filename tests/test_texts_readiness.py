"""Sentences of readiness: every code has one, names instead of ids, and somebody to call."""

import dataclasses

import pytest

from console.analysis.readiness import assess
from console.analysis.readiness.findings import SEVERITIES, finding
from console.language import use
from console.model.readiness import Assessment, Verdict
from console.model.snapshot import Reason
from console.model.states import RoomState, State
from console.names import Names
from console.texts_readiness import (
    contact,
    finding_sentence,
    summary,
    to_do,
    verdict_sentence,
    verdict_word,
)
from tests.builders import with_link, with_room
from tests.situations import network, situation

INVENTORY = network(
    {"m": ["m1", "m2"], "a": ["a1"], "b": ["b1"]},
    [
        ("am", "a1", "m1", 1e9, None),
        ("bm", "b1", "m1", 1e9, None),
        ("ab", "a1", "b1", 1e9, None),
        ("ab2", "b1", "a1", 1e9, None),
        ("mm", "m1", "m2", 1e9, None),
    ],
    {"ra": "a", "rb1": "b", "rb2": "b"},
    "m",
)
NAMES = Names(INVENTORY)
ARGUMENTS = {"quorum_missed": "3/4", "rtt_high": "180", "overload": "1.2", "loss_high": "0.02"}


def test_things_are_called_by_their_sites() -> None:
    assert NAMES.name("ra") == "Site a"
    assert NAMES.name("rb1") == "Site b, Room rb1"
    assert NAMES.name("am") == "Site a – Site m"
    assert NAMES.name("ab") == "Site a – Site b (ab)"  # one of two
    assert NAMES.name("mm") == "m1 – m2"
    assert (NAMES.name("a1"), NAMES.name("m1")) == ("Site a", "Site m (m1)")
    assert (NAMES.name("bridge"), NAMES.name("gone")) == ("Bridge", "gone")


@pytest.mark.parametrize("code", sorted(SEVERITIES))
def test_every_code_has_a_sentence_and_something_to_do(code: str) -> None:
    said = finding_sentence(finding(code, "ra", ARGUMENTS.get(code, "2")), NAMES)
    assert "Site a" in said
    assert said.endswith(".")
    assert "_" not in said
    assert "{" not in said
    assert to_do(finding(code, "ra")).endswith(".")


def test_numbers_are_told_as_a_person_reads_them() -> None:
    def said(code: str, subject: str, argument: str) -> str:
        return finding_sentence(finding(code, subject, argument), NAMES)

    assert "180 ms there and back" in said("rtt_high", "ra", "180")
    assert "2.0 %" in said("loss_high", "ra", "0.02")
    assert "120 % of its capacity" in said("overload", "am", "1.2")
    assert said("failure_cuts_off", "am", "1") == (
        "If the link Site a – Site m fails, 1 room loses the conference."
    )
    assert said("failure_overloads", "m1", "2") == (
        "If the network device Site m (m1) fails, 2 links are overloaded."
    )
    assert said("room_degraded", "ra", "camera_failed") == (
        "The video room Site a is not fully in order. The camera does not work."
    )


def test_what_is_unknown_is_shown_as_it_is() -> None:
    strange = dataclasses.replace(finding("no_path", "ra", "7"), code="newer_code")
    assert finding_sentence(strange, NAMES) == "newer_code Site a 7"
    assert to_do(strange) == ""


def test_the_room_is_called_first_then_its_site_then_the_bridge() -> None:
    rooms = [room.model_dump(by_alias=True) for room in INVENTORY.rooms]
    rooms[0]["contact"] = "Caretaker"
    names = Names(
        type(INVENTORY).model_validate({**INVENTORY.model_dump(by_alias=True), "rooms": rooms})
    )

    def called(subject: str, bridge: str = "") -> tuple[str, str] | None:
        found = contact(subject, names, bridge)
        return (found.name, found.text) if found else None

    assert called("ra") == ("Site a", "Caretaker")
    assert called("rb1") == ("Site b", "Call b")
    assert called("am") == called("a1") == ("Site a", "Call a")
    assert called("conf") == ("Bridge", "Call the bridge")
    assert called("gone") is None
    assert called("gone", "bridge") == ("Bridge", "Call the bridge")


def test_every_verdict_has_words() -> None:
    assert {verdict_word(verdict) for verdict in Verdict} == {
        "Ready",
        "Ready – but not under every failure",
        "Not ready",
        "Unknown",
    }
    assert len({verdict_sentence(verdict) for verdict in Verdict}) == 4


def assessed(**rooms: RoomState) -> Assessment:
    made = situation(INVENTORY)
    seen = with_link(made.snapshot, "am", state=State.DOWN)
    for room, state in rooms.items():
        seen = with_room(seen, room, state=state, reasons=(Reason("sip_timeout"),))
    return assess(dataclasses.replace(made, snapshot=seen))


def test_the_summary_counts_rooms_and_places() -> None:
    found = assessed()
    assert summary(found) == (
        "3 of 3 rooms are ready. Two places need attention before the conference."
    )
    later = dataclasses.replace(found, start_s=found.start_s + 4 * 86400)
    assert summary(later).endswith("need attention before Thursday.")
    fine = dataclasses.replace(found, reasons=())
    assert summary(fine) == "3 of 3 rooms are ready."
    assert summary(assessed(ra=RoomState.DOWN)).startswith("2 of 3 rooms are ready.")


def test_german() -> None:
    use("de")
    said = finding_sentence(finding("failure_cuts_off", "am", "2"), NAMES)
    assert said == "Fällt die Leitung Site a – Site m aus, verlieren 2 Räume die Konferenz."
    assert summary(assessed()) == (
        "3 von 3 Räumen sind bereit. Zwei Stellen brauchen vor der Konferenz Aufmerksamkeit."
    )
