"""The wiring of links as a moment saw it; compared again when something behind it changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from console.analysis.ports import find_port
from console.analysis.wiring import WiredEnd, check_wiring
from console.history.facts import DevicePorts
from console.model.inventory import Device, Link, LinkEnd
from console.model.observation import SystemFacts
from console.model.snapshot import NOT_TOLD, NeighbourView, Wiring


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """What is known of one end. `heard`: at its port, as long as it is up."""

    device: Device
    system: SystemFacts | None
    ports: DevicePorts
    heard: Sequence[NeighbourView]

    @property
    def parts(self) -> tuple[object, ...]:
        """What the comparison rests on; all of it stays the same object while it is the same."""
        return self.device, self.system, self.ports, self.heard

    def end(self, of_link: LinkEnd) -> WiredEnd:
        """Return it as the comparison needs it."""
        return WiredEnd(
            *(self.device.id, self.system.name if self.system else None, self.device.endpoint[0]),
            *(find_port(self.ports.facts, of_link.interface), self.ports.facts, self.heard),
        )


class Wirings:
    """Remembers the comparison of each link: thousands of them stand in every snapshot."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[tuple[object, ...], Wiring]] = {}

    def compare(self, link: Link, a: Side, b: Side) -> Wiring:
        """Return what the ends of a link hear of each other."""
        if not a.heard and not b.heard:
            return NOT_TOLD
        parts = (link, *a.parts, *b.parts)
        before, wiring = self._known.get(link.id, ((), NOT_TOLD))
        if len(before) != len(parts) or any(x is not y for x, y in zip(before, parts, strict=True)):
            wiring = check_wiring(a.end(link.a), b.end(link.b))
            self._known[link.id] = parts, wiring
        return wiring
