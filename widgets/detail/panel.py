"""The detail panel: the selected thing in full, at the cursor's moment."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from console.language import _
from console.model.path_view import PathView
from console.model.readiness import Assessment
from console.model.series import LinkSeries, PortSeries
from console.model.situation import Situation
from console.model.snapshot import PortView, Snapshot
from widgets.detail.conference_page import ConferencePage
from widgets.detail.load_page import LinkPage, LoadPage, PortPage
from widgets.detail.parts import plain_label
from widgets.detail.place_pages import DevicePage, RoomPage, SitePage
from widgets.detail.wish import DEFAULT_RANGE, PATIENCE_S, QUIET_S, SeriesWish, Subject, WishDesk
from widgets.map.marks import CONFERENCE

_AHEAD_MS = 100  # so often a page is made that may be needed, one at a time
_LATE_MS = 20  # a timer may be a little early


class DetailPanel(QWidget):
    """Shows what is selected. Wishes for series, never reads them.

    Signals:
        series_wanted: a SeriesWish, to be answered with `show_series`.
        link_chosen, device_chosen, site_chosen, room_chosen: the id of what was clicked.
        range_changed: the key of the range the operator chose.
        what_if_wanted: the id of the link or device whose failure is imagined.
        paths_wanted: all measured paths, to be answered with `show_paths`.
    """

    paths_wanted = Signal()
    series_wanted = Signal(object)
    link_chosen = Signal(str)
    device_chosen = Signal(str)
    site_chosen = Signal(str)
    room_chosen = Signal(str)
    range_changed = Signal(str)
    what_if_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.range_key = DEFAULT_RANGE
        self._snapshot: Snapshot | None = None
        self._kind = ""
        self._id: str | int = ""
        self._at_hand, self._in_conference = "", False
        self._assessed: dict[str, Assessment] = {}
        self._desk = WishDesk()
        self._shown: Subject | None = None
        self._again = QTimer(self, singleShot=True)
        self._again.setTimerType(Qt.TimerType.PreciseTimer)
        self._again.timeout.connect(self._ask)
        self.empty = plain_label(tone="dim")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setContentsMargins(24, 24, 24, 24)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.empty)
        self._made: dict[str, QWidget] = {}
        self._ahead = QTimer(self, interval=_AHEAD_MS)
        self._ahead.timeout.connect(self._make_ahead)
        self._ahead.start()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.pages)
        self._show_empty(_("Choose a link, a device or a site on the map or in a table."))

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the selected thing as it is in this snapshot."""
        self._snapshot = snapshot
        self._refresh()
        self._ask()

    def show_selection(self, kind: str, thing: str) -> None:
        """Show another thing; kind is link, device, site, room or conference, "" for nothing."""
        self._select(kind, thing)

    def show_assessment(self, assessment: Assessment, _situation: Situation) -> None:
        """Take an assessment of any conference."""
        self._assessed[assessment.conference] = assessment
        if assessment.conference in (self._id, self._at_hand):
            self._refresh()

    def show_at_hand(self, conference: str) -> None:
        """Fall back on this conference where nothing is selected and it is about conferences."""
        self._at_hand = conference
        self._refresh()

    def show_perspective(self, key: str) -> None:
        """Know whether it is about conferences."""
        self._in_conference = key == CONFERENCE
        self._refresh()

    def show_link(self, link: str) -> None:
        """Show a link."""
        self._select("link", link)

    def show_device(self, device: str) -> None:
        """Show a device."""
        self._select("device", device)

    def show_site(self, site: str) -> None:
        """Show a site."""
        self._select("site", site)

    def show_room(self, room: str) -> None:
        """Show a room or a bridge."""
        self._select("room", room)

    @Slot(int)
    def show_port(self, port: int) -> None:
        """Show a port by its number in the history."""
        self._select("port", port)

    def show_range(self, key: str) -> None:
        """Look at another length of time, a key of wish.RANGES."""
        self.range_key = key
        for page in self._made.values():
            if isinstance(page, LoadPage):
                page.ranges.show_range(key)
        self._ask()

    def show_series(self, wish: SeriesWish, series: LinkSeries | PortSeries | None) -> None:
        """Show what was wished for; answers to older wishes are ignored."""
        if not self._desk.accepts(wish) or self._snapshot is None:
            return
        page = self._made.get(wish.kind)
        if isinstance(page, LoadPage):
            page.show_series(wish, series, self._snapshot.live)
        self._shown = wish.subject
        self._again.start(round(QUIET_S * 1000) + _LATE_MS)

    def show_paths(self, views: tuple[PathView, ...]) -> None:
        """Show the measured paths of the site."""
        page = self._made.get("site")
        if isinstance(page, SitePage):
            page.take_paths(views)
            if self._kind == "site":
                self._refresh()

    def _select(self, kind: str, thing: str | int) -> None:
        if (kind, thing) == (self._kind, self._id):
            return
        self._kind, self._id = kind, thing
        self._desk.forget()
        if self._subject() != self._shown:
            self._shown = None
            page = self._made.get(kind)
            if isinstance(page, LoadPage):
                page.show_loading()
        self._refresh()
        self._ask()

    def _refresh(self) -> None:
        snapshot, shows = self._snapshot, _SHOWS.get(self._kind)
        falls_back = shows is None and snapshot is not None and self._in_conference
        if falls_back and snapshot is not None and self._show_plan(snapshot, self._at_hand):
            return
        if shows is None:
            self._show_empty(_("Choose a link, a device or a site on the map or in a table."))
        elif snapshot is None or not shows(self, snapshot):
            self._show_empty(_("This did not exist yet, or no longer, at this moment."))

    def _show_empty(self, text: str) -> None:
        self.empty.setText(text)
        self.pages.setCurrentWidget(self.empty)

    def _show_link(self, snapshot: Snapshot) -> bool:
        link = snapshot.links.get(str(self._id))
        if link is not None:
            page = self._page("link", self._made_link_page)
            assert isinstance(page, LinkPage)
            page.show_link(snapshot, link)
        return link is not None

    def _show_port(self, snapshot: Snapshot) -> bool:
        port = _find_port(snapshot, self._id)
        if port is not None:
            page = self._page("port", self._made_port_page)
            assert isinstance(page, PortPage)
            page.show_port(snapshot, port)
        return port is not None

    def _show_device(self, snapshot: Snapshot) -> bool:
        device = snapshot.devices.get(str(self._id))
        if device is not None:
            page = self._page("device", self._made_device_page)
            assert isinstance(page, DevicePage)
            page.show_device(snapshot, device)
        return device is not None

    def _show_site(self, snapshot: Snapshot) -> bool:
        site = snapshot.sites.get(str(self._id))
        if site is not None:
            page = self._page("site", self._made_site_page)
            assert isinstance(page, SitePage)
            page.show_site(snapshot, site)
        return site is not None

    def _show_room(self, snapshot: Snapshot) -> bool:
        room = snapshot.rooms.get(str(self._id)) or snapshot.bridges.get(str(self._id))
        if room is not None:
            page = self._page("room", self._made_room_page)
            assert isinstance(page, RoomPage)
            page.show_room(snapshot, room)
        return room is not None

    def _show_conference(self, snapshot: Snapshot) -> bool:
        return self._show_plan(snapshot, str(self._id))

    def _show_plan(self, snapshot: Snapshot, conference: str) -> bool:
        plan = next((plan for plan in snapshot.plans if plan.id == conference), None)
        if plan is not None:
            page = self._page("conference", self._made_conference_page)
            assert isinstance(page, ConferencePage)
            page.show_conference(snapshot, plan, self._assessed.get(conference))
        return plan is not None

    def _page(self, kind: str, make: Callable[[], QWidget]) -> QWidget:
        """The page of a kind of thing, in front."""
        page = self._made.get(kind) or self._add(kind, make)
        self.pages.setCurrentWidget(page)
        return page

    def _add(self, kind: str, make: Callable[[], QWidget]) -> QWidget:
        page = self._made[kind] = make()
        self.pages.addWidget(page)
        for widget in (page, *page.findChildren(QWidget)):
            widget.ensurePolished()  # now, not when the page is first in front
        return page

    @Slot()
    def _make_ahead(self) -> None:
        """Make the next page, so that the first choice need not wait for it."""
        makers = {
            **{"device": self._made_device_page, "site": self._made_site_page},
            **{"room": self._made_room_page, "conference": self._made_conference_page},
        }
        kind = next((kind for kind in makers if kind not in self._made), None)
        if kind is None:
            self._ahead.stop()
        else:
            self._add(kind, makers[kind])

    def _made_link_page(self) -> QWidget:
        page = LinkPage()
        page.what_if_wanted.connect(self.what_if_wanted)
        return self._joined(page)

    def _made_port_page(self) -> QWidget:
        page = PortPage()
        page.device_chosen.connect(self._back_to_device)
        return self._joined(page)

    def _joined(self, page: LoadPage) -> QWidget:
        page.ranges.show_range(self.range_key)
        page.range_chosen.connect(self._change_range)
        page.show_loading()
        return page

    def _made_device_page(self) -> QWidget:
        page = DevicePage()
        page.what_if_wanted.connect(self.what_if_wanted)
        page.port_chosen.connect(self.show_port)
        page.link_chosen.connect(self.link_chosen)
        page.device_chosen.connect(self.device_chosen)
        return page

    def _made_site_page(self) -> QWidget:
        page = SitePage()
        page.device_chosen.connect(self.device_chosen)
        page.link_chosen.connect(self.link_chosen)
        page.room_chosen.connect(self.room_chosen)
        return page

    def _made_room_page(self) -> QWidget:
        page = RoomPage()
        page.site_chosen.connect(self.site_chosen)
        return page

    def _made_conference_page(self) -> QWidget:
        page = ConferencePage()
        page.room_chosen.connect(self.room_chosen)
        page.link_chosen.connect(self.link_chosen)
        page.what_if_wanted.connect(self.what_if_wanted)
        return page

    @Slot(str)
    def _back_to_device(self, device: str) -> None:
        self.show_device(device)
        self.device_chosen.emit(device)

    @Slot(str)
    def _change_range(self, key: str) -> None:
        self.show_range(key)
        self.range_changed.emit(key)

    def _subject(self) -> Subject | None:
        if self._kind == "link":
            return Subject("link", self._id)
        return Subject("port", self._id) if self._kind == "port" else None

    @Slot()
    def _ask(self) -> None:
        if self._kind == "site" and self._snapshot is not None and self.isVisible():
            self.paths_wanted.emit()
        subject = self._subject()
        if subject is None or self._snapshot is None or not self.isVisible():
            return
        wish = self._desk.next(subject, self.range_key, self._snapshot.at_s, time.monotonic())
        if wish is not None:
            self._again.start(round(PATIENCE_S * 1000) + _LATE_MS)
            self.series_wanted.emit(wish)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for what nobody could see so far."""
        super().showEvent(event)
        self._ask()

    def changeEvent(self, event: QEvent) -> None:
        """Repaint in the colours now in use."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()


def _find_port(snapshot: Snapshot, number: str | int) -> PortView | None:
    ports = (port for ports in snapshot.ports.values() for port in ports)
    return next((port for port in ports if port.port == number), None)


_SHOWS: dict[str, Callable[[DetailPanel, Snapshot], bool]] = {
    "link": DetailPanel._show_link,
    "port": DetailPanel._show_port,
    "device": DetailPanel._show_device,
    "site": DetailPanel._show_site,
    "room": DetailPanel._show_room,
    "conference": DetailPanel._show_conference,
}
