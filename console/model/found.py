"""What a walk over neighbours found, before anything is concluded from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from console.model.observation import Neighbour, PortFacts, SystemFacts


@dataclass(frozen=True, slots=True)
class Found:
    """A device that answered. `known` is its id in the inventory, where it is in one.

    `chassis` is what its neighbours hear by LLDP, `own_ports` its ports' keys by the port ids
    they hear; `serial` is "" where it is not told.
    """

    address: str  # as an inventory writes it
    system: SystemFacts
    ports: tuple[PortFacts, ...]
    neighbours: tuple[Neighbour, ...] = ()
    chassis: str = ""
    serial: str = ""
    own_ports: Mapping[str, str] = field(default_factory=dict)
    known: str | None = None
    addresses: tuple[str, ...] = ()  # every one it answered at

    @property
    def identity(self) -> tuple[str, ...]:
        """The same for the same device at whichever of its addresses."""
        name = self.system.name
        if self.chassis:
            return "chassis", self.chassis, name
        if self.serial and name:
            return "serial", self.serial, name
        ports = sorted(text for text in self.own_ports if ":" in text)
        return ("ports", name, self.system.object_id, *ports) if ports else ("at", self.address)

    @property
    def label(self) -> str:
        """What to call it."""
        return self.system.name or self.address


@dataclass(frozen=True, slots=True)
class Silent:
    """A device that was heard of, or is in the inventory, and did not answer as it should."""

    address: str
    name: str  # as announced, or its id in the inventory
    heard_at: str  # device and port that hear it, "" where nobody does
    reason: str  # a code, see console.texts
    known: str | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """All that was found. `cut` says by which bounds there may be more: depth, count, time."""

    found: tuple[Found, ...]
    silent: tuple[Silent, ...]
    cut: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class End:
    """A port: the device's place in Walk.found, and the port's key."""

    device: int
    key: str


@dataclass(frozen=True, slots=True)
class FoundLink:
    """Two ports that are joined. `both`: each end hears the other."""

    a: End
    b: End
    both: bool


@dataclass(frozen=True, slots=True)
class HalfLink:
    """A neighbour that is known, at a port of its that cannot be told."""

    a: End
    b: int
    remote_port: str
