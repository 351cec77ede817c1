"""One strip below the top: what an imagined failure would do, in one sentence."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from console.language import _
from console.model.readiness import Impact
from console.model.snapshot import Snapshot
from widgets.detail.parts import plain_label
from widgets.impact_words import impact_sentence, impact_state, impact_title
from widgets.readiness.verdict_box import Sign


class WhatIfStrip(QFrame):
    """Displays an impact; takes no room while nothing is imagined.

    Signals:
        ended: the operator has seen enough.
    """

    ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setProperty("tone", "accent")
        self.sign = Sign(18)
        self.title, self.sentence = plain_label(weight="strong"), plain_label()
        self.sentence.setWordWrap(True)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.end = QPushButton(_("End (Esc)"))
        self.end.clicked.connect(self.ended)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.sentence)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 12, 8)
        row.setSpacing(12)
        row.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self.end, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_impact(self, impact: Impact | None, snapshot: Snapshot | None) -> None:
        """Say what would happen; None: nothing is imagined."""
        if impact is None or snapshot is None:
            self.hide()
            return
        self.title.setText(impact_title(impact, snapshot))
        self.sentence.setText(impact_sentence(impact, snapshot))
        self.sign.show_state(impact_state(impact))
        self.setAccessibleName(self.title.text())
        self.setAccessibleDescription(self.sentence.text())
        self.show()
