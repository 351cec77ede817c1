import pytest

from console.analysis.states import (
    Answers,
    End,
    Judgement,
    cut_off,
    device_state,
    link_state,
    room_state,
)
from console.model.observation import RoomFacts
from console.model.states import Outcome, RoomState, State

NEW = Judgement(State.UNKNOWN)
UP = Judgement(State.UP)
DOWN = Judgement(State.DOWN, ("snmp_timeout",))
IDLE = Judgement(RoomState.IDLE)


def answers(protocol: str, *outcomes: Outcome) -> Answers:
    folded = Answers()
    for outcome in outcomes:
        folded = folded.after(outcome, f"{protocol}_{outcome.name.lower()}")
    return folded


OK, MISS, NO, BAD = Outcome.OK, Outcome.TIMEOUT, Outcome.REFUSED, Outcome.GARBLED


@pytest.mark.parametrize(
    ("snmp", "ping", "before", "state", "reasons"),
    [
        ([], [], NEW, State.UNKNOWN, ()),
        ([OK], [], NEW, State.UP, ()),
        ([OK], [MISS] * 5, UP, State.UP, ()),
        ([Outcome.REPEATED], [], NEW, State.UP, ()),
        ([MISS] * 2, [], UP, State.UP, ()),
        ([MISS] * 3, [], UP, State.DOWN, ("snmp_timeout",)),
        ([OK, MISS, MISS, OK, MISS], [], UP, State.UP, ()),
        ([MISS] * 2, [OK], UP, State.UP, ()),
        ([MISS] * 3, [OK], UP, State.DEGRADED, ("snmp_timeout",)),
        ([NO], [OK], UP, State.DEGRADED, ("snmp_refused",)),
        ([NO], [], UP, State.DEGRADED, ("snmp_refused",)),
        ([BAD], [MISS] * 3, UP, State.DEGRADED, ("snmp_garbled",)),
        ([MISS], [MISS] * 2, UP, State.UP, ()),
        ([MISS], [MISS] * 3, UP, State.DOWN, ("snmp_timeout", "icmp_timeout")),
        ([MISS] * 3, [MISS], UP, State.DOWN, ("snmp_timeout", "icmp_timeout")),
        ([MISS], [OK], DOWN, State.DEGRADED, ("snmp_timeout",)),
        ([MISS], [], DOWN, State.DOWN, ("snmp_timeout",)),
    ],
)
def test_device_state(snmp, ping, before, state, reasons):
    judged = device_state(answers("snmp", *snmp), answers("icmp", *ping), before)
    assert judged == Judgement(state, reasons)


def test_what_was_never_asked_is_not_silence():
    snmp = Answers()
    for _ in range(5):
        snmp = snmp.after(Outcome.ERROR, "secret_missing:NOC_COMMUNITY")
    reasons = ("secret_missing:NOC_COMMUNITY",)
    assert device_state(snmp, Answers(), UP) == Judgement(State.UNKNOWN, reasons)
    pinged = answers("icmp", OK)
    assert device_state(snmp, pinged, UP) == Judgement(State.DEGRADED, reasons)


def end(oper=1, admin=1, speed_bps=1e9, faults_ps=0.0, port="r1 xe-0"):
    return End(port, admin, oper, speed_bps, faults_ps)


@pytest.mark.parametrize(
    ("ends", "state", "reasons"),
    [
        ([], State.UNKNOWN, ()),
        ([end()], State.UP, ()),
        ([end(), end(oper=4)], State.UP, ()),
        ([end(oper=4)], State.UNKNOWN, ()),
        ([end(oper=None)], State.UNKNOWN, ()),
        ([end(), end(oper=7)], State.DOWN, ("port_down:r1 xe-0",)),
        ([end(oper=2, admin=2)], State.DOWN, ("port_off:r1 xe-0",)),
        ([end(), end(speed_bps=1e8)], State.DEGRADED, ("speed_mismatch",)),
        ([end(), end(speed_bps=None)], State.UP, ()),
        ([end(faults_ps=2.5)], State.DEGRADED, ("port_faults:r1 xe-0",)),
        ([end(faults_ps=2.0)], State.UP, ()),
    ],
)
def test_link_state(ends, state, reasons):
    assert link_state(ends) == Judgement(state, reasons)


