"""The settings a person changes in the window, made from the table in console.settings."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QGridLayout

from console import settings
from console.errors import OperatorError
from console.language import _
from widgets.dialogs.sheet import Sheet, text_label

if TYPE_CHECKING:
    from widgets.session import Session


class SettingsDialog(Sheet):
    """One row a setting; saved when accepted."""

    def __init__(self, session: "Session") -> None:
        super().__init__(_("Settings"), session.window)
        self._session = session
        self._chosen = settings.load()
        self.boxes: dict[str, QComboBox] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        for row in settings.TABLE:
            if row.shown:
                self._add(grid, row)
        self.body.addLayout(grid)
        self._complaint = text_label("", tone="down", wrap=True)
        self._complaint.hide()
        self.body.addWidget(self._complaint)
        self.add_button(_("Cancel")).clicked.connect(self.reject)
        self.add_button(_("Save"), primary=True).clicked.connect(self._save)

    def _add(self, grid: QGridLayout, row: settings.Setting) -> None:
        box = QComboBox()
        for value, label in row.choices:
            box.addItem(_(label), value)
        box.setCurrentIndex(box.findData(self._chosen[row.key]))
        box.setAccessibleName(_(row.label))
        box.setAccessibleDescription(_(row.help))
        self.boxes[row.key] = box
        line = grid.rowCount()
        grid.addWidget(text_label(_(row.label)), line, 0)
        grid.addWidget(box, line, 1)
        grid.addWidget(text_label(_(row.help), size="small", tone="dim"), line + 1, 0, 1, 2)
        grid.setRowMinimumHeight(line + 2, 8)

    @Slot()
    def _save(self) -> None:
        values = {key: str(box.currentData()) for key, box in self.boxes.items()}
        try:
            now = self._chosen.changed(**values)
            now.save()
        except OperatorError as error:
            self._complaint.setText(str(error))
            self._complaint.show()
            return
        self._session.theme_wanted.emit(now["theme"])
        self.accept()
