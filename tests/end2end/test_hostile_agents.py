"""Agents that mean harm, in the same network as good ones: nobody else's polls are late or lost."""

import asyncio
import random
import sqlite3
from contextlib import AsyncExitStack, closing
from functools import partial
from itertools import pairwise

from bench.agents import USER, Agent, running, serve, switch
from console.model.states import Outcome
from tests.end2end.running import device, program, status, write_inventory
from tests.mutations import Several
from tests.snmp_agents import Brimful, Endless, Garbling, Lying, Stuck

INTERVAL_S = 2
SECONDS = 14
GOOD = 20  # of each version
A_REQUEST = 2000  # datagrams of those that answer with floods
SECURE = {
    **{"version": "3", "user": USER.name, "auth": USER.auth, "auth_key": USER.auth_key},
    **{"priv": USER.priv, "priv_key": USER.priv_key},
}


async def test_they_are_told_and_harm_no_other(tmp_path):
    with running(GOOD) as plain, running(GOOD, secured=True) as secured:
        good = [device(f"good{p}", f"127.0.0.1:{p}") for p in plain]
        good += [device(f"good{p}", f"127.0.0.1:{p}", snmp="secure") for p in secured]
        async with AsyncExitStack() as stack:
            bad = [device(name, place) for name, place in (await hostile(stack)).items()]
            inventory = write_inventory(
                tmp_path / "net.yaml",
                snmp={"lab": {"version": "2c", "community": "public"}, "secure": SECURE},
                polling={"interfaces_s": INTERVAL_S, "topology_s": 5, "timeout_s": 1, "retries": 1},
                devices=good + bad,
            )
            history = tmp_path / "history.db"
            with program("collect", inventory, "--history", history) as collector:
                await asyncio.sleep(SECONDS)
                told = await asyncio.to_thread(status, history)
                code, errors = await asyncio.to_thread(collector.stop)
    assert code == 0, errors
    states = {entry["id"]: entry["state"] for entry in told["devices"]}
    assert {states[entry["id"]] for entry in good} == {"up"}
    assert states.pop("stuck") == "up"  # it answers, and has no ports
    assert {states.get(entry["id"], "unknown") for entry in bad} <= {"degraded", "down", "unknown"}
    for entry in good:
        moments = answered(history, entry["id"])
        gaps = [b - a for a, b in pairwise(moments)]
        assert max(gaps) < 2 * INTERVAL_S, entry["id"]
        assert len(moments) >= SECONDS / INTERVAL_S - 1, entry["id"]


async def hostile(stack: AsyncExitStack) -> dict[str, str]:
    """Let one of each kind answer; return their addresses by what they do."""
    kinds = [Brimful, Endless, Garbling, Lying, Stuck]
    served = {kind.__name__: await serve(kind(switch(4))) for kind in kinds}
    for name, flood in (("Noise", noise), ("Guesses", guesses)):
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(
            partial(Several, flood), local_addr=("127.0.0.1", 0)
        )
        served[name] = transport, transport.get_extra_info("sockname")[1]
    for transport, _port in served.values():
        stack.callback(transport.close)
    return {name.lower(): f"127.0.0.1:{port}" for name, (_, port) in served.items()}


def noise(_asked: bytes) -> list[bytes]:
    """Octets without any meaning, of all lengths."""
    return [random.randbytes(random.randrange(1, 1400)) for _ in range(A_REQUEST)]


def guesses(asked: bytes) -> list[bytes]:
    """Well-formed answers to questions nobody asked."""
    answer = Agent(switch(1)).handle(asked)
    assert answer is not None
    at = answer.index(b"\xa2")
    begin = answer.index(b"\x02\x04", at) + 2
    return [answer[:begin] + random.randbytes(4) + answer[begin + 4 :] for _ in range(A_REQUEST)]


def answered(history, name: str) -> list[float]:
    """Return when a device was asked and answered."""
    alive = [outcome.value for outcome in Outcome if outcome.alive]
    with closing(sqlite3.connect(history)) as db:
        rows = db.execute(
            "SELECT cycle.at + poll.at_ms / 1000.0 FROM poll JOIN cycle ON cycle.id = poll.cycle"
            " JOIN subject ON subject.id = poll.device WHERE subject.name = ?"
            f" AND outcome IN ({','.join(map(str, alive))}) ORDER BY cycle",
            (name,),
        )
        return [at_s for (at_s,) in rows]
