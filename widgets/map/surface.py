"""The drawn map: a snapshot seen by a camera, with legend and footer. Takes no input itself."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from console.language import _
from console.model.readiness import Assessment, Impact
from console.model.situation import Situation
from console.model.snapshot import Snapshot
from widgets import theme
from widgets.map import overlays
from widgets.map.canvas import Canvas, snapped
from widgets.map.legend import Legend
from widgets.map.looking import Looking
from widgets.map.marks import Marking
from widgets.map.painter import Brushwork
from widgets.map.projection import Box, Camera
from widgets.map.scene import Emphasis, Scene
from widgets.map.scribe import Scribe
from widgets.map.spots import Spot
from widgets.map.stage import Layout, Stage
from widgets.map.texts import Texts
from widgets.map.tips import summary
from widgets.map.toolbar import MapToolbar

_SETTLE_MS = 140  # after so long without movement a large map is painted finely
_SOON_WRITTEN = 60  # sites; with more, captions come a little later than the map
_LARGE = 400  # sites; with more, captions wait until the map rests
_COMPACT_PX = 480
_LEGEND_LEAST_PX = (400, 280)  # smaller views have none
_EDGE_PX = 12


class MapSurface(QWidget):
    """Paints what it was shown. Whoever inherits moves the camera and says what is pointed at.

    Signals:
        work_wanted: a pure function that had better run on a worker before it is needed here.
    """

    work_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage = Stage(self.font())
        self._looking = Looking(self._stage)
        self._canvas, self._texts = Canvas(), Texts()
        self._legend, self._footer = Legend(self.font()), overlays.Footer(self.font())
        self._scene: Scene | None = None
        self._scene_for: tuple[object, ...] = ()
        self._selected = ""
        self._marking = Marking()
        self._highlighted: Spot | None = None
        self._focused: Spot | None = None
        self._ringed = False  # the keyboard is on the map as a whole
        self._tools = True
        self._moving = False
        self._settle = self._timer(_SETTLE_MS, self._come_to_rest)
        self._seeking = self._timer(0, self._seek_on)
        self._scribe, self._writing = Scribe(self._stage), self._timer(0, self._write_on)
        self._toolbar = MapToolbar(self)
        self._toolbar.hide()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(160, 120)
        self.setAccessibleName(_("Map of the network"))

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show a moment. Another topology is looked at as a whole."""
        if self._stage.show_snapshot(snapshot):
            self._looking.forget()
            if self._stage.topology is not None:
                self.work_wanted.emit(self._stage.logical())
        text = summary(snapshot)
        if text != self.accessibleDescription() and self._focused is None:
            self.setAccessibleDescription(text)
        self.draw_anew()

    def show_selection(self, kind: str, thing: str) -> None:
        """Highlight a link, site, device or room (its site); empty: nothing."""
        snapshot = self._stage.snapshot
        room = snapshot.rooms.get(thing) if snapshot and kind == "room" else None
        self._marked(self._marking.take_selection(kind, thing))
        selected = room.site if room else thing
        if selected != self._selected:
            self._selected = selected
            self._canvas.forget()
            self.update()

    def show_assessment(self, assessment: Assessment, situation: Situation) -> None:
        """Take the ways and loads of a conference."""
        self._marked(self._marking.take_assessment(assessment, situation))

    def show_at_hand(self, conference: str) -> None:
        """Draw the ways of this conference."""
        self._marked(self._marking.take_at_hand(conference))

    def show_perspective(self, key: str) -> None:
        """Draw ways where conferences are what it is about."""
        self._marked(self._marking.take_perspective(key))

    def show_impact(self, impact: Impact | None) -> None:
        """Draw what an imagined failure would do; None: nothing is imagined."""
        self._marked(self._marking.take_impact(impact))

    def _marked(self, anew: bool) -> None:
        if anew:
            self._canvas.forget()
            self.update()

    def show_emphasis(self, emphasis: Emphasis) -> None:
        """Let the symbols tell how the network stands, or how its rooms stand."""
        self._stage.emphasis = emphasis
        self.draw_anew()

    def show_tools(self, tools: bool) -> None:
        """Show or hide buttons and legend."""
        self._tools = tools
        self._arrange()

    def show_layout(self, layout: Layout | str) -> None:
        """Place the sites geographically or logically."""
        self._stage.layout = Layout(layout)
        self._toolbar.show_layout(self._stage.layout)
        self._looking.look_at_all()
        self._arrange()
        self.draw_anew()

    @property
    def layout_shown(self) -> Layout:
        """Where the sites stand."""
        return self._stage.layout

    def scene(self) -> Scene | None:
        """Return what is drawn, None while there is nothing to draw."""
        if self._stage.topology is None:
            return None
        scale = self._camera().scale
        look = (scale, theme.current().name, self._is_written(scale))
        if self._scene is None or self._scene_for != look:
            if self._scene_for != look:
                self._canvas.forget()
            self._scene = self._stage.scene(look[0], theme.current(), captions=look[2])
            self._scene_for = look
        return self._scene

    def _is_written(self, scale: float) -> bool:
        """Return whether captions can be painted; large maps get theirs when they rest."""
        assert self._stage.topology is not None
        sites = len(self._stage.topology.sites)
        if sites <= _SOON_WRITTEN or (sites > _LARGE and self._moving):
            return sites <= _SOON_WRITTEN
        written = self._scribe.has_written(scale)
        if not written and not self._writing.isActive():
            self._writing.start()
        return written

    @Slot()
    def _write_on(self) -> None:
        """Place some more captions, one step a turn."""
        if not self._scribe.step():
            self._writing.start()
        else:
            self.update()

    def offset(self) -> tuple[float, float]:
        """Return what to add to map pixels to get pixels of the widget."""
        return snapped(self._camera(), self._size(), self.devicePixelRatioF())

    def pan(self, dx_px: float, dy_px: float) -> None:
        """Move the map."""
        if self._stage.topology is not None:
            self._looking.pan(self._camera(), dx_px, dy_px)
            self._moved()

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Enlarge the map; the point `at` (else the middle) stays where it is."""
        if self._stage.topology is not None:
            fixed = at or QPointF(self.width() / 2, self.height() / 2)
            self._looking.zoom(self._camera(), factor, fixed.x(), fixed.y())
            self._moved()

    @Slot()
    def fit(self) -> None:
        """Show everything."""
        self._looking.fit()
        self._moved()

    def reveal(self, x: float, y: float) -> None:
        """Bring a point (map pixels) into view."""
        self._looking.reveal(self._camera(), x, y)
        self._moved()

    def _moved(self) -> None:
        self._moving = True
        self._settle.start()
        self.update()

    @Slot()
    def _come_to_rest(self) -> None:
        self._moving = False
        self.update()

    def _timer(self, after_ms: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(after_ms)
        timer.timeout.connect(slot)
        return timer

    def _size(self) -> tuple[float, float]:
        return float(self.width()), float(self.height())

    def _camera(self) -> Camera:
        self._looking.resize(*self._size(), self._covers())
        camera = self._looking.camera()
        if self._looking.is_seeking and not self._seeking.isActive():
            self._seeking.start()
        return camera

    @Slot()
    def _seek_on(self) -> None:
        """Look for the camera that sees everything in the view's new size, one step a turn."""
        self._looking.step()
        if self._looking.is_seeking:
            self._seeking.start()
        else:
            self.update()

    def has_settled(self) -> bool:
        """Return whether the camera has found its place after a change of size."""
        self._camera()
        return not (self._looking.is_seeking and self._looking.sees_everything)

    def draw_anew(self) -> None:
        """Paint everything anew at the next occasion, whatever was kept."""
        self._scene = None
        self._canvas.forget()
        self._toolbar.setVisible(self._tools and self._stage.topology is not None)
        self.update()

    def _arrange(self) -> None:
        """Put the buttons in their corner."""
        self._toolbar.show_compact(self.width() < _COMPACT_PX)
        corner = QPoint(self.width() - self._toolbar.width() - _EDGE_PX, _EDGE_PX)
        self._toolbar.move(corner)
        self._toolbar.setVisible(self._tools and self._stage.topology is not None)
        self.update()

    def _footer_text(self) -> str:
        snapshot = self._stage.snapshot
        return self._footer.text(snapshot, self._stage.ground is not None) if snapshot else ""

    def _legend_height(self) -> float:
        """Return the height of the view above which the legend stands; 0: no legend."""
        least_width, least_height = _LEGEND_LEAST_PX
        if not self._tools or self.width() < least_width or self.height() < least_height:
            return 0.0
        beside = self._footer.box(self._footer_text(), *self._size())
        height = float(self.height())
        if beside.left < self._legend.box(height).right + _EDGE_PX:
            height -= overlays.FOOTER_PX
        return height

    def _covers(self) -> tuple[Box, ...]:
        """Return what of the view is covered by buttons, legend and footer."""
        covers = [self._footer.box(self._footer_text(), *self._size())]
        high = self._legend_height()
        if high:
            covers.append(self._legend.box(high))
        if self._tools:
            box = self._toolbar.geometry()
            covers.append(Box(box.left(), box.top(), box.right() + 1, box.bottom() + 1))
        return tuple(covers)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the buttons in their corner."""
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Follow theme and font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._stage.take_font(self.font())
            self._texts = Texts()
            self._legend, self._footer = Legend(self.font()), overlays.Footer(self.font())
            self._looking.refit()
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self.draw_anew()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the map, or the sentence instead of it."""
        colours = theme.current()
        waits = self._canvas.has_picture and self._stage.topology and not self.has_settled()
        scene = None if waits else self.scene()
        with QPainter(self) as painter:
            if waits:
                painter.fillRect(self.rect(), colours.panel)
                self._canvas.draw_scaled(painter, self._size())
                self._paint_frame(painter, colours)
            elif scene is None:
                painter.fillRect(self.rect(), colours.panel)
                text = overlays.sentence(self._stage.snapshot)
                overlays.paint_sentence(painter, QRectF(self.rect()), text, self.font(), colours)
            else:
                self._paint_map(painter, scene, colours)

    def _paint_map(self, painter: QPainter, scene: Scene, colours: theme.Theme) -> None:
        work = Brushwork(
            *(colours, self._texts, self.devicePixelRatioF(), not self._moving),
            *(self._marking.marks, self.font()),
        )
        ground, camera, size = self._stage.ground, self._camera(), self._size()
        fine = self._canvas.draw(painter, scene, ground, work, camera, size, self._selected)
        if not fine:
            self._settle.start()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.translate(QPointF(*self.offset()))
        if self._highlighted is not None:
            overlays.paint_highlight(painter, scene, self._highlighted, colours)
        if self._focused is not None and self.hasFocus():
            overlays.paint_focus(painter, scene, self._focused, colours)
        painter.restore()
        self._paint_frame(painter, colours)

    def _paint_frame(self, painter: QPainter, colours: theme.Theme) -> None:
        """Paint what lies over the map: legend, footer, the ring of the keyboard."""
        size, high = self._size(), self._legend_height()
        if high:
            self._legend.paint(painter, high, colours)
        self._footer.paint(painter, self._footer_text(), *size, colours)
        if self._ringed and self._focused is None:
            painter.setPen(QPen(colours.accent, 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(frame, theme.RADIUS_SMALL, theme.RADIUS_SMALL)
