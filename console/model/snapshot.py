"""The network at one moment: all that a panel or a command may know. Cannot tell live from past.

Ages are seconds at the snapshot's moment. A value that is too old, or was seen only before the
collector fell silent, is UNKNOWN or None already: whoever draws it needs no clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from console.model.inventory import Inventory
from console.model.observation import ChassisFacts, RoomFacts
from console.model.plan import Plan
from console.model.states import CollectorState, RoomState, State, Wired

if TYPE_CHECKING:
    import networkx


@dataclass(frozen=True, slots=True)
class Cycle:
    """One round of the shortest interface interval. Order is by id, never by time."""

    id: int
    at_s: float


@dataclass(frozen=True, slots=True)
class Collector:
    """How the collector stood. The age is 0 up to 2 s, and None before the first beat."""

    state: CollectorState
    heartbeat_age_s: float | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is as it is. `argument` fills the sentence of `code`, such as a device id."""

    code: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class SiteView:
    """A site: what its devices add up to."""

    id: str
    state: State


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A device. `since_s`: when its state began; `loss`: share of unanswered pings in 5 min."""

    id: str
    state: State
    since_s: float | None
    reasons: tuple[Reason, ...]
    rtt_ms: float | None
    loss: float | None
    uptime_s: float | None
    sys_name: str | None
    sys_descr: str | None
    age_s: float | None
    chassis: ChassisFacts | None = None  # None where the device tells nothing of it
    sys_location: str | None = None
    sys_object_id: str | None = None


@dataclass(frozen=True, slots=True)
class NeighbourView:
    """A neighbour that a device hears at a port; `port` as in PortView, None where not told.

    Texts are "" where not told. `remote_port` is the port id; `addresses` are for management.
    """

    device: str
    port: int | None
    port_name: str
    protocol: str
    remote_name: str
    remote_port: str
    remote_port_descr: str
    chassis: str
    descr: str
    addresses: tuple[str, ...]

    @property
    def port_word(self) -> str:
        """What to call the neighbour's port: its id, unless a MAC address has a description."""
        is_mac = self.remote_port.count(":") == 5
        return (is_mac and self.remote_port_descr) or self.remote_port


@dataclass(frozen=True, slots=True)
class Wiring:
    """Whether a link is wired as the inventory says; where not, who hears what (`heard`)."""

    state: Wired
    heard: NeighbourView | None = None


NOT_TOLD = Wiring(Wired.NOT_TOLD)


class PortView(NamedTuple):
    """A port; `port` is its number in the history, the key for series.

    `last_change_s`: when it came into its state (UTC), None where the device does not tell.
    A named tuple, because a snapshot makes thousands: five times as fast as a frozen dataclass.
    """

    port: int
    device: str
    if_index: int
    name: str
    alias: str | None
    type: int | None
    speed_bps: float | None
    admin: str
    oper: str
    in_bps: float | None
    out_bps: float | None
    in_errors_ps: float | None
    out_errors_ps: float | None
    in_discards_ps: float | None
    out_discards_ps: float | None
    age_s: float | None
    last_change_s: float | None = None


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link, both directions. a_to_b is what a's end sends, else what b's end receives.

    `a_port`, `b_port`: the ports of its ends in the history, None where not seen yet. A load is
    the rate over the capacity, 0..1 and above.
    """

    id: str
    a_device: str
    b_device: str
    a_site: str
    b_site: str
    a_port: int | None
    b_port: int | None
    state: State
    since_s: float | None
    reasons: tuple[Reason, ...]
    capacity_bps: float | None
    a_to_b_bps: float | None
    b_to_a_bps: float | None
    a_to_b_load: float | None
    b_to_a_load: float | None
    age_s: float | None
    wiring: Wiring = NOT_TOLD

    @property
    def load(self) -> float | None:
        """The larger known load of the two directions."""
        known = [x for x in (self.a_to_b_load, self.b_to_a_load) if x is not None]
        return max(known) if known else None


@dataclass(frozen=True, slots=True)
class RoomView:
    """A room or a bridge; `facts` is what it told of itself lately, None where nothing."""

    id: str
    site: str
    name: str
    state: RoomState
    since_s: float | None
    registered: bool | None
    reasons: tuple[Reason, ...]
    rtt_ms: float | None
    age_s: float | None
    facts: RoomFacts | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The network at `at_s`; `inventory` and `graph` are those in force then, None before any.

    `graph` is one networkx.MultiGraph: a node per device (`site`, `role`), an edge per link whose
    key is the link's id (`capacity_bps`, `cost`). It is shared and frozen.
    """

    at_s: float
    live: bool
    cycle: Cycle | None
    collector: Collector
    inventory: Inventory | None
    graph: "networkx.MultiGraph | None"
    sites: Mapping[str, SiteView]
    devices: Mapping[str, DeviceView]
    ports: Mapping[str, tuple[PortView, ...]]  # by device id, in ifIndex order
    links: Mapping[str, LinkView]
    rooms: Mapping[str, RoomView]
    bridges: Mapping[str, RoomView]
    neighbours: Mapping[str, tuple[NeighbourView, ...]] = field(default_factory=dict)  # by device
    plans: tuple[Plan, ...] = ()  # every planned conference
