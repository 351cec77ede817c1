"""A small network and what a collector might see in it, for tests of the history."""

from pathlib import Path
from typing import Any

from console.history.writer import HistoryWriter
from console.model.inventory import Inventory
from console.model.observation import Batch, DevicePoll, PortFacts, PortSample, SystemFacts
from console.model.states import Outcome

NOON_S = 1_795_338_000.0  # 2026-11-22T09:00:00Z, a multiple of 3600
DEVICES = ("a1", "b1", "c1")
KEYS = ("p1", "p2", "p3")
SYSTEM = SystemFacts("name", "descr", "1.3.6.1", "here", NOON_S - 3600)


def small_inventory(**changes: Any) -> Inventory:
    """Three sites in a row, a room, a bridge."""
    content: dict[str, Any] = {
        "network": "Test",
        "snmp": {"lab": {"version": "2c", "community": "secret-community"}},
        "polling": {"interfaces_s": 30, "ping_s": 10, "rooms_s": 60},
        "sites": [{"id": s, "name": s.upper(), "lat": 50, "lon": 7} for s in ("a", "b", "c")],
        "devices": [
            {"id": d, "site": d[0], "address": f"127.0.0.1:{16101 + n}", "snmp": "lab"}
            for n, d in enumerate(DEVICES)
        ],
        "links": [
            {
                "id": "a-b",
                "a": {"device": "a1", "interface": "p1"},
                "b": {"device": "b1", "interface": "p2"},
            },
            {
                "id": "b-c",
                "a": {"device": "b1", "interface": "p1"},
                "b": {"device": "c1", "interface": "p2"},
                "capacity": "10G",
            },
        ],
        "bridges": [{"id": "mcu", "site": "a", "name": "Bridge", "probes": [{"sip": "sip:m@h"}]}],
        "rooms": [{"id": "room", "site": "b", "name": "Room", "probes": [{"sip": "sip:r@h"}]}],
    }
    return Inventory.model_validate(content | changes)


def facts_of(keys: tuple[str, ...] = KEYS, first_index: int = 1) -> tuple[PortFacts, ...]:
    """Ports named by their keys, numbered from `first_index` on."""
    return tuple(
        PortFacts(key, first_index + n, key, f"descr {key}", "", 6, 1e9)
        for n, key in enumerate(keys)
    )


def poll_of(
    device: str,
    cycle: int,
    at_ms: int = 0,
    outcome: Outcome = Outcome.OK,
    rates: dict[str, tuple[float | None, float | None]] | None = None,
    **changes: Any,
) -> DevicePoll:
    """A poll; all ports up, nothing lost, rates by port key or 1 Mbit/s in and 2 Mbit/s out."""
    ports: tuple[PortSample, ...] = ()
    if outcome.alive:
        loads = rates or dict.fromkeys(KEYS, (1e6, 2e6))
        ports = tuple(PortSample(k, 1, 1, i, o, 0.0, 0.0, 0.0, 0.0) for k, (i, o) in loads.items())
    told = {"rtt_us": 1500 if outcome.alive else None, "ports": ports} | changes
    return DevicePoll(device, cycle, at_ms, outcome, **told)


def write_cycles(path: Path, count: int, first_s: float = NOON_S, interval_s: float = 30.0) -> None:
    """Write so many cycles in which all three devices answer at once; rates tell the cycle."""
    with HistoryWriter.open(path, "1") as writer:
        writer.record_inventory(small_inventory())
        for number in range(count):
            at_s = first_s + number * interval_s
            cycle = writer.begin_cycle(at_s)
            new: dict[str, Any] = {"system": SYSTEM, "port_facts": facts_of()} if not number else {}
            load = (cycle * 1e6, cycle * 2e6) if number else (None, None)
            rates = dict.fromkeys(KEYS, load)
            polls = tuple(
                poll_of(d, cycle, 100 * n, rates=rates, **new) for n, d in enumerate(DEVICES)
            )
            writer.store(Batch(cycle, at_s + 0.5, polls))
            for second in range(1, int(interval_s)):
                writer.beat(at_s + second)
