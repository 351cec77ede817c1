"""The map as the operator uses it: look around, point at things, choose them, by mouse or keys."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from console.model.snapshot import Snapshot
from widgets.map.card import Course, HoverCard
from widgets.map.spots import Kind, Spot, place_of, spot_at
from widgets.map.stage import Layout
from widgets.map.surface import MapSurface
from widgets.map.tips import failures_at, summary, tip_of
from widgets.map.walker import Walker
from widgets.what_if_menu import WhatIfMenu

if TYPE_CHECKING:
    from console.model.series import Column, LinkSeries

_HOVER_MS = 120
_CLICK_PX = 4
_KEY_PAN_PX = 60.0
_KEY_ZOOM = 1.3
_WHEEL_ZOOM = 1.2  # a notch
_NOTCH = 120.0
_PANS = {
    Qt.Key.Key_Left: (_KEY_PAN_PX, 0.0),
    Qt.Key.Key_Right: (-_KEY_PAN_PX, 0.0),
    Qt.Key.Key_Up: (0.0, _KEY_PAN_PX),
    Qt.Key.Key_Down: (0.0, -_KEY_PAN_PX),
}
_ZOOMS = {
    Qt.Key.Key_Plus: _KEY_ZOOM,
    Qt.Key.Key_Equal: _KEY_ZOOM,
    Qt.Key.Key_Minus: 1 / _KEY_ZOOM,
}
_WALKS = {Qt.Key.Key_N: 1, Qt.Key.Key_P: -1}
_BY_KEYBOARD = frozenset(
    {
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
    }
)


class MapView(MapSurface):
    """Shows the network of a snapshot; cannot tell live from past.

    Signals:
        link_chosen, site_chosen, device_chosen: the operator chose it (id).
        hover_wanted: the last hour of this link is wanted (id), see show_series_for_hover.
        layout_chosen: the operator chose another Layout, as text.
        what_if_wanted: what would the failure of this link or device do (id)?
    """

    link_chosen = Signal(str)
    site_chosen = Signal(str)
    device_chosen = Signal(str)
    hover_wanted = Signal(str)
    layout_chosen = Signal(str)
    what_if_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._walker = Walker()
        self._course: tuple[str, Course] | None = None
        self._pressed: QPointF | None = None
        self._dragging = False
        self._card = HoverCard(self)
        self._hover = self._timer(_HOVER_MS, self._open_card)
        self._toolbar.layout_wanted.connect(self._choose_layout)
        self._toolbar.larger_wanted.connect(self._zoom_in)
        self._toolbar.smaller_wanted.connect(self._zoom_out)
        self._toolbar.fit_wanted.connect(self.fit)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show a moment; an open card follows it."""
        super().show_snapshot(snapshot)
        if self._card.isVisible():
            self._fill_card()

    def show_series_for_hover(self, link: str, series: "LinkSeries") -> None:
        """Show the last hour that hover_wanted asked for."""
        self.show_hover_series(link, series.at_s, series.a_to_b_bps, series.b_to_a_bps)

    def show_hover_series(
        self, link: str, at_s: "Column", a_to_b: "Column", b_to_a: "Column"
    ) -> None:
        """Show the last hour of a link, bit/s at even steps; ignored if the pointer went on."""
        spot = self._pointed()
        if spot == Spot(Kind.LINK, link) and len(at_s):
            self._course = (link, (a_to_b, b_to_a))
            if self._card.isVisible():
                self._fill_card()

    def _pointed(self) -> Spot | None:
        """Return what the pointer is on, else what has the keyboard's focus."""
        return self._highlighted or self._focused

    @Slot()
    def _open_card(self) -> None:
        spot = self._pointed()
        if spot is None or self._dragging:
            return
        if self._course is None or self._course[0] != spot.id:
            self._course = None
        self._fill_card()
        if spot.kind is Kind.LINK:
            self.hover_wanted.emit(spot.id)

    def _fill_card(self) -> None:
        spot, scene, snapshot = self._pointed(), self.scene(), self._stage.snapshot
        tip = tip_of(snapshot, spot) if spot and snapshot else None
        place = place_of(scene, spot.id) if spot and scene else None
        if tip is None or place is None:
            self._close_card()
            return
        self._card.show_tip(tip, self._course[1] if self._course else None)
        dx, dy = self.offset()
        at = QPointF(place[0] + dx, place[1] + dy)
        if self._highlighted is not None and self.underMouse():
            at = QPointF(self.mapFromGlobal(self.cursor().pos()))
        self._card.put_near(at.x(), at.y())

    def _close_card(self) -> None:
        self._hover.stop()
        self._card.hide()

    def _point_at(self, spot: Spot | None) -> None:
        if spot == self._highlighted:
            return
        self._highlighted = spot
        self._close_card()
        self.setCursor(Qt.CursorShape.PointingHandCursor if spot else Qt.CursorShape.ArrowCursor)
        if spot is not None:
            self._hover.start()
        self.update()

    def _spot_under(self, at: QPointF) -> Spot | None:
        scene = self.scene()
        if scene is None:
            return None
        dx, dy = self.offset()
        return spot_at(scene, at.x() - dx, at.y() - dy)

    def _choose(self, spot: Spot) -> None:
        signals = {
            Kind.LINK: self.link_chosen,
            Kind.SITE: self.site_chosen,
            Kind.DEVICE: self.device_chosen,
        }
        signals[spot.kind].emit(spot.id)

    @Slot(Layout)
    def _choose_layout(self, layout: Layout) -> None:
        self._point_at(None)
        self.show_layout(layout)
        self.layout_chosen.emit(layout.value)

    @Slot()
    def _zoom_in(self) -> None:
        self.zoom(_KEY_ZOOM)

    @Slot()
    def _zoom_out(self) -> None:
        self.zoom(1 / _KEY_ZOOM)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click or a drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._dragging = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the map, or point at what is under the pointer."""
        at = event.position()
        if self._pressed is None:
            self._point_at(self._spot_under(at))
            return
        moved = at - self._pressed
        if self._dragging or moved.manhattanLength() > _CLICK_PX:
            self._begin_drag()
            self._pressed = at
            self.pan(moved.x(), moved.y())

    def _begin_drag(self) -> None:
        if not self._dragging:
            self._point_at(None)
            self._dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose what was clicked, or let the map go."""
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        was_drag, self._pressed, self._dragging = self._dragging, None, False
        if was_drag:
            self.setCursor(Qt.CursorShape.ArrowCursor)
            return
        spot = self._spot_under(event.position())
        if spot is not None:
            self._choose(spot)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Look closer at the place."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.zoom(2.0, event.position())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be asked about the thing under the pointer, or that has the focus."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        spot = self._spot_under(QPointF(event.pos())) if by_mouse else self._focused
        menu = self.menu(spot)
        if menu is not None:
            self._close_card()
            menu.popup(event.globalPos())

    def menu(self, spot: Spot | None) -> WhatIfMenu | None:
        """Return the menu of a spot; None where there is nothing to ask."""
        snapshot = self._stage.snapshot
        failures = failures_at(snapshot, spot) if snapshot and spot else ()
        if not failures:
            return None
        menu = WhatIfMenu(failures, self)
        menu.wanted.connect(self.what_if_wanted)
        return menu

    def leaveEvent(self, event: QEvent) -> None:
        """Point at nothing."""
        super().leaveEvent(event)
        self._point_at(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom to the pointer."""
        notches = event.angleDelta().y() / _NOTCH
        if notches:
            self._point_at(None)
            self.zoom(_WHEEL_ZOOM**notches, event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pan, zoom, fit, switch layout, walk through sites and links, choose."""
        key = Qt.Key(event.key())
        if key in _PANS:
            self.pan(*_PANS[key])
        elif key in _ZOOMS:
            self.zoom(_ZOOMS[key])
        elif key in _WALKS and not event.modifiers():
            self._walk(_WALKS[key])
        elif key == Qt.Key.Key_0:
            self.fit()
        elif key == Qt.Key.Key_L and not event.modifiers():
            others = {Layout.GEOGRAPHIC: Layout.LOGICAL, Layout.LOGICAL: Layout.GEOGRAPHIC}
            self._choose_layout(others[self.layout_shown])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._focused is not None:
            self._choose(self._focused)
        elif key == Qt.Key.Key_Escape and self._focused is not None:
            self._focus_on(None)
        else:
            super().keyPressEvent(event)

    def _walk(self, by: int) -> None:
        """Go to the next site or link; after the last comes the map as a whole."""
        scene = self.scene()
        if scene is not None:
            self._walker.step(scene, by)
            self._focus_on(self._walker.spot)

    def _focus_on(self, spot: Spot | None) -> None:
        self._walker.spot = self._focused = spot
        self._close_card()
        scene, snapshot = self.scene(), self._stage.snapshot
        place = place_of(scene, spot.id) if scene and spot else None
        tip = tip_of(snapshot, spot) if snapshot and spot else None
        if place is not None and tip is not None:
            self.reveal(*place)
            self.setAccessibleDescription(tip.as_sentence())
            self._hover.start()
        elif snapshot is not None:
            self.setAccessibleDescription(summary(snapshot))
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is, if it was the keyboard that came here."""
        super().focusInEvent(event)
        self._ringed = event.reason() in _BY_KEYBOARD
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Close a card that the keyboard opened; nothing on the map has the focus now."""
        super().focusOutEvent(event)
        self._ringed = False
        if event.reason() in _BY_KEYBOARD:
            self._focus_on(None)
        if self._highlighted is None:
            self._close_card()
        self.update()
