"""Which rooms are asked often, and that no question is asked twice at once."""

import asyncio
import time

import pytest

from console.collector.vigil import Vigil
from console.model.inventory import Conference
from console.model.plan import Occurrence, Plan, PlanSource
from tests.histories_small import small_inventory

ROOMS = [{"id": f"room{n}", "site": "b", "name": "Room"} for n in range(3)]


def plan(from_s: float, to_s: float, rooms: tuple[str, ...] | str = "all") -> Plan:
    """A conference that begins and ends so many seconds from now."""
    entry = Conference(id="conf", bridge="mcu", profile="hd", calendar="c.ics", rooms=rooms)
    now_s = time.time()
    return Plan(entry, PlanSource.CALENDAR, (Occurrence(now_s + from_s, now_s + to_s),))


def vigil(*plans: Plan) -> Vigil:
    return Vigil(small_inventory(rooms=ROOMS), lambda: plans)


@pytest.mark.parametrize(
    ("from_s", "to_s", "watched"),
    [(3590, 7000, True), (3700, 7000, False), (-60, 60, True), (-60, -5, False)],
)
def test_rooms_and_bridge_are_watched_from_an_hour_before_to_the_end(
    from_s: float, to_s: float, watched: bool
) -> None:
    expected = {"room0", "room1", "room2", "mcu"} if watched else set()
    assert vigil(plan(from_s, to_s)).watched() == expected


def test_other_rooms_are_not() -> None:
    assert vigil(plan(60, 600, ("room1",))).watched() == {"room1", "mcu"}
    assert vigil().watched() == set()


async def test_either_round_asks_a_room_and_never_both_at_once() -> None:
    asked: list[str] = []
    answer = asyncio.Event()

    async def ask() -> None:
        asked.append("room")
        await answer.wait()

    watching, idle = vigil(plan(60, 600)), vigil()
    await idle.often("room0", ask)()
    await watching.seldom("room0", ask)()
    assert asked == []
    waiting = asyncio.create_task(watching.often("room0", ask)())
    await asyncio.sleep(0)
    await watching.often("room0", ask)()
    assert asked == ["room"]
    answer.set()
    await waiting
    await watching.often("room0", ask)()
    await idle.seldom("room0", ask)()
    assert len(asked) == 3


def test_rooms_that_are_asked_more_often_anyway_stay_so() -> None:
    assert vigil().interval_s == 15
    inventory = small_inventory(polling={"rooms_s": 2})
    assert Vigil(inventory, tuple).interval_s == 2
