"""The graph itself. Imports pyqtgraph, which takes 0.3 s: load this module when it is needed."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QWidget

from widgets import theme
from widgets.detail.axes import AXIS_PX, FaultAxis, Picture, RateAxis, TimeAxis
from widgets.detail.crosshair import Crosshair, read, row_at
from widgets.detail.curves import Curves, thinned
from widgets.detail.frame import fault_span, rate_span
from widgets.detail.pictures import down_colour, faded, paint_faults, paint_load, up_colour

_FAULTS_PX = 30
_PIXELS_A_POINT = 1.5


class LoadPlot(pg.GraphicsView):  # type: ignore[misc]
    """Mirrored load over time with faults below, and a cross-hair.

    Signals:
        read_out: what the cross-hair says in one line, "" when it is gone.
    """

    read_out = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._exact: Curves | None = None
        self._names = ("", "")
        self._load_box, self._fault_box = _box(), _box()
        self._load = Picture(self._load_box, paint_load)
        self._faults = Picture(self._fault_box, paint_faults)
        self._rates, self._times = RateAxis(self._load), TimeAxis()
        self._fault_axis = FaultAxis(self._faults)
        self._layout = pg.GraphicsLayout()
        self._arrange()
        self._crosshair = Crosshair()
        self.scene().addItem(self._crosshair)

    def _arrange(self) -> None:
        layout = self._layout
        self.setCentralItem(layout)
        layout.setContentsMargins(0, 2, 1, 0)
        layout.layout.setHorizontalSpacing(0)
        layout.layout.setVerticalSpacing(4)
        layout.addItem(self._rates, 0, 0)
        layout.addItem(self._load_box, 0, 1)
        layout.addItem(self._fault_axis, 1, 0)
        layout.addItem(self._fault_box, 1, 1)
        layout.addItem(self._times, 2, 1)
        self._fault_box.setXLink(self._load_box)

    def show_curves(
        self, curves: Curves, from_s: float, to_s: float, names: tuple[str, str], live: bool
    ) -> None:
        """Show a range; `names` are the directions drawn up and down, `live`: it ends now."""
        self._exact, self._names = curves, names
        self._thin()
        self._load.span = rate_span(self._load.curves or curves, from_s, to_s)
        self._faults.span = fault_span(curves, from_s, to_s)
        self._times.span, self._times.live = self._load.span, live
        self._load_box.setRange(xRange=(from_s, to_s), padding=0)
        counted = curves.errors_ps is not None and self._faults.span.high > 0.0
        for part in (self._fault_box, self._fault_axis):
            part.setFixedHeight(_FAULTS_PX if counted else 1)
        self._read_again()
        self.scene().update()

    def _thin(self) -> None:
        if self._exact is None:
            return
        width = max(200, self.width() - AXIS_PX)
        self._load.curves = thinned(self._exact, int(width / _PIXELS_A_POINT))
        self._faults.curves = self._load.curves

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Thin to the new width."""
        super().resizeEvent(event)
        if event is not None and hasattr(self, "_crosshair"):
            self._thin()
            self._read_again()

    def changeEvent(self, event: QEvent) -> None:
        """Repaint in the colours now in use."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.scene() is not None:
            self.scene().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read out where the mouse is."""
        area = self._area()
        x = event.position().x()
        if self._exact is not None and area.left() <= x <= area.right():
            self.read_at(self._load.frame.moment(x - area.left()))
        else:
            self.clear_reading()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the focus, so that arrow keys move the cross-hair on."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Nothing is dragged here."""
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the panel."""
        event.ignore()

    def leaveEvent(self, event: QEvent) -> None:
        """Put the cross-hair away."""
        super().leaveEvent(event)
        self.clear_reading()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Put the cross-hair away."""
        super().focusOutEvent(event)
        self.clear_reading()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right move by a pixel's worth, with Ctrl by one step, with Shift by ten."""
        moves = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in moves and self._exact is not None:
            self._step(moves[Qt.Key(event.key())], event.modifiers())
        elif event.key() == Qt.Key.Key_Escape and self._crosshair.isVisible():
            self.clear_reading()
        else:
            event.ignore()

    def _step(self, direction: int, modifiers: Qt.KeyboardModifier) -> None:
        assert self._exact is not None
        assert self._load.curves is not None
        span, reading = self._load.span, self._crosshair.reading
        exactly = modifiers & Qt.KeyboardModifier.ControlModifier
        step_s = self._exact.step_s if exactly else self._load.curves.step_s
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            step_s *= 10
        last_s = float(self._exact.at_s[-1]) if len(self._exact.at_s) else span.to_s
        at_s = reading.at_s + direction * step_s if reading else last_s
        self.read_at(min(max(at_s, span.from_s), span.to_s))

    def read_at(self, at_s: float) -> None:
        """Put the cross-hair at a moment."""
        if self._exact is None:
            return
        reading = read(self._exact, at_s, self._names)
        self._crosshair.reading = reading
        area = self._area()
        x = area.left() + min(max(self._load.frame.x(reading.at_s), 0.0), area.width())
        self._crosshair.place(area, x, self._dots(at_s, area.top()))
        self._crosshair.show()
        self.read_out.emit(reading.text)

    def _dots(self, at_s: float, top: float) -> tuple[tuple[float, QColor], ...]:
        curves = self._load.curves
        row = None if curves is None else row_at(curves, at_s)
        if curves is None or row is None:
            return ()
        values = ((curves.up_bps[row], up_colour()), (-curves.down_bps[row], down_colour()))
        frame = self._load.frame
        return tuple((top + frame.y(float(v)), colour) for v, colour in values if np.isfinite(v))

    def _read_again(self) -> None:
        if self._crosshair.isVisible() and self._crosshair.reading is not None:
            self.read_at(self._crosshair.reading.at_s)

    def clear_reading(self) -> None:
        """Put the cross-hair away."""
        if self._crosshair.isVisible():
            self._crosshair.hide()
            self._crosshair.reading = None
            self.read_out.emit("")

    @property
    def reading(self) -> str:
        """What the cross-hair says, "" without one."""
        return self._crosshair.reading.text if self._crosshair.reading else ""

    def _area(self) -> QRectF:
        load = self._load_box.mapRectToScene(self._load_box.rect())
        faults = self._fault_box.mapRectToScene(self._fault_box.rect())
        return QRectF(load).united(faults)

    def drawForeground(self, painter: QPainter, rect: QRectF | object) -> None:
        """Ring the graph while it has the keyboard."""
        if self.hasFocus():
            painter.setPen(QPen(faded(theme.current().accent, 0.7), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            inner = self._load_box.mapRectToScene(self._load_box.rect())
            painter.drawRect(inner.adjusted(0.5, 0.5, -0.5, -0.5))


def _box() -> pg.ViewBox:
    box = pg.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0.0)
    box.disableAutoRange()
    return box
