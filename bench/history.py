"""The history at 2,000 ports: writing a cycle, a snapshot, a day of a link, octets per sample.

The load is that of an access network: a third of the ports idle, most at some hundred kbit/s, the
uplinks at some hundred Mbit/s. A day is written in bulk, then hours as a collector would.
"""

import shutil
import sqlite3
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from console.history.reader import HistoryReader
from console.history.writer import HistoryWriter
from console.model.inventory import Inventory
from console.model.observation import (
    Batch,
    DevicePoll,
    PastBucket,
    PortFacts,
    PortSample,
    SystemFacts,
    Transition,
)
from console.model.states import Outcome

DEVICES, PORTS = 84, 24
INTERVAL_S = 30.0
DAY_CYCLES = 2880
LIVE_CYCLES = 480
TSDB_PORTS = 240  # enough to be fair, few enough to be quick
FIRST_S = 1_795_305_600.0  # 2026-11-22T00:00:00Z
RRD_OCTETS = 64  # four data sources (rates and faults) of 8 octets, mean and maximum

Rates = NDArray[np.float64]


def run() -> Iterator[str]:
    """Yield a line for each question."""
    with tempfile.TemporaryDirectory(prefix="leitstand-bench-") as folder:
        path = Path(folder) / "history.db"
        rates = _rates(LIVE_CYCLES)
        with HistoryWriter.open(path, "bench") as writer:
            yield _write_day(writer)
            before = _octets(path)
            written_ms = _write_live(writer, rates)
            after = _octets(path)
            yield (
                f"a cycle of {DEVICES * PORTS:,} ports written: {_spread(written_ms)}"
                " (goal 3 to 6 ms)"
            )
        yield from _read(path)
        yield _at_rest(before, after)
        yield _prometheus(Path(folder), rates)


def _rates(cycles: int) -> Rates:
    """Return bit/s: (2, cycles, ports); every port wanders about a mean of its own."""
    random = np.random.default_rng(7)
    count = DEVICES * PORTS
    mean = random.lognormal(np.log(400e3), 1.5, count)
    mean[random.random(count) < 0.35] = 0.0
    mean[::PORTS] = random.uniform(50e6, 900e6, DEVICES)
    return mean * random.lognormal(0.0, 0.4, (2, cycles, count))


def _inventory() -> Inventory:
    content = {
        "network": "Bench",
        "snmp": {"lab": {"version": "2c", "community": "public"}},
        "polling": {"ping_s": None},
        "sites": [{"id": f"s{n}", "name": f"S{n}", "lat": 50, "lon": 7} for n in range(DEVICES)],
        "devices": [
            {"id": f"d{n}", "site": f"s{n}", "address": f"127.0.0.1:{16101 + n}", "snmp": "lab"}
            for n in range(DEVICES)
        ],
        "links": [
            {
                "id": f"l{n}",
                "a": {"device": f"d{n}", "interface": "p0"},
                "b": {"device": f"d{(n + 1) % DEVICES}", "interface": "p1"},
            }
            for n in range(DEVICES)
        ],
    }
    return Inventory.model_validate(content)


