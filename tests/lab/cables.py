"""Cables between network namespaces that can be slow, long, lossy or pulled.

Every end is a TAP interface, all of them held by one process, because the kernels of small
machines lack netem. The process reads from standard input what becomes of each cable, a JSON object
a line (see `Quality`), and answers each with a line. It ends when standard input does.
"""

import ctypes
import fcntl
import heapq
import json
import os
import random
import selectors
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
_TUNSETIFF, _TUNSETCARRIER = 0x400454CA, 0x400454E2  # linux/if_tun.h
_IFF_TAP, _IFF_NO_PI = 0x0002, 0x1000
_CLONE_NEWNET = 0x40000000
_QUEUE_S = 0.15  # what waits longer is dropped; longer than this process is ever held up
_OSPF = 89  # network control goes first and is not dropped by a queue
_FRAMES = 32  # taken from one end at once

End = tuple[str, str]  # namespace, interface


@dataclass(frozen=True, slots=True)
class Quality:
    """How a cable carries, both ways alike; `loss` 0..1, `jitter_ms` each way off the delay."""

    rate_bps: float = 1e9
    delay_ms: float = 0.0
    jitter_ms: float = 0.0
    loss: float = 0.0
    cut: bool = False


@dataclass(slots=True)
class Cables:
    """The running process."""

    process: subprocess.Popen[str]

    def set_quality(self, number: int, quality: Quality) -> None:
        """Make a cable like this from now on."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps([number, asdict(quality)]), file=self.process.stdin, flush=True)
        assert self.process.stdout.readline().strip() == "done"


@contextmanager
def cables(joined: Sequence[tuple[End, End]]) -> Iterator[Cables]:
    """Lay the cables; their numbers are their places in `joined`."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.lab.cables", json.dumps(joined)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert process.stdout.readline().strip() == "laid"
        yield Cables(process)
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


def _tap(space: str, name: str) -> int:
    """Make a TAP interface in a namespace; return the file that holds it."""
    libc = ctypes.CDLL(None, use_errno=True)
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    there = os.open(f"/var/run/netns/{space}", os.O_RDONLY)
    try:
        if libc.setns(there, _CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), space)
        held = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(held, _TUNSETIFF, struct.pack("16sH22x", name.encode(), _IFF_TAP | _IFF_NO_PI))
    finally:
        libc.setns(home, _CLONE_NEWNET)
        os.close(home)
        os.close(there)
    return held


@dataclass(slots=True)
class _Way:
    """One direction of a cable: from whose reading comes what is written to `far`."""

    cable: int
    far: int
    free_s: float = 0.0  # when all that waits is sent


class _Relay:
    def __init__(self, joined: Sequence[tuple[End, End]]) -> None:
        self._random = random.Random(1)
        self._quality = [Quality() for _ in joined]
        self._ends: list[tuple[int, int]] = []
        self._ways: dict[int, _Way] = {}
        self._waiting: list[tuple[float, int, int, bytes]] = []
        self._count = 0
        self._selector = selectors.DefaultSelector()
        for number, (a, b) in enumerate(joined):
            ends = _tap(*a), _tap(*b)
            self._ends.append(ends)
            for near, far in (ends, ends[::-1]):
                self._ways[near] = _Way(number, far)
                self._selector.register(near, selectors.EVENT_READ)

    def run(self) -> None:
        self._selector.register(sys.stdin, selectors.EVENT_READ)
        os.nice(-10)  # a cable does not wait for what else the machine does
        print("laid", flush=True)  # noqa: T201
        while True:
            wait_s = max(0.0, self._waiting[0][0] - time.monotonic()) if self._waiting else None
            for key, _events in self._selector.select(wait_s):
                if key.fileobj is sys.stdin:
                    if not self._obey(sys.stdin.readline()):
                        return
                else:
                    self._take(key.fd)
            self._deliver()

    def _obey(self, line: str) -> bool:
        if not line:
            return False
        number, wanted = json.loads(line)
        quality = self._quality[number] = Quality(**wanted)
        for end in self._ends[number]:
            fcntl.ioctl(end, _TUNSETCARRIER, struct.pack("i", not quality.cut))
        print("done", flush=True)  # noqa: T201
        return True

    def _take(self, near: int) -> None:
        way, now_s = self._ways[near], time.monotonic()
        quality = self._quality[way.cable]
        for _ in range(_FRAMES):
            try:
                frame = os.read(near, 2048)
            except OSError:  # nothing more, or the interface is not up
                return
            control = frame[12:14] == b"\x08\x00" and frame[23] == _OSPF
            if quality.cut or (not control and self._random.random() < quality.loss):
                continue
            begins_s = max(now_s, way.free_s)
            if not control:
                if begins_s - now_s > _QUEUE_S:
                    continue
                way.free_s = begins_s + len(frame) * 8 / quality.rate_bps
            off_s = self._random.uniform(-1, 1) * quality.jitter_ms / 1000
            due_s = (now_s if control else way.free_s) + quality.delay_ms / 1000 + off_s
            self._count += 1
            heapq.heappush(self._waiting, (due_s, self._count, way.far, frame))

    def _deliver(self) -> None:
        now_s = time.monotonic()
        while self._waiting and self._waiting[0][0] <= now_s:
            _due_s, _count, far, frame = heapq.heappop(self._waiting)
            try:
                os.write(far, frame)
            except OSError:  # its interface is not up
                continue


if __name__ == "__main__":
    _Relay(json.loads(sys.argv[1])).run()
