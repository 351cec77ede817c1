"""What was measured on the way to rooms and bridges, as a moment saw it."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from console.analysis.evidence import LOSS_S, Measured, evidence, of_trips, of_windows
from console.history.moment import VISIBLE, Moment
from console.history.poll_rows import recent_cycles
from console.history.rollups import STALE_INTERVALS
from console.history.units import to_ms
from console.model.inventory import Bridge, Inventory, Room
from console.model.observation import FAR_PATH, PathWindow
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
    interval_s = inventory.polling.interfaces_s
    asked = recent_cycles(db, moment, max(longest_s, LOSS_S), interval_s)
    sent = recent_cycles(db, moment, LOSS_S, interval_s)
    newest = moment.cycle.id if moment.cycle else -1
    results = _read(_probe_rows(db, moment, inventory, (min(asked, default=0), newest)))
    windows = _read(_path_rows(db, moment, (min(sent, default=0), newest)))

    def told(room: Room | Bridge, subjects: Sequence[str]) -> Iterator[Measured]:
        for seen in results.get(numbers.get(room.id, 0), {}).values():
            yield _probe(moment, seen, longest_s)
        for subject in subjects:
            for seen in windows.get(numbers.get(subject, 0), {}).values():
                yield _path(moment, seen, remote=subject != room.id)

    return {r.id: evidence(list(told(r, on_way))) for r, on_way in _rooms(inventory)}


def measured_windows(
    db: sqlite3.Connection,
    moment: Moment,
    inventory: Inventory,
    numbers: Mapping[str, int],
    span: tuple[float, float],
) -> Iterator[tuple[str, float, Measured]]:
    """Yield what was measured of every room in the span: the room, UTC seconds, one measurement.

    A path window counts at its middle.
    """
    first, last = db.execute(
        "SELECT min(id), max(id) FROM cycle WHERE at BETWEEN ? AND ?",
        (span[0] - 2 * max(inventory.polling.interfaces_s, LOSS_S), span[1]),
    ).fetchone()
    if first is None:
        return
    cycles = first, min(last, moment.cycle.id if moment.cycle else -1)
    results = _read(_probe_rows(db, moment, inventory, cycles))
    windows = _read(_path_rows(db, moment, cycles))
    for room, subjects in _rooms(inventory):
        for seen in chain.from_iterable(results.get(numbers.get(room.id, 0), {}).values()):
            if span[0] <= seen.at_ms / 1000 < span[1] and seen.outcome is not Outcome.ERROR:
                rtts_us = [] if seen.rtt_us is None else [seen.rtt_us]
                lost = int(seen.outcome is Outcome.TIMEOUT)
                yield room.id, seen.at_ms / 1000, of_trips(1, lost, rtts_us, 0.0, True)
        for subject in subjects:
            for seen in chain.from_iterable(windows.get(numbers.get(subject, 0), {}).values()):
                assert seen.window is not None
                at_s = (seen.at_ms - seen.window.lasts_ms / 2) / 1000
                if span[0] <= at_s < span[1]:
                    remote = subject != room.id
                    yield room.id, at_s, of_windows([seen.window], 0.0, True, remote)


def _rooms(inventory: Inventory) -> Iterator[tuple[Room | Bridge, tuple[str, ...]]]:
    """Yield rooms and bridges, each with the subjects of the paths that tell of it."""
    at_site: dict[str, list[str]] = {}
    for reflector in inventory.reflectors:
        at_site.setdefault(reflector.site, []).append(reflector.id)
    rooms: list[Room | Bridge] = [*inventory.rooms, *inventory.bridges]
    for room in rooms:
        yield room, (room.id, *at_site.get(room.site, ()))


def _read(rows: Iterator[tuple[int, _Seen]]) -> dict[int, dict[int, list[_Seen]]]:
    """Sort rows by subject, then by probe or path."""
    found: dict[int, dict[int, list[_Seen]]] = {}
    for subject, seen in rows:
        found.setdefault(subject, {}).setdefault(seen.source, []).append(seen)
    return found


def _probe_rows(
    db: sqlite3.Connection, moment: Moment, inventory: Inventory, cycles: tuple[int, int]
) -> Iterator[tuple[int, _Seen]]:
    """Yield results of these cycles, first and last, in their order."""
    names = [room.id for room in inventory.rooms] + [b.id for b in inventory.bridges]
    rows = db.execute(
        "SELECT p.subject, r.probe, r.cycle, r.stored_ms, c.at, r.at_ms, r.outcome, r.rtt_us"
        " FROM probe_result r JOIN cycle c ON c.id = r.cycle JOIN probe p ON p.id = r.probe"
        " JOIN subject s ON s.id = p.subject WHERE r.cycle BETWEEN :first AND :last"
        f" AND {VISIBLE.format('r')} AND s.name IN (SELECT value FROM json_each(:names))"
        " ORDER BY r.cycle, r.at_ms",
        moment.as_of | {"first": cycles[0], "last": cycles[1], "names": json.dumps(names)},
    ).fetchall()
    for subject, probe, cycle, stored_ms, at_s, at_ms, outcome, rtt_us in rows:
        seen_at_ms = to_ms(at_s) + at_ms
        yield (
            subject,
            _Seen(probe, cycle, stored_ms, seen_at_ms, Outcome(outcome), rtt_us),
        )


def _path_rows(
    db: sqlite3.Connection, moment: Moment, cycles: tuple[int, int]
) -> Iterator[tuple[int, _Seen]]:
    """Yield windows of these cycles, first and last, in their order.

    Only of paths from the collector: what lies between two other sites tells nothing of a room.
    """
    rows = db.execute(
        f"SELECT p.subject, w.path, p.name, w.cycle, w.stored_ms, c.at, {_WINDOW}"
        " FROM path_window w JOIN cycle c ON c.id = w.cycle JOIN path p ON p.id = w.path"
        f" WHERE w.cycle BETWEEN :first AND :last AND {VISIBLE.format('w')}"
        " AND substr(p.name, 1, length(:far)) <> :far ORDER BY w.cycle, w.at_ms",
        moment.as_of | {"first": cycles[0], "last": cycles[1], "far": FAR_PATH},
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
