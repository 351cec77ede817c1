from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from console.analysis.judge import Judge, probe_name
from console.model.inventory import Inventory
from console.model.observation import (
    DevicePoll,
    PortFacts,
    PortSample,
    ProbeResult,
    RoomFacts,
    Transition,
)
from console.model.states import Outcome

NETWORK = Inventory.model_validate(
    {
        "network": "chain",
        "snmp": {"lab": {"version": "2c", "community": "public"}},
        "polling": {"interfaces_s": 30, "ping_s": None},
        "sites": [{"id": f"site-{n}", "name": n, "lat": 50, "lon": 7} for n in "abc"],
        "devices": [
            {"id": n, "site": f"site-{n}", "address": f"127.0.0.1:{16100 + i}", "snmp": "lab"}
            for i, n in enumerate("abc")
        ],
        "links": [
            {
                "id": f"{one}-{other}",
                "a": {"device": one, "interface": f"to-{other}"},
                "b": {"device": other, "interface": f"to-{one}"},
            }
            for one, other in ("ab", "bc")
        ],
        "rooms": [
            {"id": "saal", "site": "site-c", "name": "Saal", "probes": [{"sip": "sip:s@127.0.0.1"}]}
        ],
    }
)
PORTS = {"a": ["to-b"], "b": ["to-a", "to-c"], "c": ["to-b"]}
OK, MISS = Outcome.OK, Outcome.TIMEOUT


def poll(device, outcome=OK, cycle=1, down=(), faults_ps=0.0):
    if not outcome.alive:
        return DevicePoll(device, cycle, 0, outcome)
    facts = tuple(
        PortFacts(name, i, name, name, "", 6, 1e9) for i, name in enumerate(PORTS[device], 1)
    )
    samples = tuple(
        PortSample(name, 1, 2 if name in down else 1, 0.0, 0.0, faults_ps, 0.0, 0.0, 0.0)
        for name in PORTS[device]
    )
    return DevicePoll(device, cycle, 0, outcome, port_facts=facts, ports=samples)


def call(outcome, cycle=1):
    return ProbeResult("saal", "sip sip:s@127.0.0.1", cycle, 0, outcome)


def states(judge):
    return {subject: stands.state.value for subject, stands in judge.standing.items()}


def healthy():
    judge = Judge(NETWORK)
    for device in "abc":
        judge.poll(poll(device))
    judge.probe(call(OK))
    return judge


def test_everything_comes_up_once():
    judge = Judge(NETWORK)
    changes = [t for device in "abc" for t in judge.poll(poll(device))]
    assert {t.subject for t in changes} == {"a", "b", "c", "a-b", "b-c"}
    assert all(t.state == "up" for t in changes)
    assert [t for device in "abc" for t in judge.poll(poll(device, cycle=2))] == []


def test_what_lies_behind_a_failure_is_unreachable_with_its_room():
    judge = healthy()
    for cycle in (2, 3, 4):
        judge.poll(poll("a", cycle=cycle))
        for device in "cb":
            judge.poll(poll(device, MISS, cycle))
        judge.probe(call(MISS, cycle))
    assert states(judge) == {
        "a": "up",
        "b": "down",
        "c": "unreachable",
        "a-b": "up",
        "b-c": "unknown",
        "saal": "unreachable",
    }
    assert judge.standing["c"].reasons == ("snmp_timeout", "behind:b")


def test_a_broken_link_explains_what_it_cuts_off_and_its_return_ends_that():
    judge = healthy()
    for cycle in (2, 3, 4):
        judge.poll(poll("a", cycle=cycle))
        judge.poll(poll("b", cycle=cycle, down=["to-c"]))
        judge.poll(poll("c", MISS, cycle))
    assert states(judge)["b-c"] == "down"
    assert judge.standing["c"].reasons == ("snmp_timeout", "behind:b-c")
    judge.poll(poll("b", cycle=5))
    assert states(judge)["c"] == "down"
    assert [(t.subject, t.state) for t in judge.poll(poll("c", cycle=5))] == [("c", "up")]


def test_faults_count_as_a_mean_over_five_minutes():
    judge = healthy()
    for cycle in range(2, 6):
        judge.poll(poll("a", cycle=cycle, faults_ps=5.0))
    assert states(judge)["a-b"] == "up"
    judge.poll(poll("a", cycle=6, faults_ps=5.0))
    assert judge.standing["a-b"].reasons == ("port_faults:a to-b",)
    for cycle in range(7, 16):
        judge.poll(poll("a", cycle=cycle))
    assert states(judge)["a-b"] == "up"


