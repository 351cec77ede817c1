"""The critical link of a conference in figures, and the county whose way is worst."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from console.language import _, format_number, format_rate, format_ratio
from console.model.readiness import Assessment, LoadedLink, Participant
from console.model.snapshot import Snapshot
from console.names import Names
from widgets.detail.parts import FactList, plain_label
from widgets.readiness.critical import critical_of, worst_way

_ROUND = 0.05  # what is nearer to a whole number is written as one


class CriticalBox(QWidget):
    """Displays what to look at first in the network of a conference.

    Signals:
        link_chosen: id of the critical link.
        what_if_wanted: id of the link or device whose failure would do most harm.
    """

    link_chosen = Signal(str)
    what_if_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._link = self._failed = ""
        self.title = plain_label(weight="strong")
        self.title.setWordWrap(True)
        self.facts = FactList()
        self.show_button, self.fail_button = QPushButton(_("Show the link")), QPushButton()
        self.show_button.clicked.connect(self._choose)
        self.fail_button.clicked.connect(self._wonder)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.facts)
        column.addWidget(self.show_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.fail_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def show_assessment(self, assessment: Assessment, snapshot: Snapshot) -> None:
        """Show the critical link of this assessment."""
        names = Names(snapshot.inventory)
        critical = critical_of(assessment)
        self._link = critical.link.id if critical.link else ""
        self._failed = critical.failed or self._link
        if critical.link is not None:
            self.title.setText(_("Critical link: {name}").format(name=names.name(self._link)))
        else:
            self.title.setText(_("No link is needed"))
        self._show_link(critical.link)
        worst = worst_way(assessment)
        told = f"{names.name(worst.room)}\n{figures(worst)}" if worst else ""
        self.facts.show_fact(_("Worst way"), told, measured(worst) if worst else "")
        self.show_button.setVisible(bool(self._link))
        self.fail_button.setVisible(bool(self._failed))
        text = _("What if {name} fails?").format(name=names.name(self._failed))
        self.fail_button.setText(text.replace("&", "&&"))
        self.show()

    def _show_link(self, link: LoadedLink | None) -> None:
        show = self.facts.show_fact
        hint = _("95th percentile of these hours on the same weekday in the last 4 weeks")
        show(_("Usual load at this time"), format_rate(link.baseline_bps) if link else "", hint)
        show(_("Conference"), format_rate(link.demand_bps) if link else "")
        show(_("Capacity"), format_rate(link.capacity_bps) if link else "")
        show(_("Load during the conference"), format_ratio(link.load) if link else "")

    @Slot()
    def _choose(self) -> None:
        self.link_chosen.emit(self._link)

    @Slot()
    def _wonder(self) -> None:
        self.what_if_wanted.emit(self._failed)


def measured(one: Participant) -> str:
    """Return round trip, jitter and loss of a room's way, each with its name."""
    rtt, jitter, loss = _values(one)
    told = (_("{n} there and back"), _("{n} jitter"), _("{n} loss"))
    return " · ".join(
        text.format(n=value) for text, value in zip(told, (rtt, jitter, loss), strict=True)
    )


def figures(one: Participant) -> str:
    """Return round trip, jitter and loss of a room's way, in this order."""
    return " · ".join(_values(one))


def _values(one: Participant) -> tuple[str, str, str]:
    loss = None if one.loss is None else one.loss * 100
    rtt, jitter = _short(one.rtt_ms), _short(one.jitter_ms)
    return f"{rtt}\u00a0ms", f"{jitter}\u00a0ms", f"{_short(loss)}\u00a0%"  # with their units


def _short(value: float | None) -> str:
    """Return at most two digits that count."""
    if value is None or value >= 10 or abs(value - round(value)) < _ROUND:
        return format_number(value)
    return format_number(value, 1 if value >= _ROUND else 2)
