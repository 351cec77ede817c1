"""Rehearsals from the wish in the notes to what the history tells of them, with real reflectors."""

import asyncio
import json
import socket
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from console.analysis.rehearsal import counted
from console.collector import plans, rehearsal_run, rehearsals
from console.collector.lookups import Names, Secrets
from console.collector.plans import Places, Plans
from console.collector.recorder import Recorder
from console.collector.rehearsal_run import Lookups
from console.collector.rehearsals import Rehearsals
from console.history.notes import Notes
from console.history.reader import HistoryReader
from console.model.inventory import Inventory
from console.model.rehearsal import (
    ANOTHER_RUNS,
    COLLECTOR_ENDED,
    LINK_FULL,
    NO_PROFILE,
    NO_REFLECTOR,
    NO_REFLECTORS,
    UNKNOWN_CONFERENCE,
    WISH,
    LegVerdict,
    Rehearsal,
    RehearsalState,
)
from console.stamp.reflector import Reflector
from console.stamp.serving import Listener
from tests.situations import network

PATIENCE_S = 15.0


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "NOTES_S", 0.05)
    monkeypatch.setattr(rehearsals, "LOOK_S", 0.05)


def made(port: int | None, **changes: object) -> Inventory:
    where = {"id": "refl", "site": "east", "address": f"127.0.0.1:{port}"}
    daily = {"start": "2026-01-01T10:00", "repeat": "RRULE:FREQ=DAILY"}
    usual = {"bridge": "bridge", "profile": "hd", **daily}
    return network(
        {"core": ["c"], "east": ["e"], "west": ["w"]},
        [("ce", "c", "e", 1e9, 1), ("cw", "c", "w", 1e9, 1)],
        {"hall": "east", "town": "west"},
        "core",
        **{
            "polling": {"ping_s": None},
            "reflectors": [where] if port else [],
            "profiles": {"hd": {"up": "400k", "down": "8M"}},
            "conferences": [{"id": "conf", **usual}, {"id": "other", **usual}],
            **changes,
        },
    )


@asynccontextmanager
async def reflecting() -> AsyncIterator[int]:
    listener = await Listener.open("127.0.0.1", 0, Reflector())
    try:
        yield listener.place[1]
    finally:
        listener.close()


@dataclass(frozen=True, slots=True)
class Stage:
    """A collector that does nothing but rehearse."""

    history: Path
    notes: Path
    task: "asyncio.Task[None]"

    def wish(self, conference: str = "conf", seconds: float = 1.5, ago_s: float = 0.0) -> int:
        with Notes(self.notes) as notes:
            content = {"conference": conference, "seconds": seconds}
            return notes.add_wish(WISH, content, time.time() - ago_s)

    def cancel(self, wish: int) -> None:
        with Notes(self.notes) as notes:
            notes.cancel_wish(wish, time.time())

    def now(self, conference: str = "conf") -> Rehearsal | None:
        with HistoryReader(self.history) as reader:
            return reader.rehearsal(conference, None)

    async def until(self, true: Callable[[Rehearsal], bool], conference: str = "conf") -> Rehearsal:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                found = self.now(conference)
                if found is not None and true(found):
                    return found
                await asyncio.sleep(0.05)


def over(rehearsal: Rehearsal) -> bool:
    return rehearsal.state.over


def running(rehearsal: Rehearsal) -> bool:
    return rehearsal.state is RehearsalState.RUNNING


@asynccontextmanager
async def stage(folder: Path, inventory: Inventory) -> AsyncIterator[Stage]:
    history, notes = folder / "history.db", folder / "history.notes.db"
    async with Recorder(history) as recorder:
        await recorder.record_inventory(inventory)
        await recorder.begin_cycle()
        lookups = Lookups(Names(), Secrets())
        planned = Plans(inventory, Places(folder, notes), lookups.secrets, recorder.add_plans)
        fulfilled = Rehearsals(inventory, planned, recorder, lookups)

        async def work() -> None:
            async with asyncio.TaskGroup() as group:
                group.create_task(recorder.keep_committing())
                group.create_task(planned.keep())
                group.create_task(fulfilled.keep())

        task = asyncio.create_task(work())
        try:
            yield Stage(history, notes, task)
        finally:
            task.cancel()
            await asyncio.wait([task])


