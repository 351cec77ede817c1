"""What polling costs: CPU of this manager against gufo-snmp and pysnmp, the same agents, one run.

To fetch is to ask a device's 24 ports for 8 columns in three requests. A poll also asks for
ifCounterDiscontinuityTime, in a fourth, computes the rates and watches for reboots, repeats and
new names. A round with dead devices asks all at once and ends when the last is known to be dead.
"""

import asyncio
import os
import platform
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Generator, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median_low
from typing import TypeAlias

from gufo.snmp.aio.client import SnmpSession
from gufo.snmp.user import Aes128Key, KeyType, Sha256Key
from gufo.snmp.user import User as GufoUser
from pysnmp.hlapi.v1arch.asyncio import (
    CommunityData,
    ObjectIdentity,
    ObjectType,
    SnmpDispatcher,
    UdpTransportTarget,
    bulk_cmd,
)

from bench.agents import USER, allow_open_files, running
from console.probes.interfaces import InterfaceProbe
from console.snmp.ber import parse_oid
from console.snmp.keys import User
from console.snmp.manager import Manager
from console.snmp.table import TableReader
from console.snmp.target import Target
from tests.peers import snmpd

DEVICES = 1000
PORTS = 24
ROUNDS = 3
TURNS = 5
SLOW_DEVICES = 100  # pysnmp is measured on fewer and scaled up
SIZES = (24, 240, 1000, 2500)
DEAD_SHARE = 10  # one of so many
_AT_ONCE = 10
_IF = "1.3.6.1.2.1.2.2.1."
_IFX = "1.3.6.1.2.1.31.1.1.1."
COLUMNS = [_IF + c for c in ("7", "8", "13", "14", "19", "20")] + [_IFX + c for c in ("6", "10")]
_ROWS = 8

