import asyncio

from console.collector import extra_polls
from console.collector.extra_polls import ExtraPolls


async def test_many_wishes_are_one_poll_at_once_and_one_after(monkeypatch):
    monkeypatch.setattr(extra_polls, "BETWEEN_S", 0.05)
    asked = []

    async def ask():
        asked.append(asyncio.get_running_loop().time())
        return True

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


async def asked_after_news(monkeypatch, shown_by):
    """How often a device is asked that told of a change, which the answer `shown_by` shows."""
    monkeypatch.setattr(extra_polls, "BETWEEN_S", 0.01)
    monkeypatch.setattr(extra_polls, "NEWS_WITHIN_S", 0.1 if shown_by is None else 60)
    asked = 0

    async def look():
        nonlocal asked
        asked += 1
        return asked == shown_by

    async with asyncio.TaskGroup() as group:
        ExtraPolls({"a": look}, group).want("a", with_news=True)
    return asked


async def test_a_change_that_was_told_is_looked_for_until_it_shows(monkeypatch):
    assert await asked_after_news(monkeypatch, shown_by=1) == 1
    assert await asked_after_news(monkeypatch, shown_by=3) == 3


async def test_a_change_that_never_shows_is_given_up(monkeypatch):
    assert 2 <= await asked_after_news(monkeypatch, shown_by=None) <= 11


async def test_without_news_one_look_is_enough():
    asked = []

    async def look():
        asked.append(1)
        return False

    async with asyncio.TaskGroup() as group:
        ExtraPolls({"a": look}, group).want("a")
    assert asked == [1]
