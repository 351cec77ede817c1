"""Which conferences were planned: written when it changed, without secrets, read as of a moment."""

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from console.history.memory import Memory
from console.history.moment import Moment
from console.history.stored_inventory import clean
from console.history.units import to_ms
from console.model.inventory import Conference, Inventory
from console.model.plan import Occurrence, Plan, PlanSource


def store_plans(
    db: sqlite3.Connection,
    memory: Memory,
    cycle: int,
    plans: tuple[Plan, ...] | None,
    stored_at_s: float,
) -> None:
    """Write all plans where they differ from the newest; None: as last time."""
    if plans is None:
        return
    content = json.dumps(clean([_document(plan) for plan in plans]), ensure_ascii=False)
    if memory.plans is None:
        row = db.execute("SELECT content FROM plan ORDER BY id DESC LIMIT 1").fetchone()
        memory.plans = row[0] if row else None
    if memory.plans != content:
        db.execute(
            "INSERT INTO plan(cycle, stored_at, content) VALUES (?, ?, ?)",
            (cycle, to_ms(stored_at_s) / 1000, content),
        )
        memory.plans = content


def _document(plan: Plan) -> dict[str, Any]:
    read = None if plan.read is None else [list(occurrence) for occurrence in plan.read]
    entry = plan.entry.model_dump(mode="json", by_alias=True)
    return {"entry": entry, "source": plan.source, "read": read, "problem": plan.problem}


def _plan(document: dict[str, Any]) -> Plan:
    read = document["read"]
    return Plan(
        Conference.model_validate(document["entry"]),
        PlanSource(document["source"]),
        None if read is None else tuple(Occurrence(*cells) for cells in read),
        document["problem"],
    )


def newest_plans(db: sqlite3.Connection) -> tuple[Plan, ...]:
    """Return what was planned last, nothing where nothing is stored."""
    row = db.execute("SELECT content FROM plan ORDER BY id DESC LIMIT 1").fetchone()
    return tuple(_plan(document) for document in json.loads(row[0])) if row else ()


@dataclass(frozen=True, slots=True)
class _Version:
    cycle: int
    stored_at_ms: int
    plans: tuple[Plan, ...]


class PlansCache:
    """All versions of one file, read once and then only what was added."""

    def __init__(self) -> None:
        self._versions: list[_Version] = []
        self._last = 0

    def refresh(self, db: sqlite3.Connection) -> None:
        """Read what was added since the last look."""
        for number, cycle, stored_at_s, content in db.execute(
            "SELECT id, cycle, stored_at, content FROM plan WHERE id > ? ORDER BY id",
            (self._last,),
        ).fetchall():
            plans = tuple(_plan(document) for document in json.loads(content))
            self._versions.append(_Version(cycle, to_ms(stored_at_s), plans))
            self._last = number

    def at(self, moment: Moment, inventory: Inventory) -> tuple[Plan, ...]:
        """Return what was planned at a moment; where nothing is stored, the inventory's own."""
        newest = moment.cycle.id if moment.cycle else -1
        for version in reversed(self._versions):
            seen = moment.live or version.cycle < moment.era
            if version.cycle <= newest and (seen or version.stored_at_ms <= moment.at_ms):
                return version.plans
        return tuple(Plan(entry) for entry in inventory.conferences)
