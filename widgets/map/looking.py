"""Where the camera is: everything in view until the operator looks elsewhere."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from widgets.map.labels import Rows
from widgets.map.projection import Box, Camera
from widgets.map.stage import Layout, Stage
from widgets.map.steps import Steps

_EDGE_PX = 14.0
_ASIDE_PX = 12.0
_FARTHEST = 0.5  # of the scale at which all is seen
_KEPT = 12  # fits
_REVEAL_PX = 60.0  # how far inside the view a revealed point must lie

_FitFor = tuple[tuple[float, float], tuple[Box, ...], Layout]


class Looking:
    """Holds the camera for a view of a given size. Knows no widget.

    To find the one that sees everything takes several steps, each as long as names take to place.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._size = (0.0, 0.0)
        self._overlays: tuple[Box, ...] = ()
        self._fit: Camera | None = None  # while one is sought that of the size before
        self._search: Steps[Camera] | None = None
        self._fits: dict[_FitFor, Camera] = {}
        self._chosen: Camera | None = None  # None: everything

    def resize(self, width: float, height: float, overlays: Sequence[Box]) -> None:
        """Take the view's size and what lies over it; whoever looked elsewhere keeps looking."""
        if (width, height) != self._size or tuple(overlays) != self._overlays:
            self._size, self._overlays = (width, height), tuple(overlays)
            self._seek()

    def forget(self) -> None:
        """The map is another one: look at everything."""
        self._fits.clear()
        self.look_at_all()

    def look_at_all(self) -> None:
        """Look at everything, wherever it stands now."""
        self._fit = self._chosen = self._search = None

    def refit(self) -> None:
        """What is drawn takes another room; whoever looked elsewhere keeps looking."""
        self._fits.clear()
        self._fit = self._search = None

    def camera(self) -> Camera:
        """Return where the camera is; only the very first one is waited for."""
        if self._fit is None:
            self._seek()
            while self._search is not None:
                self.step()
        assert self._fit is not None
        return self._chosen or self._fit

    @property
    def is_seeking(self) -> bool:
        """True while the camera for this size is not found yet: go on with `step`."""
        return self._search is not None

    def step(self) -> None:
        """Go on seeking the camera that sees everything."""
        if self._search is None:
            return
        try:
            next(self._search)
        except StopIteration as found:
            self._search, self._fit = None, found.value
            self._keep(found.value)

    @property
    def sees_everything(self) -> bool:
        """True until the operator looks elsewhere."""
        return self._chosen is None

    def fit(self) -> None:
        """Look at everything."""
        self._chosen = None

    def pan(self, camera: Camera, dx_px: float, dy_px: float) -> None:
        """Move what is seen, but never all of it out of sight."""
        self._chosen = self._held(camera.panned(dx_px, dy_px))

    def zoom(self, camera: Camera, factor: float, x_px: float, y_px: float) -> None:
        """Enlarge what is seen; the point of the view under x, y stays where it is."""
        least = (self._fit or camera).scale * _FARTHEST
        scale = min(max(camera.scale * factor, least), max(self._stage.largest, least))
        dx, dy = x_px - self._size[0] / 2, y_px - self._size[1] / 2
        self._chosen = self._held(camera.zoomed(scale, dx, dy))

    def reveal(self, camera: Camera, x: float, y: float) -> None:
        """Move as little as brings a point (map pixels) well into view."""
        dx, dy = camera.offset(*self._size)
        right, low = _inside(x + dx, self._size[0]), _inside(y + dy, self._size[1])
        if right or low:
            self.pan(camera, right, low)

    def _held(self, camera: Camera) -> Camera:
        """Keep the middle of the view within the map."""
        box = self._stage.plane()
        x = min(max(camera.x, box.left), box.right)
        y = min(max(camera.y, box.top), box.bottom)
        return Camera(x, y, camera.scale)

    def _seek(self) -> None:
        """Remember what was found for a size: a change of perspective comes back to it."""
        known = self._fits.get(self._fit_for())
        self._fit = known or self._fit
        self._search = None if known else self._fitting()

    def _keep(self, fit: Camera) -> None:
        if len(self._fits) >= _KEPT:
            self._fits.pop(next(iter(self._fits)))
        self._fits[self._fit_for()] = fit

    def _fit_for(self) -> _FitFor:
        return self._size, self._overlays, self._stage.layout

    def _fitting(self) -> Steps[Camera]:
        """See everything beside the overlays, or below and above them where it must be."""
        width, height = self._size
        below = max((height - box.top for box in self._overlays if box.top > height / 2), default=0)
        above = max((box.bottom for box in self._overlays if box.top <= height / 2), default=0)
        camera = Camera(0.0, 0.0, 1.0)
        for top, bottom in ((0.0, 0.0), (0.0, below), (above, 0.0), (above, below)):
            if top + bottom > height / 2:
                continue
            high = height - top - bottom - 2 * _EDGE_PX
            fitted = yield from self._stage.fitting(width - 2 * _EDGE_PX, high)
            camera = fitted.panned(0, (top - bottom) / 2)
            aside = yield from self._moving_aside(camera)
            if aside is not None:
                return aside
            yield
        return camera

    def _moving_aside(self, camera: Camera) -> Steps[Camera | None]:
        """Return the camera moved so little to a side that no overlay lies on anything."""
        drawn = yield from self._stage.drawing(camera.scale)
        extent = yield from self._stage.extending(camera.scale)
        spare = (self._size[0] - extent.width) / 2 - _EDGE_PX
        steps = _ASIDE_PX * np.arange(int(max(spare, 0.0) // _ASIDE_PX) + 1)
        shifts = np.column_stack([steps, -steps]).ravel()
        dx, dy = camera.offset(*self._size)
        seen = drawn + np.array((dx, dy, dx, dy))
        free = ~np.logical_or.reduce([_lies_on(box, seen, shifts) for box in self._overlays])
        return camera.panned(float(shifts[free.argmax()]), 0.0) if np.any(free) else None


def _lies_on(box: Box, seen: Rows, shifts: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell for each shift of what is seen to the right whether a box would lie on part of it."""
    level = seen[(seen[:, 1] < box.bottom) & (seen[:, 3] > box.top)]
    left, right = level[:, 0] + shifts[:, None], level[:, 2] + shifts[:, None]
    return np.asarray(((left < box.right) & (right > box.left)).any(axis=1))


def _inside(at: float, length: float) -> float:
    """Return how far to move a coordinate so that it lies well within 0..length."""
    edge = min(_REVEAL_PX, length / 3)
    return max(edge - at, 0.0) or min(length - edge - at, 0.0)
