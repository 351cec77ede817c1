"""The demo's processes and files: inventory, past, simulation, collector; ended all together."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import click
from filelock import FileLock, Timeout

from console import __version__, paths
from console.calendars.plans import BACK_S, DAY_S, plans_from_files
from console.demo.past import write_past
from console.demo.past_kept import keep
from console.demo.placing import place_inventory
from console.demo.simulation import Simulation
from console.errors import OperatorError
from console.history.reader import HistoryReader
from console.history.writer import HistoryWriter
from console.language import _, ngettext
from console.model.inventory import Inventory

MAIN = Path(__file__).resolve().parent.parent.parent / "main.py"
ENDS_S = 4.0  # how long a child may take to end before it is made to
START_TRIES = 3
_WRITING = 950  # of a thousand parts of the past's work; the rest are check points and reports


@dataclass(frozen=True, slots=True)
class Child:
    """A program that belongs to the demo; `log` is what it says on standard error."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def check(self) -> None:
        """Raise OperatorError when it ended by itself."""
        if self.process.poll() is not None:
            raise OperatorError(
                _("The demo's {name} ended: {words}").format(
                    name=self.name, words=self._last_line()
                )
            )

    def end(self) -> None:
        """End it: asked first, then made to."""
        if self.process.stdin is not None:
            with suppress(OSError):
                self.process.stdin.close()
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(ENDS_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()

    def _last_line(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1] if lines else _("it said nothing; see {log}").format(log=self.log)


@dataclass(frozen=True, slots=True)
class DemoNetwork:
    """A running demo: its files and its processes."""

    inventory: Path
    history: Path
    children: tuple[Child, ...]

    @property
    def simulation(self) -> Child:
        """The process that answers as the network."""
        return self.children[0]

    def check(self) -> None:
        """Raise OperatorError when one of the processes ended by itself."""
        for child in self.children:
            child.check()


@contextmanager
def running(days: float, seed: int) -> Iterator[DemoNetwork]:
    """Prepare the demo in the home, run its processes while inside, end them by their ids."""
    folder = paths.made(paths.demo_folder())
    with _alone(folder):
        history = folder / "history.db"
        opening_s = time.time()
        if not history.exists() and days > 0:
            _write_past(place_inventory(folder), history, days, seed, opening_s)
        children: list[Child] = []
        try:
            path = _simulate(folder, children, "--seed", str(seed), "--opening", repr(opening_s))
            children.append(_start("collect", str(path), "--history", str(history)))
            yield DemoNetwork(path, history, tuple(children))
        finally:
            for child in reversed(children):
                child.end()


def _simulate(folder: Path, children: list[Child], *orders: str) -> Path:
    """Start the simulation on ports that are free now; return the inventory that names them.

    Another program may take a port between the look and the start: then other ports are looked for.
    """
    for tries_left in reversed(range(START_TRIES)):
        path, _inventory = place_inventory(folder)
        child = _start("simulate", str(path), *orders)
        try:
            _wait_until_ready(child)
        except OperatorError:
            child.end()
            if not tries_left:
                raise
        else:
            children.append(child)
            return path
    raise AssertionError("the last try returns or raises")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    lock = FileLock(folder / "demo.lock", thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        sentence = _("A demo already runs in {folder}; end it, or name another folder with --home.")
        raise OperatorError(sentence.format(folder=folder)) from error
    try:
        yield
    finally:
        lock.release()


def _write_past(
    placed: tuple[Path, Inventory], history: Path, days: float, seed: int, opening_s: float
) -> None:
    """Write the past beside its place and move it there when it is complete."""
    unfinished = history.with_name("history.unfinished.db")
    _remove(unfinished)
    path, inventory = placed
    back_s = BACK_S + days * DAY_S
    wanted = inventory.conferences, path.parent, inventory.timezone, opening_s, back_s
    simulation = Simulation(inventory, seed, opening_s, opening_s, plans_from_files(*wanted))
    text = ngettext("Writing {days} day of past", "Writing {days} days of past", round(days))
    with click.progressbar(length=1000, label=text.format(days=f"{days:g}")) as bar:

        def show(part: float) -> None:
            bar.update(round(part * _WRITING) - bar.pos)

        def show_kept(part: float) -> None:
            bar.update(round(_WRITING + part * (1000 - _WRITING)) - bar.pos)

        with HistoryWriter.open(unfinished, __version__) as writer:
            writer.record_inventory(inventory)
            write_past(simulation, writer, opening_s - days * 86400, opening_s, show)
            with HistoryReader(unfinished) as reader:
                plans = simulation.demands.plans
                keep(reader, writer, plans, inventory.timezone, show_kept)
    unfinished.replace(history)
    _remove(unfinished)


def _remove(history: Path) -> None:
    for ending in ("", "-wal", "-shm", ".lock"):
        Path(f"{history}{ending}").unlink(missing_ok=True)


def _start(*arguments: str) -> Child:
    """Start a command of this program; it ends when its standard input does, that is with us."""
    arguments = (*arguments, "--with-parent")
    log = paths.log_file(f"demo-{arguments[0]}")
    paths.made(log.parent)
    with log.open("wb") as words:
        process = subprocess.Popen(
            [sys.executable, str(MAIN), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=words,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
    return Child(arguments[0], process, log)


def _wait_until_ready(child: Child) -> None:
    """Wait for the one line on standard output with which the simulation says that it listens."""
    if child.process.stdout is not None and not child.process.stdout.readline():
        child.process.wait()
        child.check()
