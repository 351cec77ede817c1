"""A million damaged answers against the running manager, while other devices are polled."""

import asyncio
import contextlib
import random
from itertools import cycle

import pytest

from bench.agents import USER, Agent, serve, switch
from console.snmp.errors import SnmpError
from console.snmp.keys import User
from console.snmp.manager import Manager
from console.snmp.target import Target
from tests.mutations import mutate, served
from tests.snmp_agents import secured

ANSWERS = 250_000  # of each kind
A_QUESTION = 250
NAMES = [(1, 3, 6, 1, 2, 1, 1, n, 0) for n in (5, 1, 6)]
TRUTH = [b"switch", b"Test switch", b"rack 1"]
SIGNING = User("sign", "SHA-1", "auth key 1")


@pytest.mark.parametrize(
    ("user", "seed"),
    [(None, 1), (USER, 2), (SIGNING, 3), (User("open"), 4)],
    ids=["v2c", "v3 encrypted", "v3 signed", "v3 open"],
)
async def test_no_damage_brings_the_manager_down_or_passes_for_a_signed_value(user, seed):
    chance = random.Random(seed)
    agent = Agent(switch(2)) if user is None else secured(switch(2), users=[user])
    fired = 0

    def answers(data):
        nonlocal fired
        answer = agent.handle(data)
        fired += A_QUESTION
        # Few enough at once to fit into a socket's buffer; the true one somewhere among them.
        damaged = [mutate(chance, answer) for _ in range(A_QUESTION)]
        damaged.insert(chance.randrange(A_QUESTION), answer)
        return damaged

    wrong = 0
    async with served(answers, user=user, timeout_s=0.05) as (manager, target), others(manager):
        while fired < ANSWERS:
            with contextlib.suppress(SnmpError):
                found = [varbind.value for varbind in await manager.get(target, NAMES)]
                wrong += found != TRUTH
        left = [question.target for question in manager._questions.values()]
        assert target not in left
    assert wrong == 0 or user in (None, User("open"))  # nothing protects what nobody signed


@contextlib.asynccontextmanager
async def others(manager: Manager):
    """Poll well-behaved devices by the same manager all the while; each must answer each time."""
    served_ = [await serve(Agent(switch(1))) for _ in range(5)]

    async def poll():
        for _, port in cycle(served_):
            found = await manager.get(Target("127.0.0.1", port, retries=3), NAMES)
            assert [varbind.value for varbind in found] == TRUTH
            await asyncio.sleep(0.01)

    task = asyncio.create_task(poll())
    try:
        yield
        assert not task.done(), task.exception()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        for transport, _ in served_:
            transport.close()
