"""The map as a widget: shows snapshots, lets the operator look around and choose."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from console.language import _
from console.model.snapshot import Snapshot
from widgets import theme
from widgets.map.canvas import Canvas, snapped
from widgets.map.captions import Fonts
from widgets.map.legend import Legend
from widgets.map.outlines import ATTRIBUTION
from widgets.map.painter import Brushwork
from widgets.map.projection import Box, Camera
from widgets.map.scene import Emphasis, Scene
from widgets.map.spots import Kind, Spot, spot_at
from widgets.map.stage import Layout, Stage
from widgets.map.texts import Texts
from widgets.map.toolbar import MapToolbar


class MapView(QWidget):
    """Shows the network of a snapshot; cannot tell live from past."""

    link_chosen = Signal(str)
    site_chosen = Signal(str)
    device_chosen = Signal(str)
    hover_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stage = Stage(Fonts(self.font()))
        self._camera: Camera | None = None
        self._canvas = Canvas()
        self._texts = Texts()
        self._scene: Scene | None = None
        self._selected: str | None = None
        self.legend = Legend(self.font())
        self.toolbar = MapToolbar(self)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show a moment."""
        if self.stage.show_snapshot(snapshot):
            self._camera = None
        self._scene = None
        self._canvas.forget()
        self.update()

    def show_selection(self, subject: str | None) -> None:
        """Highlight."""
        self._selected = subject
        self._canvas.forget()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.stage.topology is None:
            painter.fillRect(self.rect(), theme.current().panel)
            return
        size = (self.width(), self.height())
        if self._camera is None:
            self._camera = self.stage.fitted(size[0] - 24, size[1] - 24)
        if self._scene is None:
            self._scene = self.stage.scene(self._camera.scale, theme.current())
        work = Brushwork(theme.current(), self.stage.fonts, self._texts, self.devicePixelRatioF())
        self._canvas.draw(
            painter, self._scene, self.stage.ground, work, self._camera, size, self._selected
        )
        self.legend.paint(painter, self.height(), theme.current())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._camera = None
        self._scene = None
        self._canvas.forget()
        self.toolbar.adjustSize()
        self.toolbar.move(self.width() - self.toolbar.width() - 12, 12)
