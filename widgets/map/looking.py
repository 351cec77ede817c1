"""Where the camera is: everything in view until the operator looks elsewhere."""

from collections.abc import Sequence

from widgets.map.projection import Box, Camera
from widgets.map.stage import Layout, Stage, covered
from widgets.theme import Theme

_EDGE_PX = 14.0
_ASIDE_PX = 12.0
_FARTHEST = 0.5  # of the scale at which all is seen
_KEPT = 12  # fits
_REVEAL_PX = 60.0  # how far inside the view a revealed point must lie

_FitFor = tuple[tuple[float, float], tuple[Box, ...], Layout]


class Looking:
    """Holds the camera for a view of a given size. Knows no widget."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._size = (0.0, 0.0)
        self._overlays: tuple[Box, ...] = ()
        self._fit: Camera | None = None
        self._fits: dict[_FitFor, Camera] = {}
        self._chosen: Camera | None = None  # None: everything

    def resize(self, width: float, height: float, overlays: Sequence[Box]) -> None:
        """Take the view's size and what lies over it; whoever looked elsewhere keeps looking."""
        if (width, height) != self._size or tuple(overlays) != self._overlays:
            self._size, self._overlays, self._fit = (width, height), tuple(overlays), None

    def forget(self) -> None:
        """The map is another one: look at everything."""
        self._fits.clear()
        self.look_at_all()

    def look_at_all(self) -> None:
        """Look at everything, wherever it stands now."""
        self._fit = self._chosen = None

    def refit(self) -> None:
        """What is drawn takes another room; whoever looked elsewhere keeps looking."""
        self._fits.clear()
        self._fit = None

    def camera(self, theme: Theme) -> Camera:
        """Return where the camera is."""
        if self._fit is None:
            self._fit = self._fitted_once(theme)
        return self._chosen or self._fit

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

    def _fitted_once(self, theme: Theme) -> Camera:
        """Remember what was found for a size: a change of perspective comes back to it."""
        key = (self._size, self._overlays, self._stage.layout)
        if key not in self._fits:
            if len(self._fits) >= _KEPT:
                self._fits.pop(next(iter(self._fits)))
            self._fits[key] = self._fitted(theme)
        return self._fits[key]

    def _fitted(self, theme: Theme) -> Camera:
        """See everything beside the overlays, or below and above them where it must be."""
        width, height = self._size
        below = max((height - box.top for box in self._overlays if box.top > height / 2), default=0)
        above = max((box.bottom for box in self._overlays if box.top <= height / 2), default=0)
        camera = Camera(0.0, 0.0, 1.0)
        for top, bottom in ((0.0, 0.0), (0.0, below), (above, 0.0), (above, below)):
            if top + bottom > height / 2:
                continue
            high = height - top - bottom - 2 * _EDGE_PX
            camera = self._stage.fitted(width - 2 * _EDGE_PX, high).panned(0, (top - bottom) / 2)
            aside = self._moved_aside(camera, theme)
            if aside is not None:
                return aside
        return camera

    def _moved_aside(self, camera: Camera, theme: Theme) -> Camera | None:
        """Return the camera moved so little to a side that no overlay lies on anything."""
        scene = self._stage.scene(camera.scale, theme)
        spare = (self._size[0] - self._stage.extent(camera.scale).width) / 2 - _EDGE_PX
        steps = [_ASIDE_PX * i for i in range(int(max(spare, 0.0) // _ASIDE_PX) + 1)]
        for dx in (sign * step for step in steps for sign in (1, -1)):
            moved = camera.panned(dx, 0.0)
            if not any(covered(scene, moved, self._size, box) for box in self._overlays):
                return moved
        return None


def _inside(at: float, length: float) -> float:
    """Return how far to move a coordinate so that it lies well within 0..length."""
    edge = min(_REVEAL_PX, length / 3)
    return max(edge - at, 0.0) or min(length - edge - at, 0.0)
