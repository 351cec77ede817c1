"""The place of the graph: quiet words until there is something to draw, then the plot."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QSizePolicy, QStackedLayout, QWidget

from console.language import _
from widgets.detail.curves import Curves

if TYPE_CHECKING:
    from widgets.detail.plot import LoadPlot

LOWEST_PX = 190
HIGHEST_PX = 400


def preload() -> None:
    """Import what the graph draws with (0.3 s), away from the main thread, before it is needed."""
    from widgets.detail import plot

    assert plot


class LoadGraph(QWidget):
    """Mirrored load over time.

    Signals:
        read_out: what the cross-hair says in one line, "" when it is gone.
    """

    read_out = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot: LoadPlot | None = None
        self.message = QLabel()
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setWordWrap(True)
        self.message.setProperty("tone", "dim")
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.message)
        self.setMinimumHeight(LOWEST_PX)
        self.setMaximumHeight(HIGHEST_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(_("Load over time"))

    def show_curves(
        self, curves: Curves, from_s: float, to_s: float, names: tuple[str, str], live: bool
    ) -> None:
        """Show a range; `names` are the directions drawn up and down, `live`: it ends now."""
        if self.plot is None:
            self.plot = self._made_plot()
        self.plot.show_curves(curves, from_s, to_s, names, live)
        self._stack.setCurrentWidget(self.plot)

    def _made_plot(self) -> "LoadPlot":
        from widgets.detail.plot import LoadPlot

        plot = LoadPlot(self)
        plot.setAccessibleName(_("Load over time"))
        plot.read_out.connect(plot.setAccessibleDescription)
        plot.read_out.connect(self.read_out)
        self._stack.addWidget(plot)
        return plot

    def show_message(self, text: str) -> None:
        """Show words in place of the plot."""
        self.message.setText(text)
        self._stack.setCurrentWidget(self.message)

    @property
    def shows_curves(self) -> bool:
        """Whether the plot is in sight."""
        return self.plot is not None and self._stack.currentWidget() is self.plot
