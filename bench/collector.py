"""What the collector costs as a whole, against gufo-snmp's poll alone of the same agents, one run.

A round of the collector is a poll of every device with rates, judgement and commit. What it does
once at its start (names, neighbours) is over before the measurement begins. gufo-snmp is measured
before and after, and medians count, so that what else the PC does falls on both.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median

from bench import poll
from bench.agents import allow_open_files, running

MAIN = Path(__file__).parent.parent / "main.py"
INTERVAL_S = 10
WARM_S = 40.0
ROUNDS = 5
TURNS = 3  # of gufo-snmp, before and after
_TICKS_PER_S = 100


def run() -> Iterator[str]:
    """Measure and tell, a line each."""
    if not sys.platform.startswith("linux"):
        yield "reads the processor time of another process from Linux's /proc: not measured here"
        return
    allow_open_files(poll.DEVICES + 200)
    with running(poll.DEVICES) as ports, tempfile.TemporaryDirectory() as folder:
        theirs = _fetched(ports)
        ours_s = _collected(ports, Path(folder))
        theirs_s = median(theirs + _fetched(ports))
    yield f"{len(ports)} devices x {poll.PORTS} ports, CPU s a round"
    yield f"the collector, rates, judgement and commits included {ours_s:.3f}"
    yield f"gufo-snmp, fetch only {theirs_s:.3f}; ratio {ours_s / theirs_s:.2f} (goal 3)"


def _fetched(ports: Sequence[int]) -> list[float]:
    """Return the CPU seconds of rounds of gufo-snmp over these agents."""
    measured = [asyncio.run(poll._gufo(ports)) for _ in range(TURNS)]
    return [cpu_s / polls * len(ports) for cpu_s, _wall_s, polls, _failed in measured]


def _collected(ports: Sequence[int], folder: Path) -> float:
    """Return the CPU seconds of one round of the collector over these agents."""
    devices = [
        {"id": f"d{port}", "site": "here", "address": f"127.0.0.1:{port}", "snmp": "lab"}
        for port in ports
    ]
    inventory = folder / "inventory.yaml"  # JSON is YAML
    inventory.write_text(
        json.dumps(
            {
                "network": "Bench",
                "snmp": {"lab": {"version": "2c", "community": "public"}},
                "polling": {"interfaces_s": INTERVAL_S, "ping_s": None, "topology_s": 86400},
                "sites": [{"id": "here", "name": "Here", "lat": 50.0, "lon": 8.0}],
                "devices": devices,
            }
        ),
        encoding="utf-8",
    )
    history = folder / "history.db"
    with subprocess.Popen(
        [sys.executable, str(MAIN), "collect", str(inventory), "--history", str(history)],
        stderr=subprocess.DEVNULL,
    ) as collector:
        time.sleep(WARM_S)
        spent_s = [_cpu_s(collector.pid)]
        for _ in range(ROUNDS):
            time.sleep(INTERVAL_S)
            spent_s.append(_cpu_s(collector.pid))
        if collector.poll() is not None:
            raise RuntimeError("the collector ended while it was measured")
        collector.terminate()
    return median(after_s - before_s for before_s, after_s in pairwise(spent_s))


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in run())
