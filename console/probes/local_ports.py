"""Which interface an LLDP port is: its number is the ifIndex on some devices only. Pure."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from console.model.observation import PortFacts
from console.probes.announced import mac_text, plain_text
from console.snmp.ber import Value

# Of lldpLocPortIdSubtype (IEEE 802.1AB, 8.5.3.2).
_ALIAS, _MAC, _NETWORK = 1, 3, 4


@dataclass(frozen=True, slots=True)
class LocalPort:
    """A port as the agent's LLDP calls it: lldpLocPortIdSubtype, lldpLocPortId, lldpLocPortDesc."""

    subtype: Value = None
    id: Value = None
    descr: Value = None


def match_ports(
    announced: Mapping[int, LocalPort], ports: Sequence[PortFacts], macs: Mapping[int, bytes]
) -> dict[int, PortFacts]:
    """Return the interface of each LLDP port number that can be told.

    Told by the port's id, then by its description; the number itself is believed last, and only
    where no other LLDP port is that interface. `macs`: ifPhysAddress by ifIndex.
    """
    by_mac = _unique_macs(ports, macs)
    found: dict[int, PortFacts] = {}
    for number, port in announced.items():
        known = _told(port, ports, by_mac)
        if known is not None:
            found[number] = known
    taken = {port.if_index for port in found.values()}
    by_index = {port.if_index: port for port in ports if port.if_index not in taken}
    for number in announced.keys() - found.keys():
        if number in by_index:
            found[number] = by_index[number]
    return found


def _told(
    port: LocalPort, ports: Sequence[PortFacts], by_mac: Mapping[str, PortFacts]
) -> PortFacts | None:
    is_text = port.subtype not in (_MAC, _NETWORK)
    text = plain_text(port.id) if is_text else ""
    if port.subtype == _MAC and isinstance(port.id, bytes):
        known = by_mac.get(mac_text(port.id))
    else:
        known = _named(text, ports, _ALIAS_FIRST if port.subtype == _ALIAS else _NAME_FIRST)
    # An ifIndex as text is believed after the description: it may be LLDP's own number again.
    return known or _named(plain_text(port.descr), ports, _NAME_FIRST) or _indexed(text, ports)


def _unique_macs(ports: Sequence[PortFacts], macs: Mapping[int, bytes]) -> dict[str, PortFacts]:
    """Return the ports that alone have their address: on some devices all share one."""
    counts = Counter(macs.values())
    return {
        mac_text(macs[port.if_index]): port
        for port in ports
        if counts[macs.get(port.if_index, b"")] == 1
    }


def _named(
    text: str, ports: Sequence[PortFacts], columns: Sequence[Callable[[PortFacts], str]]
) -> PortFacts | None:
    """Return the port that alone is called so in the first of the columns that decides."""
    for column in columns:
        found = [port for port in ports if text and column(port) == text]
        if len(found) == 1:
            return found[0]
    return None


def _indexed(text: str, ports: Sequence[PortFacts]) -> PortFacts | None:
    return next((port for port in ports if str(port.if_index) == text), None)


def _alias(port: PortFacts) -> str:
    return port.alias or ""


_NAME_FIRST = (attrgetter("name"), attrgetter("descr"), _alias)
_ALIAS_FIRST = (_alias, attrgetter("name"), attrgetter("descr"))
