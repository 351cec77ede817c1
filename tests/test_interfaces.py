import asyncio
import time

import pytest

from bench.agents import IF_ENTRY, IF_X_ENTRY, SYS_UP_TIME, USER, Agent, Moving, switch
from console.model.observation import DevicePoll
from console.model.states import Outcome
from console.probes.interfaces import InterfaceProbe
from console.snmp import ber
from tests.snmp_agents import (
    ENGINE,
    Deaf,
    Failing,
    Garbling,
    ShortAnswers,
    Stuck,
    StuckAtARow,
    TooBig,
    answering,
    secured,
)

LAST_CHANGE = ber.parse_oid("1.3.6.1.2.1.31.1.5.0")
PAUSE_S = 0.03


def at_seven() -> int:
    return 7


async def polls(agent, times=3, between=None, **target) -> list[DevicePoll]:
    """Poll again and again; `between(n)` may change the agent after the n-th poll."""
    async with answering(agent, **target) as (manager, asked):
        probe = InterfaceProbe(manager, "sw", asked)
        found = []
        for number in range(times):
            found.append(await probe.poll(number, at_seven))
            if between:
                between(number)
            await asyncio.sleep(PAUSE_S)
    return found


def still(cells):
    return {
        oid: (tag, value if oid == SYS_UP_TIME or not isinstance(value, int) else int(value))
        for oid, (tag, value) in cells.items()
    }


async def test_the_first_poll_tells_what_there_is_and_the_next_what_flows():
    first, *_, last = await polls(Agent(switch()))
    assert (first.outcome, first.device, first.cycle, first.detail) == (Outcome.OK, "sw", 0, None)
    assert first.rtt_us > 0
    assert first.at_ms <= 7
    assert (first.system.name, first.system.descr) == ("switch", "Test switch")
    assert first.system.object_id == "1.3.6.1.4.1.8072"
    assert [facts.if_index for facts in first.port_facts] == list(range(1, 25))
    third = first.port_facts[2]
    assert (third.key, third.name, third.descr) == ("name:Gi0/3", "Gi0/3", "GigabitEthernet0/3")
    assert (third.alias, third.type, third.speed_bps) == ("", 6, 1e9)
    assert first.ports[2].in_bps is None
    assert (last.system, last.port_facts) == (None, None)
    assert [port.key for port in last.ports] == [facts.key for facts in first.port_facts]
    third = last.ports[2]
    assert (third.admin, third.oper) == (1, 1)
    assert third.in_bps == pytest.approx(3e6, rel=0.2)
    assert third.out_bps == pytest.approx(6e6, rel=0.2)
    assert (third.in_errors_ps, third.out_discards_ps) == (0.0, 0.0)


async def test_a_moment_of_boot_is_wall_clock():
    (first,) = await polls(Agent(switch()), times=1)
    assert first.system.booted_at_s == pytest.approx(time.time() - 3600, abs=5)


async def test_without_if_x_table_32_bits_serve():
    first, *_, last = await polls(Agent(switch(wide=False)), times=4)
    third = first.port_facts[2]
    assert (third.key, third.name, third.alias) == (
        *("descr:GigabitEthernet0/3", "GigabitEthernet0/3", None),
    )
    assert third.speed_bps == 1e9
    assert last.ports[2].in_bps == pytest.approx(3e6, rel=0.2)


async def test_ports_without_64_bits_among_others_are_read_with_32():
    cells = {
        oid: cell
        for oid, cell in switch().items()
        if oid not in {(*IF_X_ENTRY, 6, 3), (*IF_X_ENTRY, 10, 3)}
    }
    *_, last = await polls(Agent(cells), times=4)
    assert [port.in_bps for port in last.ports] == [
        pytest.approx(n * 1e6, rel=0.2) for n in range(1, 25)
    ]


async def test_a_cached_answer_is_no_sample():
    agent = Agent(still(switch()))

    def move(number):
        if number == 1:
            agent.replace(still(switch() | {(*IF_X_ENTRY, 6, 1): (ber.COUNTER64, 10**13 + 500)}))

    first, second, third, fourth = await polls(agent, 4, move)
    assert [p.outcome for p in (first, second, third, fourth)] == [
        *(Outcome.OK, Outcome.REPEATED, Outcome.OK, Outcome.REPEATED),
    ]
    assert second.ports[0].in_bps is None
    assert (second.ports[0].admin, second.ports[0].oper) == (1, 1)
    assert third.ports[0].in_bps > 0
    assert third.ports[1].in_bps == 0.0


async def test_a_rate_spans_the_time_since_the_last_new_counters():
    """The octets of 500 are spread over all the time since they began, not the last poll only."""
    agent = Agent(still(switch()))

    def move(number):
        if number == 3:
            agent.replace(still(switch() | {(*IF_X_ENTRY, 6, 1): (ber.COUNTER64, 10**13 + 500)}))

    found = await polls(agent, 5, move)
    assert found[4].ports[0].in_bps < 500 * 8 / (4 * PAUSE_S)


