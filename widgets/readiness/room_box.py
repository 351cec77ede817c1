"""The chosen room of a conference: what is the matter, what to do, whom to call, which way."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.language import _
from console.model.advice import Relief
from console.model.inventory import Device, Link
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
    """Return the sites on the way, each once; those that share the media stand side by side."""
    far = {one.site: 0}
    for link in one.path or ():
        ends = _sites(link, names)
        if len(ends) == 2:
            near, onward = sorted(ends, key=lambda site: far.get(site, len(far)))
            far[onward] = max(far.get(onward, 0), far.setdefault(near, len(far)) + 1)
    steps: dict[int, list[str]] = {}
    for site in sorted(far, key=far.__getitem__):
        steps.setdefault(far[site], []).append(names.name(site))
    return [" / ".join(step) for step in steps.values()]


def _sites(link: str, names: Names) -> list[str]:
    """Return the sites that a link joins: one for a link inside a site, none for an unknown one."""
    entry = names.entry(link)
    if not isinstance(entry, Link):
        return []
    devices = [names.entry(end.device) for end in (entry.a, entry.b)]
    return list(dict.fromkeys(x.site for x in devices if isinstance(x, Device)))
