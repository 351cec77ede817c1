"""Is a link wired as the inventory says? Compared with what its ends hear by LLDP and CDP. Pure.

Only what is sure contradicts: a neighbour without a name, or a port that nobody has, tells nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from console.analysis.ports import Named
from console.model.snapshot import NOT_TOLD, NeighbourView, Wiring
from console.model.states import Wired

_SUFFIX = re.compile(r"\(.*\)$")  # CDP: name(serial number)
_MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}")
_LOOPBACK = ("127.", "::1")
_GRAVITY = (Wired.AGREES, Wired.WRONG_PORT, Wired.WRONG_NEIGHBOUR)  # the first that is heard holds


@dataclass(frozen=True, slots=True)
class WiredEnd:
    """One end of a link.

    `sys_name` is None until the device told it. `port` is the end's own among the device's `ports`.
    `heard`: at that port, as long as it is up.
    """

    device: str
    sys_name: str | None
    address: str
    port: Named | None
    ports: Sequence[Named]
    heard: Sequence[NeighbourView]


def check_wiring(a: WiredEnd, b: WiredEnd) -> Wiring:
    """Return what the ends hear of each other; a contradiction at one end is one."""
    found = [_heard(a, b), _heard(b, a)]
    for wiring in found:
        if wiring.state.contradicts:
            return wiring
    return found[1] if found[0].state is Wired.NOT_TOLD else found[0]


def is_device(
    neighbour: NeighbourView, device: str, sys_name: str | None, address: str = ""
) -> bool:
    """Tell whether a neighbour is this device, by its names or its numeric address.

    A loopback address is everybody's.
    """
    if address in neighbour.addresses and not address.startswith(_LOOPBACK):
        return True
    names = [name for name in (device, sys_name) if name]
    told = [name for name in (neighbour.remote_name, neighbour.chassis) if name]
    return any(_same_name(one, other) for one in told for other in names)


def _heard(end: WiredEnd, other: WiredEnd) -> Wiring:
    """Return what one end hears; where several are heard, one that is right is enough."""
    states = [(_compare(neighbour, other), neighbour) for neighbour in end.heard]
    for state in _GRAVITY:
        for told, neighbour in states:
            if told is state:
                return Wiring(state, neighbour if state.contradicts else None)
    return NOT_TOLD


def _compare(neighbour: NeighbourView, other: WiredEnd) -> Wired:
    if not is_device(neighbour, other.device, other.sys_name, other.address):
        named = neighbour.remote_name and not _MAC.fullmatch(neighbour.remote_name)
        return Wired.WRONG_NEIGHBOUR if named and other.sys_name else Wired.NOT_TOLD
    told = {neighbour.remote_port, neighbour.remote_port_descr} - {""}
    port = other.port
    if port is None or str(port.if_index) in told or not told.isdisjoint(_words(port)):
        return Wired.AGREES
    elsewhere = any(not told.isdisjoint(_words(another)) for another in other.ports)
    return Wired.WRONG_PORT if elsewhere else Wired.AGREES


def _words(port: Named) -> set[str]:
    """Return what a port is called; its ifIndex is not: LLDP may number ports by itself."""
    return {port.name, port.descr, port.alias or ""} - {""}


def _same_name(one: str, other: str) -> bool:
    """Compare host names; one without a domain is the same in any."""
    host, _dot, domain = _SUFFIX.sub("", one).strip().casefold().partition(".")
    other_host, _dot, other_domain = _SUFFIX.sub("", other).strip().casefold().partition(".")
    return host == other_host and (domain == other_domain or not domain or not other_domain)
