"""A rehearsal with the real programs: reflector, collector, a wish in the notes, the result."""

import time
from pathlib import Path

from console.errors import OperatorError
from console.history.notes import Notes, notes_file
from console.history.reader import HistoryReader
from console.model.rehearsal import WISH, LegVerdict, Rehearsal, RehearsalState
from tests.end2end.running import program, write_inventory
from tests.peers import free_udp_port

PATIENCE_S = 40.0
RATE_BPS = 4e6


def inventory(folder: Path, reflector: str) -> Path:
    daily = {"start": "2026-01-01T10:00", "repeat": "RRULE:FREQ=DAILY"}
    return write_inventory(
        folder / "net.yaml",
        devices=[],
        sites=[
            {"id": "noc", "name": "NOC", "lat": 50, "lon": 8},
            {"id": "site", "name": "Site", "lat": 50, "lon": 7},
        ],
        rooms=[{"id": "hall", "site": "site", "name": "Hall"}],
        bridges=[{"id": "mcu", "site": "noc", "name": "MCU"}],
        reflectors=[{"id": "refl", "site": "site", "address": reflector}],
        profiles={"hd": {"up": RATE_BPS, "down": 8e6}},
        conferences=[{"id": "conf", "bridge": "mcu", "profile": "hd", **daily}],
        polling={"paths_s": None},
    )


def rehearsed(history: Path, seconds: float) -> Rehearsal:
    """Wish for a rehearsal as soon as the collector runs, and wait for its end."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not history.exists() or not running(history):
        assert time.monotonic() < deadline_s
        time.sleep(0.1)
    with Notes(notes_file(history)) as notes:
        notes.add_wish(WISH, {"conference": "conf", "seconds": seconds}, time.time())
    while time.monotonic() < deadline_s:
        with HistoryReader(history) as reader:
            found = reader.rehearsal("conf", None)
        if found is not None and found.state.over:
            return found
        time.sleep(0.2)
    raise AssertionError("the rehearsal did not end")


def running(history: Path) -> bool:
    try:
        with HistoryReader(history) as reader:
            return bool(reader.snapshot_at(None).plans)
    except OperatorError:  # it is being made
        return False


def test_a_wish_in_the_notes_is_sent_to_a_reflector_and_back(tmp_path: Path) -> None:
    history, place = tmp_path / "history.db", f"127.0.0.1:{free_udp_port()}"
    with program("reflect", "--listen", place) as reflector:
        assert reflector.process.stdout is not None
        assert reflector.process.stdout.readline()
        with program("collect", inventory(tmp_path, place), "--history", history) as collector:
            found = rehearsed(history, 2.0)
            code, told = collector.stop()
    assert code == 0
    assert found.state is RehearsalState.DONE
    [leg] = found.legs
    assert (leg.verdict, leg.lost, leg.rooms) == (LegVerdict.WITHIN, 0, ("hall",))
    assert leg.rate_there_bps is not None
    assert 0.7 * RATE_BPS < leg.rate_there_bps <= RATE_BPS
    assert f"The rehearsal of “conf” is over: {leg.sent} packets, 0 lost." in told
