"""The words for how things stand, as the contract spells them."""

from enum import IntEnum, StrEnum


class State(StrEnum):
    """Of a site, device, link or service. Links know up, degraded, down and unknown only."""

    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"
    MAINTENANCE = "maintenance"


class RoomState(StrEnum):
    """Of a room or a bridge."""

    IDLE = "idle"
    IN_CALL = "in_call"
    STANDBY = "standby"
    DEGRADED = "degraded"
    DOWN = "down"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


class Wired(StrEnum):
    """Of a link, by what its ends hear. What contradicts is spelled as a reason's code."""

    AGREES = "agrees"
    WRONG_PORT = "lldp_port"
    WRONG_NEIGHBOUR = "lldp_neighbour"
    NOT_TOLD = "not_told"

    @property
    def contradicts(self) -> bool:
        """True where the inventory and the devices differ."""
        return self in (Wired.WRONG_PORT, Wired.WRONG_NEIGHBOUR)


class CollectorState(StrEnum):
    """Of the collector, as the history tells."""

    RUNNING = "running"
    SILENT = "silent"  # no heartbeat though it never said goodbye
    STOPPED = "stopped"  # ended on request
    NEVER = "never"  # nothing was recorded up to this moment


class Outcome(IntEnum):
    """What came of one question to a device, room or service. The numbers are stored."""

    OK = 0
    REPEATED = 1  # answered from a cache: alive, but no new counters
    TIMEOUT = 2
    REFUSED = 3  # wrong credentials, or the peer says no
    GARBLED = 4  # an answer nobody can read
    BUSY = 5  # SIP 486: alive and in a call
    ERROR = 6  # could not even ask: name does not resolve, network unreachable

    @property
    def alive(self) -> bool:
        """True when the other side answered as itself."""
        return self in (Outcome.OK, Outcome.REPEATED, Outcome.BUSY)


class PortStatus(IntEnum):
    """ifAdminStatus and ifOperStatus (RFC 2863)."""

    UP = 1
    DOWN = 2
    TESTING = 3
    UNKNOWN = 4
    DORMANT = 5
    NOT_PRESENT = 6
    LOWER_LAYER_DOWN = 7

    @property
    def mib_name(self) -> str:
        """The MIB's own word."""
        return _MIB_NAMES[self - 1]


_MIB_NAMES = ("up", "down", "testing", "unknown", "dormant", "notPresent", "lowerLayerDown")
