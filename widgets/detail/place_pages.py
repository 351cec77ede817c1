"""A device, a site, a room in full."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from console.language import _, format_number, format_ratio, format_span
from console.model.inventory import Bridge, Inventory, Room, Site
from console.model.observation import RoomFacts
from console.model.path_view import PathView
from console.model.snapshot import DeviceView, LinkView, RoomView, SiteView, Snapshot
from console.model.states import State
from console.texts import sentence, state_word
from widgets import times
from widgets.detail.load_page import Page
from widgets.detail.parts import FactList, readable_load
from widgets.detail.path_table import PathTable, path_rows
from widgets.detail.port_table import PortTable
from widgets.detail.room_facts import room_rows
from widgets.detail.things import Thing, ThingList
from widgets.detail.what_if_button import WhatIfButton
from widgets.detail.wiring import chassis_text, neighbour_things, software_text
from widgets.wording import age_text, device_entry, link_name, site_name


class DevicePage(Page):
    """A device in full, with all its ports.

    Signals:
        port_chosen: a port that belongs to no link (its number in the history).
        link_chosen: the link of a chosen port.
        device_chosen: a neighbour that was clicked and that the inventory has.
        what_if_wanted: the device's id.
    """

    what_if_wanted = Signal(str)
    port_chosen = Signal(int)
    link_chosen = Signal(str)
    device_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facts, self.ports = FactList(), PortTable()
        self.neighbours = ThingList(_("Neighbours"))
        self.what_if = WhatIfButton()
        self.what_if.what_if_wanted.connect(self.what_if_wanted)
        self.lines.addWidget(self.facts)
        self.lines.addWidget(self.what_if, 0, Qt.AlignmentFlag.AlignLeft)
        self.lines.addWidget(self.neighbours)
        self.neighbours.chosen.connect(self._choose_neighbour)
        self.lines.addWidget(self.ports, 1)
        self.ports.port_chosen.connect(self.port_chosen)
        self.ports.link_chosen.connect(self.link_chosen)

    def show_device(self, snapshot: Snapshot, device: DeviceView) -> None:
        """Show how the device stands."""
        self.what_if.show_subject(device.id)
        reasons = tuple(sentence(reason) for reason in device.reasons)
        entry = device_entry(snapshot, device.id)
        place = [site_name(snapshot, entry.site)] if entry else []
        below = " · ".join([*place, times.since(device.since_s, snapshot.at_s)])
        self.heading.show_thing(device.id, device.state, below, reasons)
        show = self.facts.show_fact
        show(_("Address"), entry.address if entry else "")
        show(_("System name"), device.sys_name or "")
        show(_("Description"), device.sys_descr or "")
        chassis = device.chassis
        show(_("Chassis"), chassis_text(chassis) if chassis else "")
        show(_("Serial number"), chassis.serial if chassis else "")
        show(_("Software · firmware"), software_text(chassis) if chassis else "")
        show(_("Running for"), "" if device.uptime_s is None else format_span(device.uptime_s))
        show(_("Round trip · loss"), _round_trip(device))
        show(_("Value"), age_text(device.age_s))
        ports = snapshot.ports.get(device.id, ())
        show(_("Ports"), "" if ports or device.state is State.UP else _("unknown"))
        self.neighbours.show_things(neighbour_things(snapshot, device.id))
        self.ports.show_ports(ports, _links_of(snapshot, device.id))

    @Slot(str)
    def _choose_neighbour(self, device: str) -> None:
        if device:
            self.device_chosen.emit(device)


def _round_trip(device: DeviceView) -> str:
    rtt = "" if device.rtt_ms is None else f"{format_number(device.rtt_ms, 1)} ms"
    loss = "" if device.loss is None else format_ratio(device.loss)
    return " · ".join(x for x in (rtt, loss) if x)


def _links_of(snapshot: Snapshot, device: str) -> dict[int, str]:
    """The link of each port of the device that has one, by the port's number."""
    found = {}
    for link in snapshot.links.values():
        ends = ((link.a_device, link.a_port), (link.b_device, link.b_port))
        found.update({port: link.id for of, port in ends if of == device and port is not None})
    return found


