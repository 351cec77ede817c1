"""What the collector saw, on its way into the history. Written by probes, stored by the writer."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from console.model.events import Event, EventCount
from console.model.plan import Plan
from console.model.readiness import Assessment
from console.model.rehearsal import Rehearsal
from console.model.report import ConferenceReport
from console.model.states import Outcome


@dataclass(frozen=True, slots=True)
class SystemFacts:
    """The system group of a device. `booted_at_s` (UTC): from sysUpTime or snmpEngineTime."""

    name: str
    descr: str
    object_id: str
    location: str
    booted_at_s: float | None


@dataclass(frozen=True, slots=True)
class PortFacts:
    """What rarely changes of a port. `key` names the port over renumbering (see analysis.ports)."""

    key: str
    if_index: int
    name: str  # ifName, else ifDescr
    descr: str
    alias: str | None  # "" when empty, None when the agent has no ifXTable
    type: int | None
    speed_bps: float | None


@dataclass(frozen=True, slots=True)
class PortChange:
    """When a port came into its state: ifLastChange and that moment; None where not told."""

    key: str
    ticks: int | None
    at_s: float | None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What a device hears at one of its ports from the device at the other end.

    `port_key` is the local port's key (PortFacts), None where the agent does not let it be told;
    `port` then is what the agent calls it, else the port's name. Ids are text: MAC addresses in
    lower case with colons, network addresses as written; "" where not told.
    """

    protocol: str  # lldp or cdp
    port_key: str | None
    port: str
    name: str  # sysName; CDP: device id
    chassis: str  # CDP: device id
    remote_port: str  # port id
    remote_port_descr: str
    descr: str  # sysDescr; CDP: platform
    addresses: tuple[str, ...]  # for management, numeric

    @property
    def remote_name(self) -> str:
        """What to call the neighbour."""
        return self.name or self.chassis


