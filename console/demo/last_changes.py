"""When each port of a simulated device came into its state: what ifLastChange tells."""

from collections.abc import Iterator, Mapping
from functools import cache

from console.demo.fabric import Outage
from console.demo.incidents import DAY_S, Script
from console.demo.ports import SimulatedPort

COMES_UP_S = 20.0  # after a boot the ports that carry something take so long

_Span = tuple[float, Outage, frozenset[str]]  # began, what is out, what is otherwise than before


class LastChanges:
    """Looks back in the script as far as the device's boot. `ports` are those of all devices."""

    def __init__(self, script: Script, ports: Mapping[str, tuple[SimulatedPort, ...]]) -> None:
        self._script = script
        self._ports = ports
        self._things = {
            device: frozenset(thing for port in of for link in port.links for thing in link)
            for device, of in ports.items()
        }
        self._spans = cache(self._day)
        self._known: dict[str, tuple[tuple[float, float], tuple[float | None, ...]]] = {}

    def at(self, device: str, at_s: float) -> tuple[float | None, ...]:
        """Return since when the device's ports are as they are at a moment, UTC seconds.

        None: since before the device came up, because it has nothing to do with that.
        """
        booted_at_s, _layout = self._script.boot(device, at_s)
        key = booted_at_s, next(self._back(at_s))[0]
        known = self._known.get(device)
        if known is None or known[0] != key:
            known = self._known[device] = key, self._look_back(device, at_s, booted_at_s)
        return known[1]

    def _look_back(self, device: str, at_s: float, booted_at_s: float) -> tuple[float | None, ...]:
        up_s = booted_at_s + COMES_UP_S
        ports, things = self._ports[device], self._things[device]
        found: list[float | None] = [up_s if port.links or port.alias else None for port in ports]
        left = {place for place, port in enumerate(ports) if port.links}
        for began_s, outage, changed in self._back(at_s):
            if began_s <= up_s or not left:
                break
            if not things.isdisjoint(changed):
                before = self._script.outage_at(began_s - 0.001)
                turned = {p for p in left if ports[p].status(before) != ports[p].status(outage)}
                for place in turned:
                    found[place] = began_s
                left -= turned
        return tuple(found)

    def _back(self, at_s: float) -> Iterator[_Span]:
        """Go back over the times in which the same things are out."""
        day = int(at_s // DAY_S)
        while True:
            for span in reversed(self._spans(day)):
                if span[0] <= at_s:
                    yield span
            day -= 1

    def _day(self, day: int) -> tuple[_Span, ...]:
        before = self._script.outage_at(day * DAY_S - 0.001)
        found = []
        for began_s, _ended_s, outage in self._script.outages(day * DAY_S, (day + 1) * DAY_S):
            changed = (before.links ^ outage.links) | (before.devices ^ outage.devices)
            found.append((began_s, outage, changed))
            before = outage
        return tuple(found)