class SitePage(Page):
    """A site: its devices, rooms and links, and whom to call.

    Signals:
        device_chosen, room_chosen, link_chosen: the id of what was clicked.
    """

    device_chosen = Signal(str)
    room_chosen = Signal(str)
    link_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facts = FactList()
        self.devices, self.rooms = ThingList(_("Devices")), ThingList(_("Rooms"))
        self.links, self.paths = ThingList(_("Links")), PathTable()
        self._paths: tuple[PathView, ...] = ()
        for part in (self.facts, self.devices, self.links, self.rooms, self.paths):
            self.lines.addWidget(part)
        self.lines.addStretch(1)
        self.devices.chosen.connect(self.device_chosen)
        self.rooms.chosen.connect(self.room_chosen)
        self.links.chosen.connect(self.link_chosen)

    def show_site(self, snapshot: Snapshot, site: SiteView) -> None:
        """Show how the site stands."""
        self.heading.show_thing(site_name(snapshot, site.id), site.state)
        entry = snapshot.inventory.by_id.get(site.id) if snapshot.inventory else None
        contact = entry.contact if isinstance(entry, Site) else None
        self.facts.setVisible(bool(contact))
        self.facts.show_fact(_("Contact"), contact or "")
        self.devices.show_things(_devices(snapshot, site.id))
        self.links.show_things(_links(snapshot, site.id))
        rooms = [*snapshot.rooms.values(), *snapshot.bridges.values()]
        self.rooms.show_things(
            [Thing(x.id, x.name, x.state, state_word(x.state)) for x in rooms if x.site == site.id]
        )
        self.paths.show_rows(path_rows(snapshot, site.id, self._paths))

    def take_paths(self, views: tuple[PathView, ...]) -> None:
        """Keep all measured paths, for `show_site`."""
        self._paths = views


def _devices(snapshot: Snapshot, site: str) -> list[Thing]:
    inventory: Inventory | None = snapshot.inventory
    known = [d.id for d in inventory.devices if d.site == site] if inventory else []
    views = [snapshot.devices[device] for device in known if device in snapshot.devices]
    return [Thing(view.id, view.id, view.state, _note(view)) for view in views]


def _note(view: DeviceView) -> str:
    if view.reasons:
        return sentence(view.reasons[0])
    return state_word(view.state) if view.rtt_ms is None else f"{format_number(view.rtt_ms, 1)} ms"


def _links(snapshot: Snapshot, site: str) -> list[Thing]:
    here = [link for link in snapshot.links.values() if site in (link.a_site, link.b_site)]
    return [_link_thing(snapshot, link, site) for link in here]


def _link_thing(snapshot: Snapshot, link: LinkView, site: str) -> Thing:
    """A link as seen from the site: where it leads."""
    name = link_name(snapshot, link)
    if link.a_site != link.b_site and " · " not in name:
        name = f"→ {site_name(snapshot, link.b_site if link.a_site == site else link.a_site)}"
    note = state_word(link.state) if link.load is None else format_ratio(link.load)
    return Thing(link.id, name, link.state, note, readable_load(link.load))


class RoomPage(Page):
    """A room or a bridge, and whom to call.

    Signals:
        site_chosen: the site's id.
    """

    site_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facts, self.sites = FactList(), ThingList(_("Site"))
        self.lines.addWidget(self.facts)
        self.lines.addWidget(self.sites)
        self.lines.addStretch(1)
        self.sites.chosen.connect(self.site_chosen)

    def show_room(self, snapshot: Snapshot, room: RoomView) -> None:
        """Show how the room stands."""
        reasons = tuple(sentence(reason) for reason in room.reasons)
        where = site_name(snapshot, room.site)
        below = f"{where} · {times.since(room.since_s, snapshot.at_s)}"
        self.heading.show_thing(room.name, room.state, below, reasons)
        entry = snapshot.inventory.by_id.get(room.id) if snapshot.inventory else None
        known = entry if isinstance(entry, Room | Bridge) else None
        show = self.facts.show_fact
        show(_("Contact"), (known.contact or "") if known else "")
        probes = "\n".join(probe.target for probe in known.probes) if known else ""
        show(_("Asked at"), probes)
        rtt = "" if room.rtt_ms is None else f"{format_number(room.rtt_ms, 1)} ms"
        show(_("Round trip"), rtt)
        show(_("Value"), age_text(room.age_s))
        for row, value in room_rows(room.facts or RoomFacts()):
            show(row, value)
        site = snapshot.sites.get(room.site)
        name = site_name(snapshot, room.site)
        things = [Thing(site.id, name, site.state, state_word(site.state))] if site else []
        self.sites.show_things(things)
