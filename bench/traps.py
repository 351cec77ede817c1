"""A storm of traps against the real collector: what is stored, what it costs, who has to wait."""

import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import yaml

from console.errors import OperatorError
from console.history.reader import HistoryReader
from console.model.events import EventLog, Fate
from console.snmp.traps import read_community

PER_S = 10_000
SECONDS = 10
SENDERS = 10
DECODED = 50_000
_PATIENCE_S = 60.0
# linkDown of ifIndex 7 with ifAdminStatus and ifOperStatus, in community public, as net-snmp sends.
MESSAGE = bytes.fromhex(
    "307602010104067075626c6963a7690203712a1a020100020100305c300e06082b0601020101030043021267"
    "3017060a2b06010603010104010006092b0601060301010503300f060a2b060102010202010107020107"
    "300f060a2b060102010202010707020101300f060a2b060102010202010807020102"
)
_SENDER = """
import socket, sys, time
host, port, message, per_s, seconds = *sys.argv[1:3], *map(eval, sys.argv[3:])
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind((host, 0))
udp.connect(("127.0.0.1", int(port)))
sent, began_s = 0, time.monotonic()
while (passed_s := time.monotonic() - began_s) < seconds:
    for _ in range(int(passed_s * per_s) - sent):
        udp.send(message)
        sent += 1
    time.sleep(0.001)
print(sent)
"""


def run() -> Iterator[str]:
    """Yield the lines to print."""
    began_s = time.perf_counter()
    for _ in range(DECODED):
        read_community(MESSAGE).notification()
    each_us = (time.perf_counter() - began_s) / DECODED * 1e6
    yield f"decoding a trap of 3 variables: {each_us:.1f} µs"
    if sys.platform != "linux":
        yield "the storm needs Linux: senders at 127.0.0.1, 127.0.0.2, …"
        return
    for senders in (1, SENDERS):
        with tempfile.TemporaryDirectory() as folder:
            yield from _storm(Path(folder), senders)


def _storm(folder: Path, senders: int) -> Iterator[str]:
    """Have so many senders share the storm, and one more send five a second."""
    history, port = folder / "history.db", _free_port()
    (folder / "net.yaml").write_text(yaml.safe_dump(_inventory(port, senders + 1)))
    before_s = resource.getrusage(resource.RUSAGE_CHILDREN)
    main = str(Path(__file__).resolve().parent.parent / "main.py")
    command = [sys.executable, main, "collect", "net.yaml", "--history", "history.db"]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL) as collector:
        _wait_for(history)
        storm = [_sender(n, port, PER_S / senders) for n in range(1, senders + 1)]
        calm = _sender(senders + 1, port, 5)
        sent = sum(int(process.communicate()[0]) for process in (*storm, calm))
        senders_s = _cpu_s(before_s)
        log = _accounted(history, sent)
        collector.terminate()
    used_s = _cpu_s(before_s) - senders_s
    late_s = max(_delays(log, f"r{senders + 1}"), default=float("nan"))
    yield f"{senders} senders: {sent} sent in {SECONDS} s, {log.stored / sent:.1%} stored"
    fates = ", ".join(f"{n} {fate}" for fate, n in log.counts.items() if fate != Fate.STORED)
    yield f"  not stored: {fates or 'none'}; unaccounted: {sent - sum(log.counts.values())}"
    yield f"  CPU of the collector: {used_s:.1f} s"
    yield f"  longest gap of a sender that sends every 0.20 s: {late_s:.2f} s"


def _inventory(port: int, devices: int) -> dict[str, object]:
    return {
        "network": "Storm",
        "snmp": {"lab": {"version": "2c", "community": "public"}},
        "traps": {"listen": f"127.0.0.1:{port}"},
        "polling": {"interfaces_s": 60, "ping_s": None, "timeout_s": 0.2, "retries": 0},
        "sites": [{"id": "here", "name": "Here", "lat": 50.0, "lon": 7.0}],
        "devices": [
            {"id": f"r{n}", "site": "here", "address": f"127.0.0.{n}:9", "snmp": "lab"}
            for n in range(1, devices + 1)
        ],
    }


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        return int(udp.getsockname()[1])


def _sender(number: int, port: int, per_s: float) -> "subprocess.Popen[str]":
    told = (f"127.0.0.{number}", str(port), repr(MESSAGE), repr(per_s), repr(SECONDS))
    return subprocess.Popen(
        [sys.executable, "-c", _SENDER, *told], stdout=subprocess.PIPE, text=True
    )


def _cpu_s(since: resource.struct_rusage) -> float:
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    return now.ru_utime + now.ru_stime - since.ru_utime - since.ru_stime


def _wait_for(history: Path) -> None:
    deadline_s = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline_s:
        try:
            with HistoryReader(history) as reader:
                if reader.snapshot_at(None).cycle is not None:
                    time.sleep(1.0)
                    return
        except OperatorError:
            time.sleep(0.1)


def _accounted(history: Path, sent: int) -> EventLog:
    """Wait until everything sent is stored or counted."""
    deadline_s = time.monotonic() + _PATIENCE_S
    while True:
        with HistoryReader(history) as reader:
            log = reader.events(0, None, 0)
            if sum(log.counts.values()) >= sent or time.monotonic() > deadline_s:
                return reader.events(0, None, 10 * PER_S * SECONDS)
        time.sleep(0.2)


def _delays(log: EventLog, device: str) -> list[float]:
    """Seconds between the events of a device that sends evenly."""
    moments = sorted(event.at_s for event in log.events if event.device == device)
    return [after - before for before, after in pairwise(moments)]
