"""Pens of the links: from loads and states to batches of lines that share a pen.

Colours follow the theme's continuous scale in steps too small to see; order is quiet first, so
that what needs a person lies on top.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from console.model.snapshot import LinkView
from console.model.states import State
from widgets.map.geometry import Geometry, Numbers
from widgets.map.projection import Box
from widgets.map.topology import Topology
from widgets.theme import Theme

_STEPS = 64  # colours between 0 and 100 %
_UNKNOWN, _NO_LOAD, _LOADED = 0, 1, 2  # kinds of a half, in drawing order
_DOWN = _LOADED + _STEPS + 1
_SHADES = _DOWN + 1
_WIDTH_STEP_PX = 0.5
_UNKNOWN_PX = 2.0  # of what is not known not even the capacity shouts
_FULL_WIDTH_PX = 5.5  # radius of symbols from which lines have their full width
_LEAST_PX, _THINNEST = 3.0, 0.4  # radius at which lines have that much of it
_FINE_LINKS = 600  # with more, bends are not rounded: it would double the time


MARKED = (State.DOWN, State.DEGRADED)


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Lines of one pen, as rows x1, y1, x2, y2, and the box around them."""

    pen: QPen
    lines: NDArray[np.float64]
    box: Box


@dataclass(frozen=True, slots=True, eq=False)
class LinkLook:
    """How the topology's links look: width in px, and the shade of the halves at a and at b."""

    width_px: Numbers
    shade_a: NDArray[np.int16]
    shade_b: NDArray[np.int16]
    state: tuple[State, ...]

    @property
    def marked(self) -> frozenset[int]:
        """The links that bear a mark at every scale."""
        return frozenset(i for i, state in enumerate(self.state) if state in MARKED)


def look_of(topology: Topology, views: Mapping[str, LinkView]) -> LinkLook:
    """Choose shades and widths for a snapshot's links; a link it does not tell of is unknown."""
    found = [views.get(link) for link in topology.links]
    capacity = [view.capacity_bps or np.nan if view else np.nan for view in found]
    shades = np.array([_shades(view) for view in found], dtype=np.int16).reshape(-1, 2)
    known = np.array(capacity, dtype=np.float64)
    return LinkLook(
        width_px=widths(np.where(np.isnan(known), topology.capacity_bps, known)),
        shade_a=shades[:, 0],
        shade_b=shades[:, 1],
        state=tuple(_sign(view) for view in found),
    )


def _sign(view: LinkView | None) -> State:
    """Return what a link's sign says: one that is wired otherwise than written is marked too."""
    if view is None:
        return State.UNKNOWN
    contradicts = view.state is State.UP and view.wiring.state.contradicts
    return State.DEGRADED if contradicts else view.state


def widths(capacity_bps: Numbers) -> Numbers:
    """Return line widths in px: 1.5 at 100 Mbit/s, 2.5 at 1 G, 5 at 10 G, 7.5 at 100 G."""
    decades = np.log10(np.where(np.isnan(capacity_bps), 1e9, capacity_bps) / 1e9)
    wide = np.where(decades > 0, 2.5 + 2.5 * decades, 2.5 + decades)
    return np.asarray(np.round(np.clip(wide, 1.0, 9.0) / _WIDTH_STEP_PX) * _WIDTH_STEP_PX)


def _shades(view: LinkView | None) -> tuple[int, int]:
    """Return the shades at the ends a and b: each end tells the load of what flows to it."""
    if view is None or view.state == State.UNKNOWN:
        return _UNKNOWN, _UNKNOWN
    if view.state == State.DOWN:
        return _DOWN, _DOWN
    return _shade(view.b_to_a_load), _shade(view.a_to_b_load)


def _shade(load: float | None) -> int:
    return _NO_LOAD if load is None else _LOADED + round(min(max(load, 0.0), 1.0) * _STEPS)


def batches(
    geometry: Geometry, look: LinkLook, theme: Theme, thin: float = 1.0
) -> tuple[Batch, ...]:
    """Group the halves of all drawn links by pen; `thin` scales the widths.

    Where symbols are small because there are many, lines are thinner as well.
    """
    small = min(max(geometry.radius_px - _LEAST_PX, 0.0) / (_FULL_WIDTH_PX - _LEAST_PX), 1.0)
    thin *= round(_THINNEST + (1 - _THINNEST) * small, 1)
    drawn, segments = geometry.drawn, geometry.segments
    width = (look.width_px[drawn] / _WIDTH_STEP_PX).astype(np.int64)
    rounded = geometry.bent & (len(drawn) <= _FINE_LINKS)
    shade_a, shade_b = look.shade_a[drawn], look.shade_b[drawn]
    shade = np.where(segments.at_b, shade_b[segments.row], shade_a[segments.row])
    keys = shade * 128 + (width * 2 + rounded)[segments.row]
    return _grouped(segments.lines, keys.astype(np.int16), theme, thin)


def _grouped(
    lines: Numbers, keys: NDArray[np.int16], theme: Theme, thin: float
) -> tuple[Batch, ...]:
    if not len(lines):
        return ()
    order = np.argsort(keys, kind="stable")
    ordered, sorted_lines = keys[order], np.ascontiguousarray(lines[order])
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    points = sorted_lines.reshape(-1, 2, 2)
    low = np.minimum.reduceat(points.min(axis=1), starts).tolist()
    high = np.maximum.reduceat(points.max(axis=1), starts).tolist()
    parts = np.split(sorted_lines, starts[1:])
    pens = [_pen(key, theme, thin) for key in ordered[starts].tolist()]
    return tuple(
        Batch(pen, part, Box(*least, *most))
        for pen, part, least, most in zip(pens, parts, low, high, strict=True)
    )


_pens: dict[tuple[int, str, float], QPen] = {}
_PENS_LIMIT = 4000


def _pen(key: int, theme: Theme, thin: float) -> QPen:
    """Return the pen of a shade, width and cap; pens are made once."""
    found = _pens.get((key, theme.name, thin))
    if found is None:
        if len(_pens) >= _PENS_LIMIT:
            _pens.clear()
        found = _pens[key, theme.name, thin] = _new_pen(key, theme, thin)
    return found


def _new_pen(key: int, theme: Theme, thin: float) -> QPen:
    shade, rest = divmod(key, 128)
    width, bent = divmod(rest, 2)
    cap = Qt.PenCapStyle.RoundCap if bent else Qt.PenCapStyle.FlatCap
    width_px = max(1.0, width * _WIDTH_STEP_PX * thin)
    if shade == _UNKNOWN:
        width_px = min(width_px, _UNKNOWN_PX)
    pen = QPen(shade_colour(shade, theme), width_px, c=cap)
    pattern = _PATTERNS.get(shade)
    return dashed(pen, pattern) if pattern else pen


def dashed(pen: QPen, dashes_px: tuple[float, float]) -> QPen:
    """Make the pen dash in pixels, whatever its width."""
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setDashPattern([length / pen.widthF() for length in dashes_px])
    return pen


DOWN_DASHES = (7.0, 5.0)
UNKNOWN_DASHES = (2.5, 3.5)
_PATTERNS = {_DOWN: DOWN_DASHES, _UNKNOWN: UNKNOWN_DASHES}


def shade_colour(shade: int, theme: Theme) -> QColor:
    """Return a shade's colour."""
    if shade == _DOWN:
        return theme.down
    if shade in (_UNKNOWN, _NO_LOAD):
        return theme.dim
    return theme.load((shade - _LOADED) / _STEPS)
