"""Reads one calendar in a process of its own, which is ended when it takes too long. Blocks."""

import os
import subprocess
import sys
from pathlib import Path

import console
from console.calendars.question import (
    UNREACHABLE,
    UNREADABLE,
    Answer,
    Question,
    answer,
    dump,
)

PATIENCE_S = 30.0
ROOT = Path(console.__file__).resolve().parent.parent
# What a Python needs to start; no secret of the environment goes along.
_KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "SYSTEMDRIVE", "TEMP", "TMP", "TZDIR")
_KEPT_PREFIXES = ("PYTHON", "SSL_CERT_", "COVERAGE")


def read(question: Question, patience_s: float = PATIENCE_S) -> Answer:
    """Return what the calendar says; what goes wrong is a problem of the answer."""
    command = [sys.executable, "-m", "console.calendars.child"]
    try:
        done = subprocess.run(
            command,
            input=dump(question),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=bare_environment(),
            timeout=patience_s,
            check=False,
        )
        return answer(done.stdout)
    except subprocess.TimeoutExpired:
        return Answer(None, UNREACHABLE if question.is_url else UNREADABLE)
    except (OSError, ValueError):  # it did not start, or died of its calendar
        return Answer(None, UNREADABLE)


def bare_environment() -> dict[str, str]:
    """Return the environment for a process that gets all it needs to know by itself."""
    return {
        name: value
        for name, value in os.environ.items()
        if name.upper() in _KEPT or name.startswith(_KEPT_PREFIXES)
    }
