"""A load over real sockets: its pace, its sizes and marks, losses by direction, how it stops."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from console.analysis.media_load import streams
from console.collector.load_process import sending
from console.model.rehearsal import LOST, SILENT
from console.stamp import load as module
from console.stamp.load import Load
from console.stamp.load_messages import ORDERS, LoadEnd, LoadOrder, LoadTarget, LoadTold
from console.stamp.packets import read_request
from console.stamp.reflector import Reflector
from console.stamp.serving import Listener
from console.stamp.sockets import Datagram, udp_socket, watch

LOCAL = "127.0.0.1"
RATE_BPS = 4e6
IP_UDP = 28


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ANSWER_S", 0.6)


def target(port: int, rate_bps: float = RATE_BPS, **more: Any) -> LoadTarget:
    return LoadTarget(LOCAL, port, streams(rate_bps), rate_bps, **more)


@asynccontextmanager
async def reflecting(key: bytes | None = None) -> AsyncIterator[int]:
    listener = await Listener.open(LOCAL, 0, Reflector(key))
    try:
        yield listener.place[1]
    finally:
        listener.close()


class Way(asyncio.DatagramProtocol):
    """Passes packets on to a reflector and back, but for every so many; one for each sender."""

    def __init__(self, port: int, there: int, back: int) -> None:
        self._to = (LOCAL, port)
        self._every = {False: there, True: back}
        self.dropped = {False: 0, True: 0}
        self.passed = {False: 0, True: 0}
        self._outer: dict[Any, asyncio.DatagramTransport] = {}
        self._opening = asyncio.Lock()
        self._passing: set[asyncio.Task[None]] = set()
        self.transport: asyncio.DatagramTransport
        self.cut = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: Any) -> None:
        if self.lets_through(False):
            task = asyncio.get_running_loop().create_task(self._pass(data, addr))
            self._passing.add(task)
            task.add_done_callback(self._passing.discard)

    async def _pass(self, data: bytes, asker: Any) -> None:
        async with self._opening:
            if asker not in self._outer:
                self._outer[asker], _ = await asyncio.get_running_loop().create_datagram_endpoint(
                    lambda: _Back(self, asker), remote_addr=self._to
                )
        self._outer[asker].sendto(data)

    def lets_through(self, back: bool) -> bool:
        every = self._every[back]
        number = self.passed[back] + self.dropped[back] + 1
        lost = self.cut or (every and number % every == 0)
        (self.dropped if lost else self.passed)[back] += 1
        return not lost

    def close(self) -> None:
        for transport in (self.transport, *self._outer.values()):
            transport.close()


class _Back(asyncio.DatagramProtocol):
    def __init__(self, way: Way, asker: Any) -> None:
        self._way, self._asker = way, asker

    def datagram_received(self, data: bytes, _addr: Any) -> None:
        if self._way.lets_through(True):
            self._way.transport.sendto(data, self._asker)


@asynccontextmanager
async def way(there: int = 0, back: int = 0) -> AsyncIterator[tuple[int, Way]]:
    async with reflecting() as port:
        _transport, made = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: Way(port, there, back), local_addr=(LOCAL, 0)
        )
        try:
            yield made.transport.get_extra_info("sockname")[1], made
        finally:
            made.close()


async def sent(
    seconds: float, *targets: LoadTarget, meanwhile: Callable[[Load], None] | None = None
) -> list[LoadTold]:
    told: list[LoadTold] = []
    load = Load(LoadOrder(seconds, targets), told.append)
    if meanwhile is not None:
        meanwhile(load)
    await load.run()
    return told


def ends(told: list[LoadTold]) -> tuple[LoadEnd, ...]:
    assert told[-1].ended is not None
    return told[-1].ended


@pytest.mark.parametrize("key", [None, "only the two ends know this"])
async def test_a_load_goes_there_and_back_without_loss(key: str | None) -> None:
    async with reflecting(key and key.encode()) as port:  # type: ignore[arg-type]
        told = await sent(1.2, target(port, key=key))
    [end] = ends(told)
    assert (end.numbers.lost, end.numbers.lost_there, end.numbers.lost_back) == (0, 0, 0)
    assert end.numbers.rtt_us is not None
    assert end.numbers.jitter_there_us is not None
    assert end.rate_there_bps is not None
    assert 0 < end.rate_there_bps <= RATE_BPS
    assert told[-1].sent == end.numbers.sent > 200
    assert [window.dscp for window in told[-1].windows] == [46, 34, 18]
    assert sum(window.numbers.sent for window in told[-1].windows) == end.numbers.sent


async def test_what_arrives_is_like_media_and_never_more_than_the_profile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "ANSWER_S", 1.5)  # nobody answers here
    seen: list[Datagram] = []
    sink = await watch(udp_socket(LOCAL, 0), seen.append)
    try:
        await sent(1.2, target(sink.place[1]))
    finally:
        sink.close()
    sizes = {(one.traffic_class, len(one.data) + IP_UDP) for one in seen}
    assert sizes == {(46 << 2, 200), (34 << 2, 1200), (18 << 2, 1200)}
    # By the moments that the packets themselves bear: the sink may be read late.
    sent_at = sorted((read_request(one.data).stamp / 2**32, len(one.data)) for one in seen)
    for began_s, _octets in sent_at:
        inside = sum(o + IP_UDP for at_s, o in sent_at if began_s <= at_s < began_s + 0.0995)
        assert 8 * inside <= RATE_BPS * 0.1


async def test_losses_there_and_back_are_told_apart() -> None:
    async with way(there=20, back=0) as (port, there), way(there=0, back=10) as (other, back):
        told = await sent(1.5, target(port, 2e6), target(other, 2e6))
    first, second = ends(told)
    assert first.numbers.lost_back == 0
    assert first.numbers.lost_there == first.numbers.lost > 5
    assert abs(first.numbers.lost - there.dropped[False]) <= 5
    assert second.numbers.lost_there == 0
    assert second.numbers.lost_back == second.numbers.lost > 10
    assert abs(second.numbers.lost - back.dropped[True]) <= 8


async def test_a_silent_reflector_gets_nothing_more_while_others_go_on() -> None:
    with udp_socket(LOCAL, 0) as nobody:
        async with reflecting() as port:
            told = await sent(2.0, target(nobody.getsockname()[1]), target(port))
    silent, well = ends(told)
    assert silent.reason == SILENT
    assert silent.numbers.lost == silent.numbers.sent < well.numbers.sent * 0.7
    assert (well.reason, well.numbers.lost) == ("", 0)


async def test_a_reflector_that_is_lost_on_the_way_ends_its_leg() -> None:
    async with way() as (port, made):

        def cut(_load: Load) -> None:
            asyncio.get_running_loop().call_later(0.6, lambda: setattr(made, "cut", True))

        told = await sent(10, target(port), meanwhile=cut)
    [end] = ends(told)
    assert end.reason == LOST
    assert 0 < end.numbers.lost < end.numbers.sent
    assert told[-1].elapsed_s < 5


async def test_when_stopped_nothing_more_is_sent_and_what_is_under_way_is_not_called_lost() -> None:
    async with way() as (port, made):

        def stop_soon(load: Load) -> None:
            asyncio.get_running_loop().call_later(0.5, load.stop)

        told = await sent(30, target(port), meanwhile=stop_soon)
        passed = made.passed[False]
        await asyncio.sleep(0.2)
        assert made.passed[False] == passed
    [end] = ends(told)
    assert (end.numbers.lost, end.reason) == (0, "")
    assert end.numbers.sent > 50


async def test_the_process_stops_when_it_is_told_and_tells_what_it_saw() -> None:
    told: list[LoadTold] = []
    async with reflecting() as port, sending(LoadOrder(30, (target(port),))) as load:
        async for one in load.told():
            told.append(one)
            load.stop()
    assert ends(told)[0].numbers.sent > 100
    assert told[-1].elapsed_s < 10


def test_the_process_ends_with_whoever_started_it() -> None:
    """Nobody is left to stop it: the end of standard input does."""
    starter = (
        "import subprocess, sys, os\n"
        "child = subprocess.Popen([sys.executable, '-m', 'console.stamp.load_child'],"
        " stdin=subprocess.PIPE, stdout=2)\n"
        "child.stdin.write(sys.stdin.buffer.readline()); child.stdin.flush()\n"
        "print(child.pid, flush=True)\n"
        "sys.stdin.buffer.readline(); os._exit(9)\n"
    )
    with udp_socket(LOCAL, 0) as quiet:
        order = LoadOrder(60, (target(quiet.getsockname()[1], 1e5),))
        with subprocess.Popen(
            [sys.executable, "-c", starter],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(ORDERS.dump_json(order) + b"\n")
            process.stdin.flush()
            child = int(process.stdout.readline())
            quiet.settimeout(10)
            quiet.recv(2048)
            process.stdin.write(b"\n")
            process.stdin.flush()
            process.wait(10)
        deadline_s = time.monotonic() + 10
        while _lives(child):
            assert time.monotonic() < deadline_s, "the load goes on although nobody waits for it"
            time.sleep(0.05)


def _lives(process: int) -> bool:
    """Tell whether a process runs; one that ended and was not waited for does not."""
    try:
        told = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        try:
            os.kill(process, 0)
        except OSError:
            return False
        return not Path("/proc/self").is_dir()
    return told.rpartition(")")[2].split()[0] != "Z"
