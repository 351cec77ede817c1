"""Reads 5-minute and hourly means of some ports, those that are not rolled up yet included."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from console.analysis.rollup import WINDOW_S, Column, known_max, known_mean
from console.history.memory import interval_s
from console.history.rollups import HOUR_S, floor_window, load_samples, open_from, whole
from console.history.schema import MEANS, WINDOWS


@dataclass(frozen=True, slots=True)
class Means:
    """Means in and out and maxima in and out in kbit/s: `values` is (ports, 4, windows)."""

    at_s: Column
    values: Column


def five_minutes(db: sqlite3.Connection, ports: Sequence[int], from_s: float, to_s: float) -> Means:
    """Return the 5-minute windows that overlap the span."""
    start, end = floor_window(from_s), -(-int(np.ceil(to_s)) // WINDOW_S) * WINDOW_S
    hours = range(start // HOUR_S, max(start, end - 1) // HOUR_S + 1)
    values = np.full((len(ports), 4, len(hours) * WINDOWS), np.nan)
    place_of = {port: place for place, port in enumerate(ports)}
    rows = db.execute(
        f"SELECT hour, port, {', '.join(MEANS)} FROM traffic_5min"
        " WHERE hour IN (SELECT value FROM json_each(?))"
        " AND port IN (SELECT value FROM json_each(?))",
        (json.dumps(list(hours)), json.dumps(list(ports))),
    ).fetchall()
    table = np.array(rows, dtype=np.float64).reshape(len(rows), 2 + len(MEANS))
    for row in table:
        first = (int(row[0]) - hours[0]) * WINDOWS
        windows = row[2:].reshape(4, WINDOWS)
        values[place_of[int(row[1])], :, first : first + WINDOWS] = windows
    at_s = np.arange(len(hours) * WINDOWS, dtype=np.float64) * WINDOW_S + hours[0] * HOUR_S
    _add_open(db, ports, at_s, values, start, end)
    inside = (at_s >= start) & (at_s < end)
    return Means(at_s[inside], values[:, :, inside])


def _add_open(
    db: sqlite3.Connection, ports: Sequence[int], at_s: Column, values: Column, start: int, end: int
) -> None:
    """Fill in the windows that no roll-up has closed, as far as they are recorded."""
    last_s = db.execute("SELECT max(at) FROM cycle").fetchone()[0]
    opened = open_from(db)
    if last_s is None:
        return
    first = max(start, floor_window(last_s) if opened is None else opened)
    stop = min(end, floor_window(last_s) + 2 * WINDOW_S)
    if first >= stop or not ports:
        return
    samples = load_samples(db, first, stop, interval_s(db), ports)
    places = [list(ports).index(int(port)) for port in samples.ports]
    for window in range(first, stop, WINDOW_S):
        means = whole(np.array(samples.window(window)))  # as they will be stored
        values[places, :, int((window - at_s[0]) // WINDOW_S)] = means.T


def hours(db: sqlite3.Connection, ports: Sequence[int], from_s: float, to_s: float) -> Means:
    """Return the hours that overlap the span."""
    first, last = int(from_s // HOUR_S), int(np.ceil(to_s / HOUR_S))
    at_s = np.arange(first, max(last, first + 1), dtype=np.float64) * HOUR_S
    values = np.full((len(ports), 4, len(at_s)), np.nan)
    place_of = {port: place for place, port in enumerate(ports)}
    for hour, port, *means in db.execute(
        "SELECT hour, port, mi, mo, xi, xo FROM traffic_hour"
        " WHERE hour IN (SELECT value FROM json_each(?))"
        " AND port IN (SELECT value FROM json_each(?))",
        (json.dumps(list(range(first, first + len(at_s)))), json.dumps(list(ports))),
    ).fetchall():
        values[place_of[port], :, hour - first] = np.array(means, dtype=np.float64)
    opened = open_from(db)
    if opened is None or opened // HOUR_S * HOUR_S <= at_s[-1]:
        begun_s = max(at_s[0], (opened or at_s[0]) // HOUR_S * HOUR_S)
        newest = coarser(five_minutes(db, ports, begun_s, at_s[-1] + HOUR_S), WINDOWS)
        values[:, :, at_s >= begun_s] = whole(newest.values)
    return Means(at_s, values)


def coarser(means: Means, factor: int) -> Means:
    """Return means over `factor` windows each; the first begins at a multiple of its length."""
    length_s = factor * WINDOW_S
    ahead = int(means.at_s[0] % length_s) // WINDOW_S
    behind = -(ahead + len(means.at_s)) % factor
    padded = np.pad(means.values, ((0, 0), (0, 0), (ahead, behind)), constant_values=np.nan)
    parts = np.moveaxis(padded.reshape(*padded.shape[:2], -1, factor), -1, 0)
    values = np.concatenate([known_mean(parts[:, :, :2]), known_max(parts[:, :, 2:])], axis=1)
    first_s = means.at_s[0] - ahead * WINDOW_S
    return Means(first_s + np.arange(values.shape[2]) * float(length_s), values)
