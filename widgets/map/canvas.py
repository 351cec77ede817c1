"""A picture of the scene somewhat larger than the view, so that dragging only copies it."""

from dataclasses import dataclass

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
        self.painted = 0  # pictures so far, for whoever measures

    def forget(self) -> None:
        """Paint anew at the next occasion."""
        self._picture = None

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
        if kept is None or not _within(view, kept.part) or (smooth and not kept.fine):
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
        part = view.grown(_MARGIN_PX)
        ratio = work.ratio
        pixmap = QPixmap(round(part.width * ratio), round(part.height * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(work.theme.panel)
        self.painted += 1
        fine = Brushwork(work.theme, work.texts, ratio, smooth)
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)
            painter.translate(-part.left, -part.top)
            painter.setClipRect(QRectF(part.left, part.top, part.width, part.height))
            if ground:
                ground.paint(painter, scene.geometry.scale, work.theme)
            paint_scene(painter, scene, fine, part, selected)
        return _Picture(pixmap, part, smooth)


def _within(view: Box, part: Box) -> bool:
    inside = part.left <= view.left and part.right >= view.right
    return inside and part.top <= view.top and part.bottom >= view.bottom


def snapped(camera: Camera, size: tuple[float, float], ratio: float) -> tuple[float, float]:
    """Return the view's offset on whole device pixels, so that nothing blurs."""
    dx, dy = camera.offset(*size)
    return round(dx * ratio) / ratio, round(dy * ratio) / ratio