async def test_a_wish_is_fulfilled_recorded_and_counts_as_evidence(tmp_path: Path) -> None:
    async with reflecting() as port, stage(tmp_path, made(port)) as on:
        wish = on.wish()
        seen = await on.until(running)
        assert (seen.wish, seen.legs) == (wish, ())
        assert seen.sent > 0
        done = await on.until(over)
        assert (done.state, done.reason, done.conference) == (RehearsalState.DONE, "", "conf")
        east, west = done.legs
        assert (east.site, east.rooms, east.reflector) == ("east", ("hall",), "refl")
        assert (east.lost, east.lost_there, east.lost_back) == (0, 0, 0)
        assert east.verdict is LegVerdict.WITHIN
        assert east.sent == done.sent > 50
        assert east.rtt_ms is not None
        assert east.rate_there_bps is not None
        assert 0.7 * 400e3 < east.rate_there_bps <= 400e3, "the smaller direction"
        assert (west.reason, west.verdict) == (NO_REFLECTOR, LegVerdict.UNKNOWN)
        assert (counted(done).rooms, counted(done).lossless) == (2, 1)
        with HistoryReader(on.history) as reader:
            windows = reader.path_windows("refl", done.began_s - 1, time.time() + 1)
            evidence = reader.situation("conf", None).evidence
            before = reader.rehearsal("conf", done.began_s - 1)
            assert done.ended_s is not None
            during = reader.rehearsal("conf", done.ended_s - 1.5)
    assert {one.window.path for one in windows} == {
        f"rehearsal 127.0.0.1:{port} {dscp}" for dscp in (46, 34, 18)
    }
    assert sum(one.window.sent for one in windows) == east.sent
    assert (evidence["hall"].loss, evidence["hall"].fresh) == (0.0, True)
    assert evidence["town"].loss is None
    assert before is None
    assert during is not None
    assert not during.state.over, "the past is what could be seen then"


async def test_a_rehearsal_that_is_taken_back_ends_at_once(tmp_path: Path) -> None:
    async with reflecting() as port, stage(tmp_path, made(port)) as on:
        wish = on.wish(seconds=60)
        await on.until(running)
        on.cancel(wish)
        found = await on.until(over)
    assert (found.state, found.reason) == (RehearsalState.CANCELLED, "")
    assert found.elapsed_s < 15
    assert found.legs[0].sent > 0
    assert found.legs[0].lost == 0


async def test_the_end_of_the_collector_ends_it_and_is_told(tmp_path: Path) -> None:
    async with reflecting() as port:
        async with stage(tmp_path, made(port)) as on:
            on.wish(seconds=60)
            await on.until(running)
        found = on.now()
    assert found is not None
    assert (found.state, found.reason) == (RehearsalState.CANCELLED, COLLECTOR_ENDED)


async def test_a_collector_that_was_killed_leaves_no_rehearsal_running(tmp_path: Path) -> None:
    async with reflecting() as port:
        async with stage(tmp_path, made(port)) as on:
            on.wish(seconds=60)
            await on.until(running)
        db = sqlite3.connect(on.history)
        last = db.execute("SELECT max(id) FROM rehearsal").fetchone()
        db.execute("DELETE FROM rehearsal WHERE id = ?", last)
        db.commit()
        db.close()
        with HistoryReader(on.history) as reader:
            soon = reader.rehearsal("conf", None, time.time() + 1)
            late = reader.rehearsal("conf", None, time.time() + 10)
    assert soon is not None
    assert running(soon)
    assert late is not None
    assert (late.state, late.reason) == (RehearsalState.CANCELLED, COLLECTOR_ENDED)


async def test_one_at_a_time(tmp_path: Path) -> None:
    async with reflecting() as port, stage(tmp_path, made(port)) as on:
        first = on.wish(seconds=2)
        await on.until(running)
        on.wish("other")
        on.wish("conf")
        refused = await on.until(over, "other")
        done = await on.until(over)
    assert (refused.state, refused.reason) == (RehearsalState.REFUSED, ANOTHER_RUNS)
    assert refused.subject == "conf"
    assert (done.state, done.wish) == (RehearsalState.DONE, first)


async def test_old_wishes_are_nobodys_any_more(tmp_path: Path) -> None:
    async with reflecting() as port, stage(tmp_path, made(port)) as on:
        on.wish(ago_s=31)
        on.wish(ago_s=-3600)
        kept = on.wish("other", seconds=1)
        found = await on.until(over, "other")
        assert found.wish == kept
        assert on.now() is None