def renumbered(cells, uptime_s):
    """The same device after a reboot that turned its ifIndexes round."""
    tables = (IF_ENTRY, IF_X_ENTRY)
    turned = {
        (*oid[:-1], 100 + 25 - oid[-1]) if oid[:-2] in tables else oid: cell
        for oid, cell in cells.items()
    }
    return turned | {SYS_UP_TIME: (ber.TIME_TICKS, Moving(uptime_s * 100, 100))}


async def test_a_reboot_is_a_gap_and_a_renumbered_port_stays_itself():
    agent = Agent(switch())

    def reboot(number):
        if number == 2:
            agent.replace(renumbered(switch(), 5))

    found = await polls(agent, 5, reboot)
    before, after, later = found[2], found[3], found[4]
    assert after.outcome is Outcome.OK
    assert {port.in_bps for port in after.ports} == {None}
    assert after.system.booted_at_s > found[0].system.booted_at_s + 3000
    assert {f.key: f.if_index for f in after.port_facts}["name:Gi0/1"] == 124
    assert {port.key for port in after.ports} == {port.key for port in before.ports}
    rates = {port.key: port.in_bps for port in later.ports}
    assert rates["name:Gi0/3"] == pytest.approx(3e6, rel=0.3)


async def test_a_reboot_without_renumbering_is_a_gap_as_well():
    agent = Agent(switch())

    def reboot(number):
        if number == 1:
            agent.replace(switch() | {SYS_UP_TIME: (ber.TIME_TICKS, 500)})

    *_, after = await polls(agent, 3, reboot)
    assert {port.in_bps for port in after.ports} == {None}


@pytest.mark.parametrize("engine", [ENGINE, b"\x80another"], ids=["rebooted", "replaced"])
async def test_a_secured_device_that_starts_anew_is_polled_on_without_a_spike(engine):
    """Boots + 1 or another engineID, ifIndex renumbered, counters from 0: the next poll has all."""
    agent = secured(switch(), boots=7)

    def restart(number):
        if number == 2:
            agent.boot(engine, 8 if engine == ENGINE else 1)
            fresh = {
                oid: (tag, Moving(0, cell.per_s) if isinstance(cell, Moving) else cell)
                for oid, (tag, cell) in renumbered(switch(), 1).items()
            }
            agent.replace(fresh | {SYS_UP_TIME: (ber.TIME_TICKS, Moving(100, 100))})

    found = await polls(agent, 6, restart, user=USER, retries=0)
    assert [poll.outcome for poll in found] == [Outcome.OK] * 6
    assert {port.in_bps for port in found[3].ports} == {None}
    assert {f.key: f.if_index for f in found[3].port_facts}["name:Gi0/1"] == 124
    assert [{port.key for port in poll.ports} for poll in found] == [
        {f"name:Gi0/{n}" for n in range(1, 25)}
    ] * 6
    rates = {port.key: port.in_bps for port in found[4].ports}
    assert rates["name:Gi0/24"] == pytest.approx(24e6, rel=0.3)
    assert max(rates.values()) < 32e6


async def test_uptime_comes_from_the_engine_where_nothing_else_tells():
    cells = {oid: cell for oid, cell in switch(1).items() if oid != SYS_UP_TIME}
    (first,) = await polls(secured(cells), 1, user=USER)
    assert first.system.booted_at_s == pytest.approx(time.time(), abs=5)


async def test_a_new_port_is_told_and_the_others_keep_their_rates():
    agent = Agent(switch(3))

    def grow(number):
        if number == 2:
            agent.replace(switch(4))

    *_, after = await polls(agent, 4, grow)
    assert [facts.key for facts in after.port_facts] == [f"name:Gi0/{n}" for n in range(1, 5)]
    assert after.system is None
    assert after.ports[2].in_bps is not None
    assert after.ports[3].in_bps is None


async def test_names_are_read_again_when_the_device_says_that_they_changed():
    agent = Agent(switch(2) | {LAST_CHANGE: (ber.TIME_TICKS, 1)})

    def rename(number):
        if number == 1:
            alias = {(*IF_X_ENTRY, 18, 1): (ber.OCTET_STRING, b"to Mainz\x07")}
            agent.replace(switch(2) | alias | {LAST_CHANGE: (ber.TIME_TICKS, 2)})

    found = await polls(agent, 3, rename)
    assert found[1].port_facts is None
    assert found[2].port_facts[0].alias == "to Mainz\ufffd"


async def test_names_are_read_again_after_the_topology_interval():
    agent = Agent(switch(2))
    async with answering(agent) as (manager, target):
        probe = InterfaceProbe(manager, "sw", target, topology_s=0.0)
        await probe.poll(1, at_seven)
        alias = {(*IF_X_ENTRY, 18, 2): (ber.OCTET_STRING, b"Trier")}
        agent.replace(switch(2) | alias)
        poll = await probe.poll(2, at_seven)
    assert poll.port_facts[1].alias == "Trier"
    assert poll.system is None


