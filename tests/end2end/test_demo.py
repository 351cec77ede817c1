"""The demo and the simulation as programs: they answer, they show, and leave nothing behind."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from console.demo.placing import TRIES, addresses, is_free, place_inventory

Start = Callable[..., subprocess.Popen[str]]
MAIN = Path(__file__).parent.parent.parent / "main.py"


@pytest.fixture
def start() -> Iterator[Start]:
    started = []

    def run(*arguments: str) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        command = [sys.executable, str(MAIN), *arguments]
        started.append(subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True))
        return started[-1]

    yield run
    for process in started:
        if process.poll() is None:
            process.kill()
            process.communicate()


def children_of(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(number) for number in listed.split()]


def wait_until_recorded(history: Path, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not _recorded(history):
        assert time.monotonic() < deadline, "the collector recorded nothing"
        time.sleep(0.05)


def _recorded(history: Path) -> bool:
    if not history.exists():
        return False
    with closing(sqlite3.connect(f"file:{history}?mode=ro", uri=True)) as db:
        try:
            return bool(db.execute("SELECT count(*) FROM poll").fetchone()[0])
        except sqlite3.OperationalError:  # not yet made, or being made
            return False


def test_headless_demo_writes_a_past_goes_on_live_and_prints_the_status(
    start: Start, tmp_path: Path
) -> None:
    demo = start("demo", "--home", str(tmp_path), "--days", "0.1", "--headless", "--for", "6")
    output, errors = demo.communicate(timeout=60)
    assert demo.returncode == 0, errors
    assert "Kommunalnetz Rheinland-Pfalz" in output
    assert "Trier-Saarburg" in output
    history = tmp_path / "demo" / "history.db"
    db = sqlite3.connect(history)
    cycles, seen_s = db.execute("SELECT count(*), max(at) - min(at) FROM cycle").fetchone()
    db.close()
    assert cycles > 0.1 * 2880 - 10
    assert seen_s == pytest.approx(8640, abs=340)
    assert not list(history.parent.glob("history.unfinished*"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_ends_with_its_processes(
    start: Start, tmp_path: Path, number: signal.Signals
) -> None:
    demo = start("demo", "--home", str(tmp_path), "--days", "0", "--headless")
    wait_until_recorded(tmp_path / "demo" / "history.db")
    children = children_of(demo.pid)
    assert len(children) == 2
    demo.send_signal(number)
    output, errors = demo.communicate(timeout=20)
    assert demo.returncode == 0, errors
    assert "Kommunalnetz" in output
    assert not [child for child in children if _alive(child)]


def test_its_processes_end_even_when_it_is_killed(start: Start, tmp_path: Path) -> None:
    demo = start("demo", "--home", str(tmp_path), "--days", "0", "--headless")
    wait_until_recorded(tmp_path / "demo" / "history.db")
    children = children_of(demo.pid)
    demo.kill()
    demo.communicate()
    deadline = time.monotonic() + 10
    while any(_alive(child) for child in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [child for child in children if _alive(child)]


def test_a_second_demo_in_the_same_folder_is_refused(start: Start, tmp_path: Path) -> None:
    first = start("demo", "--home", str(tmp_path), "--days", "0", "--headless")
    wait_until_recorded(tmp_path / "demo" / "history.db")
    second = start("demo", "--home", str(tmp_path), "--days", "0", "--headless", "--for", "1")
    _, errors = second.communicate(timeout=30)
    assert second.returncode == 1
    assert "already runs" in errors
    first.terminate()
    first.communicate(timeout=20)


def test_simulate_answers_for_a_while_and_lets_go_of_its_ports(
    start: Start, tmp_path: Path
) -> None:
    path, inventory = place_inventory(tmp_path, TRIES)  # where no demo looks
    simulate = start("simulate", str(path), "--for", "2")
    assert simulate.stdout is not None
    assert simulate.stderr is not None
    ready = simulate.stdout.readline()
    assert "30 devices" in ready, simulate.stderr.read()
    assert not any(is_free(address) for address in addresses(inventory))
    _, errors = simulate.communicate(timeout=20)
    assert simulate.returncode == 0, errors
    assert all(is_free(address) for address in addresses(inventory))


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
