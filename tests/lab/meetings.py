"""Holds conferences of UDP streams in the lab and sets what was predicted against what they saw.

`python -m tests.lab.meetings --cases 20 --seed 7` prints a line a case and the score. In every case
the lab's links get random capacities, everyday traffic, delays, losses and cuts; the collector
watches for a while; `readiness` gives its verdict; then the conference is held, once as things are
and once under a single failure.
"""

import argparse
import itertools
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import networkx as nx

from tests.end2end.running import device, write_inventory
from tests.lab.cables import ROOT, Cables, Quality, cables
from tests.lab.routed import (
    COMMUNITY,
    LINKS,
    MBITS,
    Routed,
    cable_ends,
    link_address,
    routed,
    set_up,
    wait_for_ways,
    without_way,
)

BRIDGE = "mz-r1"
UP_BPS, DOWN_BPS = 0.8e6, 1.6e6
MAX_RTT_MS, MAX_JITTER_MS, MAX_LOSS = 150.0, 30.0, 0.01
WATCH_S, HOLD_S, SETTLE_S = 25.0, 8.0, 4.0
START_S = 2.0  # all streams are ready to begin
PATIENCE_S = 30.0
EXIT_CODES = {0: "ready", 10: "ready_not_n1", 20: "not_ready", 30: "unknown"}


@dataclass(frozen=True, slots=True)
class Case:
    """What one conference has to live with; `everyday_bps` is by cable and side that sends."""

    qualities: tuple[Quality, ...]
    everyday_bps: dict[tuple[int, int], float]
    quorum: int
    failure: int  # the cable that is cut for the second part


@dataclass(slots=True)
class Part:
    """A conference held: what was said before, and which rooms' media were well."""

    said_ready: bool | None  # None: unknown
    well: set[str]
    quorum: int
    rooms: dict[str, str] = field(default_factory=dict)  # what was said of each
    why: tuple[str, ...] = ()  # it was said not to be ready
    unwell: tuple[str, ...] = ()  # what the other rooms saw

    @property
    def was_ready(self) -> bool:
        """True when enough rooms saw and heard."""
        return len(self.well) >= self.quorum

    @property
    def agrees(self) -> bool:
        """True when it went as was said."""
        return self.said_ready is self.was_ready


def random_case(seed: int) -> Case:
    """Return a case: links that are ample or tight, now and then lossy, long, shaky or cut."""
    dice = random.Random(seed)
    qualities = [_capacity(dice, link) for link in range(len(LINKS))]
    everyday = {}
    for cable in dice.sample(range(len(LINKS)), dice.choice((0, 1, 1, 2))):
        part = dice.choice((0.3, 0.6, 0.75, 0.9))
        everyday[cable, dice.randrange(2)] = part * qualities[cable].rate_bps
    for cable in dice.sample(range(len(LINKS)), dice.choice((0, 0, 1, 1, 2))):
        harm = dice.choice(("loss", "delay", "jitter", "cut", "little"))
        qualities[cable] = _harmed(dice, qualities[cable], harm)
    rooms = len({name for link in LINKS for name in link}) - 1
    quorum = dice.choice((rooms, rooms, rooms - 1, rooms - 2))
    whole = [number for number, quality in enumerate(qualities) if not quality.cut]
    return Case(tuple(qualities), everyday, quorum, dice.choice(whole))


def _capacity(dice: random.Random, link: int) -> Quality:
    ample, tight = (30e6, 6e6) if BRIDGE in LINKS[link] else (20e6, 4e6)
    return Quality(rate_bps=dice.choice((ample, ample, 12e6, tight)))


def _harmed(dice: random.Random, quality: Quality, harm: str) -> Quality:
    if harm == "loss":
        return replace(quality, loss=dice.uniform(0.04, 0.12))
    if harm == "delay":
        return replace(quality, delay_ms=dice.uniform(90, 140))
    if harm == "jitter":
        return replace(quality, delay_ms=80, jitter_ms=dice.uniform(60, 78))
    if harm == "cut":
        return replace(quality, cut=True)
    return replace(quality, delay_ms=dice.uniform(2, 15), loss=0.0002)