_PROGRAMS = os.pathsep.join((os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin"))

Poll: TypeAlias = Callable[[int], Awaitable[object]]
Measured: TypeAlias = tuple[float, float, int, int]  # CPU s, wall s, polls, failed


def run() -> Iterator[str]:
    """Yield the lines to print."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("gufo-snmp", "pysnmp"))
    yield f"{DEVICES} devices x {PORTS} ports x 8 columns; CPU of the asking process"
    yield f"Python {platform.python_version()}, {packages}"
    allow_open_files(max(SIZES) + 200)
    with running(DEVICES) as ports:
        ours_s = yield from _against(ports, None)
        theirs = asyncio.run(_pysnmp(ports[:SLOW_DEVICES]))
        ratio = theirs[0] / theirs[2] / ours_s
        yield f"{_line('pysnmp, fetch only', theirs)}, {ratio:.0f} x console's poll with rates"
        yield asyncio.run(_with_dead(ports))
    with running(DEVICES, secured=True) as ports:
        yield from _against(ports, USER)
    if shutil.which("snmpd", path=_PROGRAMS):
        with tempfile.TemporaryDirectory() as folder, snmpd(Path(folder)) as agent:
            yield _line("console, snmpd of this PC", asyncio.run(_real(agent.port)))
    for size in SIZES:
        with running(size) as ports:
            yield _line(f"console, {size} devices", asyncio.run(_console(ports)))


def _against(ports: Sequence[int], user: User | None) -> Generator[str, None, float]:
    """Measure this manager and gufo-snmp in turns, so that both meet the same PC; medians count.

    Returns the CPU seconds of one poll with rates.
    """
    measures = (
        ("console, a poll with rates", _console),
        ("console, fetch only", _tables),
        ("gufo-snmp, fetch only", _gufo),
    )
    turns = [
        [asyncio.run(measure(ports, user)) for _name, measure in measures] for _ in range(TURNS)
    ]
    medians = [median_low(measured) for measured in zip(*turns, strict=True)]
    security = "v2c" if user is None else "v3 authPriv"
    theirs = medians[-1]
    for (name, _measure), measured in zip(measures, medians, strict=True):
        ratio = measured[0] / measured[2] / (theirs[0] / theirs[2])
        yield f"{_line(f'{security}: {name}', measured)}, {ratio:.2f} x gufo-snmp"
    ours = medians[0]
    return float(ours[0] / ours[2])


def _line(name: str, measured: Measured) -> str:
    cpu_s, wall_s, polls, failed = measured
    each_ms = cpu_s / polls * 1000
    text = f"{name:39} {each_ms * DEVICES / 1000:7.3f} CPU s per {DEVICES} devices"
    return f"{text}, {each_ms:6.3f} ms a poll, {polls / wall_s:5.0f} polls/s, {failed} failed"


async def _measured(
    devices: Sequence[int], poll: Poll, warm_up: int, rounds: int = ROUNDS, at_once: int = _AT_ONCE
) -> Measured:
    """Poll all devices, a few at once; return CPU and wall seconds, polls made and polls failed."""
    for _ in range(warm_up):
        await _round(devices, poll, at_once)
    began_s, cpu_before_s = time.perf_counter(), time.process_time()
    failed = sum([await _round(devices, poll, at_once) for _ in range(rounds)])
    cpu_s = time.process_time() - cpu_before_s
    return cpu_s, time.perf_counter() - began_s, len(devices) * rounds, failed


async def _round(devices: Sequence[int], poll: Poll, at_once: int) -> int:
    waiting = iter(devices)

    async def work() -> int:
        return sum([not await poll(device) for device in waiting])

    return sum(await asyncio.gather(*(work() for _ in range(at_once))))


async def _console(devices: Sequence[int], user: User | None = None) -> Measured:
    manager = Manager()
    await manager.open()
    probes = {
        port: InterfaceProbe(manager, str(port), Target("127.0.0.1", port, user=user))
        for port in devices
    }

    async def poll(port: int) -> bool:
        return (await probes[port].poll(1, _milliseconds)).outcome.alive

    measured = await _measured(devices, poll, warm_up=3)
    await manager.close()
    return measured


def _milliseconds() -> int:
    return round(time.monotonic() * 1000)


async def _real(port: int) -> Measured:
    """One agent, one poll after the other."""
    manager = Manager()
    await manager.open()
    probe = InterfaceProbe(manager, "real", Target("127.0.0.1", port))

    async def poll(_: int) -> bool:
        return (await probe.poll(1, _milliseconds)).outcome.alive

    measured = await _measured(range(500), poll, warm_up=1, rounds=1, at_once=1)
    await manager.close()
    return measured


async def _tables(devices: Sequence[int], user: User | None = None) -> Measured:
    manager = Manager()
    await manager.open()
    columns = [parse_oid(text) for text in COLUMNS]
    guard = [parse_oid("1.3.6.1.2.1.2.1.0")]
    readers = {
        port: TableReader(manager, Target("127.0.0.1", port, user=user), columns, guard, guards=1)
        for port in devices
    }

    async def poll(port: int) -> bool:
        return len((await readers[port].read()).indexes) == PORTS

    measured = await _measured(devices, poll, warm_up=3)
    await manager.close()
    return measured


async def _with_dead(ports: Sequence[int]) -> str:
    """Ask all devices at once, some of which never answer; time-out 1 s, one retry."""
    count = len(ports) // DEAD_SHARE
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(count)]
    for silent in sockets:
        silent.bind(("127.0.0.1", 0))
    dead = {silent.getsockname()[1] for silent in sockets}
    manager = Manager()
    await manager.open()
    probes = {
        port: InterfaceProbe(manager, str(port), Target("127.0.0.1", port))
        for port in (*dead, *ports[count:])
    }

    async def poll(port: int) -> bool:
        return (await probes[port].poll(1, _milliseconds)).outcome.alive == (port not in dead)

    measured = await _measured([*probes], poll, warm_up=1, at_once=len(probes))
    await manager.close()
    for silent in sockets:
        silent.close()
    each_s = measured[1] / ROUNDS
    return f"{count} of {len(probes)} dead: {each_s:.2f} s a round, {measured[3]} misjudged"


async def _gufo(devices: Sequence[int], user: User | None = None) -> Measured:
    """gufo-snmp's GETBULK takes one column at a time, so its quickest way is GET of many."""
    keys = None if user is None else _gufo_user(user)
    sessions = {
        port: SnmpSession("127.0.0.1", port=port, timeout=2.0, user=keys) for port in devices
    }
    requests = [
        [f"{column}.{row}" for row in range(first, first + _ROWS) for column in COLUMNS]
        for first in range(1, PORTS + 1, _ROWS)
    ]

    if user is not None:
        for session in sessions.values():
            await session.refresh()

    async def poll(port: int) -> bool:
        session = sessions[port]
        answers = [await session.get_many(request) for request in requests]
        return sum(map(len, answers)) == PORTS * len(COLUMNS)

    return await _measured(devices, poll, warm_up=1)


def _gufo_user(user: User) -> GufoUser:
    return GufoUser(
        user.name,
        auth_key=Sha256Key(user.auth_key.encode(), key_type=KeyType.Password),
        priv_key=Aes128Key(user.priv_key.encode(), key_type=KeyType.Password),
    )


async def _pysnmp(devices: Sequence[int]) -> Measured:
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
    for line in run():
        sys.stdout.write(line + "\n")
