"""What polling costs: CPU of this manager against gufo-snmp and pysnmp, the same agents, one run.

Every poll asks a device's 24 ports for 8 columns in three requests. The console's poll also
computes the rates and keeps names, reboots and repeats in mind; the others only fetch.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Sequence

from gufo.snmp.aio.client import SnmpSession
from pysnmp.hlapi.v1arch.asyncio import (
    CommunityData,
    ObjectIdentity,
    ObjectType,
    SnmpDispatcher,
    UdpTransportTarget,
    bulk_cmd,
)

from bench.agents import allow_open_files, running
from console.model.states import Outcome
from console.probes.interfaces import InterfaceProbe
from console.snmp.ber import parse_oid
from console.snmp.manager import Manager
from console.snmp.table import TableReader
from console.snmp.target import Target

DEVICES = 1000
PORTS = 24
ROUNDS = 3
SLOW_DEVICES = 100  # pysnmp is measured on fewer and scaled up
_AT_ONCE = 50
_IF = "1.3.6.1.2.1.2.2.1."
_IFX = "1.3.6.1.2.1.31.1.1.1."
COLUMNS = [_IF + c for c in ("7", "8", "13", "14", "19", "20")] + [_IFX + c for c in ("6", "10")]
_ROWS = 8

Poll = Callable[[int], Awaitable[object]]


def run() -> list[str]:
    """Measure and return the lines to print."""
    allow_open_files(DEVICES + 200)
    with running(DEVICES) as ports:
        lines = [
            _line("console (poll with rates)", *asyncio.run(_console(ports))),
            _line("console (tables only)", *asyncio.run(_tables(ports))),
            _line("gufo-snmp (GET of 64, fetch only)", *asyncio.run(_gufo(ports))),
        ]
        lines.append(
            _line("pysnmp (GETBULK, fetch only)", *asyncio.run(_pysnmp(ports[:SLOW_DEVICES])))
        )
    return [
        f"poll: {DEVICES} devices x {PORTS} ports x 8 columns, CPU of the asking process",
        *lines,
    ]


def _line(name: str, cpu_s: float, wall_s: float, polls: int, failed: int) -> str:
    each_ms = cpu_s / polls * 1000
    per_thousand_s = cpu_s / polls * DEVICES
    text = (
        f"  {name:34} {per_thousand_s:7.3f} CPU s per {DEVICES} devices, {each_ms:7.3f} ms a poll"
    )
    return f"{text}, {polls / wall_s:6.0f} polls/s, {failed} failed"


async def _measured(
    devices: Sequence[int], poll: Poll, warm_up: int, rounds: int = ROUNDS
) -> tuple[float, float, int, int]:
    """Poll all devices, a few at once; return CPU and wall seconds, polls made and polls failed."""
    for _ in range(warm_up):
        await _round(devices, poll)
    began_s, cpu_before_s = time.perf_counter(), time.process_time()
    failed = sum([await _round(devices, poll) for _ in range(rounds)])
    cpu_s = time.process_time() - cpu_before_s
    return cpu_s, time.perf_counter() - began_s, len(devices) * rounds, failed


async def _round(devices: Sequence[int], poll: Poll) -> int:
    waiting = iter(devices)

    async def work() -> int:
        return sum([not await poll(device) for device in waiting])

    return sum(await asyncio.gather(*(work() for _ in range(_AT_ONCE))))


async def _console(devices: Sequence[int]) -> tuple[float, float, int, int]:
    manager = Manager()
    await manager.open()
    probes = {
        port: InterfaceProbe(manager, str(port), Target("127.0.0.1", port)) for port in devices
    }

    async def poll(port: int) -> bool:
        return (await probes[port].poll(1, _milliseconds)).outcome is Outcome.OK

    measured = await _measured(devices, poll, warm_up=3)
    await manager.close()
    return measured


def _milliseconds() -> int:
    return round(time.monotonic() * 1000)


async def _tables(devices: Sequence[int]) -> tuple[float, float, int, int]:
    manager = Manager()
    await manager.open()
    columns = [parse_oid(text) for text in COLUMNS]
    guard = [parse_oid("1.3.6.1.2.1.2.1.0")]
    readers = {
        port: TableReader(manager, Target("127.0.0.1", port), columns, guard, guards=1)
        for port in devices
    }

    async def poll(port: int) -> bool:
        return len((await readers[port].read()).indexes) == PORTS

    measured = await _measured(devices, poll, warm_up=3)
    await manager.close()
    return measured


async def _gufo(devices: Sequence[int]) -> tuple[float, float, int, int]:
    """gufo-snmp's GETBULK takes one column at a time, so its quickest way is GET of many."""
    sessions = {port: SnmpSession("127.0.0.1", port=port, timeout=2.0) for port in devices}
    requests = [
        [f"{column}.{row}" for row in range(first, first + _ROWS) for column in COLUMNS]
        for first in range(1, PORTS + 1, _ROWS)
    ]

    async def poll(port: int) -> bool:
        session = sessions[port]
        answers = [await session.get_many(request) for request in requests]
        return sum(map(len, answers)) == PORTS * len(COLUMNS)

    return await _measured(devices, poll, warm_up=1)


async def _pysnmp(devices: Sequence[int]) -> tuple[float, float, int, int]:
    dispatcher = SnmpDispatcher()
    community = CommunityData("public", mpModel=1)
    targets = {
        port: await UdpTransportTarget.create(("127.0.0.1", port), timeout=5, retries=1)
        for port in devices
    }

    async def poll(port: int) -> bool:
        found = 0
        for first in range(0, PORTS, _ROWS):
            names = [ObjectType(ObjectIdentity(f"{column}.{first}")) for column in COLUMNS]
            error, _, _, varbinds = await bulk_cmd(
                dispatcher, community, targets[port], 0, _ROWS, *names, lookupMib=False
            )
            found += 0 if error else len(varbinds)
        return found == PORTS * len(COLUMNS)

    measured = await _measured(devices, poll, warm_up=0, rounds=1)
    dispatcher.close()
    return measured


if __name__ == "__main__":
    sys.stdout.write("\n".join(run()) + "\n")