def _write_day(writer: HistoryWriter) -> str:
    writer.record_inventory(_inventory())
    facts = tuple(PortFacts(f"p{n}", n, f"p{n}", f"p{n}", "", 6, 1e9) for n in range(PORTS))
    system = SystemFacts("bench", "bench", "1.3.6.1", "", FIRST_S)
    names = tuple(f"d{n}" for n in range(DEVICES))
    for name in names:
        writer.past_port_facts(name, system, facts)
    ports = tuple((name, f"p{n}") for name in names for n in range(PORTS))
    at_ms = np.tile((np.arange(DEVICES) * 29_000 // DEVICES)[None, :], (10, 1))
    whole = np.zeros((10, DEVICES), dtype=np.int64)
    rates = _rates(100)
    began = time.perf_counter()
    for first in range(10, 10 + DAY_CYCLES, 10):
        cycles = np.arange(first - 10, first)
        load = rates[:, cycles % 100]
        writer.write_past(
            PastBucket(
                *(
                    first,
                    FIRST_S + INTERVAL_S * cycles.astype(np.float64),
                    names,
                    at_ms,
                    whole,
                    whole + 1500,
                ),
                *(ports, load[0], load[1]),
            )
        )
    took_s = time.perf_counter() - began
    writer.beat(FIRST_S + INTERVAL_S * DAY_CYCLES - 1)  # commits what is left of the day
    return f"a day of {DEVICES * PORTS:,} ports in bulk: {took_s:.1f} s"


def _write_live(writer: HistoryWriter, rates: Rates) -> list[float]:
    """Write the cycles one by one; return what each commit took, in ms."""
    took_ms = []
    for number in range(LIVE_CYCLES):
        at_s = FIRST_S + INTERVAL_S * (DAY_CYCLES + number)
        cycle = writer.begin_cycle(at_s)
        polls = tuple(_poll(n, cycle, rates[:, number]) for n in range(DEVICES))
        changes = tuple(
            Transition(f"{kind}{n}", cycle, 0, "up") for kind in "dl" for n in range(DEVICES)
        )
        batch = Batch(cycle, at_s + 29.5, polls, (), changes if number == 0 else ())
        began = time.perf_counter()
        writer.store(batch)
        took_ms.append((time.perf_counter() - began) * 1000)
    return took_ms


def _poll(device: int, cycle: int, rates: Rates) -> DevicePoll:
    inward, outward = rates[:, device * PORTS : (device + 1) * PORTS].tolist()
    ports = tuple(
        PortSample(f"p{n}", 1, 1 if inward[n] else 2, inward[n], outward[n], 0.0, 0.0, 0.0, 0.0)
        for n in range(PORTS)
    )
    at_ms = device * 29_000 // DEVICES
    return DevicePoll(f"d{device}", cycle, at_ms, Outcome.OK, 1500, ports=ports)


def _read(path: Path) -> Iterator[str]:
    now_s = FIRST_S + INTERVAL_S * (DAY_CYCLES + LIVE_CYCLES) + 5
    middle_s = FIRST_S + INTERVAL_S * DAY_CYCLES / 2 + 12
    with HistoryReader(path) as reader:

        def live() -> None:
            reader.snapshot_at(None, now_s)

        def past() -> None:
            reader.snapshot_at(middle_s)

        def day() -> None:
            reader.link_series("l7", now_s - 86_400, now_s)

        views = reader.snapshot_at(middle_s).ports.values()
        known = sum(port.in_bps is not None for ports in views for port in ports)
        yield f"snapshot of {known:,} ports, newest: {_timed(live)} (goal 5 ms)"
        yield f"snapshot of {known:,} ports, past: {_timed(past)} (goal 5 ms)"
        yield f"24 h of a link, every sample: {_timed(day)} (goal 10 ms)"


def _timed(work: Callable[[], None], times: int = 40) -> str:
    work()
    took_ms = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        took_ms.append((time.perf_counter() - began) * 1000)
    return _spread(took_ms)


def _spread(took_ms: list[float]) -> str:
    return f"median {statistics.median(took_ms):.1f} ms, fastest {min(took_ms):.1f} ms"


def _octets(path: Path) -> dict[str, int]:
    """Return what every table takes once the log is written back."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return dict(db.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"))


def _at_rest(before: dict[str, int], after: dict[str, int]) -> str:
    samples = LIVE_CYCLES * DEVICES * PORTS
    grown = {name: (octets - before.get(name, 0)) / samples for name, octets in after.items()}
    parts = ", ".join(
        f"{what} {grown[table]:.1f}"
        for what, table in (("polls", "poll"), ("5-minute means", "traffic_5min"))
    )
    return (
        f"octets per port-sample at rest: {grown['traffic']:.1f} (goal 6; RRDtool {RRD_OCTETS});"
        f" beside it {parts}, all together {sum(grown.values()):.1f}"
    )


def _prometheus(folder: Path, rates: Rates) -> str:
    """Feed the same load to Prometheus' own storage; no faults, polls or means in it."""
    promtool = shutil.which("promtool")
    if promtool is None:
        return "octets per port-sample in Prometheus: promtool is not installed"
    kbit = np.ceil(rates[:, :, :TSDB_PORTS] / 1000).astype(np.int64)
    counted = np.cumsum(rates[:, :, :TSDB_PORTS] * INTERVAL_S / 8, axis=1).astype(np.int64)
    as_rates = _block_octets(promtool, folder / "rates", "gauge", kbit)
    as_counters = _block_octets(promtool, folder / "counters", "counter", counted)
    return (
        "octets per port-sample in Prometheus, in and out only:"
        f" {as_counters:.1f} as counters, {as_rates:.1f} as whole kbit/s"
    )


def _block_octets(promtool: str, folder: Path, kind: str, values: NDArray[np.int64]) -> float:
    folder.mkdir()
    source, blocks = folder / "metrics.txt", folder / "blocks"
    source.write_text("".join(_open_metrics(kind, values)))
    command = [promtool, "tsdb", "create-blocks-from", "openmetrics", str(source), str(blocks)]
    subprocess.run(command, check=True, capture_output=True)
    octets = sum(file.stat().st_size for file in blocks.rglob("*") if file.is_file())
    return octets / (LIVE_CYCLES * TSDB_PORTS)


def _open_metrics(kind: str, values: NDArray[np.int64]) -> Iterator[str]:
    name_ends = "_total" if kind == "counter" else ""
    for place, direction in enumerate(("in", "out")):
        yield f"# TYPE port_{direction} {kind}\n"
        for port in range(TSDB_PORTS):
            labels = f'device="d{port // PORTS}",port="p{port % PORTS}"'
            for number, value in enumerate(values[place, :, port].tolist()):
                at_s = FIRST_S + INTERVAL_S * (DAY_CYCLES + number)
                yield f"port_{direction}{name_ends}{{{labels}}} {value} {at_s:.3f}\n"
    yield "# EOF\n"


if __name__ == "__main__":
    for line in run():
        click.echo(line)
