"""From what devices hear to the links between them, matched at both ends. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from console.model.found import End, Found, FoundLink, HalfLink
from console.model.observation import Neighbour, PortFacts

MOST_AT_PORT = 16  # neighbours believed at one port: behind it is a bridge that keeps silent


@dataclass(frozen=True, slots=True)
class _Sighting:
    """A device hears another one at a port; `there` is None where its port cannot be told."""

    here: End
    device: int
    there: End | None
    told: str


def match_links(devices: Sequence[Found]) -> tuple[list[FoundLink], list[HalfLink]]:
    """Return the links, each once, and the sightings that no link accounts for."""
    sightings = list(_sightings(devices))
    whole = {(s.here, s.there) for s in sightings if s.there is not None}
    links = _believed(whole)
    rest = [s for s in sightings if s.there is None]
    links += _paired(_unaccounted(rest, links))
    halves = [HalfLink(s.here, s.device, s.told) for s in _unaccounted(rest, links)]
    return sorted(links, key=_ends), list(dict.fromkeys(halves))


def _ends(link: FoundLink) -> tuple[End, End]:
    return link.a, link.b


def _believed(pairs: set[tuple[End, End]]) -> list[FoundLink]:
    """Make one link of both directions; what one end alone says yields to what two ends say."""
    sure = {(a, b) for a, b in pairs if (b, a) in pairs and a < b}
    taken = {end for pair in sure for end in pair}
    vague = {
        (min(a, b), max(a, b))
        for a, b in pairs
        if (b, a) not in pairs and a not in taken and b not in taken
    }
    return [FoundLink(a, b, True) for a, b in sure] + [FoundLink(a, b, False) for a, b in vague]


def _unaccounted(sightings: Iterable[_Sighting], links: Iterable[FoundLink]) -> list[_Sighting]:
    """Return the sightings at ports that have no link to the device seen."""
    known = {(link.a, link.b.device) for link in links}
    known |= {(link.b, link.a.device) for link in links}
    return [s for s in sightings if (s.here, s.device) not in known]


def _paired(sightings: Sequence[_Sighting]) -> list[FoundLink]:
    """Join two devices that see each other at one port each and cannot name the other's."""
    seen: dict[tuple[int, int], set[End]] = defaultdict(set)
    for sighting in sightings:
        seen[sighting.here.device, sighting.device].add(sighting.here)
    found = []
    for (here, there), ends in seen.items():
        others = seen.get((there, here), set())
        if here < there and len(ends) == 1 and len(others) == 1:
            found.append(FoundLink(min(ends), min(others), both=True))
    return found


def _sightings(devices: Sequence[Found]) -> Iterator[_Sighting]:
    finder = DeviceFinder(devices)
    for number, device in enumerate(devices):
        at_port: Counter[str] = Counter()
        for neighbour in device.neighbours:
            other = finder.find(neighbour)
            if other is None or other == number or neighbour.port_key is None:
                continue
            at_port[neighbour.port_key] += 1
            if at_port[neighbour.port_key] <= MOST_AT_PORT:
                key = port_heard(devices[other], neighbour)
                there = None if key is None else End(other, key)
                told = neighbour.remote_port
                yield _Sighting(End(number, neighbour.port_key), other, there, told)


class DeviceFinder:
    """Finds the device that a neighbour is: by chassis, by address, by name."""

    def __init__(self, devices: Sequence[Found]) -> None:
        self._devices = devices
        self._ways: tuple[dict[str, list[int]], ...] = (
            _index((d.chassis,) for d in devices),
            _index(map(_hosts, devices)),
            _index((d.system.name,) for d in devices),
        )

    def find(self, neighbour: Neighbour) -> int | None:
        """Return the device's place, None where none or not just one can be meant."""
        for way, texts in zip(self._ways, _told(neighbour), strict=True):
            found = {number for text in texts for number in way.get(text.lower(), ())}
            if len(found) > 1:
                found = {n for n in found if self._devices[n].system.name == neighbour.name}
            if len(found) == 1:
                return found.pop()
        return None


def _told(neighbour: Neighbour) -> tuple[Sequence[str], ...]:
    return (neighbour.chassis,), neighbour.addresses, (neighbour.name, neighbour.chassis)


def _hosts(device: Found) -> Sequence[str]:
    return device.addresses


def _index(texts: Iterable[Sequence[str]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for number, of_device in enumerate(texts):
        for text in of_device:
            if text:
                found[text.lower()].append(number)
    return found


def port_heard(device: Found, neighbour: Neighbour) -> str | None:
    """Return the key of the port of `device` that a neighbour's words mean, None if unclear."""
    told, descr = neighbour.remote_port, neighbour.remote_port_descr
    known: Mapping[str, str] = device.own_ports
    if told in known:
        return known[told]
    for text in (told, descr):
        for way in (_name, _descr, _alias):
            found = [port.key for port in device.ports if text and way(port) == text]
            if len(found) == 1:
                return found[0]
    if told.isdecimal():
        return next((p.key for p in device.ports if str(p.if_index) == told), None)
    return None


def _name(port: PortFacts) -> str:
    return port.name


def _descr(port: PortFacts) -> str:
    return port.descr


def _alias(port: PortFacts) -> str:
    return port.alias or ""
