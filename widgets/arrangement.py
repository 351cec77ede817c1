"""Places docks as a perspective says, and remembers how the operator left them."""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow

from widgets.panels import PERSPECTIVES, Perspective, Split, in_sight, keys_in

_VERSION = 4  # of the table of panels: raise it when an older arrangement no longer fits
_ROW, _COLUMN = Qt.Orientation.Horizontal, Qt.Orientation.Vertical


class Arrangements:
    """The three perspectives of one window."""

    def __init__(
        self, window: QMainWindow, docks: Mapping[str, QDockWidget], file: Path | None
    ) -> None:
        self._window = window
        self._docks = docks
        self._file = QSettings(str(file), QSettings.Format.IniFormat) if file else None
        self._left: dict[str, QByteArray] = {}
        self.current: Perspective | None = None
        self._load()

    def remembered(self) -> Perspective:
        """Return the perspective in which the window was left."""
        key = self._file.value("perspective") if self._file else None
        return next((p for p in PERSPECTIVES if p.key == key), PERSPECTIVES[0])

    def restore_geometry(self) -> bool:
        """Give the window the size and place it had; False where none is known."""
        geometry = self._file.value("geometry") if self._file else None
        return isinstance(geometry, QByteArray) and self._window.restoreGeometry(geometry)

    def show(self, perspective: Perspective) -> None:
        """Arrange the docks as they were left in this perspective, else as the table says."""
        self._keep()
        self.current = perspective
        left = self._left.get(perspective.key)
        if left is None or not self._window.restoreState(left, _VERSION):
            self._lay_out(perspective.arrangement)

    def reset(self) -> None:
        """Arrange the current perspective as the table says."""
        if self.current is not None:
            self._left.pop(self.current.key, None)
            self._lay_out(self.current.arrangement)

    def save(self) -> None:
        """Write everything to the file."""
        self._keep()
        if self._file is None or self.current is None:
            return
        self._file.setValue("geometry", self._window.saveGeometry())
        self._file.setValue("perspective", self.current.key)
        for key, state in self._left.items():
            self._file.setValue(f"state/{key}", state)
        self._file.sync()

    def _load(self) -> None:
        for perspective in PERSPECTIVES:
            state = self._file.value(f"state/{perspective.key}") if self._file else None
            if isinstance(state, QByteArray):
                self._left[perspective.key] = state

    def _keep(self) -> None:
        if self.current is not None:
            self._left[self.current.key] = self._window.saveState(_VERSION)

    def _lay_out(self, root: Split) -> None:
        for dock in self._docks.values():
            if dock.isFloating():
                dock.setFloating(False)
            self._window.removeDockWidget(dock)
        wanted = keys_in(root)
        self._window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self._docks[wanted[0]])
        self._place(root)
        for key in wanted:
            self._docks[key].show()
        for key in in_sight(root):
            self._docks[key].raise_()
        self._put_away([dock for key, dock in self._docks.items() if key not in wanted])
        self._size(root, self._window.width(), self._window.height())

    def _put_away(self, docks: list[QDockWidget]) -> None:
        """Hide docks, but leave each a place: a state hides only what it has a place for."""
        for dock in docks:
            self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
            dock.hide()

    def _place(self, split: Split) -> None:
        heads = [self._docks[_head(part)] for part, _share in split.parts]
        for before, after in pairwise(heads):
            if split.along == "tabs":
                self._window.tabifyDockWidget(before, after)
            else:
                self._window.splitDockWidget(before, after, _along(split))
        for part, _share in split.parts:
            if isinstance(part, Split):
                self._place(part)

    def _size(self, split: Split, width: int, height: int) -> None:
        if split.along == "tabs":
            return
        heads = [self._docks[_head(part)] for part, _share in split.parts]
        whole = width if split.along == "row" else height
        sizes = [round(whole * share / 100) for _part, share in split.parts]
        self._window.resizeDocks(heads, sizes, _along(split))
        for (part, _share), size in zip(split.parts, sizes, strict=True):
            if isinstance(part, Split):
                inner = (size, height) if split.along == "row" else (width, size)
                self._size(part, *inner)


def _head(part: str | Split) -> str:
    return part if isinstance(part, str) else keys_in(part)[0]


def _along(split: Split) -> Qt.Orientation:
    return _ROW if split.along == "row" else _COLUMN
