"""Snapshots and series for the tests of the detail panel and the tables."""

import numpy as np
import yaml

from console.model.inventory import Inventory
from console.model.series import LinkSeries, PortSeries
from console.model.snapshot import Snapshot
from tests.builders import DEMO_INVENTORY, healthy_snapshot
from widgets.detail.wish import SeriesWish


def demo_snapshot() -> Snapshot:
    """The demo network, all well."""
    return healthy_snapshot(
        Inventory.model_validate(yaml.safe_load(DEMO_INVENTORY.read_text("utf-8")))
    )


def link_answer(wish: SeriesWish, rows: int = 120) -> LinkSeries:
    """A series for a wish: rising, with a gap of a tenth in the middle."""
    step_s = (wish.to_s - wish.from_s) / rows
    at_s = wish.from_s + np.arange(rows) * step_s
    rate = np.linspace(1e8, 9e8, rows)
    rate[rows // 2 : rows // 2 + rows // 10] = np.nan
    zeros = np.zeros(rows)
    down = ((float(at_s[5]), float(at_s[10])),)
    return LinkSeries(
        *(str(wish.id), 1e9, step_s, at_s, rate, rate / 2, rate, rate / 2, zeros, zeros),
        *(down, 8e8, 4e8),
    )


def port_answer(wish: SeriesWish, rows: int = 120) -> PortSeries:
    """A series of a port for a wish."""
    series = link_answer(wish, rows)
    rate = series.a_to_b_bps
    return PortSeries(int(wish.id), series.step_s, series.at_s, rate, rate / 2, rate, rate / 2)
