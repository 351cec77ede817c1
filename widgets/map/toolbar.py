"""The buttons on the map: layout chooser, larger, smaller, everything."""

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from console.language import N_, _
from widgets import theme
from widgets.map.stage import Layout

LAYOUT_WORDS = {Layout.GEOGRAPHIC: N_("Geographic"), Layout.LOGICAL: N_("Logical")}
_HEIGHT_PX = 30
_ICON_PX = 14


class MapToolbar(QWidget):
    """Knows no map.

    Signals:
        layout_wanted: a Layout was chosen.
        larger_wanted, smaller_wanted, fit_wanted: the buttons.
    """

    layout_wanted = Signal(Layout)
    larger_wanted = Signal()
    smaller_wanted = Signal()
    fit_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chooser = QToolButton(self)
        self.chooser.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.chooser.setAccessibleName(_("Layout of the map"))
        self.chooser.setToolTip(_("Layout of the map (L)"))
        self._actions = {layout: self._action(layout) for layout in Layout}
        self.chooser.setMenu(self._menu())
        self.larger = self._button(_("Larger (+)"))
        self.smaller = self._button(_("Smaller (−)"))
        self.fit = self._button(_("Show everything (0)"))
        self.larger.clicked.connect(self.larger_wanted)
        self.smaller.clicked.connect(self.smaller_wanted)
        self.fit.clicked.connect(self.fit_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GRID)
        for button in (self.chooser, self.larger, self.smaller, self.fit):
            button.setFixedHeight(_HEIGHT_PX)
            row.addWidget(button)
        self.show_layout(Layout.GEOGRAPHIC)
        self._paint_icons()

    def show_layout(self, layout: Layout) -> None:
        """Show which layout is in use; never emits."""
        self._actions[layout].setChecked(True)
        self.chooser.setText(_(LAYOUT_WORDS[layout]) + " ▾")
        self.adjustSize()

    def show_compact(self, compact: bool) -> None:
        """Leave out what wheel and keys do as well, where there is little room."""
        self.larger.setHidden(compact)
        self.smaller.setHidden(compact)
        self.adjustSize()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_icons()

    def _paint_icons(self) -> None:
        for button, sign in ((self.larger, "+"), (self.smaller, "-"), (self.fit, "fit")):
            button.setIcon(_icon(sign))

    def _action(self, layout: Layout) -> QAction:
        action = QAction(_(LAYOUT_WORDS[layout]), self)
        action.setCheckable(True)
        action.setData(layout)
        return action

    def _menu(self) -> QMenu:
        group = QActionGroup(self)
        menu = QMenu(self)
        for action in self._actions.values():
            group.addAction(action)
            menu.addAction(action)
        group.triggered.connect(self._choose)
        return menu

    def _button(self, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setIconSize(QSize(_ICON_PX, _ICON_PX))
        button.setFixedWidth(_HEIGHT_PX + 2)
        button.setToolTip(name)
        button.setAccessibleName(name)
        return button

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        self.layout_wanted.emit(Layout(action.data()))


_STROKES = {
    "+": ((2, 7, 12, 7), (7, 2, 7, 12)),
    "-": ((2, 7, 12, 7),),
    "fit": (
        *((1.5, 12.5, 12.5, 1.5), (7.5, 1.5, 12.5, 1.5)),
        *((12.5, 1.5, 12.5, 6.5), (1.5, 7.5, 1.5, 12.5), (1.5, 12.5, 6.5, 12.5)),
    ),
}


def _icon(sign: str) -> QIcon:
    """Paint a sign with thin strokes, at twice its size for fine screens."""
    pixmap = QPixmap(2 * _ICON_PX, 2 * _ICON_PX)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.current().text, 1.5, c=Qt.PenCapStyle.RoundCap))
        for x1, y1, x2, y2 in _STROKES[sign]:
            painter.drawLine(QPointF(x1, y1), QPointF(x2, y2))
    return QIcon(pixmap)
