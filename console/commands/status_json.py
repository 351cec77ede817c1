"""A snapshot as the contract's JSON. Keys are promised to scripts: never renamed, never removed."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from console.analysis.rooms import severity
from console.commands.instants import iso
from console.model.observation import RoomFacts
from console.model.snapshot import (
    DeviceView,
    LinkView,
    NeighbourView,
    PortView,
    Reason,
    RoomView,
    Snapshot,
)
from console.texts import sentence


def status_json(snapshot: Snapshot) -> dict[str, Any]:
    """Return what `status --json` prints. Lists of parts that are not built yet are empty."""
    inventory, cycle = snapshot.inventory, snapshot.cycle
    sites = {site.id: site for site in inventory.sites} if inventory else {}
    devices = {device.id: device for device in inventory.devices} if inventory else {}
    return {
        "at": iso(snapshot.at_s),
        "cycle": cycle.id if cycle else None,
        "live": snapshot.live,
        "collector": {
            "state": snapshot.collector.state.value,
            "heartbeat_age_s": _short(snapshot.collector.heartbeat_age_s),
        },
        "sites": [
            {"id": view.id, "name": sites[view.id].name, "state": view.state.value}
            for view in snapshot.sites.values()
        ],
        "devices": [
            _device(view, devices[view.id].site, devices[view.id].address)
            for view in snapshot.devices.values()
        ],
        "ports": [_port(view) for views in snapshot.ports.values() for view in views],
        "links": [_link(view) for view in snapshot.links.values()],
        "neighbours": [_neighbour(heard) for of in snapshot.neighbours.values() for heard in of],
        "rooms": _rooms(snapshot.rooms.values()),
        "bridges": _rooms(snapshot.bridges.values()),
        "services": [],
        "alarms": [],
    }


def _device(view: DeviceView, site: str, address: str) -> dict[str, Any]:
    return {
        "id": view.id,
        "site": site,
        "address": address,
        "state": view.state.value,
        "since": iso(view.since_s),
        "reasons": _reasons(view.reasons),
        "rtt_ms": view.rtt_ms,
        "loss": view.loss,
        "uptime_s": _short(view.uptime_s),
        "sys_name": view.sys_name,
        "sys_descr": view.sys_descr,
        "sys_location": view.sys_location,
        "sys_object_id": view.sys_object_id,
        "age_s": _short(view.age_s),
        "chassis": asdict(view.chassis) if view.chassis else None,
    }


def _neighbour(view: NeighbourView) -> dict[str, Any]:
    return {
        "device": view.device,
        "port": view.port_name,
        "protocol": view.protocol,
        "remote_name": view.remote_name,
        "remote_port": view.remote_port,
        "remote_port_descr": view.remote_port_descr,
        "remote_chassis": view.chassis,
        "remote_descr": view.descr,
        "addresses": list(view.addresses),
    }


def _port(view: PortView) -> dict[str, Any]:
    return {
        "device": view.device,
        "if_index": view.if_index,
        "name": view.name,
        "alias": view.alias,
        "type": view.type,
        "admin": view.admin,
        "oper": view.oper,
        "speed_bps": view.speed_bps,
        "in_bps": view.in_bps,
        "out_bps": view.out_bps,
        "in_errors_ps": view.in_errors_ps,
        "out_errors_ps": view.out_errors_ps,
        "in_discards_ps": view.in_discards_ps,
        "out_discards_ps": view.out_discards_ps,
        "last_change": iso(view.last_change_s),
        "age_s": _short(view.age_s),
    }


def _link(view: LinkView) -> dict[str, Any]:
    return {
        "id": view.id,
        "a": view.a_site,
        "b": view.b_site,
        "state": view.state.value,
        "since": iso(view.since_s),
        "reasons": _reasons(view.reasons),
        "capacity_bps": view.capacity_bps,
        "a_to_b_bps": view.a_to_b_bps,
        "b_to_a_bps": view.b_to_a_bps,
        "a_to_b_load": view.a_to_b_load,
        "b_to_a_load": view.b_to_a_load,
        "wiring": view.wiring.state.value,
        "age_s": _short(view.age_s),
    }


def _rooms(views: Iterable[RoomView]) -> list[dict[str, Any]]:
    return [
        {
            "id": view.id,
            "site": view.site,
            "name": view.name,
            "state": view.state.value,
            "since": iso(view.since_s),
            "registered": view.registered,
            "reasons": [
                {**told, "severity": severity(told["code"]).value}
                for told in _reasons(view.reasons)
            ],
            "rtt_ms": view.rtt_ms,
            "age_s": _short(view.age_s),
            **_told(view.facts or RoomFacts()),
        }
        for view in views
    ]


def _told(facts: RoomFacts) -> dict[str, Any]:
    """Return what a room or bridge tells of itself; null where it does not."""
    call = {
        "calls": facts.calls,
        "participants": facts.participants,
        "receive_bps": facts.receive_bps,
        "transmit_bps": facts.transmit_bps,
        "loss": facts.loss,
        "encryption": facts.encryption,
    }
    return {
        "in_call": facts.in_call,
        "standby": facts.standby,
        "call": None if all(value is None for value in call.values()) else call,
        "microphones": facts.microphones,
        "camera": facts.camera,
        "displays": facts.displays,
        "model": facts.model,
        "serial": facts.serial,
        "software": facts.software,
        "uptime_s": _short(facts.uptime_s),
    }


def _reasons(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    return [
        {"code": reason.code, "argument": reason.argument or None, "text": sentence(reason)}
        for reason in reasons
    ]


def _short(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)
