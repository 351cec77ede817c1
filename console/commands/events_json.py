"""Events as `status --json` tells them: the newest, and what became of all of the last day."""

from typing import Any

from console.commands.instants import iso
from console.model.events import EventLog, EventView, Fate

SPAN_S = 86400.0
MOST = 100


def events_json(log: EventLog) -> dict[str, Any]:
    """Return the key `events`."""
    counts = {fate.value: log.counts.get(fate, 0) for fate in Fate}
    return {
        "since": iso(log.from_s),
        "stored": counts.pop(Fate.STORED.value),
        "not_stored": counts,
        "newest": [_event(view) for view in log.events],
    }


def _event(view: EventView) -> dict[str, Any]:
    return {
        "at": iso(view.at_s),
        "device": view.device,
        "source": view.source,
        "trap": view.trap,
        "variables": [{"oid": oid, "text": text} for oid, text in view.variables],
        "left_out": view.left_out,
    }
