"""Repaint of 2,500 nodes and 5,000 links at 1920×1080, against pyqtgraph's GraphItem."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import numpy as np

from console.model.inventory import Inventory

NODES, LINKS = 2500, 5000
SIZE_PX = (1920, 1080)
_REPEATS = 15


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of the window's thread: with new loads, unchanged, moved by a few pixels."""

    anew_s: float
    again_s: float
    moved_s: float


def run() -> list[str]:
    """Measure; goals: ten times as fast as GraphItem, about 30 ms, antialiased."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication([])
    inventory = _network()
    theirs = _graph_item(inventory)
    ours, show_s = _map(inventory)
    del application
    rows = (
        ("with new loads", theirs.anew_s, ours.anew_s),
        ("unchanged", theirs.again_s, ours.again_s),
        ("dragged", theirs.moved_s, ours.moved_s),
    )
    return [
        f"repaint, {NODES} nodes, {LINKS} links, {SIZE_PX[0]}×{SIZE_PX[1]}, antialiased",
        *(
            f"  {what:<15} GraphItem {a * 1e3:6.1f} ms   map {b * 1e3:5.1f} ms   {a / b:5.1f}×"
            for what, a, b in rows
        ),
        f"  taking in a snapshot of {LINKS} links {show_s * 1e3:.1f} ms",
    ]


def _network() -> Inventory:
    """Make up a network: sites all over the state, links to near ones."""
    rng = np.random.default_rng(5)
    lat, lon = rng.uniform(49.0, 50.9, NODES), rng.uniform(6.2, 8.4, NODES)
    near = [np.argsort((lat - lat[i]) ** 2 + (lon - lon[i]) ** 2)[1:7] for i in range(NODES)]
    pairs = sorted({(min(i, j), max(i, j)) for i in range(NODES) for j in near[i].tolist()})
    ends = [pairs[i] for i in rng.choice(len(pairs), LINKS, replace=False)]
    return Inventory.model_validate(
        {
            "network": "bench",
            "snmp": {"lab": {"version": "2c", "community": "public"}},
            "sites": [
                {"id": f"s{i}", "name": f"Site {i}", "lat": lat[i], "lon": lon[i]}
                for i in range(NODES)
            ],
            "devices": [
                {"id": f"d{i}", "site": f"s{i}", "address": "127.0.0.1", "snmp": "lab"}
                for i in range(NODES)
            ],
            "links": [
                {
                    "id": f"l{n}",
                    "a": {"device": f"d{a}", "interface": f"x{n}"},
                    "b": {"device": f"d{b}", "interface": f"y{n}"},
                    "capacity": "10G" if n % 7 == 0 else "1G",
                }
                for n, (a, b) in enumerate(ends)
            ],
        }
    )


def _graph_item(inventory: Inventory) -> Times:
    """Measure a GraphItem with a pen per link; one colour a link, the map draws two."""
    import pyqtgraph
    from PySide6.QtTest import QTest

    numbers = {device.id: i for i, device in enumerate(inventory.devices)}
    xy = np.array([(site.lon, site.lat) for site in inventory.sites])
    ends = np.array([(numbers[x.a.device], numbers[x.b.device]) for x in inventory.links])
    colours = [(name, np.ubyte) for name in ("red", "green", "blue", "alpha")]
    pens = np.zeros(len(ends), dtype=[*colours, ("width", float)])
    pens["red"], pens["green"], pens["blue"], pens["alpha"] = np.arange(LINKS) % 256, 140, 160, 255
    pens["width"] = np.where(np.arange(LINKS) % 7, 1.0, 2.0)  # as the map does at this density
    pyqtgraph.setConfigOption("antialias", True)
    plot = pyqtgraph.PlotWidget()
    plot.resize(*SIZE_PX)
    item = pyqtgraph.GraphItem(pos=xy, adj=ends, pen=pens, size=6)
    plot.addItem(item)
    plot.show()
    QTest.qWaitForWindowExposed(plot)
    viewport, box = plot.viewport(), plot.getViewBox()

    def anew() -> None:
        item.setData(pos=xy, adj=ends, pen=pens, size=6)
        viewport.repaint()

    def moved() -> None:
        box.translateBy(x=0.003, y=0.002)
        viewport.repaint()

    times = Times(_least_s(anew), _least_s(viewport.repaint), _least_s(moved))
    plot.close()
    return times


def _map(inventory: Inventory) -> tuple[Times, float]:
    """Measure the map, and what taking in a snapshot costs before it is painted."""
    from PySide6.QtTest import QTest

    from tests.builders import healthy_snapshot
    from widgets.map.view import MapView

    view = MapView()
    view.resize(*SIZE_PX)
    snapshots: Any = cycle([healthy_snapshot(inventory) for _ in range(2)])
    view.show_snapshot(next(snapshots))
    view.show()
    QTest.qWaitForWindowExposed(view)
    view.repaint()

    def anew() -> None:
        view.draw_anew()
        view.repaint()

    def moved() -> None:
        view.pan(3.0, 2.0)
        view.repaint()

    def take() -> None:
        view.show_snapshot(next(snapshots))

    times = Times(_least_s(anew), _least_s(view.repaint), _least_s(moved))
    show_s = _least_s(take)
    view.close()
    return times, show_s


def _least_s(action: Callable[[], object]) -> float:
    """Return the least processor time: what other programs do does not count."""
    times = []
    for _ in range(_REPEATS):
        start = time.thread_time()
        action()
        times.append(time.thread_time() - start)
    return min(times)


if __name__ == "__main__":
    print("\n".join(run()))  # noqa: T201
