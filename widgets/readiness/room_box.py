"""The chosen room of a conference: what is the matter, what to do, whom to call, which way."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.language import _
from console.model.advice import Relief
from console.model.inventory import Link
from console.model.readiness import Participant
from console.names import Names
from widgets import theme
from widgets.detail.parts import plain_label
from widgets.readiness.brief import RoomText
from widgets.readiness.critical_box import measured
from widgets.readiness.points import points_of
from widgets.readiness.verdict_box import Sign
from widgets.room_tile import unbroken


class RoomBox(QWidget):
    """Displays one room of the assessment; takes no room while none is chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sign = Sign(13)
        self.name = plain_label(weight="strong")
        self.lines = plain_label()
        self.way = plain_label(tone="dim", scale="small")
        self.contact = plain_label(weight="strong")
        words = QVBoxLayout()
        words.setSpacing(4)
        for label in (self.name, self.lines, self.contact, self.way):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            words.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(12)
        row.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.hide()

    def show_room(
        self, text: RoomText, one: Participant, names: Names, reliefs: Sequence[Relief] = ()
    ) -> None:
        """Show a room."""
        self.sign.show_state(text.sign)
        self.name.setText(f"{text.name}: {text.word}")
        points = points_of(one.reasons, names, reliefs)
        told = [f"{x.text}\n→ {x.step}" if x.step else x.text for x in points]
        self.lines.setText("\n".join(told))
        self.lines.setVisible(bool(told))
        self.contact.setText(_("Call: {contact}").format(contact=unbroken(text.contact)))
        self.contact.setVisible(bool(text.contact))
        self.way.setText("\n".join((way_text(one, names), measured(one))))
        self.setAccessibleName(self.name.text())
        self.setAccessibleDescription(" ".join([*told, self.contact.text()]))
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        colours, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(colours.raised)
        painter.setPen(QPen(colours.accent, 1))
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(frame, theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        painter.end()


def way_text(one: Participant, names: Names) -> str:
    """Return the sites that a room's media pass, from the room to the bridge."""
    if one.path is None:
        return _("No way leads to the bridge.")
    if not one.path:
        return _("The room is where the bridge is.")
    return _("Way to the bridge: {sites}").format(sites=" → ".join(sites_on_way(one, names)))


def sites_on_way(one: Participant, names: Names) -> list[str]:
    """Return the sites on the way, each once, by the order of the links."""
    found = [one.site]
    for link in one.path or ():
        entry = names.entry(link)
        if isinstance(entry, Link):
            ends = [getattr(names.entry(x.device), "site", "") for x in (entry.a, entry.b)]
            found += sorted(ends, key=lambda site: site not in found)
    return [names.name(site) for site in dict.fromkeys(found) if site]
