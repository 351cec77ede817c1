"""Snapshots made by hand for widget tests: every link loaded, nothing wrong unless said."""

import dataclasses
from functools import cache
from pathlib import Path

import networkx as nx

from console.calendars import events
from console.calendars.question import Question
from console.model.inventory import Conference, Inventory
from console.model.plan import Occurrence, Plan, PlanSource
from console.model.snapshot import (
    Collector,
    Cycle,
    DeviceView,
    LinkView,
    PortView,
    RoomView,
    SiteView,
    Snapshot,
)
from console.model.states import CollectorState, RoomState, State

NOON_S = 1_795_338_000.0  # 2026-11-22T09:00:00Z
DEMO_INVENTORY = Path(__file__).parent.parent / "data" / "kommunalnetz-rlp.yaml"


def healthy_snapshot(inventory: Inventory, at_s: float = NOON_S) -> Snapshot:
    """A snapshot in which all is well; loads differ from link to link."""
    site_of = {device.id: device.site for device in inventory.devices}
    ports: dict[str, list[PortView]] = {device.id: [] for device in inventory.devices}
    graph = nx.MultiGraph()
    for device in inventory.devices:
        graph.add_node(device.id, site=device.site, role=device.role)
    links = {}
    for number, link in enumerate(inventory.links):
        capacity_bps = link.capacity_bps or 1e9
        ab, ba = (number * 37 % 100) / 100, (number * 61 % 100) / 100
        for device, interface, out in (
            (link.a.device, link.a.interface, ab),
            (link.b.device, link.b.interface, ba),
        ):
            index = len(ports[device]) + 1
            ports[device].append(
                PortView(
                    *(number * 2 + (device == link.b.device), device, index, interface, ""),
                    *(6, capacity_bps, "up", "up", (ba if out == ab else ab) * capacity_bps),
                    *(out * capacity_bps, 0.0, 0.0, 0.0, 0.0, 3.0),
                )
            )
        links[link.id] = LinkView(
            *(link.id, link.a.device, link.b.device, site_of[link.a.device]),
            *(site_of[link.b.device], number * 2, number * 2 + 1, State.UP, at_s - 86400, ()),
            *(capacity_bps, ab * capacity_bps, ba * capacity_bps, ab, ba, 3.0),
        )
        graph.add_edge(
            link.a.device, link.b.device, key=link.id, capacity_bps=capacity_bps, cost=link.cost
        )
    return Snapshot(
        at_s=at_s,
        live=True,
        cycle=Cycle(4711, at_s - 10),
        collector=Collector(CollectorState.RUNNING, 0.8),
        inventory=inventory,
        graph=graph,
        sites={site.id: SiteView(site.id, State.UP) for site in inventory.sites},
        devices={
            d.id: DeviceView(
                d.id, State.UP, at_s - 86400, (), 2.5, None, 864000.0, d.id, "router", 3.0
            )
            for d in inventory.devices
        },
        ports={device: tuple(of) for device, of in ports.items()},
        links=links,
        rooms={
            r.id: RoomView(r.id, r.site, r.name, RoomState.IDLE, at_s - 7200, None, (), 4.0, 12.0)
            for r in inventory.rooms
        },
        bridges={
            b.id: RoomView(b.id, b.site, b.name, RoomState.IDLE, at_s - 7200, None, (), 4.0, 12.0)
            for b in inventory.bridges
        },
        plans=tuple(_planned(entry) for entry in inventory.conferences),
    )


def _planned(entry: Conference) -> Plan:
    if entry.calendar is None:
        return Plan(entry)
    return Plan(entry, PlanSource.CALENDAR, _told(entry.calendar))


@cache
def _told(calendar: str) -> tuple[Occurrence, ...]:
    """What a calendar beside the demo's inventory says."""
    at_s = NOON_S - 35 * 86400, NOON_S + 400 * 86400
    question = Question(calendar, "Europe/Berlin", *at_s, lasts_s=3600.0)
    return events.answer([(DEMO_INVENTORY.parent / calendar).read_bytes()], question).occurrences


def with_link(snapshot: Snapshot, link: str, **changes: object) -> Snapshot:
    """The same snapshot with one link changed."""
    changed = dataclasses.replace(snapshot.links[link], **changes)
    return dataclasses.replace(snapshot, links={**snapshot.links, link: changed})


def with_device(snapshot: Snapshot, device: str, **changes: object) -> Snapshot:
    """The same snapshot with one device changed."""
    changed = dataclasses.replace(snapshot.devices[device], **changes)
    return dataclasses.replace(snapshot, devices={**snapshot.devices, device: changed})


def with_room(snapshot: Snapshot, room: str, **changes: object) -> Snapshot:
    """The same snapshot with one room changed."""
    changed = dataclasses.replace(snapshot.rooms[room], **changes)
    return dataclasses.replace(snapshot, rooms={**snapshot.rooms, room: changed})
