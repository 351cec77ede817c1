"""A picture of the scene; while it is dragged larger than the view, so that it is only copied."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPixmap

from widgets.map.ground import Ground
from widgets.map.painter import Brushwork, paint_scene
from widgets.map.projection import Box, Camera
from widgets.map.scene import Scene

_MARGIN_PX = 200
_ALWAYS_SMOOTH = 600  # links; fewer are painted finely even while dragged


@dataclass(frozen=True, slots=True, eq=False)
class _Picture:
    """What was painted: its part of the map in map pixels, and for what."""

    pixmap: QPixmap
    part: Box
    fine: bool


class Canvas:
    """Paints scenes through a picture it keeps until it is told to forget."""

    def __init__(self) -> None:
        self._picture: _Picture | None = None
        self._stale = False
        self._base: tuple[tuple[object, ...], QPixmap] | None = None
        self.painted = 0  # pictures so far, for whoever measures

    def forget(self) -> None:
        """Paint anew at the next occasion."""
        self._stale = True

    @property
    def has_picture(self) -> bool:
        """True when something was painted, however long ago."""
        return self._picture is not None

    def draw_scaled(self, painter: QPainter, size: tuple[float, float]) -> None:
        """Fill a view with the picture there is, as large as it goes."""
        kept = self._picture
        assert kept is not None
        scale = min(size[0] / kept.part.width, size[1] / kept.part.height)
        width, height = kept.part.width * scale, kept.part.height * scale
        place = QRectF((size[0] - width) / 2, (size[1] - height) / 2, width, height)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(place, kept.pixmap, QRectF(kept.pixmap.rect()))

    def draw(
        self,
        painter: QPainter,
        scene: Scene,
        ground: Ground | None,
        work: Brushwork,
        camera: Camera,
        size: tuple[float, float],
        selected: str | None,
    ) -> bool:
        """Draw the scene as the camera sees it; False if it should be drawn again, finely."""
        dx, dy = snapped(camera, size, work.ratio)
        view = Box(-dx, -dy, size[0] - dx, size[1] - dy)
        smooth = work.smooth or len(scene.topology.links) <= _ALWAYS_SMOOTH
        kept = self._picture
        good = kept is not None and not self._stale and kept.part.encloses(view)
        if kept is None or not good or (smooth and not kept.fine):
            kept = self._picture = self._paint(scene, ground, work, view, selected, smooth)
        painter.drawPixmap(QPointF(kept.part.left + dx, kept.part.top + dy), kept.pixmap)
        return kept.fine

    def _paint(
        self,
        scene: Scene,
        ground: Ground | None,
        work: Brushwork,
        view: Box,
        selected: str | None,
        smooth: bool,
    ) -> _Picture:
        part = view if work.smooth else view.grown(_MARGIN_PX)
        pixmap = self._ground(ground, scene.geometry.scale, part, work)
        self.painted += 1
        self._stale = False
        fine = replace(work, smooth=smooth)
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)
            painter.translate(-part.left, -part.top)
            painter.setClipRect(QRectF(part.left, part.top, part.width, part.height))
            paint_scene(painter, scene, fine, part, selected)
        return _Picture(pixmap, part, smooth)

    def _ground(self, ground: Ground | None, scale: float, part: Box, work: Brushwork) -> QPixmap:
        """Return a picture of the ground alone, to paint on; a new snapshot needs no new one."""
        key = (id(ground), scale, part, work.ratio, work.theme.name)
        if self._base is None or self._base[0] != key:
            self._base = None
            pixmap = QPixmap(round(part.width * work.ratio), round(part.height * work.ratio))
            pixmap.setDevicePixelRatio(work.ratio)
            pixmap.fill(work.theme.panel)
            if ground:
                with QPainter(pixmap) as painter:
                    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                    painter.translate(-part.left, -part.top)
                    ground.paint(painter, scale, work.theme)
            self._base = key, pixmap
        return self._base[1].copy()


def snapped(camera: Camera, size: tuple[float, float], ratio: float) -> tuple[float, float]:
    """Return the view's offset on whole device pixels, so that nothing blurs."""
    dx, dy = camera.offset(*size)
    return round(dx * ratio) / ratio, round(dy * ratio) / ratio