def test_a_restart_goes_on_from_how_things_stood():
    judge = Judge(NETWORK)
    stood = feed(judge, [("a", OK), ("b", OK), ("c", OK)])
    stood += feed(judge, [("a", OK), ("b", MISS), ("c", MISS)] * 3)
    resumed = Judge(NETWORK, newest(stood))
    assert states(resumed)["c"] == "unreachable"
    for device, outcome in (("c", MISS), ("a", OK), ("b", MISS)):
        assert [t for t in resumed.poll(poll(device, outcome, 5)) if t.subject in "abc"] == []
    assert [t.subject for t in resumed.poll(poll("b", cycle=6))] == ["b-c", "b", "c"]
    assert states(resumed)["c"] == "down"  # b answers and says its link to c is up


def test_after_a_restart_a_room_stands_as_before_until_all_probes_had_their_turn():
    probes = ({"sip": "sip:s@127.0.0.1"}, {"cisco": "http://127.0.0.1"}, {"icmp": "127.0.0.1"})
    content = NETWORK.model_dump(by_alias=True)
    content["rooms"] = [{"id": "saal", "site": "site-c", "name": "Saal", "probes": probes}]
    stood = {"saal": Transition("saal", 1, 0, "standby")}
    asleep = ProbeResult("saal", "cisco http://127.0.0.1", 2, 0, OK, facts=RoomFacts(standby=True))
    judge = Judge(Inventory.model_validate(content), stood)
    assert judge.probe(call(OK)) == judge.probe(asleep) == judge.probe(asleep) == ()
    awake = replace(asleep, facts=RoomFacts(standby=False))
    assert [change.state for change in judge.probe(awake)] == ["idle"]


def test_the_name_of_a_probe_holds_no_password():
    assert probe_name("cisco", "http://noc:a:b@h:1/x") == "cisco http://noc@h:1/x"
    assert probe_name("sip", "sip:saal@h:5060") == "sip sip:saal@h:5060"


def test_what_the_inventory_does_not_name_is_ignored():
    judge = healthy()
    assert judge.poll(DevicePoll("gone", 2, 0, MISS)) == ()
    assert judge.probe(ProbeResult("gone", "icmp", 2, 0, MISS)) == ()


def newest(transitions):
    return {transition.subject: transition for transition in transitions}


OUTCOMES = st.sampled_from([Outcome.OK, Outcome.TIMEOUT, Outcome.REFUSED, Outcome.GARBLED])
EVENTS = st.lists(st.tuples(st.sampled_from(["a", "b", "c", "saal"]), OUTCOMES), max_size=60)


def feed(judge, events):
    changes: list[Transition] = []
    for cycle, (subject, outcome) in enumerate(events):
        if subject == "saal":
            changes += judge.probe(call(outcome, cycle))
        else:
            changes += judge.poll(replace(poll(subject, outcome), cycle=cycle))
    return changes


@given(EVENTS, EVENTS)
def test_following_the_transitions_equals_replaying_the_outcomes(seen, new):
    judge = Judge(NETWORK)
    followed = newest(feed(judge, seen))
    followed |= newest(feed(judge, new))
    replayed = Judge(NETWORK)
    feed(replayed, seen + new)
    assert replayed.standing == judge.standing
    for subject, stands in replayed.standing.items():
        known = followed.get(subject)
        assert stands.state == (known.state if known else "unknown")
        assert stands.reasons == (known.reasons if known else ())


@given(st.lists(OUTCOMES, min_size=4, max_size=4), st.permutations(["a", "b", "c", "saal"]))
def test_the_order_of_polls_within_a_round_does_not_matter(outcomes, order):
    fate = dict(zip(("a", "b", "c", "saal"), outcomes, strict=True))
    judges = []
    for round_order in (order, sorted(order)):
        judge = healthy()
        feed(judge, [(subject, fate[subject]) for _ in range(4) for subject in round_order])
        judges.append(judge)
    assert judges[0].standing == judges[1].standing


@given(EVENTS)
def test_a_transition_always_changes_something(events):
    last: dict[str, Transition] = {}
    for transition in feed(Judge(NETWORK), events):
        before = last.get(transition.subject)
        assert before is None or (before.state, before.reasons) != (
            transition.state,
            transition.reasons,
        )
        last[transition.subject] = transition
