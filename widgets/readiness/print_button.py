"""The button that asks for whom a page is to be, and whether on paper or as a PDF."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from console.language import N_, _
from widgets.readiness.paper import Reader

_CHOICES = (
    (Reader.LANDRAT, True, N_("A page for the Landrat, as PDF …")),
    (Reader.LANDRAT, False, N_("A page for the Landrat, on paper …")),
    (Reader.ENGINEER, True, N_("A page for engineers, as PDF …")),
    (Reader.ENGINEER, False, N_("A page for engineers, on paper …")),
    (Reader.REPORT, True, N_("The report, as PDF …")),
    (Reader.REPORT, False, N_("The report, on paper …")),
)


class PrintButton(QPushButton):
    """Opens a menu of pages.

    Signals:
        chosen: a Reader, and True for a PDF.
    """

    chosen = Signal(object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Print …"), parent)
        self.setToolTip(_("One page for the Landrat or one for engineers"))
        self.choices = QMenu(self)
        for number, (_reader, _as_pdf, text) in enumerate(_CHOICES):
            action = self.choices.addAction(_(text))
            action.setData(number)
            action.triggered.connect(self._choose)
        self.clicked.connect(self._open)
        self.show_reported(False)

    def show_reported(self, is_reported: bool) -> None:
        """Offer the report where there is one."""
        for action, (reader, _as_pdf, _text) in zip(self.choices.actions(), _CHOICES, strict=True):
            action.setVisible(is_reported or reader is not Reader.REPORT)

    @Slot()
    def _open(self) -> None:
        self.choices.popup(self.mapToGlobal(self.rect().bottomLeft()))

    @Slot()
    def _choose(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            reader, as_pdf, _text = _CHOICES[int(action.data())]
            self.chosen.emit(reader, as_pdf)
