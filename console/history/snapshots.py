"""Puts a snapshot together from the rows that a moment saw. No SQL here."""

from collections.abc import Mapping
from dataclasses import dataclass

import networkx as nx

from console.analysis.topology import site_state, smaller
from console.history.facts import NO_PORTS, DevicePorts, FactsCache
from console.history.link_wiring import Side
from console.history.moment import Moment
from console.history.poll_rows import DevicePolls
from console.history.port_changes import PortChanges
from console.history.port_rows import PortRows
from console.history.rollups import STALE_INTERVALS
from console.history.room_rows import RoomFactsCache, combined
from console.history.subject_rows import Judged, Probed
from console.history.surroundings import SurroundingsCache, Version
from console.model.inventory import Bridge, Device, Inventory, Link, LinkEnd, Room
from console.model.observation import RoomFacts
from console.model.plan import Plan
from console.model.snapshot import (
    DeviceView,
    LinkView,
    NeighbourView,
    PortView,
    Reason,
    RoomView,
    SiteView,
    Snapshot,
    Wiring,
)
from console.model.states import PortStatus, RoomState, State

PING = "icmp"  # the name of a device's own ping among probes
_STALE = (Reason("stale"),)


@dataclass(frozen=True, slots=True)
class Rows:
    """Everything read for one snapshot."""

    moment: Moment
    inventory: Inventory
    graph: nx.MultiGraph
    facts: FactsCache
    polls: Mapping[int, DevicePolls]
    ports: PortRows
    probes: Mapping[int, list[Probed]]
    judged: Mapping[str, Judged]
    surroundings: SurroundingsCache
    changes: PortChanges
    room_facts: RoomFactsCache
    plans: tuple[Plan, ...]

    def changes_of(self, device: str) -> Mapping[int, float | None]:
        """Return when the ports of a device came into their states."""
        number = self.facts.subjects.get(device)
        return {} if number is None else self.changes.at(number, self.moment)

    def told(self, device: str) -> Version | None:
        """Return what a device had told of its neighbours and chassis."""
        return self.surroundings.at(self.facts.subjects.get(device), self.moment)


def empty(moment: Moment) -> Snapshot:
    """Return the snapshot of a moment before any inventory was in force."""
    return Snapshot(
        *(moment.at_s, moment.live, moment.cycle, moment.collector, None, None),
        *({}, {}, {}, {}, {}, {}),
    )


def assemble(rows: Rows) -> Snapshot:
    """Return the snapshot."""
    inventory, moment = rows.inventory, rows.moment
    kept = {device.id: _ports_of(rows, device) for device in inventory.devices}
    devices = {device.id: _device(rows, device) for device in inventory.devices}
    ports = {
        device.id: rows.ports.views(
            *(kept[device.id], _polls_of(rows, device.id), moment, rows.changes_of(device.id))
        )
        for device in inventory.devices
    }
    return Snapshot(
        at_s=moment.at_s,
        live=moment.live,
        cycle=moment.cycle,
        collector=moment.collector,
        inventory=inventory,
        graph=rows.graph,
        sites=_sites(inventory, devices),
        devices=devices,
        ports=ports,
        links=_links(rows, kept, ports),
        rooms={room.id: _room(rows, room) for room in inventory.rooms},
        bridges={bridge.id: _room(rows, bridge) for bridge in inventory.bridges},
        neighbours=_neighbours(rows),
        plans=rows.plans,
    )


def _neighbours(rows: Rows) -> dict[str, tuple[NeighbourView, ...]]:
    told = ((device.id, rows.told(device.id)) for device in rows.inventory.devices)
    return {device: version.heard for device, version in told if version and version.heard}


def _polls_of(rows: Rows, device: str) -> DevicePolls | None:
    number = rows.facts.subjects.get(device)
    return None if number is None else rows.polls.get(number)


def _ports_of(rows: Rows, device: Device) -> DevicePorts:
    number, polls = rows.facts.subjects.get(device.id), _polls_of(rows, device.id)
    if number is None or polls is None:
        return NO_PORTS
    return rows.facts.ports(number, device.id, polls.newest)


def _device(rows: Rows, device: Device) -> DeviceView:
    moment, polls = rows.moment, _polls_of(rows, device.id)
    number = rows.facts.subjects.get(device.id)
    if polls is None or number is None:
        return DeviceView(device.id, State.UNKNOWN, None, (), *(None,) * 6, None)
    system = rows.facts.system(number, polls.newest)
    ping = next((p for p in rows.probes.get(number, ()) if p.name == PING), None)
    uptime_s = None
    if system and system.booted_at_s is not None and polls.answered is not None:
        uptime_s = max(0.0, moment.at_s - system.booted_at_s)
    judged, told = rows.judged.get(device.id), rows.told(device.id)
    return DeviceView(
        id=device.id,
        state=State(judged.state) if judged and polls.fresh else State.UNKNOWN,
        since_s=_since_s(judged, polls.fresh, [polls.seen_at_ms]),
        reasons=_reasons(judged, polls.fresh, seen=True),
        rtt_ms=_rtt_ms(rows, polls, ping),
        loss=_loss(polls, ping),
        uptime_s=uptime_s,
        sys_name=system.name if system else None,
        sys_descr=system.descr if system else None,
        age_s=moment.age_s(polls.seen_at_ms),
        chassis=told.chassis if told else None,
        sys_location=system.location if system else None,
        sys_object_id=system.object_id if system else None,
    )


