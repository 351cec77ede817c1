"""Poly rooms over SNMP: snmpd that passes their objects on, and agents that lack some."""

import pytest

from bench.agents import SYS_UP_TIME
from console.model.observation import RoomFacts
from console.model.states import Outcome
from console.probes.rooms import poly_snmp
from console.probes.rooms.protocol import Means, Question
from console.snmp import ber
from console.snmp.manager import Manager
from console.snmp.target import Target
from tests.peers import free_udp_port, snmpd
from tests.snmp_agents import Agent, answering

POLY = "1.3.6.1.4.1.13885.101.1"
OK, FAILED, DISABLED = 2, 3, 1
PARTS = {
    **{"2.7.1.0": DISABLED, "2.7.2.0": DISABLED, "2.8.1.0": OK, "3.1.0": OK, "3.5.1.0": OK},
    **{"3.6.1.0": OK, "3.10.1.0": OK},
}
CALL = {"4.1.1.8.1": 12, "4.1.1.9.1": 3, "4.1.1.16.1": 2, "4.1.1.17.1": 1}


def cells(changes=()):
    found = {SYS_UP_TIME: (ber.TIME_TICKS, 360_000)}
    identity = ber.parse_oid(f"{POLY}.1.6.0")
    found[identity] = (ber.OCTET_STRING, b"RealPresence Group 500\0")
    for tail, value in {**PARTS, **dict(changes)}.items():
        if value is not None:
            found[ber.parse_oid(f"{POLY}.{tail}")] = (ber.INTEGER, value)
    return found


async def told(agent, **target):
    async with answering(agent, **target) as (manager, known):
        means = Means(None, None, manager)
        return await poly_snmp.ask(means, Question("", "127.0.0.1", 1.0, agent=known))


async def test_an_idle_room():
    answer = await told(Agent(cells()))
    assert answer.facts == RoomFacts(
        **{"registered": True, "in_call": False, "calls": 0, "microphones": "on"},
        **{"camera": "connected", "model": "RealPresence Group 500", "uptime_s": 3600.0},
    )
    assert answer.rtt_us is not None


async def test_a_call_with_loss():
    facts = (await told(Agent(cells(CALL)))).facts
    assert facts is not None
    assert (facts.in_call, facts.calls, facts.loss) == (True, 1, 0.02)


@pytest.mark.parametrize(
    ("part", "finding", "registered"),
    [
        ("2.8.1.0", "registration_failed:SIP", False),
        ("2.7.2.0", "registration_failed:H.323", False),
        ("3.1.0", "hardware_failed", True),
        ("3.5.1.0", "microphone_failed", True),
        ("3.6.1.0", "camera_failed", True),
        ("3.10.1.0", "network_failed", True),
    ],
)
async def test_what_failed(part, finding, registered):
    facts = (await told(Agent(cells({part: FAILED})))).facts
    assert facts is not None
    assert (facts.findings, facts.registered) == ((finding,), registered)


async def test_what_is_not_told_or_makes_no_sense_is_unknown():
    gaps = {"2.8.1.0": 99, "2.7.2.0": None, "3.5.1.0": None, "3.6.1.0": -1}
    facts = (await told(Agent(cells(gaps)))).facts
    assert facts is not None
    assert (facts.registered, facts.microphones, facts.camera, facts.findings) == (None,) * 3 + (
        (),
    )


async def test_another_agent():
    answer = await told(Agent({SYS_UP_TIME: (ber.TIME_TICKS, 1)}))
    assert (answer.outcome, answer.detail) == (Outcome.GARBLED, "poly_snmp_garbled")


async def test_a_wrong_community_and_silence():
    answer = await told(Agent(cells()), community="wrong")
    assert (answer.outcome, answer.detail) == (Outcome.TIMEOUT, "snmp_timeout")
    manager = Manager()
    await manager.open()
    nobody = Target("127.0.0.1", free_udp_port(), timeout_s=0.1, retries=0)
    answer = await poly_snmp.ask(
        Means(None, None, manager), Question("", "127.0.0.1", 1.0, agent=nobody)
    )
    await manager.close()
    assert (answer.outcome, answer.detail) == (Outcome.TIMEOUT, "snmp_timeout")


async def test_snmpd_with_the_objects_of_a_room(tmp_path):
    lines = [
        f"override .{POLY}.{tail} integer {value}" for tail, value in {**PARTS, **CALL}.items()
    ]
    lines.append(f'override .{POLY}.1.6.0 octet_str "Studio X50"')
    with snmpd(tmp_path, *lines) as peer:
        manager = Manager()
        await manager.open()
        target = Target("127.0.0.1", peer.port, timeout_s=2.0)
        question = Question(peer.address, "127.0.0.1", 2.0, agent=target)
        answer = await poly_snmp.ask(Means(None, None, manager), question)
        await manager.close()
    assert answer.facts is not None
    assert answer.facts.model == "Studio X50"
    assert (answer.facts.registered, answer.facts.in_call, answer.facts.loss) == (True, True, 0.02)