@pytest.mark.parametrize(
    ("high_speed", "speed", "speed_bps"),
    [(10_000, 4294967295, 1e10), (0, 64_000, 64_000.0), (0, 4294967295, None), (0, 0, None)],
)
async def test_speed(high_speed, speed, speed_bps):
    cells = switch(1) | {
        (*IF_X_ENTRY, 15, 1): (ber.GAUGE32, high_speed),
        (*IF_ENTRY, 5, 1): (ber.GAUGE32, speed),
    }
    (first,) = await polls(Agent(cells), 1)
    assert first.port_facts[0].speed_bps == speed_bps


async def test_a_status_the_mib_does_not_know_is_unknown():
    cells = switch(2) | {(*IF_ENTRY, 8, 2): (ber.INTEGER, 99)}
    (first,) = await polls(Agent(cells), 1)
    assert [port.oper for port in first.ports] == [1, None]


async def test_uptime_goes_on_over_497_days_where_the_engine_tells():
    engine = ber.parse_oid("1.3.6.1.6.3.10.2.1.3.0")
    wrapped = {engine: (ber.INTEGER, 42_949_672 + 3600)}
    (first,) = await polls(Agent(switch(1) | wrapped), 1)
    (plain,) = await polls(Agent(switch(1)), 1)
    difference_s = plain.system.booted_at_s - first.system.booted_at_s
    assert difference_s == pytest.approx(42_949_673, abs=5)


async def test_a_device_without_ports_is_alive():
    found = await polls(Agent(switch(0)))
    assert [(poll.outcome, poll.ports) for poll in found] == [(Outcome.OK, ())] * 3


def view_without_anything():
    return {ber.parse_oid("1.3.6.1.6.3.1.1.6.1.0"): (ber.INTEGER, 1)}


@pytest.mark.parametrize(
    ("agent", "outcome", "detail"),
    [
        (Garbling(switch()), Outcome.GARBLED, "snmp_garbled"),
        (Failing(switch()), Outcome.REFUSED, "snmp_status"),
        (Agent(view_without_anything()), Outcome.REFUSED, "snmp_access"),
        (Agent({(*IF_ENTRY, 7, 1, 1): (ber.INTEGER, 1)}), Outcome.REFUSED, "snmp_access"),
        (Agent(switch() | {(*IF_ENTRY, 7, 1, 1): (ber.INTEGER, 1)}), Outcome.GARBLED, None),
    ],
    ids=["garbled", "genErr", "empty view", "no system group", "odd index"],
)
async def test_a_fault_is_an_outcome(agent, outcome, detail):
    *_, last = await polls(agent, 2, timeout_s=0.2)
    assert last.outcome is outcome
    assert last.ports == ()
    assert detail in (None, last.detail)


async def test_silence_is_an_outcome_and_ends_with_the_next_answer():
    agent = Deaf(switch())
    agent.misses = 2
    found = await polls(agent, 4, retries=1, timeout_s=0.03)
    assert [poll.outcome for poll in found] == [Outcome.TIMEOUT, *[Outcome.OK] * 3]
    assert found[0].detail == "snmp_timeout"
    assert found[0].at_ms == 7


@pytest.mark.parametrize("kind", [ShortAnswers, TooBig], ids=["short", "too big"])
async def test_agents_with_little_room_are_read_whole(kind):
    agent = kind(switch())
    agent.most_varbinds = 10
    *_, last = await polls(agent, 4)
    assert [port.in_bps for port in last.ports] == [
        pytest.approx(n * 1e6, rel=0.3) for n in range(1, 25)
    ]


async def test_an_agent_that_does_not_advance_by_getbulk_is_read_by_getnext():
    *_, last = await polls(Stuck(switch()), 2)
    assert (last.outcome, len(last.ports)) == (Outcome.OK, 24)


async def test_an_agent_that_repeats_a_row_is_told_and_its_ports_stay_unknown():
    for poll in await polls(StuckAtARow(switch()), 3):
        assert (poll.outcome, poll.detail) == (Outcome.GARBLED, "snmp_table")
        assert (poll.ports, poll.port_facts) == ((), None)


async def test_an_agent_that_begins_to_repeat_itself_does_not_lose_ports_in_silence():
    class Later(StuckAtARow):
        def answer(self, *asked):
            return super().answer(*asked) if self.stuck else Agent.answer(self, *asked)

        stuck = False

    agent = Later(switch())

    def change(number):
        agent.stuck = number == 0
        if agent.stuck:
            agent.replace(switch(20))

    first, second, third = await polls(agent, 3, change)
    assert [poll.outcome for poll in (first, second)] == [Outcome.OK, Outcome.GARBLED]
    assert second.detail == "snmp_table"
    assert (third.outcome, len(third.ports)) == (Outcome.OK, 20)
