"""From the start of the process to the first painted map; memory; how old a sample is on screen."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from console import __version__
from console.history.writer import HistoryWriter

STARTS = 5
DAYS = 2.0
COMMITS = 20
BETWEEN_S = 0.73  # out of step with every timer of the window
WINDOW_S = 4.0


def run() -> list[str]:
    """Measure; goals: 1.5 s to the first map, 0.5 s from a commit to the screen."""
    from tests.builders import DEMO_INVENTORY
    from tests.histories import write_demo_history

    with tempfile.TemporaryDirectory() as folder:
        history = write_demo_history(Path(folder) / "history.db", DAYS * 24, time.time())
        window = [sys.executable, "-m", "bench._window", str(DEMO_INVENTORY), str(history)]
        os.environ["LEITSTAND_HOME"] = folder
        starts, memory_mb = _starts(window)
        ages_s = _ages(window, history)
    return [
        f"start to the first painted map: {statistics.median(starts):.2f} s median of {STARTS}"
        f" ({min(starts):.2f} to {max(starts):.2f} s), goal 1.5 s",
        f"memory of the window, all panels made: {memory_mb} MB",
        f"commit to painted: {statistics.median(ages_s) * 1000:.0f} ms median,"
        f" {max(ages_s) * 1000:.0f} ms at most of {len(ages_s)}, goal 500 ms",
    ]


def _starts(window: list[str]) -> tuple[list[float], int]:
    """Seconds from starting the process to its first painted map, and its memory at the end."""
    starts, memory_mb = [], 0
    for _number in range(STARTS):
        began_s = time.time()
        lines = subprocess.run(
            [*window, str(WINDOW_S)], stdout=subprocess.PIPE, text=True, check=True
        ).stdout.splitlines()
        said = [line.split() for line in lines]
        starts.append(next(float(at) for at, what, *_rest in said if what == "painted") - began_s)
        memory_mb = next(int(rest[0]) for _at, what, *rest in said if what == "memory")
    return starts, memory_mb


def _ages(window: list[str], history: Path) -> list[float]:
    """Seconds from the commit of a cycle to the paint that shows it."""
    committed: dict[int, float] = {}
    seconds = WINDOW_S + COMMITS * BETWEEN_S + 2
    with subprocess.Popen([*window, str(seconds)], stdout=subprocess.PIPE, text=True) as shown:
        time.sleep(WINDOW_S)
        with HistoryWriter.open(history, __version__) as writer:
            for _number in range(COMMITS):
                cycle = writer.begin_cycle(time.time())
                committed[cycle] = time.time()
                time.sleep(BETWEEN_S)
        lines = shown.communicate()[0].splitlines()
    said = [line.split() for line in lines]
    painted = {int(rest[0]): float(at) for at, what, *rest in said if what == "painted"}
    return [painted[cycle] - at_s for cycle, at_s in committed.items() if cycle in painted]
