import asyncio

from console.collector import extra_polls
from console.collector.extra_polls import ExtraPolls


async def test_many_wishes_are_one_poll_at_once_and_one_after(monkeypatch):
    monkeypatch.setattr(extra_polls, "BETWEEN_S", 0.05)
    asked = []

    async def ask():
        asked.append(asyncio.get_running_loop().time())

    async with asyncio.TaskGroup() as group:
        polls = ExtraPolls({"a": ask, "b": ask}, group)
        for _ in range(10):
            polls.want("a")
        await asyncio.sleep(0.01)
        assert len(asked) == 1
        polls.want("a")
        polls.want("a")
        polls.want("b")
        await asyncio.sleep(0.01)
        assert len(asked) == 2  # b at once, a when its time comes
    assert len(asked) == 3
    assert asked[2] - asked[0] >= 0.05
