"""The law of the history: what was live at T is what the finished file shows at T."""

import dataclasses
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.history.reader import HistoryReader
from console.history.schema import DUMP_CYCLES
from console.history.writer import HistoryWriter
from console.model.inventory import Conference
from console.model.observation import (
    Batch,
    ChassisFacts,
    DevicePoll,
    Neighbour,
    PathWindow,
    PortSample,
    ProbeResult,
    RoomFacts,
    Surroundings,
    Transition,
)
from console.model.path_view import PathView
from console.model.plan import Occurrence, Plan, PlanSource
from console.model.situation import Situation
from console.model.snapshot import Snapshot
from console.model.states import Outcome
from tests.histories_small import DEVICES, KEYS, NOON_S, SYSTEM, facts_of, small_inventory

REFLECTORS = [{"id": "refl", "site": "b", "address": "127.0.0.1"}]
SLOWER = {"interfaces_s": 20, "ping_s": None, "rooms_s": 30}
FEWER = small_inventory().model_dump(by_alias=True)["devices"][:2]
INVENTORIES = (
    small_inventory(reflectors=REFLECTORS),
    small_inventory(reflectors=REFLECTORS, network="Renamed", polling=SLOWER),
    small_inventory(devices=FEWER, links=[]),
)
DEVICE_STATES = ("up", "degraded", "down", "unreachable", "unknown")
ROOM_STATES = ("idle", "in_call", "degraded", "down", "unknown")

ENTRY = Conference(id="conf", bridge="mcu", profile="hd", start="2026-11-22T10:00")
PLANS = ((), (Plan(ENTRY),), (Plan(ENTRY, PlanSource.CALENDAR, (Occurrence(NOON_S, NOON_S + 9),)),))

rates = st.sampled_from((None, 0.0, 1.0, 1e6, 2.5e9))
lost = st.sampled_from((None, 0.0, 0.0, 0.25))
status = st.sampled_from((1, 1, 2, 7, None))
outcomes = st.sampled_from((*[Outcome.OK] * 6, Outcome.REPEATED, Outcome.TIMEOUT, Outcome.REFUSED))
samples = st.tuples(st.sampled_from(KEYS), status, status, rates, rates, lost, lost)
ports = st.lists(samples, min_size=1, max_size=3, unique_by=lambda sample: sample[0])
poll = st.tuples(st.just("poll"), st.sampled_from(DEVICES), outcomes, ports)
between = st.tuples(st.just("between"), st.sampled_from(DEVICES), ports)
commit = st.just(("commit",))
advance = st.tuples(st.just("advance"), st.integers(1, 20_000))
judge = st.one_of(
    st.tuples(
        st.just("judge"), st.sampled_from((*DEVICES, "a-b", "b-c")), st.sampled_from(DEVICE_STATES)
    ),
    st.tuples(st.just("judge"), st.sampled_from(("room", "mcu")), st.sampled_from(ROOM_STATES)),
)
probe = st.tuples(
    st.just("probe"),
    st.sampled_from((("room", "sip sip:r@h"), ("mcu", "sip sip:m@h"), ("a1", "icmp"))),
    st.sampled_from(Outcome),
    st.sampled_from((None, None, RoomFacts(registered=True), RoomFacts(calls=1, uptime_s=50.0))),
)
window = st.tuples(st.just("window"), st.sampled_from(("room", "mcu", "refl")), st.integers(0, 10))
far = st.tuples(st.just("far"), st.integers(0, 10), st.integers(0, 60_000))
plan = st.tuples(st.just("plan"), st.sampled_from(PLANS))
heard = st.lists(
    st.builds(
        Neighbour,
        *(st.sampled_from(("lldp", "cdp")), st.sampled_from((*KEYS, "gone", None))),
        *(st.just("port"), st.sampled_from(("", "name", "b1", "c1")), st.just("chassis")),
        *(st.sampled_from((*KEYS, "?")), st.just(""), st.just("descr")),
        st.sampled_from(((), ("192.0.2.1",))),
    ),
    max_size=2,
)
chassis = st.sampled_from((None, ChassisFacts("c", "m", "s1", "", "", ""), ChassisFacts(*[""] * 6)))
survey = st.tuples(st.just("survey"), st.sampled_from(DEVICES), heard, chassis)
upset = st.one_of(
    st.tuples(st.just("stall"), st.integers(1, 60_000)),
    st.just(("cycle",)),
    st.tuples(
        st.just("renumber"), st.sampled_from(DEVICES), st.permutations(KEYS), st.integers(0, 2)
    ),
    st.tuples(st.just("reboot"), st.sampled_from(DEVICES)),
    st.tuples(st.just("inventory"), st.sampled_from(INVENTORIES)),
    st.tuples(st.just("restart"), st.booleans(), st.integers(1, 90_000)),
    st.tuples(st.just("clock"), st.integers(-200_000, 200_000)),
)
# A cycle: most devices polled, some things judged and probed, committed now and then, some time.
rounds = st.tuples(
    st.just("round"),
    st.lists(
        st.one_of(
            *(poll, poll, poll, between, commit, advance, judge, probe, survey, window, far, plan)
        ),
        min_size=4,
        max_size=10,
    ),
)
events = st.one_of(rounds, rounds, rounds, upset)


