"""Asks where a page is to go, and puts it there: into a PDF or onto a printer."""

import re
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from console.errors import OperatorError
from console.language import _
from widgets.readiness.paper import PaperWish
from widgets.readiness.printing import put_on, write_pdf


class PaperDesk(QObject):
    """Prints for one window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window

    @Slot(object)
    def take(self, wish: PaperWish) -> None:
        """Do what was wished for, after the operator has said where to."""
        if wish.as_pdf:
            self._ask_file(wish)
        else:
            self._ask_printer(wish)

    def _ask_file(self, wish: PaperWish) -> None:
        proposed = f"{file_name(wish.title)}.pdf"
        name, _filter = QFileDialog.getSaveFileName(
            self._window, _("Save as PDF"), proposed, _("PDF (*.pdf)")
        )
        if name:
            self.save(wish, Path(name))

    def save(self, wish: PaperWish, path: Path) -> None:
        """Write the PDF, or say in one sentence why not."""
        try:
            write_pdf(path, wish.html, wish.title)
        except OperatorError as error:
            box = QMessageBox(QMessageBox.Icon.Warning, _("Save as PDF"), "", parent=self._window)
            box.setText(str(error))
            box.open()

    def _ask_printer(self, wish: PaperWish) -> None:
        # Imported here: it asks the system for its printers.
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(wish.title)
        dialog = QPrintDialog(printer, self._window)
        if dialog.exec():
            put_on(printer, wish.html)


def file_name(title: str) -> str:
    """Return a title as the name of a file."""
    return re.sub(r"[^\w.-]+", "-", title).strip("-.") or "leitstand"
