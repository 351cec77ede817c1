"""How long it takes to read an inventory: the file of a large network, checked as a whole."""

import time
from collections.abc import Iterator

from console.model import inventory_file


def run() -> Iterator[str]:
    """Yield one line for each size of network."""
    for devices in (100, 2500):
        text = _written(devices)
        took_s = min(_read(text) for _ in range(3))
        yield (
            f"inventory of {devices} devices, {2 * devices} links ({len(text) / 1e3:.0f} kB):"
            f" {took_s * 1e3:.0f} ms"
        )


def _read(text: str) -> float:
    began = time.perf_counter()
    inventory_file.parse(text, "bench.yaml")
    return time.perf_counter() - began


def _written(devices: int) -> str:
    lines = ["network: Bench", "snmp: {lab: {version: 2c, community: public}}", "sites:"]
    lines += [
        f"  - {{id: s{i}, name: Site {i}, lat: {49 + i % 100 / 100}, lon: {7 + i % 90 / 100}}}"
        for i in range(devices // 5)
    ]
    lines.append("devices:")
    lines += [
        f'  - {{id: d{i}, site: s{i // 5}, address: "127.0.0.1:{16101 + i}", snmp: lab}}'
        for i in range(devices)
    ]
    lines.append("links:")
    lines += [
        f"  - {{id: l{i}, a: {{device: d{i % devices}, interface: xe-{i}}},"
        f" b: {{device: d{(i * 7 + 1) % devices}, interface: ge-{i}}}, capacity: 10G}}"
        for i in range(2 * devices)
    ]
    return "\n".join(lines)
