"""The ports of a simulated device: links, the local side, and what real devices have besides."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.demo.demands import Demands
from console.demo.fabric import ALL_WELL, Fabric, Outage, capacity_of, line_sums
from console.demo.traffic import Traffic
from console.model.inventory import Link, LinkEnd
from console.model.states import PortStatus

ETHERNET, LOOPBACK = 6, 24
_SPEEDS_BPS = (1e9, 10e9, 40e9, 100e9, 400e9)
UNUSED = 3

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SimulatedPort:
    """One port. `links` with their other ends decide whether it is up; without any it is `fixed`.

    `numbers` is its ifIndex by layout.
    """

    name: str
    alias: str
    type: int
    speed_bps: float
    numbers: tuple[int, ...]
    links: tuple[tuple[str, str], ...] = ()
    fixed: tuple[PortStatus, PortStatus] = (PortStatus.UP, PortStatus.UP)

    def status(self, outage: Outage) -> tuple[PortStatus, PortStatus]:
        """Return (admin, oper) under an outage."""
        well = any(
            link not in outage.links and device not in outage.devices for link, device in self.links
        )
        return self.fixed if well or not self.links else (PortStatus.UP, PortStatus.DOWN)


@dataclass(frozen=True, slots=True)
class DevicePorts:
    """The ports of a device and how the rows of the traffic add up on them.

    `rows` are rows of Traffic; `weights[c]` (ports, rows) makes counter `c` of them, in the order
    of COUNTERS. Octets come out in bits.
    """

    ports: tuple[SimulatedPort, ...]
    rows: NDArray[np.int64]
    weights: NDArray[np.float64]


COUNTERS = ("in_bits", "out_bits", "in_errors", "out_errors", "in_discards", "out_discards")
IN_BITS, OUT_BITS, IN_ERRORS, OUT_ERRORS, IN_DISCARDS, OUT_DISCARDS = range(6)


def ports_of(device: str, traffic: Traffic, demands: Demands) -> DevicePorts:
    """Return the ports of a device in the order of their first layout."""
    fabric = traffic.fabric
    wires = _wires(device, fabric)
    drafts = [_link_port(name, device, ends) for name, ends in wires.items()]
    taken = {port.name for port in drafts}
    drafts += [port for port in _local_ports(device, fabric, demands) if port.name not in taken]
    ports = tuple(_numbered(drafts))
    entries = [
        (number, *entry)
        for number, port in enumerate(ports)
        for entry in _entries(port, wires.get(port.name, ()), device, traffic)
    ]
    rows = sorted({row for _, _, row in entries})
    weights = np.zeros((len(COUNTERS), len(ports), len(rows)))
    for number, counter, row in entries:
        weights[counter, number, rows.index(row)] += 1.0
    return DevicePorts(ports, np.asarray(rows, dtype=np.int64), weights)


Wire = tuple[int, Link]  # the row of what this device sends into the link, and the link


def _wires(device: str, fabric: Fabric) -> dict[str, list[Wire]]:
    found: dict[str, list[Wire]] = {}
    for number, link in enumerate(fabric.links):
        for turned, end in enumerate((link.a, link.b)):
            if end.device == device:
                found.setdefault(port_name(end), []).append((2 * number + turned, link))
    return found


def port_name(end: LinkEnd) -> str:
    """Return the ifName that the simulation gives to an end's interface."""
    return f"port{end.interface}" if end.interface.isdecimal() else end.interface


def _link_port(name: str, device: str, wires: list[Wire]) -> SimulatedPort:
    others = tuple((link.id, _other(link, device)) for _, link in wires)
    alias = ", ".join(f"{link} {other}" for link, other in others)
    speed_bps = sum(capacity_of(link) for _, link in wires)
    return SimulatedPort(name, alias, ETHERNET, speed_bps, (), others)


def _other(link: Link, device: str) -> str:
    return link.b.device if link.a.device == device else link.a.device


def _local_ports(device: str, fabric: Fabric, demands: Demands) -> list[SimulatedPort]:
    down = PortStatus.DOWN
    found = [SimulatedPort("et-0/1/0", "LAN", ETHERNET, _local_speed(device, fabric, demands), ())]
    for number in range(UNUSED):
        fixed = (down, down) if number == UNUSED - 1 else (PortStatus.UP, down)
        found.append(SimulatedPort(f"ge-0/2/{number}", "", ETHERNET, 1e9, (), (), fixed))
    found.append(SimulatedPort("lo0", "", LOOPBACK, 0.0, ()))
    return found


def _local_speed(device: str, fabric: Fabric, demands: Demands) -> float:
    peaks = np.asarray([flow.peak_bps for flow in demands.flows], float).reshape(-1, 1)
    row = fabric.local_row(device)
    busiest = line_sums(fabric, fabric.routed(ALL_WELL), peaks)[row : row + 2].max()
    return next((speed for speed in _SPEEDS_BPS if speed >= 2 * busiest), _SPEEDS_BPS[-1])


def _numbered(ports: list[SimulatedPort]) -> list[SimulatedPort]:
    """Give every port its ifIndex in both layouts; an interface named by number keeps it."""
    if any(port.name.removeprefix("port").isdecimal() for port in ports):
        return _numbered_as_written(ports)
    last = len(ports) - 1
    return [
        _with_numbers(port, (501 + at + (at > last // 2), 531 + last - at))
        for at, port in enumerate(ports)
    ]


def _numbered_as_written(ports: list[SimulatedPort]) -> list[SimulatedPort]:
    written = [port.name.removeprefix("port") for port in ports]
    free = max(int(text) for text in written if text.isdecimal()) + 1
    found = []
    for at, (port, text) in enumerate(zip(ports, written, strict=True)):
        number = int(text) if text.isdecimal() else free + at
        found.append(_with_numbers(port, (number, number)))
    return found


def _with_numbers(port: SimulatedPort, numbers: tuple[int, ...]) -> SimulatedPort:
    return SimulatedPort(
        port.name, port.alias, port.type, port.speed_bps, numbers, port.links, port.fixed
    )


def _entries(
    port: SimulatedPort, wires: "list[Wire] | tuple[()]", device: str, traffic: Traffic
) -> list[tuple[int, int]]:
    """Return which rows of the traffic which counter of a port counts."""
    if port.alias == "LAN" and not wires:
        row = traffic.fabric.local_row(device)
        return [(IN_BITS, row), (OUT_BITS, row + 1)]
    if port.type == LOOPBACK:
        return [(IN_BITS, traffic.own_row), (OUT_BITS, traffic.own_row)]
    found = []
    for sent, _ in wires:
        received = sent ^ 1
        found += [(IN_BITS, received), (OUT_BITS, sent)]
        found += [(IN_ERRORS, traffic.error_row(received))]
        found += [(OUT_DISCARDS, traffic.discard_row(sent))]
    return found