@dataclass(frozen=True, slots=True)
class ChassisFacts:
    """What a device is made of (ENTITY-MIB); "" where the agent does not tell."""

    descr: str
    model: str
    serial: str
    hardware: str  # revisions
    firmware: str
    software: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a device told of its neighbours and itself when asked. `at_ms`: see DevicePoll.

    `chassis` is None where it tells nothing of it.
    """

    device: str
    cycle: int
    at_ms: int
    neighbours: tuple[Neighbour, ...]
    chassis: ChassisFacts | None


class PortSample(NamedTuple):
    """One port at one poll. Rates are means since the poll before; None where not known.

    A named tuple, because a poll makes one a port: four times as fast as a frozen dataclass.
    """

    key: str
    admin: int | None
    oper: int | None
    in_bps: float | None
    out_bps: float | None
    in_errors_ps: float | None = None
    out_errors_ps: float | None = None
    in_discards_ps: float | None = None
    out_discards_ps: float | None = None


@dataclass(frozen=True, slots=True)
class DevicePoll:
    """One device asked once. `at_ms` counts from the start of the cycle in which it was asked.

    `system` and `port_facts` are None where they are as last time; `ports` is empty on failure.
    `changes` are those that were not told before.
    """

    device: str
    cycle: int
    at_ms: int
    outcome: Outcome
    rtt_us: int | None = None
    detail: str | None = None  # code of the failure: snmp_timeout, snmp_auth:profile, …
    system: SystemFacts | None = None
    port_facts: tuple[PortFacts, ...] | None = None
    ports: tuple[PortSample, ...] = ()
    changes: tuple[PortChange, ...] = ()


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """What a room or bridge tells of itself over its own protocol; None where it does not.

    `findings` are reason codes, some with an argument after a colon ("diagnostics_error:Fan",
    "microphone_muted"); which of them degrade a room is a table in `analysis.rooms`. `calls` are
    the calls or conferences in progress, `participants` their legs.
    """

    registered: bool | None = None
    in_call: bool | None = None
    standby: bool | None = None
    calls: int | None = None
    participants: int | None = None
    receive_bps: float | None = None
    transmit_bps: float | None = None
    loss: float | None = None  # 0..1 of the call's media
    encryption: str | None = None
    microphones: str | None = None  # on, muted, none, failed
    camera: str | None = None  # connected, none, failed
    displays: int | None = None
    model: str | None = None
    serial: str | None = None
    software: str | None = None
    uptime_s: float | None = None
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """One answer, or none, of one probe (a ping, a SIP OPTIONS) of a subject.

    `probe` tells probes of one subject apart: "icmp", or "sip sip:room@host". `detail` is a code.
    `facts` is what a room told of itself, None where it does not speak of such.
    """

    subject: str
    probe: str
    cycle: int
    at_ms: int
    outcome: Outcome
    rtt_us: int | None = None
    detail: str | None = None
    facts: RoomFacts | None = None


FAR_PATH = "stamp-from "  # begins the name of a path that does not begin at the collector


@dataclass(frozen=True, slots=True)
class PathWindow:
    """What probe packets along one path saw in a few seconds. `at_ms`: see DevicePoll.

    `path` names how it was measured, such as "icmp 10.1.2.3" or "stamp 10.1.2.4 34", or
    "stamp-from refl-tr 34" by the reflector refl-tr, who told it afterwards (`at_ms` below 0);
    `subject` is the room, bridge, site or reflector at its far end. Of `sent` packets `lost` did
    not come back, `lost_there` of them on the way out and `lost_back` on the way in (None: cannot
    be told apart).
    `jitter_us` is the mean absolute difference of successive round trips over `pairs` of them; the
    one-way ones need no common clock. Times are None where nothing came back.
    """

    subject: str
    path: str
    cycle: int
    at_ms: int
    lasts_ms: int
    sent: int
    lost: int
    lost_there: int | None = None
    lost_back: int | None = None
    rtt_us: int | None = None  # mean
    rtt_max_us: int | None = None
    pairs: int = 0
    jitter_us: int | None = None
    jitter_there_us: int | None = None
    jitter_back_us: int | None = None


@dataclass(frozen=True, slots=True)
class Frozen:
    """An assessment that was kept as it was at a gate (such as "60m") before a conference."""

    gate: str
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class Transition:
    """The collector's judgement of a subject (device, link, room, bridge) changed.

    `state` is a value of State or RoomState; `reasons` are codes with an optional argument,
    such as "snmp_timeout" or "behind:mz-r1".
    """

    subject: str
    cycle: int
    at_ms: int
    state: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything of one commit. `stored_at_s` is its moment: from then on readers can see it."""

    cycle: int
    stored_at_s: float
    polls: tuple[DevicePoll, ...] = ()
    probes: tuple[ProbeResult, ...] = ()
    transitions: tuple[Transition, ...] = ()
    looks: tuple[DevicePoll, ...] = ()  # out of turn: how the ports stand, without rates
    events: tuple[Event, ...] = ()
    event_counts: tuple[EventCount, ...] = ()
    surroundings: tuple[Surroundings, ...] = ()
    windows: tuple[PathWindow, ...] = ()
    plans: tuple[Plan, ...] | None = None  # None: as last time
    frozen: tuple[Frozen, ...] = ()
    reports: tuple[ConferenceReport, ...] = ()
    rehearsals: tuple[Rehearsal, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """Errors and discards of a port in one cycle of a bucket, per second. Only what is not zero."""

    cycle: int
    port: int  # column in PastBucket.ports
    in_errors_ps: float
    out_errors_ps: float
    in_discards_ps: float
    out_discards_ps: float


@dataclass(frozen=True, slots=True)
class PastBucket:
    """Ten whole cycles at once, as columns, for writing a long past quickly.

    `first_cycle` is a multiple of ten. Shapes: `cycle_at_s` (10,); `at_ms`, `outcome`, `rtt_us`
    (10, devices), rtt_us -1 where unknown; `in_bps`, `out_bps` (10, ports), NaN where not
    answered. `ports` are (device, port key) and stay in the same order from bucket to bucket.
    `port_states` are (cycle, column in ports, admin, oper): changes only, and all ports at first.
    `changes` are (cycle, column in devices, what its poll in that cycle told).
    """

    first_cycle: int
    cycle_at_s: NDArray[np.float64]
    devices: tuple[str, ...]
    at_ms: NDArray[np.int64]
    outcome: NDArray[np.int64]
    rtt_us: NDArray[np.int64]
    ports: tuple[tuple[str, str], ...]
    in_bps: NDArray[np.float64]
    out_bps: NDArray[np.float64]
    faults: tuple[Fault, ...] = ()
    port_states: tuple[tuple[int, int, int, int], ...] = ()
    changes: tuple[tuple[int, int, PortChange], ...] = ()
    surroundings: tuple[Surroundings, ...] = ()
    probes: tuple[ProbeResult, ...] = ()
    transitions: tuple[Transition, ...] = ()
    windows: tuple[PathWindow, ...] = ()
