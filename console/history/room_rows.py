"""What rooms and bridges told of themselves: written when it changed, read as of a moment.

The uptime is kept as the moment of the start, because it would change with every answer.
"""

import json
import sqlite3
from dataclasses import dataclass, fields, replace
from typing import Any

from console.history.memory import Memory, ToldFacts
from console.history.moment import Moment
from console.history.units import to_ms
from console.model.observation import ProbeResult, RoomFacts

_NOTHING = "null"  # the room answers, and tells nothing of itself any more
_SAME_START_S = 5.0  # a start that is told so differently is still the same one


def store_facts(
    db: sqlite3.Connection, memory: Memory, probe: int, result: ProbeResult, shown_ms: int
) -> None:
    """Write what a probe was told where it differs from the newest; `shown_ms` as stored_ms."""
    if not result.outcome.alive and result.facts is None:
        return
    cycle_at_s = memory.at_of(db, result.cycle)
    known = _newest(db, memory, probe)
    now = _told(result.facts, cycle_at_s + result.at_ms / 1000)
    if _same(known, now) or (known is None and result.facts is None):
        return
    content = json.loads(now[0])
    if now[1] is not None:
        content["booted_at_s"] = now[1]
    db.execute(
        "INSERT INTO room_facts(probe, cycle, stored_at, content) VALUES (?, ?, ?, ?)",
        (
            *(probe, result.cycle, (to_ms(cycle_at_s) + shown_ms) / 1000),
            json.dumps(content, ensure_ascii=False),
        ),
    )
    memory.room_facts[probe] = now


def _same(known: ToldFacts | None, now: ToldFacts) -> bool:
    if known is None or known[0] != now[0]:
        return False
    if known[1] is None or now[1] is None:
        return known[1] is now[1]
    return abs(known[1] - now[1]) <= _SAME_START_S


def _told(facts: RoomFacts | None, at_s: float) -> ToldFacts:
    """Return the facts as text without the uptime, and when the room was started."""
    if facts is None:
        return _NOTHING, None
    told = {f.name: getattr(facts, f.name) for f in fields(facts) if f.name != "uptime_s"}
    content = {name: value for name, value in told.items() if value not in (None, ())}
    booted_at_s = None if facts.uptime_s is None else round(at_s - facts.uptime_s, 1)
    return json.dumps(content, ensure_ascii=False), booted_at_s


def _newest(db: sqlite3.Connection, memory: Memory, probe: int) -> ToldFacts | None:
    """Return what is stored of a probe, None where nothing is; looked up once a probe."""
    if probe not in memory.room_facts:
        row = db.execute(
            "SELECT content FROM room_facts WHERE probe = ? ORDER BY id DESC LIMIT 1", (probe,)
        ).fetchone()
        if row is None:
            return None
        content = json.loads(row[0])
        booted_at_s = content.pop("booted_at_s", None) if content else None
        memory.room_facts[probe] = json.dumps(content, ensure_ascii=False), booted_at_s
    return memory.room_facts[probe]


@dataclass(frozen=True, slots=True)
class _Version:
    """What one probe was told from some moment on; `facts` without the uptime."""

    cycle: int
    stored_at_ms: int
    facts: RoomFacts | None
    booted_at_s: float | None


class RoomFactsCache:
    """All versions of one file, read once and then only what was added."""

    def __init__(self) -> None:
        self._versions: dict[int, list[_Version]] = {}
        self._last = 0

    def refresh(self, db: sqlite3.Connection) -> None:
        """Read what was added since the last look."""
        for number, probe, cycle, stored_at_s, text in db.execute(
            "SELECT id, probe, cycle, stored_at, content FROM room_facts WHERE id > ? ORDER BY id",
            (self._last,),
        ).fetchall():
            version = _version(cycle, stored_at_s, json.loads(text))
            self._versions.setdefault(probe, []).append(version)
            self._last = number

    def at(self, probe: int, moment: Moment) -> RoomFacts | None:
        """Return what a probe had been told by a moment, None where nothing."""
        newest = moment.cycle.id if moment.cycle else -1
        for version in reversed(self._versions.get(probe, ())):
            seen = moment.live or version.cycle < moment.era
            if version.cycle <= newest and (seen or version.stored_at_ms <= moment.at_ms):
                return _as_of(version, moment.at_s)
        return None


def _as_of(version: _Version, at_s: float) -> RoomFacts | None:
    if version.facts is None or version.booted_at_s is None:
        return version.facts
    return replace(version.facts, uptime_s=max(0.0, at_s - version.booted_at_s))


_NAMES = frozenset(f.name for f in fields(RoomFacts))


def _version(cycle: int, stored_at_s: float, content: dict[str, Any] | None) -> _Version:
    if content is None:
        return _Version(cycle, to_ms(stored_at_s), None, None)
    known = {name: value for name, value in content.items() if name in _NAMES}
    known["findings"] = tuple(known.get("findings", ()))
    return _Version(cycle, to_ms(stored_at_s), RoomFacts(**known), content.get("booted_at_s"))


def combined(told: list[RoomFacts]) -> RoomFacts | None:
    """Return one for several probes of a room, the newest first: known beats None."""
    if not told:
        return None
    values = {
        name: next((v for facts in told if (v := getattr(facts, name)) is not None), None)
        for name in _NAMES - {"findings"}
    }
    findings = tuple(dict.fromkeys(code for facts in told for code in facts.findings))
    return RoomFacts(**values, findings=findings)
