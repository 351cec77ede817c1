"""A scene: what a snapshot looks like at one scale, ready to paint and to point at."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from console.model.snapshot import LinkView, RoomView, Snapshot
from console.model.states import RoomState, State
from widgets.map.captions import Caption
from widgets.map.geometry import Geometry, Level
from widgets.map.sprites import NOTHING
from widgets.map.strokes import Batch, LinkLook
from widgets.map.topology import Topology


class Emphasis(Enum):
    """What the symbols tell: how the network stands, or how its rooms stand."""

    NETWORK = "network"
    ROOMS = "rooms"


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What is drawn. `node_states` go with the geometry's nodes, as values of a state."""

    topology: Topology
    geometry: Geometry
    look: LinkLook
    batches: tuple[Batch, ...]
    node_states: tuple[str, ...]
    captions: tuple[Caption, ...]
    links: Mapping[str, LinkView]


def node_states(snapshot: Snapshot, geometry: Geometry, emphasis: Emphasis) -> tuple[str, ...]:
    """Return the state of every node; what the snapshot does not tell of is unknown."""
    if geometry.level > Level.STATE:
        devices = (snapshot.devices.get(node) for node in geometry.nodes)
        return tuple((x.state if x else State.UNKNOWN).value for x in devices)
    if emphasis is Emphasis.ROOMS:
        rooms = rooms_by_site(snapshot)
        return tuple(worst_room(rooms.get(node, ())) for node in geometry.nodes)
    sites = (snapshot.sites.get(node) for node in geometry.nodes)
    return tuple((x.state if x else State.UNKNOWN).value for x in sites)


def rooms_by_site(snapshot: Snapshot) -> dict[str, list[RoomView]]:
    """Return rooms and bridges by the site they are at."""
    found: dict[str, list[RoomView]] = {}
    for room in (*snapshot.rooms.values(), *snapshot.bridges.values()):
        found.setdefault(room.site, []).append(room)
    return found


_WORST_FIRST = (
    *(RoomState.DOWN, RoomState.UNREACHABLE, RoomState.DEGRADED, RoomState.UNKNOWN),
    *(RoomState.IN_CALL, RoomState.IDLE, RoomState.STANDBY),
)


def worst_room(rooms: "list[RoomView] | tuple[()]") -> str:
    """Return the worst state among rooms, NOTHING where there are none."""
    return str(min((room.state for room in rooms), key=_WORST_FIRST.index, default=NOTHING))