def _rtt_ms(rows: Rows, polls: DevicePolls, ping: Probed | None) -> float | None:
    """Return the round trip of the newest fresh ping, else of the newest fresh SNMP answer."""
    if ping is not None and ping.rtt_us is not None and ping.rtt_at_ms is not None:
        longest_s = STALE_INTERVALS * (rows.inventory.polling.ping_s or 0.0)
        if rows.moment.fresh(ping.cycle, ping.stored_ms, ping.rtt_at_ms, longest_s):
            return ping.rtt_us / 1000
    return None if polls.rtt_us is None else polls.rtt_us / 1000


def _loss(polls: DevicePolls, ping: Probed | None) -> float | None:
    if ping is not None and ping.asked:
        return ping.lost / ping.asked
    return polls.loss


def _sites(inventory: Inventory, devices: Mapping[str, DeviceView]) -> dict[str, SiteView]:
    states: dict[str, list[State]] = {site.id: [] for site in inventory.sites}
    for device in inventory.devices:
        states.setdefault(device.site, []).append(devices[device.id].state)
    return {site: SiteView(site, site_state(found)) for site, found in states.items()}


def _links(
    rows: Rows, kept: Mapping[str, DevicePorts], ports: Mapping[str, tuple[PortView, ...]]
) -> dict[str, LinkView]:
    site_of = {device.id: device.site for device in rows.inventory.devices}
    by_number = {view.port: view for views in ports.values() for view in views}
    views = {}
    for link in rows.inventory.links:
        ends = [_End(rows, kept, by_number, end) for end in (link.a, link.b)]
        wiring = _wiring(rows, kept, link, ends)
        views[link.id] = _link(rows, link, ends, site_of, wiring)
    return views


def _wiring(rows: Rows, kept: Mapping[str, DevicePorts], link: Link, ends: list["_End"]) -> Wiring:
    """Compare the link with what its ends hear; a port that is not up hears nothing any more."""
    a, b = (
        _side(rows, kept.get(of_link.device, NO_PORTS), of_link, end)
        for of_link, end in zip((link.a, link.b), ends, strict=True)
    )
    return rows.surroundings.wirings.compare(link, a, b)


def _side(rows: Rows, ports: DevicePorts, of_link: LinkEnd, end: "_End") -> Side:
    device, polls = rows.inventory.by_id[of_link.device], _polls_of(rows, of_link.device)
    assert isinstance(device, Device), "a link's ends are devices"
    number = rows.facts.subjects.get(of_link.device)
    system = rows.facts.system(number, polls.newest) if polls and number is not None else None
    is_up = end.view is not None and end.view.oper == PortStatus.UP.mib_name
    told = rows.told(of_link.device) if is_up else None
    heard = told.at_port.get(end.port, ()) if told and end.port is not None else ()
    return Side(device, system, ports, heard)


class _End:
    """One end of a link: its port and its device's polls, as far as they are known."""

    __slots__ = ("fresh", "in_bps", "missing", "out_bps", "port", "seen_at_ms", "speed_bps", "view")

    def __init__(
        self,
        rows: Rows,
        kept: Mapping[str, DevicePorts],
        by_number: Mapping[int, PortView],
        end: LinkEnd,
    ) -> None:
        ports = kept.get(end.device, NO_PORTS)
        found = ports.end(end.interface)
        polls = _polls_of(rows, end.device)
        self.port = found[0] if found else None
        self.speed_bps = found[1] if found else None
        self.view = by_number[found[0]] if found else None
        self.in_bps = self.view.in_bps if self.view else None
        self.out_bps = self.view.out_bps if self.view else None
        self.fresh = found is not None and polls is not None and polls.answered is not None
        self.seen_at_ms = polls.seen_at_ms if found and polls else None
        # The device answers, and none of its ports is the one of the inventory.
        self.missing: tuple[Reason, ...] = ()
        if ports.facts and found is None and polls is not None and polls.answered is not None:
            self.missing = (Reason("no_port", f"{end.device} {end.interface}"),)


def _link(
    rows: Rows, link: Link, ends: list[_End], site_of: Mapping[str, str], wiring: Wiring
) -> LinkView:
    a, b = ends
    judged = rows.judged.get(link.id)
    fresh = a.fresh or b.fresh
    capacity_bps = link.capacity_bps or smaller((a.speed_bps, b.speed_bps))
    a_to_b = a.out_bps if a.out_bps is not None else b.in_bps
    b_to_a = a.in_bps if a.in_bps is not None else b.out_bps
    seen = [end.seen_at_ms for end in ends if end.seen_at_ms is not None]
    missing = a.missing + b.missing
    return LinkView(
        *(link.id, link.a.device, link.b.device, site_of.get(link.a.device, "")),
        *(site_of.get(link.b.device, ""), a.port, b.port),
        state=_link_state(judged, fresh, missing),
        since_s=_since_s(judged, fresh, seen),
        reasons=_reasons(judged, fresh, bool(seen)) + missing + _contradiction(wiring),
        capacity_bps=capacity_bps,
        a_to_b_bps=a_to_b,
        b_to_a_bps=b_to_a,
        a_to_b_load=_load(a_to_b, capacity_bps),
        b_to_a_load=_load(b_to_a, capacity_bps),
        age_s=_link_age_s(rows.moment, ends),
        wiring=wiring,
    )


