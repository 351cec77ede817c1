"""A panel's place in the window: a dock with a slim title bar of our own."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QDockWidget, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from console.language import _
from widgets.icons import IconButton
from widgets.panels import Panel

_TITLE_PX = 34


class PanelDock(QDockWidget):
    """Holds one panel, which may come later; empty until then."""

    def __init__(self, panel: Panel, parent: QWidget | None = None) -> None:
        super().__init__(_(panel.title), parent)
        self.panel = panel
        self.content: QWidget | None = None
        self.setObjectName(panel.key)
        self.setAccessibleName(_(panel.title))
        feature = QDockWidget.DockWidgetFeature
        if panel.titled:
            self.setTitleBarWidget(TitleBar(self))
            self.setFeatures(
                feature.DockWidgetMovable | feature.DockWidgetFloatable | feature.DockWidgetClosable
            )
        else:
            self.setTitleBarWidget(QWidget())
            self.setFeatures(feature.NoDockWidgetFeatures)
        self._body = QFrame()
        self._body.setObjectName("panelBody" if panel.titled else "panelWhole")
        self._layout = QVBoxLayout(self._body)
        self._layout.setContentsMargins(3, 0 if panel.titled else 3, 3, 3)
        self.setWidget(self._body)

    def fill(self, content: QWidget) -> None:
        """Put the panel in."""
        self.content = content
        self._layout.addWidget(content)
        content.setAccessibleName(content.accessibleName() or _(self.panel.title))


class TitleBar(QFrame):
    """The dock's title, by which it is dragged, and its two buttons."""

    def __init__(self, dock: QDockWidget) -> None:
        super().__init__(dock)
        self.setObjectName("panelTitle")
        self._dock = dock
        self._label = QLabel(dock.windowTitle())
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._float = IconButton("float", _("Detach or attach"), side=22, quiet=True)
        self._close = IconButton("close", _("Close"), side=22, quiet=True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 6, 0)
        layout.setSpacing(2)
        layout.addWidget(self._label, 1)
        layout.addWidget(self._float)
        layout.addWidget(self._close)
        self.setFixedHeight(_TITLE_PX)
        self._float.clicked.connect(self._toggle_floating)
        self._close.clicked.connect(dock.close)
        dock.windowTitleChanged.connect(self._label.setText)

    def minimumSizeHint(self) -> QSize:  # noqa: D102
        return QSize(80, _TITLE_PX)

    def sizeHint(self) -> QSize:  # noqa: D102
        return QSize(super().sizeHint().width(), _TITLE_PX)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: D102
        self._toggle_floating()

    @Slot()
    def _toggle_floating(self) -> None:
        self._dock.setFloating(not self._dock.isFloating())