class Run:
    """A collector's run, told by events; every event takes a millisecond."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.now_ms = round(NOON_S * 1000)
        self.writer = HistoryWriter.open(path, "1")
        self.writer.record_inventory(INVENTORIES[0])
        self.inventory = INVENTORIES[0]
        self.reader = HistoryReader(path)
        self.looks: list[tuple[Snapshot, Situation | None, tuple[PathView, ...]]] = []
        self.facts = dict.fromkeys(DEVICES, facts_of())
        self.systems = dict.fromkeys(DEVICES, SYSTEM)
        self.cycle = 0
        self.cycle_ms = 0
        self.polls: dict[tuple[str, int], DevicePoll] = {}
        self.asked: set[tuple[str, int]] = set()
        self.answers: list[DevicePoll] = []  # between two polls
        self.probes: list[ProbeResult] = []
        self.transitions: list[Transition] = []
        self.surveys: list[Surroundings] = []
        self.windows: list[PathWindow] = []
        self.plans: tuple[Plan, ...] | None = None
        self.handle("cycle")

    @property
    def at_ms(self) -> int:
        return self.now_ms - self.cycle_ms

    def handle(self, kind: str, *arguments: object) -> None:
        self.now_ms += 1
        getattr(self, f"on_{kind}")(*arguments)

    def on_round(self, parts: list[tuple]) -> None:
        self.on_cycle()
        for part in parts:
            self.handle(*part)
            self.on_look()
        self.on_advance(3_000)
        self.on_commit()

    def on_advance(self, length_ms: int) -> None:
        """Time passes, with a heartbeat every second."""
        for passed_ms in range(1000, length_ms, 1000):
            self.writer.beat((self.now_ms + passed_ms) / 1000)
        self.now_ms += length_ms

    def on_stall(self, length_ms: int) -> None:
        """Time passes, and the collector is not there."""
        self.now_ms += length_ms

    def on_cycle(self) -> None:
        self.cycle = self.writer.begin_cycle(self.now_ms / 1000)
        self.cycle_ms = self.now_ms

    def on_poll(self, device: str, outcome: Outcome, ports: list[tuple]) -> None:
        if (device, self.cycle) in self.asked:
            return
        self.asked.add((device, self.cycle))
        seen = tuple(
            PortSample(key, admin, oper, i, o, e, d, e, d) for key, admin, oper, i, o, e, d in ports
        )
        self.polls[device, self.cycle] = DevicePoll(
            *(device, self.cycle, self.at_ms, outcome, 1234, None, self.systems[device]),
            *(self.facts[device], seen if outcome.alive else ()),
        )

    def on_between(self, device: str, ports: list[tuple]) -> None:
        seen = tuple(PortSample(key, admin, oper, None, None) for key, admin, oper, *_ in ports)
        self.answers.append(
            DevicePoll(device, self.cycle, self.at_ms, Outcome.OK, 4321, ports=seen)
        )

    def on_probe(self, which: tuple[str, str], outcome: Outcome, facts: RoomFacts | None) -> None:
        rtt_us = 900 + self.at_ms % 100 if outcome.alive else None
        told = facts if outcome.alive else None
        self.probes.append(ProbeResult(*which, self.cycle, self.at_ms, outcome, rtt_us, facts=told))

    def on_window(self, subject: str, lost: int) -> None:
        self.windows.append(
            PathWindow(subject, "icmp", self.cycle, self.at_ms, 1, 10, lost, pairs=9, jitter_us=7)
        )

    def on_far(self, lost: int, ago_ms: int) -> None:
        """What another reflector saw: it began before, perhaps before this cycle."""
        name, at_ms = "stamp-from other 34", self.at_ms - ago_ms
        self.windows.append(PathWindow("refl", name, self.cycle, at_ms, 1, 10, lost, pairs=9))

    def on_plan(self, plans: tuple[Plan, ...]) -> None:
        self.plans = plans

    def on_judge(self, subject: str, state: str) -> None:
        reasons = () if state in ("up", "idle") else ("snmp_timeout", "behind:b1")
        self.transitions.append(Transition(subject, self.cycle, self.at_ms, state, reasons))

    def on_survey(self, device: str, heard: list[Neighbour], chassis: ChassisFacts | None) -> None:
        self.surveys.append(Surroundings(device, self.cycle, self.at_ms, tuple(heard), chassis))

    def on_renumber(self, device: str, keys: list[str], gone: int) -> None:
        self.facts[device] = facts_of(tuple(keys[gone:]), first_index=10 + gone)

    def on_reboot(self, device: str) -> None:
        self.systems[device] = dataclasses.replace(SYSTEM, booted_at_s=self.now_ms / 1000)

    def on_commit(self) -> None:
        stored_s = self.now_ms / 1000
        polls = tuple(self.polls.values())
        self.writer.store(
            Batch(
                *(self.cycle, stored_s, polls, tuple(self.probes), tuple(self.transitions)),
                surroundings=tuple(self.surveys),
                looks=tuple(self.answers),
                windows=tuple(self.windows),
                plans=self.plans,
            )
        )
        self.forget()

    def on_inventory(self, inventory: object) -> None:
        self.inventory = inventory
        self.writer.record_inventory(inventory)

    def on_restart(self, politely: bool, pause_ms: int) -> None:
        """The collector ends, with a goodbye or without; what waits for its commit is lost."""
        if politely:
            self.writer.stop(self.now_ms / 1000)
        self.forget()
        self.writer.close()
        self.handle("stall", pause_ms)
        self.handle("look")
        self.writer = HistoryWriter.open(self.path, "1")
        self.handle("inventory", self.inventory)
        self.handle("cycle")

    def on_clock(self, by_ms: int) -> None:
        """The clock is set; what it showed twice means the second time from now on."""
        self.now_ms += by_ms
        self.looks = [look for look in self.looks if look[0].at_s * 1000 < self.now_ms]
        self.on_cycle()
        self.forget()

    def on_look(self) -> None:
        now_s = self.now_ms / 1000
        snapshot = self.reader.snapshot_at(None, now_s)
        paths = self.reader.paths_at(None, now_s)
        self.looks.append((snapshot, situation(self.reader, None, now_s), paths))

    def forget(self) -> None:
        self.polls, self.probes, self.transitions, self.surveys = {}, [], [], []
        self.answers, self.windows, self.plans = [], [], None

    def finish(self) -> None:
        self.writer.close()
        self.reader.close()


@pytest.fixture(scope="module")
def empty_history() -> Iterator[Path]:
    """A new history to copy, soon before all ports that are not up are stored again."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        HistoryWriter.open(path, "1").close()
        with closing(sqlite3.connect(path)) as db, db:
            db.execute("INSERT INTO cycle VALUES (?, ?)", (DUMP_CYCLES - 4, NOON_S - 3600))
        yield path


