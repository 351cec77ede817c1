"""Runs the real program for end-to-end tests, and waits for what it writes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from console.errors import OperatorError
from console.history.reader import HistoryReader
from console.model.snapshot import Snapshot

ROOT = Path(__file__).parent.parent.parent
PATIENCE_S = 90.0  # on a busy machine; what goes well is never waited for so long


@dataclass(slots=True)
class Running:
    """A process of the program."""

    process: subprocess.Popen[str]

    def stop(self) -> tuple[int, str]:
        """Send SIGTERM; return exit code and standard error, at most 2 s later."""
        self.process.send_signal(signal.SIGTERM)
        return self.ended(2.0)

    def ended(self, within_s: float = PATIENCE_S) -> tuple[int, str]:
        """Wait for the end; return exit code and standard error."""
        _out, err = self.process.communicate(timeout=within_s)
        return self.process.returncode, err


@contextmanager
def program(*arguments: object, **how: Any) -> Iterator[Running]:
    """Run `main.py` with these arguments in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "main.py", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        **how,
    )
    try:
        yield Running(process)
    finally:
        process.kill()
        process.communicate()


def output(*arguments: object) -> str:
    """Run `main.py` to its end and return what it prints; fail if it fails."""
    with program(*arguments) as running:
        out, err = running.process.communicate(timeout=PATIENCE_S)
        assert running.process.returncode == 0, err
    return out


def status(history: Path, *arguments: object) -> dict[str, Any]:
    """Return what `status --json` says."""
    told: dict[str, Any] = json.loads(output("status", "--history", history, "--json", *arguments))
    return told


def write_inventory(path: Path, **sections: Any) -> Path:
    """Write an inventory in English that is polled every second, unless told otherwise."""
    quick = {"interfaces_s": 1, "ping_s": None, "rooms_s": 1, "timeout_s": 0.5, "retries": 0}
    whole = {
        "network": "Test network",
        "language": "en",
        "snmp": {"lab": {"version": "2c", "community": "public"}},
        "sites": [{"id": "here", "name": "Here", "lat": 50.0, "lon": 7.0}],
        **sections,
        "polling": {**quick, **sections.get("polling", {})},
    }
    path.write_text(yaml.safe_dump(whole, allow_unicode=True), encoding="utf-8")
    return path


def device(name: str, address: str, **more: Any) -> dict[str, Any]:
    """Return a device's entry."""
    return {"id": name, "site": "here", "address": address, "snmp": "lab", **more}


def wait_for(history: Path, holds: Callable[[Snapshot], object]) -> Snapshot:
    """Return the first live snapshot of which `holds` is true."""
    deadline_s = time.monotonic() + PATIENCE_S
    snapshot = None
    while time.monotonic() < deadline_s:
        snapshot = _newest(history)
        if snapshot is not None and snapshot.inventory is not None and holds(snapshot):
            return snapshot
        time.sleep(0.1)
    pytest.fail(f"waited in vain; the last snapshot was {snapshot}")


def _newest(history: Path) -> Snapshot | None:
    """Return the newest snapshot; None while the collector has not made the file yet."""
    try:
        with HistoryReader(history) as reader:
            return reader.snapshot_at(None)
    except OperatorError:
        return None
