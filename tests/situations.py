"""Situations made by hand: a network in a few words, all well unless said."""

import dataclasses
from collections.abc import Mapping, Sequence

from console.model.inventory import Inventory
from console.model.plan import Occurrence, Plan
from console.model.readiness import Direction
from console.model.situation import Evidence, Situation
from console.model.snapshot import Snapshot
from tests.builders import NOON_S, healthy_snapshot

GOOD = Evidence(rtt_ms=8.0, jitter_ms=1.0, loss=0.0, age_s=12.0, fresh=True)
HELD = Occurrence(NOON_S + 3600, NOON_S + 7200, "")
LinkWords = tuple[str, str, str, float | None, int | None]  # id, ends, capacity, cost


def network(
    sites: Mapping[str, Sequence[str]],
    links: Sequence[LinkWords],
    rooms: Mapping[str, str],
    bridge_site: str,
    **changes: object,
) -> Inventory:
    """An inventory: devices by site, links, each room's site (or `site/device`)."""
    entries: dict[str, object] = {
        "network": "Test",
        "snmp": {"lab": {"version": "2c", "community": "public"}},
        "sites": [
            {"id": site, "name": f"Site {site}", "lat": 50, "lon": 7, "contact": f"Call {site}"}
            for site in sites
        ],
        "devices": [
            {"id": device, "site": site, "address": "127.0.0.1", "snmp": "lab"}
            for site, devices in sites.items()
            for device in devices
        ],
        "links": [
            {
                "id": link,
                "a": {"device": a, "interface": f"{link}-a"},
                "b": {"device": b, "interface": f"{link}-b"},
                "capacity": capacity,
                "cost": cost,
            }
            for link, a, b, capacity, cost in links
        ],
        "bridges": [bridge_at(bridge_site)],
        "rooms": [room_at(room, place) for room, place in rooms.items()],
        "profiles": {"hd": {"up": 4e6, "down": 8e6}},
        "conferences": [conference()],
    }
    return Inventory.model_validate({**entries, **changes})


def bridge_at(place: str) -> dict[str, object]:
    site, _slash, device = place.partition("/")
    return {
        **{"id": "bridge", "site": site, "name": "Bridge", "device": device or None},
        **{"probes": [{"icmp": "127.0.0.1"}], "contact": "Call the bridge"},
    }


def room_at(room: str, place: str) -> dict[str, object]:
    site, _slash, device = place.partition("/")
    return {
        **{"id": room, "site": site, "name": f"Room {room}", "device": device or None},
        "probes": [{"icmp": "127.0.0.1"}],
    }


def situation(
    inventory: Inventory,
    snapshot: Snapshot | None = None,
    baseline_bps: float | None = 0.0,
    conference: str = "conf",
    others: tuple[str, ...] = (),
    **changes: object,
) -> Situation:
    """All well: fresh evidence for every room, the same baseline on every link."""
    seen = snapshot or healthy_snapshot(inventory)
    plans = {entry.id: Plan(entry) for entry in inventory.conferences}
    made = Situation(
        snapshot=seen,
        plan=plans[conference],
        occurrence=HELD,
        others=tuple(plans[other] for other in others),
        baselines={(link.id, way): baseline_bps for link in inventory.links for way in Direction},
        evidence={room.id: GOOD for room in inventory.rooms},
    )
    return dataclasses.replace(made, **changes)


def conference(**changes: object) -> dict[str, object]:
    entry = {"id": "conf", "bridge": "bridge", "profile": "hd", "start": "2026-12-03T10:00"}
    return {**entry, **changes}


def with_baseline(before: Situation, link: str, way: Direction, bps: float | None) -> Situation:
    return dataclasses.replace(before, baselines={**before.baselines, (link, way): bps})


def with_evidence(before: Situation, room: str, evidence: Evidence | None) -> Situation:
    kept = {key: value for key, value in before.evidence.items() if key != room}
    if evidence is not None:
        kept[room] = evidence
    return dataclasses.replace(before, evidence=kept)
