"""Small inventories for the tests of the map."""

from collections.abc import Iterable

import yaml

from console.model.inventory import Inventory
from tests.builders import DEMO_INVENTORY


def demo() -> Inventory:
    """The network that is shipped."""
    return Inventory.model_validate(yaml.safe_load(DEMO_INVENTORY.read_text(encoding="utf-8")))


def network(
    sites: dict[str, tuple[float, float]],
    devices: dict[str, str],
    links: Iterable[tuple[str, str]],
    names: dict[str, str] | None = None,
) -> Inventory:
    """Sites with lat and lon, devices with their site, links named l0, l1, … by their ends."""
    return Inventory.model_validate(
        {
            "network": "test",
            "note": "made up",
            "snmp": {"lab": {"version": "2c", "community": "public"}},
            "sites": [
                {"id": site, "name": (names or {}).get(site, site), "lat": lat, "lon": lon}
                for site, (lat, lon) in sites.items()
            ],
            "devices": [
                {"id": device, "site": site, "address": "127.0.0.1", "snmp": "lab"}
                for device, site in devices.items()
            ],
            "links": [
                {
                    "id": f"l{i}",
                    "a": {"device": a, "interface": f"ge-0/0/{i}"},
                    "b": {"device": b, "interface": f"ge-1/0/{i}"},
                    "capacity": "1G",
                }
                for i, (a, b) in enumerate(links)
            ],
        }
    )
