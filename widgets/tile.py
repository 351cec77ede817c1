"""What tiles and cards share: a button that paints itself and can be the chosen one."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QWidget

from widgets.plain_text import plain_tip


class Tile(QAbstractButton):
    """A button for one thing, `key`; who inherits paints it."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self._chosen = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_chosen(self, chosen: bool) -> None:
        """Mark the tile as the selected one, or not."""
        if chosen != self._chosen:
            self._chosen = chosen
            self.update()

    def _tell(self, name: str, description: str, hint: str) -> None:
        """Say it to screen readers and on hover, and paint anew."""
        self.setAccessibleName(name)
        self.setAccessibleDescription(description)
        self.setToolTip(plain_tip(hint))
        self.update()