@pytest.mark.parametrize(
    ("probes", "before", "state", "reasons"),
    [
        ({}, Judgement(RoomState.UNKNOWN), RoomState.UNKNOWN, ()),
        ({"sip": [OK]}, Judgement(RoomState.UNKNOWN), RoomState.IDLE, ()),
        ({"sip": [Outcome.BUSY]}, IDLE, RoomState.IN_CALL, ()),
        ({"icmp": [OK]}, IDLE, RoomState.IDLE, ("ping_only",)),
        ({"icmp": [OK], "sip": [OK]}, IDLE, RoomState.IDLE, ()),
        ({"sip": [MISS] * 2}, IDLE, RoomState.IDLE, ()),
        ({"sip": [MISS] * 3}, IDLE, RoomState.DOWN, ("sip_timeout",)),
        ({"icmp": [OK], "sip": [MISS] * 3}, IDLE, RoomState.DEGRADED, ("sip_timeout",)),
        ({"sip": [NO]}, IDLE, RoomState.DEGRADED, ("sip_refused",)),
        ({"icmp": [OK], "sip": [BAD]}, IDLE, RoomState.DEGRADED, ("sip_garbled",)),
        (
            {"icmp": [OK], "sip": [Outcome.BUSY, MISS]},
            Judgement(RoomState.IN_CALL),
            RoomState.IN_CALL,
            (),
        ),
        ({"icmp": [OK], "sip": [MISS]}, Judgement(RoomState.DOWN), RoomState.IDLE, ()),
    ],
)
def test_room_state(probes, before, state, reasons):
    folded = {name: answers(name, *outcomes) for name, outcomes in probes.items()}
    assert room_state(folded, False, before) == Judgement(state, reasons)


def told(outcome=OK, **facts):
    return Answers().after(outcome, "", RoomFacts(**facts))


MISSING = Answers().after(Outcome.ERROR, "secret_missing:${env:X}")


@pytest.mark.parametrize(
    ("probes", "state", "reasons"),
    [
        ({"cisco": told(standby=True), "sip": told()}, RoomState.STANDBY, ()),
        ({"cisco": told(in_call=True, standby=True)}, RoomState.IN_CALL, ()),
        ({"cisco": told(), "sip": told(Outcome.BUSY)}, RoomState.IN_CALL, ()),
        (
            {"cisco": told(in_call=True, findings=("registration_failed:SIP",))},
            RoomState.DEGRADED,
            ("registration_failed:SIP",),
        ),
        (
            {"cisco": told(findings=("microphone_muted", "diagnostics_warning:NTP"))},
            RoomState.IDLE,
            ("diagnostics_warning:NTP", "microphone_muted"),
        ),
        (
            {"cisco": told(findings=("microphone_muted", "diagnostics_critical:Fan"))},
            RoomState.DEGRADED,
            ("diagnostics_critical:Fan", "microphone_muted"),
        ),
        (
            {"sip": told(), "cisco": MISSING},
            RoomState.DEGRADED,
            ("secret_missing:${env:X}",),
        ),
        ({"cisco": MISSING}, RoomState.UNKNOWN, ("secret_missing:${env:X}",)),
        (
            {"cisco": MISSING, "sip": answers("sip", MISS, MISS, MISS)},
            RoomState.DOWN,
            ("secret_missing:${env:X}", "sip_timeout"),
        ),
        (
            {"a": told(findings=("camera_none",)), "b": told(findings=("camera_none",))},
            RoomState.IDLE,
            ("camera_none",),
        ),
    ],
)
def test_room_state_by_what_rooms_tell(probes, state, reasons):
    assert room_state(probes, False, IDLE) == Judgement(state, reasons)


def test_facts_hold_only_as_long_as_the_answer():
    answer = told(in_call=True).after(MISS, "cisco_timeout")
    assert answer.facts is None


def test_a_dead_room_at_an_unreachable_site_is_unreachable():
    dead = {"sip": answers("sip", MISS, MISS, MISS)}
    assert room_state(dead, True, IDLE).state is RoomState.UNREACHABLE


# core ─ a ─ b ─ c, and d has two links to core.
LINKS = {
    "core-a": ("core", "a"),
    "a-b": ("a", "b"),
    "b-c": ("b", "c"),
    "core-d1": ("core", "d"),
    "core-d2": ("core", "d"),
}


def around() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for link, (one, other) in LINKS.items():
        found.setdefault(one, []).append((link, other))
        found.setdefault(other, []).append((link, one))
    return found


@pytest.mark.parametrize(
    ("silent", "broken", "expected"),
    [
        ("a", [], {}),
        ("a", ["core-a"], {}),  # b answers and says its link to a is up
        ("ab", ["core-a", "b-c"], {"a": "core-a", "b": "b-c"}),
        ("abc", [], {"b": "a", "c": "a"}),
        ("abc", ["core-a"], {"a": "core-a", "b": "core-a", "c": "core-a"}),
        ("c", ["b-c"], {"c": "b-c"}),
        ("d", ["core-d1", "core-d2"], {}),
        ("d", ["core-d1"], {}),
    ],
)
def test_cut_off(silent, broken, expected):
    answering = {"core", "a", "b", "c", "d"} - set(silent)
    assert cut_off(around(), set(silent), answering, set(broken)) == expected


def test_nothing_is_explained_where_nobody_answers():
    assert cut_off(around(), {"core", "a", "b", "c", "d"}, set(), {"core-a"}) == {}