async def test_a_wish_from_before_the_start_is_not_fulfilled_again(tmp_path: Path) -> None:
    with Notes(tmp_path / "history.notes.db") as notes:
        notes.add_wish(WISH, {"conference": "conf"}, time.time())
    async with reflecting() as port, stage(tmp_path, made(port)) as on:
        on.wish("other", seconds=1)
        await on.until(over, "other")
        assert on.now() is None


@pytest.mark.parametrize(
    ("changes", "conference", "reason"),
    [
        ({}, "conf", NO_REFLECTORS),
        ({}, "gone", UNKNOWN_CONFERENCE),
        ({"profiles": {}}, "conf", NO_PROFILE),
    ],
)
async def test_what_cannot_be_sent_is_refused(
    tmp_path: Path, changes: dict[str, object], conference: str, reason: str
) -> None:
    async with stage(tmp_path, made(None, **changes)) as on:
        on.wish(conference)
        found = await on.until(over, conference)
    assert (found.state, found.reason) == (RehearsalState.REFUSED, reason)
    assert found.sent == 0


async def test_with_a_full_link_on_the_way_nothing_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = HistoryReader.snapshot_at

    def loaded(self: HistoryReader, *at: float | None) -> object:
        snapshot = seen(self, *at)
        link = replace(snapshot.links["cw"], b_to_a_load=0.95)
        return replace(snapshot, links={**snapshot.links, "cw": link})

    monkeypatch.setattr(HistoryReader, "snapshot_at", loaded)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as quiet:
        quiet.bind(("127.0.0.1", 0))
        quiet.setblocking(False)
        async with stage(tmp_path, made(quiet.getsockname()[1])) as on:
            on.wish()
            found = await on.until(over)
        assert (found.reason, found.subject) == (LINK_FULL, "cw")
        with pytest.raises(BlockingIOError):
            quiet.recv(1)


async def test_a_key_that_is_missing_is_told_and_the_others_go_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with reflecting() as port:
        reflectors = [
            {"id": "refl", "site": "east", "address": f"127.0.0.1:{port}"},
            {"id": "keyed", "site": "west", "address": f"127.0.0.1:{port}", "key": "${env:GONE}"},
        ]
        async with stage(tmp_path, made(port, reflectors=reflectors)) as on:
            on.wish(seconds=1)
            found = await on.until(over)
    assert [leg.verdict for leg in found.legs] == [LegVerdict.WITHIN, LegVerdict.UNKNOWN]
    assert found.legs[1].reason == "unsent"
    assert "GONE" in caplog.text


async def test_a_wish_that_nobody_understands_is_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with reflecting() as port, stage(tmp_path, made(port)) as on:
        with Notes(on.notes) as notes:
            notes.add_wish(WISH, ["what"], time.time())
        on.wish(seconds=1)
        assert (await on.until(over)).state is RehearsalState.DONE
    assert "rehearsal" in caplog.text


async def test_the_key_reaches_neither_the_history_nor_the_list_of_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOAD_KEY", "only the two ends know")
    told: list[str] = []
    sending = rehearsal_run.sending

    @asynccontextmanager
    async def looked(order: object) -> AsyncIterator[object]:
        async with sending(order) as load:  # type: ignore[arg-type]
            number = load._process.pid
            told.append(Path(f"/proc/{number}/cmdline").read_text(errors="replace"))
            told.append(repr(order))
            yield load

    if Path("/proc/self/cmdline").exists():
        monkeypatch.setattr(rehearsal_run, "sending", looked)
    listener = await Listener.open("127.0.0.1", 0, Reflector(b"only the two ends know"))
    port = listener.place[1]
    entry = {"id": "refl", "site": "east", "address": f"127.0.0.1:{port}", "key": "${env:LOAD_KEY}"}
    async with stage(tmp_path, made(port, reflectors=[entry])) as on:
        on.wish(seconds=1)
        found = await on.until(over)
    listener.close()
    assert found.legs[0].verdict is LegVerdict.WITHIN
    told.append(json.dumps([str(path.read_bytes()) for path in tmp_path.iterdir()]))
    assert not any("two ends" in text for text in told)
