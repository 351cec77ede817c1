"""The Earth on a plane, and the camera that looks at it. Plane units are km at the equator."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

Points = NDArray[np.float64]  # (n, 2): x to the right, y down

EARTH_RADIUS_KM = 6378.137
MAX_LAT = 85.0  # Mercator's plane has no poles


def project(lat: ArrayLike, lon: ArrayLike) -> Points:
    """Return Mercator positions of degrees WGS84: shapes keep their angles, north is up."""
    phi = np.radians(np.clip(np.asarray(lat, dtype=np.float64), -MAX_LAT, MAX_LAT))
    x = EARTH_RADIUS_KM * np.radians(np.asarray(lon, dtype=np.float64))
    y = -EARTH_RADIUS_KM * np.log(np.tan(np.pi / 4 + phi / 2))
    return np.column_stack([np.atleast_1d(x), np.atleast_1d(y)])


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle along the axes."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Extent to the right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Extent downwards."""
        return self.bottom - self.top

    @property
    def centre(self) -> tuple[float, float]:
        """The middle."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def overlaps(self, other: "Box") -> bool:
        """True when the two share an area; touching edges share none."""
        beside = self.right <= other.left or other.right <= self.left
        return not (beside or self.bottom <= other.top or other.bottom <= self.top)

    def shared(self, other: "Box") -> float:
        """Return the area that both cover."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(width, 0.0) * max(height, 0.0)

    def united(self, other: "Box") -> "Box":
        """Return the smallest box around both."""
        return Box(
            *(min(self.left, other.left), min(self.top, other.top)),
            *(max(self.right, other.right), max(self.bottom, other.bottom)),
        )

    def grown(self, by: float) -> "Box":
        """Return the box with `by` more on every side."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def scaled(self, scale: float) -> "Box":
        """Return the box in the units of a plane `scale` times as large."""
        return Box(self.left * scale, self.top * scale, self.right * scale, self.bottom * scale)

    def encloses(self, other: "Box") -> bool:
        """True when nothing of the other is outside."""
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom

    def contains(self, x: float, y: float) -> bool:
        """True for points inside or on the edge."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom


def box_of(points: Points) -> Box:
    """Return the smallest box around at least one point."""
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return Box(float(left), float(top), float(right), float(bottom))


@dataclass(frozen=True, slots=True)
class Camera:
    """What of the plane is seen: the point in the middle of the view, and px per plane unit."""

    x: float
    y: float
    scale: float

    def offset(self, width: float, height: float) -> tuple[float, float]:
        """Return what to add to plane positions times scale to get pixels of the view."""
        return width / 2 - self.x * self.scale, height / 2 - self.y * self.scale

    def panned(self, dx_px: float, dy_px: float) -> "Camera":
        """Return the camera after the plane was dragged by so many pixels."""
        return replace(self, x=self.x - dx_px / self.scale, y=self.y - dy_px / self.scale)

    def zoomed(self, scale: float, dx_px: float = 0.0, dy_px: float = 0.0) -> "Camera":
        """Return the camera at `scale`; the point so far off the middle stays where it is."""
        part = 1 / self.scale - 1 / scale
        return Camera(self.x + dx_px * part, self.y + dy_px * part, scale)