def assert_replays(told: list[tuple], empty: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(shutil.copy(empty, Path(folder) / "history.db"))
        run = Run(path)
        for event in told:
            run.handle(*event)
            run.handle("look")
        run.finish()
        with HistoryReader(path) as finished:
            for look, seen, paths in run.looks:
                replayed = finished.snapshot_at(look.at_s)
                assert comparable(replayed) == comparable(look)
                assert basis(situation(finished, look.at_s, None)) == basis(seen)
                assert finished.paths_at(look.at_s) == paths


def situation(reader: HistoryReader, at_s: float | None, now_s: float | None) -> Situation | None:
    """What an assessment rests on, where the conference is planned."""
    try:
        return reader.situation("conf", at_s, now_s)
    except LookupError:
        return None


def basis(situation: Situation | None) -> tuple[object, ...]:
    """The situation without its snapshot, which is compared already."""
    if situation is None:
        return ()
    return situation.plan, situation.occurrence, situation.baselines, situation.evidence


def comparable(snapshot: Snapshot) -> Snapshot:
    """Without what tells live from past; the graph is the inventory's and compares by identity."""
    return dataclasses.replace(snapshot, live=False, graph=None)


@given(st.lists(events, min_size=3, max_size=14))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_live_at_a_moment_is_what_the_finished_file_shows(
    empty_history: Path, told: list[tuple]
) -> None:
    assert_replays(told, empty_history)
