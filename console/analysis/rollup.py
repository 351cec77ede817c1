"""Means, maxima and percentiles of rates over windows of time. Pure: arrays in, arrays out.

A sample is the mean rate over the time since the device's poll before; it counts in a window for
as long as it lasted there. That equals the counter difference over the elapsed time, and a window
polled for a part only is the mean of that part.
"""

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]

WINDOW_S = 300
PERCENTILE = 95


def spans(end_s: Column, longest_s: float) -> Column:
    """Return where each sample begins: at the poll before, at most `longest_s` earlier.

    `end_s`: (polls, devices), NaN where a device gave no sample. A poll before that is not among
    them was earlier still. After the clock was set back a sample has no length.
    """
    known = np.where(np.isnan(end_s), -np.inf, end_s)
    before = np.full_like(known, -np.inf)
    newest = np.full(known.shape[1:], -np.inf)
    for row in range(len(known)):
        before[row] = newest
        newest = np.where(np.isnan(end_s[row]), newest, known[row])
    return np.where(before > end_s, end_s, np.maximum(before, end_s - longest_s))


def window_means(
    window_s: float,
    length_s: float,
    start_s: Column,
    end_s: Column,
    owner: NDArray[np.intp],
    rates: Column,
) -> tuple[Column, Column]:
    """Return mean and maximum of every column of `rates` from `window_s` for `length_s` seconds.

    `start_s`, `end_s`: (polls, devices); `rates`: (polls, ports), NaN where not known; `owner`:
    (ports,), the device column of each port. NaN where nothing is known.
    """
    weights = np.minimum(end_s, window_s + length_s) - np.maximum(start_s, window_s)
    weights = np.where(weights > 0, weights, 0.0)[:, owner]  # NaN compares false
    known = (weights > 0) & ~np.isnan(rates)
    total_s = np.where(known, weights, 0.0).sum(axis=0)
    amount = np.where(known, weights * np.where(known, rates, 0.0), 0.0).sum(axis=0)
    mean = np.full(total_s.shape, np.nan)
    np.divide(amount, total_s, out=mean, where=total_s > 0)
    highest = np.where(known, rates, -np.inf).max(axis=0, initial=-np.inf)
    return mean, np.where(np.isneginf(highest), np.nan, highest)


def nearest_rank(values: Column, percent: int = PERCENTILE) -> float | None:
    """Return element ceil(percent/100 n) of the n sorted known values; None without any."""
    known = np.sort(values[~np.isnan(values)])
    if not len(known):
        return None
    return float(known[-(-percent * len(known) // 100) - 1])


def known_mean(values: Column) -> Column:
    """Return the mean over the first axis of what is known, NaN where nothing is."""
    known = ~np.isnan(values)
    count = known.sum(axis=0)
    mean = np.full(count.shape, np.nan)
    np.divide(np.where(known, values, 0.0).sum(axis=0), count, out=mean, where=count > 0)
    return mean


def known_max(values: Column) -> Column:
    """Return the maximum over the first axis of what is known, NaN where nothing is."""
    highest = np.where(np.isnan(values), -np.inf, values).max(axis=0, initial=-np.inf)
    return np.where(np.isneginf(highest), np.nan, highest)