@dataclass(slots=True)
class Hall:
    """The built network with its cables."""

    network: Routed
    cables: Cables
    folder: Path

    @property
    def rooms(self) -> list[str]:
        """The nodes with a room."""
        return [name for name in self.network.nodes if name != BRIDGE]

    def hold(self, case: Case, said: dict[str, Any], failed: int | None) -> Part:
        """Hold the conference for HOLD_S; return it beside what was said."""
        if failed is not None:
            self.cables.set_quality(failed, replace(case.qualities[failed], cut=True))
            self._settle(case, failed)
        seen = self._stream()
        well = {room for room in self.rooms if _was_well(*seen[room])}
        unwell = tuple(_seen(room, *seen[room]) for room in self.rooms if room not in well)
        if failed is None:
            told = {p["room"].removeprefix("room-"): p["verdict"] for p in said["participants"]}
            why = tuple(r["text"] for r in said["reasons"] if r["severity"] == "blocker")
            return Part(_yes(said["verdict"]), well, case.quorum, told, why, unwell)
        tried = {failure["failed"]: failure for failure in said["single_failures"]}
        name = f"l{failed + 1}"
        # A link that no media cross changes nothing when it fails.
        verdict = tried[name]["verdict"] if name in tried else said["verdict"]
        return Part(_yes(verdict), well, case.quorum, unwell=unwell)

    def _settle(self, case: Case, failed: int | None = None) -> None:
        """Wait until OSPF has found every way that there is."""
        graph = nx.Graph()
        graph.add_nodes_from(self.network.nodes)
        graph.add_edges_from(
            LINKS[number]
            for number, quality in enumerate(case.qualities)
            if not quality.cut and number != failed
        )
        there = sorted(nx.node_connected_component(graph, BRIDGE))
        patient_s = time.monotonic() + PATIENCE_S
        while lost := without_way(self.network, there):
            if time.monotonic() > patient_s:  # now and then OSPF does not come back to a stub
                self._plug_again(case, failed, lost)
                wait_for_ways(self.network, there)
            time.sleep(0.2)
        time.sleep(SETTLE_S)

    def _plug_again(self, case: Case, failed: int | None, lost: list[str]) -> None:
        """Pull the cables of nodes that nothing leads to, and plug them in again."""
        print(f"plugged in again: {lost}", flush=True)  # noqa: T201
        ends = [n for n, link in enumerate(LINKS) if n != failed and not {*lost}.isdisjoint(link)]
        for cut in (True, False):
            for number in ends:
                quality = case.qualities[number]
                self.cables.set_quality(number, replace(quality, cut=cut or quality.cut))
            time.sleep(2 * SETTLE_S)

    def _stream(self) -> dict[str, tuple[float, float, list[float]]]:
        """Return loss on the way up and down, and the round trips in ms, by room."""
        nodes = self.network.nodes
        addresses = {nodes[room].address: room for room in self.rooms}
        bridge = nodes[BRIDGE].address
        begins_s = time.time() + START_S
        met = self._start(BRIDGE, "meet", bridge, DOWN_BPS, begins_s, HOLD_S, list(addresses))
        joined = {
            room: self._start(room, "join", nodes[room].address, bridge, UP_BPS, begins_s, HOLD_S)
            for room in self.rooms
        }
        ends = {room: _read(process) for room, process in joined.items()}
        at_bridge = {addresses[address]: counts for address, counts in _read(met).items()}
        found = {}
        for room, (sent, received, rtt_ms) in ends.items():
            down_sent, up_received = at_bridge[room]
            found[room] = 1 - up_received / sent, 1 - received / down_sent, rtt_ms
        return found

    def _start(self, node: str, part: str, *arguments: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.network.nodes[node].within(
                *(sys.executable, "-m", "tests.lab.streams", part, json.dumps(arguments)),
            ),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    @contextmanager
    def everyday(self, case: Case) -> Iterator[None]:
        """Send the everyday traffic, from one end of a cable to its other."""
        by_node: dict[str, list[tuple[str, float]]] = {}
        for (cable, side), rate_bps in case.everyday_bps.items():
            flow = link_address(cable, 1 - side), rate_bps
            by_node.setdefault(LINKS[cable][side], []).append(flow)
        senders = [self._start(node, "load", 300.0, flows) for node, flows in by_node.items()]
        try:
            yield
        finally:
            for sender in senders:
                sender.kill()
                sender.communicate()

    def ask(self, case: Case) -> dict[str, Any]:
        """Watch for a while with a collector of its own; return what `readiness` then says."""
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            inventory, history = self._inventory(Path(name), case), Path(name) / "history.db"
            noc = ["ip", "netns", "exec", f"{self.network.mark}-noc", sys.executable, "main.py"]
            collector = subprocess.Popen(
                [*noc, "collect", str(inventory), "--history", str(history)], cwd=ROOT
            )
            try:
                time.sleep(WATCH_S)
                done = subprocess.run(
                    [*noc, "readiness", "meeting", "--history", str(history), "--json"],
                    cwd=ROOT,
                    capture_output=True,
                    encoding="utf-8",
                )
            finally:
                collector.terminate()
                collector.wait(10)
        assert done.returncode in EXIT_CODES, done.stderr
        said: dict[str, Any] = json.loads(done.stdout)
        assert said["verdict"] == EXIT_CODES[done.returncode]
        return said

    def _inventory(self, folder: Path, case: Case) -> Path:
        start = datetime.now(UTC) + timedelta(minutes=5)
        rooms = [
            {
                **{"id": f"room-{name}", "site": f"at-{name}", "name": name},
                "probes": [{"icmp": self.network.nodes[name].address}],
            }
            for name in self.rooms
        ]
        return write_inventory(
            folder / "meeting.yaml",
            timezone="UTC",
            snmp={"lab": {"version": "2c", "community": COMMUNITY}},
            polling={"interfaces_s": 4, "ping_s": 2, "rooms_s": 2, "paths_s": 0.05},
            sites=[
                {"id": f"at-{name}", "name": name, "lat": 50.0, "lon": 8.0}
                for name in self.network.nodes
            ],
            devices=[
                device(name, node.address) | {"site": f"at-{name}"}
                for name, node in self.network.nodes.items()
            ],
            links=[self._link(number, case) for number in range(len(LINKS))],
            bridges=[
                {
                    **{"id": "bridge", "site": f"at-{BRIDGE}", "name": "Bridge"},
                    "probes": [{"icmp": self.network.nodes[BRIDGE].address}],
                }
            ],
            rooms=rooms,
            profiles={
                "media": {
                    **{"up": UP_BPS, "down": DOWN_BPS, "max_rtt_ms": MAX_RTT_MS},
                    **{"max_jitter_ms": MAX_JITTER_MS, "max_loss": MAX_LOSS},
                }
            },
            conferences=[
                {
                    **{"id": "meeting", "bridge": "bridge", "profile": "media"},
                    **{"start": start.strftime("%Y-%m-%dT%H:%M"), "quorum": case.quorum},
                }
            ],
        )

    def _link(self, number: int, case: Case) -> dict[str, Any]:
        ends = cable_ends(self.network, number)
        a, b = LINKS[number]
        return {
            "id": f"l{number + 1}",
            "a": {"device": a, "interface": ends[0][1]},
            "b": {"device": b, "interface": ends[1][1]},
            "capacity": case.qualities[number].rate_bps,
            "cost": 100_000 // MBITS.get((a, b), 10_000),
        }

    def play(self, case: Case) -> tuple[Part, Part]:
        """Set everything up, hear the verdict, hold the conference twice."""
        for number, quality in enumerate(case.qualities):
            self.cables.set_quality(number, quality)
        self._settle(case)
        with self.everyday(case):
            said = self.ask(case)
            return self.hold(case, said, None), self.hold(case, said, case.failure)


def _yes(verdict: str) -> bool | None:
    return {"unknown": None, "not_ready": False}.get(verdict, True)


def _was_well(lost_up: float, lost_down: float, rtt_ms: Sequence[float]) -> bool:
    if len(rtt_ms) < 3:
        return False
    steps = [abs(b - a) for a, b in itertools.pairwise(rtt_ms)]
    return (
        max(lost_up, lost_down) <= MAX_LOSS
        and sum(rtt_ms) / len(rtt_ms) <= MAX_RTT_MS
        and sum(steps) / len(steps) <= MAX_JITTER_MS
    )


def _seen(room: str, lost_up: float, lost_down: float, rtt_ms: Sequence[float]) -> str:
    mean_ms = sum(rtt_ms) / len(rtt_ms) if rtt_ms else float("nan")
    return f"{room}: {lost_up:.1%} lost up, {lost_down:.1%} down, {mean_ms:.0f} ms."


def _read(process: subprocess.Popen[str]) -> Any:
    return json.loads(process.communicate(timeout=60)[0])


@contextmanager
def hall(folder: Path) -> Iterator[Hall]:
    """Build the network that all cases share."""
    laid: list[Cables] = []

    @contextmanager
    def lay(built: Routed) -> Iterator[None]:
        with cables([cable_ends(built, link) for link in range(len(LINKS))]) as held:  # type: ignore[misc]
            for link in range(len(LINKS)):
                set_up(built, link)
            laid.append(held)
            yield

    with routed(lay, lldp=False) as network:
        for node in network.nodes.values():
            by_flow = ("sysctl", "-qw", "net.ipv4.fib_multipath_hash_policy=1")
            subprocess.run(node.within(*by_flow), check=True)
        yield Hall(network, laid[0], folder)


def main() -> None:
    """Play cases and print the score."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    agreed = 0
    with tempfile.TemporaryDirectory() as folder, hall(Path(folder)) as place:
        for seed in range(wanted.seed, wanted.seed + wanted.cases):
            parts = place.play(random_case(seed))
            agreed += all(part.agrees for part in parts)
            print(f"{seed}: {'; '.join(map(_told, parts))}", flush=True)  # noqa: T201
    print(f"{agreed} of {wanted.cases} conferences went as was said before")  # noqa: T201


def _told(part: Part) -> str:
    words = {True: "ready", False: "not ready", None: "unknown"}
    agrees = "" if part.agrees else f" WRONG ({' '.join((*part.why, *part.unwell))})"
    return (
        f"said {words[part.said_ready]}, {len(part.well)} rooms well"
        f" of {part.quorum} needed{agrees}"
    )


if __name__ == "__main__":
    main()
