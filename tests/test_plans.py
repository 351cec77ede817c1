"""What the collector takes for planned: the inventory, calendar files that change, and notes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from console.calendars import question as asked
from console.collector import calendar_watch, plans
from console.collector.lookups import Secrets
from console.collector.network import Network
from console.collector.plans import Places, Plans
from console.collector.recorder import Recorder
from console.history.notes import Notes
from console.history.reader import HistoryReader
from console.model import entered
from console.model.inventory import Conference, Inventory
from console.model.plan import Occurrence, Plan, PlanSource
from tests.calendar_texts import calendar


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_watch, "LOOK_S", 0.05)
    monkeypatch.setattr(plans, "NOTES_S", 0.05)


def inventory_of(*conferences: dict[str, object]) -> Inventory:
    usual = {"bridge": "mcu", "profile": "hd"}
    return Inventory.model_validate(
        {
            "network": "Test",
            "snmp": {},
            "devices": [],
            "polling": {"ping_s": None},
            "sites": [{"id": "here", "name": "Here", "lat": 50, "lon": 7}],
            "rooms": [{"id": "saal", "site": "here", "name": "Saal"}],
            "bridges": [{"id": "mcu", "site": "here", "name": "MCU"}],
            "profiles": {"hd": {"up": "4M", "down": "8M"}},
            "conferences": [{**usual, **one} for one in conferences],
        }
    )


RULED = {"id": "ruled", "start": "2026-12-03T10:00"}
FILED = {"id": "filed", "calendar": "dates.ics"}


def daily(title: str) -> str:
    """A calendar that has something every day, whenever the test runs."""
    return calendar(f"UID:d\nDTSTART:20260101T090000Z\nRRULE:FREQ=DAILY\nSUMMARY:{title}")


def entry(number: str, **changes: object) -> Conference:
    content = {"id": number, "bridge": "mcu", "profile": "hd", "start": "2026-12-04T10:00"}
    return Conference.model_validate({**content, **changes})


class Told:
    """Collects what is handed on."""

    def __init__(self) -> None:
        self.plans: dict[str, Plan] = {}
        self.times = 0

    def __call__(self, told: tuple[Plan, ...]) -> None:
        self.plans = {plan.id: plan for plan in told}
        self.times += 1

    def titles(self, name: str) -> set[str]:
        read = self.plans[name].read if name in self.plans else None
        return {one.title for one in read or ()}

    async def until(self, what: object) -> None:
        async with asyncio.timeout(20):
            while not what():  # type: ignore[operator]
                await asyncio.sleep(0.02)


@asynccontextmanager
async def keeping(
    folder: Path, *conferences: dict[str, object], known: tuple[Plan, ...] = ()
) -> AsyncIterator[tuple[Plans, Told]]:
    told = Told()
    places = Places(folder, folder / "history.notes.db")
    keeper = Plans(inventory_of(*conferences), places, Secrets(), told, known)
    task = asyncio.create_task(keeper.keep())
    try:
        await told.until(lambda: told.times)
        yield keeper, told
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_calendar_that_changes_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "dates.ics").write_text(daily("first"))
    async with keeping(tmp_path, RULED, FILED) as (keeper, told):
        assert list(told.plans) == ["ruled", "filed"]
        assert told.plans["ruled"] == Plan(keeper.plans[0].entry)
        assert told.plans["filed"].source is PlanSource.CALENDAR
        assert told.titles("filed") == {"first"}
        read = told.plans["filed"].read
        assert read is not None
        assert 434 <= len(read) <= 436
        (tmp_path / "dates.ics").write_text(daily("second"))
        await told.until(lambda: told.titles("filed") == {"second"})
    assert told.times == 2


async def test_what_was_known_last_stays_while_it_cannot_be_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "dates.ics"
    path.write_text(daily("good"))
    async with keeping(tmp_path, FILED) as (_keeper, told):
        path.write_text("BEGIN:VCALENDAR\nnonsense")
        await told.until(lambda: told.plans["filed"].problem == asked.UNREADABLE)
        assert told.titles("filed") == {"good"}
        path.unlink()
        await told.until(lambda: told.plans["filed"].problem == asked.MISSING)
        assert told.titles("filed") == {"good"}
        path.write_text(daily("better"))
        await told.until(lambda: told.titles("filed") == {"better"})
        assert told.plans["filed"].problem is None
    warned = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert warned == [
        "filed: The calendar cannot be read; check that it is an iCalendar file",
        "filed: There is no calendar where the inventory says",
    ]


async def test_a_collector_that_starts_without_its_calendar_goes_on_from_the_last(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = Plan(entry("filed"), PlanSource.CALENDAR, (Occurrence(1.0, 2.0, "old"),))
    async with keeping(tmp_path, FILED, known=(before,)) as (_keeper, told):
        assert told.titles("filed") == {"old"}
        assert told.plans["filed"].problem == asked.MISSING
        assert told.plans["filed"].entry.calendar == "dates.ics"
    assert "no calendar" in caplog.text


async def test_a_credential_that_is_missing_is_the_problem(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = {"id": "dav", "calendar": "http://127.0.0.1:9/x/", "credential": "${env:NO_SUCH}"}
    async with keeping(tmp_path, server) as (_keeper, told):
        assert told.plans["dav"].problem == "secret_missing:${env:NO_SUCH}"
    assert "NO_SUCH" in caplog.text


async def test_what_the_window_enters_is_planned_until_it_is_deleted(tmp_path: Path) -> None:
    async with keeping(tmp_path, RULED) as (keeper, told):
        with Notes(tmp_path / "history.notes.db") as notes:
            notes.put_conference(entry("entered", name="Haushalt"), 1.0)
            await told.until(lambda: "entered" in told.plans)
            assert told.plans["entered"].source is PlanSource.WINDOW
            wish = notes.add_wish("poll", {}, 4e9)
            await told.until(lambda: keeper.wishes)
            assert [one.id for one in keeper.wishes] == [wish]
            notes.delete_conference("entered", 2.0)
            await told.until(lambda: "entered" not in told.plans)
    assert told.times == 3  # a wish changes no plan


async def test_what_does_not_fit_the_inventory_is_left_out_and_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Notes(tmp_path / "history.notes.db") as notes:
        notes.put_conference(entry("good"), 1.0)
        notes.put_conference(entry("elsewhere", rooms=["gone"]), 1.0)
        notes.put_conference(entry("ruled"), 1.0)
    async with keeping(tmp_path, RULED) as (_keeper, told):
        await told.until(lambda: "good" in told.plans)
        await asyncio.sleep(0.3)
        assert list(told.plans) == ["ruled", "good"]
        assert told.plans["ruled"].source is PlanSource.INVENTORY
    assert len(caplog.records) == 1
    assert "“gone” is not in “rooms”" in caplog.text


async def test_plans_reach_the_history(tmp_path: Path) -> None:
    (tmp_path / "dates.ics").write_text(daily("first"))
    history = tmp_path / "history.db"
    places = Places(tmp_path, tmp_path / "history.notes.db")

    def planned() -> dict[str, Plan]:
        with HistoryReader(history) as reader:
            return {plan.id: plan for plan in reader.snapshot_at(None).plans}

    async with Recorder(history) as recorder:
        observing = asyncio.create_task(
            Network(inventory_of(RULED, FILED), recorder, None, places).observe()
        )
        try:
            await Told().until(lambda: history.exists() and recorder.now().id)
            await Told().until(lambda: planned()["filed"].read)
            with Notes(places.notes) as notes:
                notes.put_conference(entry("entered"), 1.0)
            await Told().until(lambda: "entered" in planned())
            assert planned()["ruled"].read is None
        finally:
            observing.cancel()
            with suppress(asyncio.CancelledError):
                await observing


def test_the_inventorys_own_checks_hold_for_what_is_entered() -> None:
    inventory = inventory_of(RULED)
    assert entered.sentences(entry("new", rooms=["saal"], quorum=1), inventory) == ()
    wrong = entry("here", bridge="no", profile="no", rooms=["saal"], quorum=2, repeat="RRULE:X=1")
    told = entered.sentences(wrong, inventory)
    assert len(told) == 5
    assert "stands in the inventory file" in entered.sentences(entry("ruled"), inventory)[0]
    assert entered.sentences(entry("c", start=None, calendar="x.ics"), inventory) != ()


def test_ids_are_made_from_names() -> None:
    assert entered.free_id("Größe & Übermut!", ()) == "groesse-uebermut"
    assert entered.free_id("Haushalt", ("haushalt", "haushalt-2")) == "haushalt-3"
    assert entered.free_id("会议", ()) == "conference"
