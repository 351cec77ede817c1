from itertools import count

import pytest

from bench.agents import IF_ENTRY, SYS_UP_TIME, Agent, switch
from console.probes.interfaces import InterfaceProbe
from console.probes.last_changes import LastChanges
from console.snmp import ber
from tests.snmp_agents import answering

NOW_S = 1_750_000_000.0
UP_TICKS, UP_S = 360_000, 3600.0
WRAP = 1 << 32


def one(changed: int | None, ticks: int | None = UP_TICKS, up_s: float | None = UP_S):
    """What a single first answer tells."""
    return LastChanges().news(("p",), [changed], ticks, NOW_S, up_s)[0].at_s


@pytest.mark.parametrize(
    ("changed", "ticks", "up_s", "at_s"),
    [
        pytest.param(UP_TICKS - 1000, UP_TICKS, UP_S, NOW_S - 10, id="ten seconds ago"),
        pytest.param(1, UP_TICKS, UP_S, NOW_S - 3599.99, id="at the boot"),
        pytest.param(0, UP_TICKS, UP_S, None, id="before the agent started"),
        pytest.param(None, UP_TICKS, UP_S, None, id="no such column"),
        pytest.param(5, None, UP_S, None, id="no sysUpTime"),
        pytest.param(5, UP_TICKS, None, None, id="no boot"),
        pytest.param(UP_TICKS + 100, UP_TICKS, UP_S, NOW_S + 1, id="while the table was read"),
        pytest.param(UP_TICKS + 10**6, UP_TICKS, UP_S, None, id="later than now"),
        pytest.param(500, 1000, WRAP / 100 + 10, None, id="up for longer than TimeTicks count"),
    ],
)
def test_the_moment_is_told_where_it_can_be(changed, ticks, up_s, at_s):
    assert one(changed, ticks, up_s) == at_s


def test_only_news_are_told_and_all_again_after_a_reboot():
    changes, keys = LastChanges(), ("a", "b")
    assert len(changes.news(keys, [100, 0], 6000, NOW_S, 60.0)) == 2
    assert changes.news(keys, [100, 0], 7000, NOW_S + 10, 70.0) == ()
    (news,) = changes.news(keys, [7500, 0], 8000, NOW_S + 20, 80.0)
    assert (news.key, news.ticks, news.at_s) == ("a", 7500, NOW_S + 15)
    rebooted = changes.news(keys, [7500, 0], 8100, NOW_S + 3600, 81.0)
    assert [(n.key, n.at_s) for n in rebooted] == [("a", NOW_S + 3594), ("b", None)]


def test_after_497_days_a_change_that_was_seen_is_told_across_the_wrap():
    changes, up_s = LastChanges(), 2 * WRAP / 100
    changes.news(("a",), [5000], WRAP - 2000, NOW_S, up_s)
    (news,) = changes.news(("a",), [WRAP - 1000], 1000, NOW_S + 30, up_s + 30)
    assert news.at_s == NOW_S + 10


async def test_a_poll_brings_it_along_and_a_look_what_is_new():
    cells = switch(2) | {(*IF_ENTRY, 9, 1): (ber.TIME_TICKS, 350_000)}
    agent = Agent(cells)
    clock = count().__next__
    async with answering(agent) as (manager, target):
        probe = InterfaceProbe(manager, "r", target)
        first = await probe.poll(1, clock)
        again = await probe.look(1, clock)
        agent.replace(cells | {(*IF_ENTRY, 9, 1): (ber.TIME_TICKS, 360_010)})
        news = await probe.look(1, clock)
    assert [(change.key, change.ticks) for change in first.changes] == [
        ("name:Gi0/1", 350_000),
        ("name:Gi0/2", None),
    ]
    assert again.changes == ()
    ((key, old_s), (key_again, new_s)) = (
        (change.key, change.at_s) for change in (first.changes[0], *news.changes)
    )
    assert key == key_again
    assert new_s - old_s == pytest.approx(100.1, abs=0.1)
    assert cells[SYS_UP_TIME][0] == ber.TIME_TICKS