def _link_state(judged: Judged | None, fresh: bool, missing: tuple[Reason, ...]) -> State:
    """Return the judged state; where a port is missing the other can only tell that it is down."""
    known = State(judged.state) if judged and fresh else State.UNKNOWN
    return known if known is State.DOWN or not missing else State.UNKNOWN


def _contradiction(wiring: Wiring) -> tuple[Reason, ...]:
    heard = wiring.heard
    if heard is None:
        return ()
    seen = f"{heard.device} {heard.port_name} → {heard.remote_name} {heard.port_word}"
    return (Reason(wiring.state, seen.strip()),)


def _since_s(judged: Judged | None, fresh: bool, seen: list[int]) -> float | None:
    """Return since when it has been so; of what is stale, when it was last seen."""
    if fresh:
        return judged.since_s if judged else None
    return max(seen) / 1000 if seen else None


def _reasons(judged: Judged | None, fresh: bool, seen: bool) -> tuple[Reason, ...]:
    if not fresh:
        return _STALE if seen else ()
    return judged.reasons if judged else ()


def _load(rate_bps: float | None, capacity_bps: float | None) -> float | None:
    return None if rate_bps is None or not capacity_bps else rate_bps / capacity_bps


def _link_age_s(moment: Moment, ends: list[_End]) -> float | None:
    """Return the age of the end that the rates come from: a's where it tells, else b's."""
    for end in ends:
        if end.view is not None and (end.out_bps is not None or end.in_bps is not None):
            return end.view.age_s
    ages = [moment.age_s(end.seen_at_ms) for end in ends if end.seen_at_ms is not None]
    return min(ages, default=None)


def _room(rows: Rows, room: Room | Bridge) -> RoomView:
    moment, judged = rows.moment, rows.judged.get(room.id)
    number = rows.facts.subjects.get(room.id)
    probes = rows.probes.get(number, []) if number is not None else []
    longest_s = STALE_INTERVALS * rows.inventory.polling.rooms_s
    newest = max(probes, key=_seen_at, default=None)
    fresh = newest is not None and moment.fresh(
        newest.cycle, newest.stored_ms, newest.seen_at_ms, longest_s
    )
    seen = [newest.seen_at_ms] if newest else []
    facts = _room_facts(rows, probes, longest_s)
    return RoomView(
        *(room.id, room.site, room.name),
        state=RoomState(judged.state) if judged and fresh else RoomState.UNKNOWN,
        since_s=_since_s(judged, fresh, seen),
        registered=facts.registered if facts else None,
        reasons=_reasons(judged, fresh, bool(seen)) or _why_unasked(room, judged),
        rtt_ms=_room_rtt_ms(moment, probes, longest_s),
        age_s=moment.age_s(newest.seen_at_ms) if newest else None,
        facts=facts,
    )


def _room_facts(rows: Rows, probes: list[Probed], longest_s: float) -> RoomFacts | None:
    """Return what the probes that answered lately told, the newest answer first."""
    lately = sorted(
        (probe for probe in probes if _answered_lately(rows.moment, probe, longest_s)),
        key=_answered_at,
        reverse=True,
    )
    told = (rows.room_facts.at(probe.id, rows.moment) for probe in lately)
    return combined([facts for facts in told if facts is not None])


def _answered_lately(moment: Moment, probe: Probed, longest_s: float) -> bool:
    if probe.answer is None or probe.rtt_at_ms is None:
        return False
    return moment.fresh(*probe.answer, probe.rtt_at_ms, longest_s)


def _answered_at(probe: Probed) -> tuple[tuple[int, int], int]:
    return probe.answer or (0, 0), probe.rtt_at_ms or 0


def _why_unasked(room: Room | Bridge, judged: Judged | None) -> tuple[Reason, ...]:
    """Say that none of the probes was ever asked, as where the system allows no pings."""
    return (Reason("not_asked"),) if room.probes and judged is None else ()


def _room_rtt_ms(moment: Moment, probes: list[Probed], longest_s: float) -> float | None:
    answers = [
        (probe.rtt_at_ms, probe.rtt_us)
        for probe in probes
        if probe.rtt_us is not None
        and probe.rtt_at_ms is not None
        and moment.fresh(probe.cycle, probe.stored_ms, probe.rtt_at_ms, longest_s)
    ]
    return max(answers)[1] / 1000 if answers else None


def _seen_at(probe: Probed) -> tuple[int, int]:
    return probe.cycle, probe.seen_at_ms
