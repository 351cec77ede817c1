import dataclasses
import json

import pytest

from console.commands.status_json import status_json
from console.commands.status_text import status_text
from console.inventory import load
from console.model.observation import RoomFacts
from console.model.snapshot import Collector, Reason, Snapshot
from console.model.states import CollectorState, RoomState, State
from tests.builders import (
    DEMO_INVENTORY,
    NOON_S,
    healthy_snapshot,
    with_device,
    with_link,
    with_room,
)

HEALTHY = healthy_snapshot(load(DEMO_INVENTORY))


def one(entries, name):
    return next(entry for entry in entries if entry["id"] == name)


def test_a_device_that_is_not_well():
    snapshot = with_device(
        HEALTHY,
        "tr-r1",
        state=State.UNREACHABLE,
        reasons=(Reason("snmp_timeout"), Reason("behind", "mz-tr")),
        rtt_ms=None,
    )
    told = one(status_json(snapshot)["devices"], "tr-r1")
    assert told["state"] == "unreachable"
    assert told["reasons"] == [
        {"code": "snmp_timeout", "argument": None, "text": "No answer over SNMP"},
        {"code": "behind", "argument": "mz-tr", "text": "Cut off behind mz-tr"},
    ]
    assert (told["rtt_ms"], told["since"]) == (None, "2026-11-21T09:00:00.000Z")


def test_what_is_not_known_is_null():
    unknown = dict.fromkeys(("a_to_b_bps", "b_to_a_bps", "a_to_b_load", "b_to_a_load", "age_s"))
    told = status_json(with_link(HEALTHY, "mz-tr", state=State.UNKNOWN, **unknown))
    link = one(told["links"], "mz-tr")
    assert all(link[key] is None for key in unknown)
    assert json.loads(json.dumps(told, allow_nan=False)) == told


def test_a_device_tells_its_system_group():
    told = {"sys_name": "r1", "sys_descr": "OS 1", "sys_location": "Rack 1", "sys_object_id": "1.3"}
    device = one(status_json(with_device(HEALTHY, "tr-r1", **told))["devices"], "tr-r1")
    assert {key: device[key] for key in told} == told


def test_ends_of_a_link_are_sites():
    link = one(status_json(HEALTHY)["links"], "mz-tr")
    assert (link["a"], link["b"]) == ("mainz", "trier-saarburg")


def test_severity_of_a_rooms_reasons():
    codes = ("ping_only", "sip_timeout", "diagnostics_warning", "diagnostics_error", "stale")
    reasons = tuple(map(Reason, codes))
    told = status_json(with_room(HEALTHY, "tr-saal", state=RoomState.DEGRADED, reasons=reasons))
    severities = [reason["severity"] for reason in one(told["rooms"], "tr-saal")["reasons"]]
    assert severities == ["info", "error", "warning", "error", "error"]


def test_what_a_room_tells_of_itself():
    facts = RoomFacts(calls=1, receive_bps=3e6, encryption="AES-128", model="Room Kit", displays=2)
    room = one(status_json(with_room(HEALTHY, "tr-saal", facts=facts))["rooms"], "tr-saal")
    assert (room["model"], room["displays"], room["software"]) == ("Room Kit", 2, None)
    assert room["call"] == {
        **{"calls": 1, "participants": None, "receive_bps": 3e6, "transmit_bps": None},
        **{"loss": None, "encryption": "AES-128"},
    }
    assert one(status_json(HEALTHY)["rooms"], "tr-saal")["call"] is None


def test_before_anything_was_recorded():
    never = Collector(CollectorState.NEVER, None)
    empty = Snapshot(NOON_S, False, None, never, None, None, {}, {}, {}, {}, {}, {})
    told = status_json(empty)
    assert told["cycle"] is None
    assert told["collector"] == {"state": "never", "heartbeat_age_s": None}
    assert told["devices"] == told["links"] == told["rooms"] == []
    assert "nothing recorded up to this moment" in status_text(empty)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (CollectorState.RUNNING, "collector running"),
        (CollectorState.SILENT, "collector silent for 5 min"),
        (CollectorState.STOPPED, "collector stopped 5 min ago"),
    ],
)
def test_people_are_told_of_the_collector(state, words):
    told = status_text(dataclasses.replace(HEALTHY, collector=Collector(state, 300.0)))
    assert words in told.split("\n")[1]


def test_people_see_first_what_is_not_well():
    snapshot = with_device(HEALTHY, "ps-r1", state=State.DOWN, reasons=(Reason("snmp_timeout"),))
    devices = status_text(snapshot).split("\n\n")[1].split("\n")
    assert devices[1].startswith("ps-r1")
    assert devices[1].endswith("No answer over SNMP")
    assert " down " in devices[1]
