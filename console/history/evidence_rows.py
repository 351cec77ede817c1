"""What was measured on the way to rooms and bridges, as a moment saw it."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from console.analysis.evidence import LOSS_S, Measured, evidence, of_trips, of_windows
from console.history.moment import VISIBLE, Moment
from console.history.poll_rows import recent_cycles
from console.history.rollups import STALE_INTERVALS
from console.history.units import to_ms
from console.model.inventory import Bridge, Inventory, Room
from console.model.observation import PathWindow
from console.model.situation import Evidence
from console.model.states import Outcome

_WINDOW = (
    "w.at_ms, w.lasts_ms, w.sent, w.lost, w.lost_there, w.lost_back, w.rtt_us, w.rtt_max_us,"
    " w.pairs, w.jitter_us, w.jitter_there_us, w.jitter_back_us"
)


@dataclass(frozen=True, slots=True)
class _Seen:
    """One result of a probe or one window of a path, at UTC milliseconds."""

    source: int  # probe or path
    cycle: int
    stored_ms: int
    at_ms: int
    outcome: Outcome | None = None
    rtt_us: int | None = None
    window: PathWindow | None = None


def read_evidence(
    db: sqlite3.Connection, moment: Moment, inventory: Inventory, numbers: Mapping[str, int]
) -> dict[str, Evidence]:
    """Return the evidence by room and bridge; `numbers` are the file's, by id."""
    longest_s = STALE_INTERVALS * inventory.polling.rooms_s
    results = _read(_probe_rows(db, moment, inventory, max(longest_s, LOSS_S)))
    windows = _read(_path_rows(db, moment, inventory))
    at_site: dict[str, list[str]] = {}
    for reflector in inventory.reflectors:
        at_site.setdefault(reflector.site, []).append(reflector.id)
    rooms: list[Room | Bridge] = [*inventory.rooms, *inventory.bridges]

    def told(room: Room | Bridge) -> Iterator[Measured]:
        for seen in results.get(numbers.get(room.id, 0), {}).values():
            yield _probe(moment, seen, longest_s)
        for subject in (room.id, *at_site.get(room.site, ())):
            for seen in windows.get(numbers.get(subject, 0), {}).values():
                yield _path(moment, seen, remote=subject != room.id)

    return {room.id: evidence(list(told(room))) for room in rooms}


def _read(rows: Iterator[tuple[int, _Seen]]) -> dict[int, dict[int, list[_Seen]]]:
    """Sort rows by subject, then by probe or path."""
    found: dict[int, dict[int, list[_Seen]]] = {}
    for subject, seen in rows:
        found.setdefault(subject, {}).setdefault(seen.source, []).append(seen)
    return found


def _probe_rows(
    db: sqlite3.Connection, moment: Moment, inventory: Inventory, span_s: float
) -> Iterator[tuple[int, _Seen]]:
    cycles = recent_cycles(db, moment, span_s, inventory.polling.interfaces_s)
    names = [room.id for room in inventory.rooms] + [b.id for b in inventory.bridges]
    rows = db.execute(
        "SELECT p.subject, r.probe, r.cycle, r.stored_ms, c.at, r.at_ms, r.outcome, r.rtt_us"
        " FROM probe_result r JOIN cycle c ON c.id = r.cycle JOIN probe p ON p.id = r.probe"
        " JOIN subject s ON s.id = p.subject WHERE r.cycle BETWEEN :oldest AND :cycle"
        f" AND {VISIBLE.format('r')} AND s.name IN (SELECT value FROM json_each(:names))"
        " ORDER BY r.cycle, r.at_ms",
        moment.as_of | {"oldest": min(cycles, default=0), "names": json.dumps(names)},
    ).fetchall()
    for subject, probe, cycle, stored_ms, at_s, at_ms, outcome, rtt_us in rows:
        seen_at_ms = to_ms(at_s) + at_ms
        yield (
            subject,
            _Seen(probe, cycle, stored_ms, seen_at_ms, Outcome(outcome), rtt_us),
        )


def _path_rows(
    db: sqlite3.Connection, moment: Moment, inventory: Inventory
) -> Iterator[tuple[int, _Seen]]:
    cycles = recent_cycles(db, moment, LOSS_S, inventory.polling.interfaces_s)
    rows = db.execute(
        f"SELECT p.subject, w.path, p.name, w.cycle, w.stored_ms, c.at, {_WINDOW}"
        " FROM path_window w JOIN cycle c ON c.id = w.cycle JOIN path p ON p.id = w.path"
        f" WHERE w.cycle BETWEEN :oldest AND :cycle AND {VISIBLE.format('w')}"
        " ORDER BY w.cycle, w.at_ms",
        moment.as_of | {"oldest": min(cycles, default=0)},
    ).fetchall()
    for subject, path, name, cycle, stored_ms, at_s, *cells in rows:
        window = PathWindow("", name, cycle, *cells)
        ended_at_ms = to_ms(at_s) + window.at_ms + window.lasts_ms
        yield subject, _Seen(path, cycle, stored_ms, ended_at_ms, window=window)


def _probe(moment: Moment, seen: Sequence[_Seen], longest_s: float) -> Measured:
    """Tell of one probe; what could not even be asked was not sent."""
    lately = [one for one in _lately(moment, seen) if one.outcome is not Outcome.ERROR]
    lost = sum(one.outcome is Outcome.TIMEOUT for one in lately)
    rtts_us = [one.rtt_us for one in lately if one.rtt_us is not None]
    newest = seen[-1]
    fresh = moment.fresh(newest.cycle, newest.stored_ms, newest.at_ms, longest_s)
    return of_trips(len(lately), lost, rtts_us, moment.age_s(newest.at_ms), fresh)


def _path(moment: Moment, seen: Sequence[_Seen], remote: bool) -> Measured:
    newest = seen[-1]
    windows = [one.window for one in _lately(moment, seen) if one.window]
    longest_s = STALE_INTERVALS * (newest.window.lasts_ms / 1000 if newest.window else 0.0)
    fresh = moment.fresh(newest.cycle, newest.stored_ms, newest.at_ms, longest_s)
    return of_windows(windows, moment.age_s(newest.at_ms), fresh, remote)


def _lately(moment: Moment, seen: Sequence[_Seen]) -> list[_Seen]:
    return [one for one in seen if moment.at_ms - one.at_ms <= LOSS_S * 1000]
