"""Turns snapshots into scenes; keeps what is costly: geometry and captions, by scale.

A new snapshot of the same topology costs only new pens.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtGui import QFont

from console.model.snapshot import Snapshot
from widgets.map import outlines
from widgets.map.captions import NAME, Caption, Fonts, writing
from widgets.map.geometry import Geometry, build, spacing
from widgets.map.ground import Ground, ground_of
from widgets.map.labels import Rows
from widgets.map.logical import logical_xy
from widgets.map.projection import Box, Camera, Points, box_of
from widgets.map.scene import Emphasis, Scene, node_states
from widgets.map.steps import Steps, whole
from widgets.map.strokes import LinkLook, batches, look_of
from widgets.map.topology import Topology, topology_of
from widgets.theme import Theme

_KEPT, _KEPT_OF_FEW = 6, 32  # geometries; as many as the perspectives need where they are small
_CLOSEST_PX = 2600.0  # between neighbours, at the largest scale
_ROUNDS = 12
_SHRINK = (0.6, 0.995)  # least and most of the scale that is left after a round of fitting
_ROOMY_PX = 7.0  # radius of symbols from which names are written in the normal size
_DENSE_FONT_PX = 11
_NAMES_COUNT_UP_TO = 250  # sites; with more, a name at the edge may be cut
_WrittenFor = tuple["Layout", float, frozenset[int]]
_THIN = {Emphasis.NETWORK: 1.0, Emphasis.ROOMS: 0.7}


class Layout(StrEnum):
    """Where sites stand."""

    GEOGRAPHIC = "geographic"
    LOGICAL = "logical"


class Stage:
    """The network as it is to be drawn. Knows no widget and no pixels on a screen."""

    def __init__(self, font: QFont, emphasis: Emphasis = Emphasis.NETWORK) -> None:
        self.emphasis = emphasis
        self.layout = Layout.GEOGRAPHIC
        self.snapshot: Snapshot | None = None
        self.topology: Topology | None = None
        self._ground: Ground | None = None
        self._look: LinkLook | None = None
        self._geometries: dict[tuple[Layout, float], Geometry] = {}
        self._written: dict[_WrittenFor, tuple[Caption, ...]] = {}
        self.take_font(font)

    def show_snapshot(self, snapshot: Snapshot) -> bool:
        """Take the snapshot; return True if the topology is another one than before."""
        before = self.snapshot.inventory if self.snapshot else None
        self.snapshot = snapshot
        changed = snapshot.inventory is not before and self._take_topology()
        self._look = look_of(self.topology, snapshot.links) if self.topology else None
        return changed

    def _take_topology(self) -> bool:
        """Lay out the inventory anew; False where it draws the same as before."""
        inventory = self.snapshot.inventory if self.snapshot else None
        new = topology_of(inventory) if inventory and inventory.sites else None
        if new and self.topology and new.key == self.topology.key:
            return False
        self.topology = new
        found = outlines.behind(new.site_xy) if new else None
        self._ground = ground_of(found)
        self._geometries.clear()
        self._written.clear()
        return True

    def take_font(self, font: QFont) -> None:
        """Write in this font from now on, and smaller where sites are close together."""
        self._fonts, self._dense_fonts = Fonts(font), Fonts(font, _DENSE_FONT_PX)
        self._written.clear()

    @property
    def ground(self) -> Ground | None:
        """The outlines behind, in the geographic layout and where there are any."""
        return self._ground if self.layout is Layout.GEOGRAPHIC else None

    def site_xy(self) -> Points:
        """Return the sites' places on the plane of this layout."""
        if self.layout is Layout.GEOGRAPHIC:
            return self._known().site_xy
        return self.logical()()

    def logical(self) -> Callable[[], Points]:
        """Return what computes the logical layout: a pure function, long at first, then kept."""
        topology = self._known()
        a, b = topology.site_links
        ends = ((topology.sites[i], topology.sites[j]) for i, j in zip(a, b, strict=True))
        core = tuple(
            site for site, is_core in zip(topology.sites, topology.core, strict=True) if is_core
        )
        return partial(logical_xy, topology.sites, tuple(ends), core)

    def scene(self, scale: float, theme: Theme, captions: bool = True) -> Scene:
        """Return the scene at a scale."""
        geometry = self._geometry(scale)
        snapshot, look = self.snapshot, self._look
        assert snapshot is not None
        assert look is not None
        return Scene(
            topology=self._known(),
            geometry=geometry,
            look=look,
            batches=batches(geometry, look, theme, _THIN[self.emphasis]),
            node_states=node_states(snapshot, geometry, self.emphasis),
            captions=self._captions(scale, look.marked) if captions else (),
            links=snapshot.links,
        )

    def _geometry(self, scale: float) -> Geometry:
        key = (self.layout, scale)
        if key not in self._geometries:
            self._make_room(self._geometries)
            self._geometries[key] = build(self._known(), self.site_xy(), scale)
        return self._geometries[key]

    def has_written(self, scale: float) -> bool:
        """Return whether what is written at a scale has its place already."""
        return self.written_for(scale) in self._written

    def written_for(self, scale: float) -> _WrittenFor:
        """Return what places at a scale depend on."""
        return self.layout, scale, self._look.marked if self._look else frozenset()

    def writing(self, scale: float) -> Steps[tuple[Caption, ...]]:
        """Place what is written at a scale, step by step: `scene` finds it done."""
        return self._writing(*self.written_for(scale))

    def _captions(self, scale: float, marked: frozenset[int] = frozenset()) -> tuple[Caption, ...]:
        return whole(self._writing(self.layout, scale, marked))

    def _writing(
        self, layout: Layout, scale: float, marked: frozenset[int] = frozenset()
    ) -> Steps[tuple[Caption, ...]]:
        key = (layout, scale, marked)
        if key not in self._written:
            geometry, within = self._geometry(scale), None
            if marked and self._names_count:
                within = self._reach(geometry, (yield from self._writing(layout, scale)))
            written = yield from self._writing_on(geometry, marked, within)
            self._make_room(self._written)
            self._written[key] = written
        return self._written[key]

    @property
    def _names_count(self) -> bool:
        return len(self._known().sites) <= _NAMES_COUNT_UP_TO

    def _writing_on(
        self, geometry: Geometry, marked: frozenset[int], within: Box | None
    ) -> Steps[tuple[Caption, ...]]:
        """Write in the normal size where there is room for every name, else smaller."""
        topology, count = self._known(), len(self._known().sites)
        if geometry.radius_px >= _ROOMY_PX:
            written = yield from writing(topology, geometry, self._fonts, marked, within)
            if not self._names_count or sum(x.kind == NAME for x in written) == count:
                return written
        return (yield from writing(topology, geometry, self._dense_fonts, marked, within))

    def drawing(self, scale: float) -> Steps[Rows]:
        """Return symbols and names that count in map pixels: left, top, right, bottom."""
        geometry = self._geometry(scale)
        written = (yield from self.writing(scale)) if self._names_count else ()
        boxes = [c.box for c in written if c.kind == NAME]
        names = np.array([(b.left, b.top, b.right, b.bottom) for b in boxes]).reshape(-1, 4)
        reach, xy = geometry.radius_px, geometry.node_xy
        return np.concatenate([np.hstack([xy - reach, xy + reach]), names])

    def extending(self, scale: float) -> Steps[Box]:
        """Return the box around all that is drawn at a scale, names and outlines included."""
        geometry = self._geometry(scale)
        written = (yield from self._writing(self.layout, scale)) if self._names_count else ()
        box = self._reach(geometry, written)
        return box.united(outlines.load().box.scaled(scale)) if self.ground else box

    @staticmethod
    def _reach(geometry: Geometry, written: tuple[Caption, ...]) -> Box:
        """Return the box around symbols and captions."""
        reach = float(geometry.hull_px.max(initial=0.0)) + geometry.radius_px + 4.0
        box = box_of(geometry.site_xy).grown(reach)
        for caption in written:
            box = box.united(caption.box)
        return box

    def plane(self) -> Box:
        """Return the box around sites and outlines, in plane units."""
        box = box_of(self.site_xy())
        return box.united(outlines.load().box) if self.ground else box

    def fitting(self, width: float, height: float) -> Steps[Camera]:
        """Return the camera that sees everything in a view of that size, step by step."""
        plane = self.plane()
        wide, high = max(width, 60.0), max(height, 60.0)
        scale = min(self.largest, wide / max(plane.width, 1e-6), high / max(plane.height, 1e-6))
        for _round in range(_ROUNDS):
            box = yield from self.extending(scale)
            yield
            part = min(wide / box.width, high / box.height)
            if part >= 1:
                break
            scale = _smaller(scale, (wide, high), box, plane)
        x, y = (yield from self.extending(scale)).centre
        return Camera(x / scale, y / scale, scale)

    @property
    def largest(self) -> float:
        """The largest scale."""
        return _CLOSEST_PX / spacing(self.site_xy())

    def _make_room(self, kept: dict[Any, Any]) -> None:
        """Forget the oldest of what is kept."""
        if len(kept) >= (_KEPT_OF_FEW if self._names_count else _KEPT):
            kept.pop(next(iter(kept)))

    def _known(self) -> Topology:
        assert self.topology is not None
        return self.topology


def _smaller(scale: float, size: tuple[float, float], drawn: Box, plane: Box) -> float:
    """Return the scale at which it fits if names reach as far beyond the plane as they do now."""
    reach_x, reach_y = drawn.width - plane.width * scale, drawn.height - plane.height * scale
    wanted = min(
        (size[0] - reach_x) / max(plane.width, 1e-6), (size[1] - reach_y) / max(plane.height, 1e-6)
    )
    return min(max(wanted, scale * _SHRINK[0]), scale * _SHRINK[1])
