"""A scrolling grid of tiles whose columns follow the width; arrow keys walk it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

_GAP = 8
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class GridArea(QScrollArea):
    """Lays out widgets of one width, at least `least_px`; a row is as high as its highest tile.

    `most`: there are never more columns.
    """

    def __init__(
        self, least_px: int, height_px: int, parent: QWidget | None = None, most: int = 1000
    ) -> None:
        super().__init__(parent)
        self._most = most
        self._least_px = least_px
        self._height_px = height_px
        self._tiles: list[QWidget] = []
        self._columns = 1
        self._canvas = QWidget()
        self._canvas.setObjectName("canvas")
        self.setWidget(self._canvas)
        self._canvas.setAutoFillBackground(False)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)

    def set_tiles(self, tiles: Sequence[QWidget]) -> None:
        """Show these in this order; those shown before are taken away."""
        for tile in self._tiles:
            if tile not in tiles:
                tile.hide()
        self._tiles = list(tiles)
        for before, tile in zip([None, *self._tiles], self._tiles, strict=False):
            if tile.parent() is not self._canvas:
                tile.setParent(self._canvas)
                tile.installEventFilter(self)
            tile.show()
            if before is not None:
                QWidget.setTabOrder(before, tile)
        self.arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102
        super().resizeEvent(event)
        self.arrange()

    def eventFilter(self, watched: object, event: QEvent) -> bool:  # noqa: D102
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = self._step(event.key())
            if step and isinstance(watched, QWidget) and watched in self._tiles:
                self._focus(self._tiles.index(watched) + step)
                return True
        return False

    def _step(self, key: int) -> int:
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            return self._columns if key == Qt.Key.Key_Down else -self._columns
        return _STEPS.get(Qt.Key(key), 0)

    def _focus(self, number: int) -> None:
        if 0 <= number < len(self._tiles):
            self._tiles[number].setFocus(Qt.FocusReason.TabFocusReason)
            self.ensureWidgetVisible(self._tiles[number])

    def arrange(self) -> None:
        """Put the tiles where they belong, whatever height they want now."""
        bar = self.verticalScrollBar().sizeHint().width()
        width = max(self._least_px, self.width() - bar - 2)
        self._columns = min(self._most, max(1, (width + _GAP) // (self._least_px + _GAP)))
        tile_px = (width - (self._columns - 1) * _GAP) // self._columns
        y = 0
        for first in range(0, len(self._tiles), self._columns):
            row = self._tiles[first : first + self._columns]
            height_px = max(self._height_px, *(tile.sizeHint().height() for tile in row), 0)
            for column, tile in enumerate(row):
                tile.setGeometry(column * (tile_px + _GAP), y, tile_px, height_px)
            y += height_px + _GAP
        self._canvas.resize(width, max(0, y - _GAP))
