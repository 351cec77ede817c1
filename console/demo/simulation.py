"""The simulated network at any moment: what each device counts and says, which rooms answer.

A pure function of inventory, seed and time; the clock belongs to whoever asks.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from console.demo.demands import Demands, in_call
from console.demo.fabric import Fabric
from console.demo.incidents import Script
from console.demo.last_changes import LastChanges
from console.demo.lldp import Announcements
from console.demo.meter import Meter
from console.demo.mishaps import Mishaps
from console.demo.noise import stream
from console.demo.ports import DevicePorts, ports_of
from console.demo.traffic import Traffic
from console.model.inventory import Bridge, Inventory, Room
from console.model.plan import Plan
from console.model.states import PortStatus

DEFAULT_SEED = 1


@dataclass(frozen=True, slots=True)
class DeviceMoment:
    """A device that answers: `counters` (ports.COUNTERS, ports) since it came up, bits and pieces.

    `layout` says which of its numbers each port has, `changed_at_s` since when it is in its state.
    """

    booted_at_s: float
    layout: int
    counters: NDArray[np.float64]
    status: tuple[tuple[PortStatus, PortStatus], ...]
    changed_at_s: tuple[float | None, ...]


class Simulation:
    """One simulated network. `start_s` is when the live part begins, `opening_s` see Script.

    `plans`: its conferences with what calendars say; without it calendars say nothing.
    """

    def __init__(
        self,
        inventory: Inventory,
        seed: int,
        start_s: float,
        opening_s: float | None = None,
        plans: tuple[Plan, ...] | None = None,
    ) -> None:
        self.inventory = inventory
        self.seed = seed
        self.start_s = start_s
        self.demands = Demands(inventory, seed, plans)
        self.fabric = Fabric(inventory, self.demands.ends)
        mishaps = Mishaps(inventory, seed, self.demands, self.fabric)
        self.script = Script(inventory, seed, opening_s, mishaps.of_day)
        self.traffic = Traffic(self.fabric, self.demands, self.script)
        self.ports: dict[str, DevicePorts] = {
            device: ports_of(device, self.traffic, self.demands) for device in self.fabric.devices
        }
        ports = {device: have.ports for device, have in self.ports.items()}
        self.announcements = Announcements(inventory, ports)
        self.last_changes = LastChanges(self.script, ports)
        self._at_boot: dict[tuple[str, float], NDArray[np.float64]] = {}

    @cached_property
    def meter(self) -> Meter:
        """The counters' integral; only who serves counters needs it."""
        return Meter(self.traffic, self.start_s)

    def answers(self, device: str, at_s: float) -> bool:
        """Tell if a device works and can be reached from where the collector stands."""
        return device in self.fabric.routed(self.script.outage_at(at_s)).alive

    def device(self, device: str, at_s: float) -> DeviceMoment | None:
        """Return what a device counts and says, None when it does not answer."""
        outage = self.script.outage_at(at_s)
        if device not in self.fabric.routed(outage).alive:
            return None
        booted_at_s, layout = self.script.boot(device, at_s)
        have = self.ports[device]
        since_boot = self.meter.total(have.rows, at_s) - self._total_at_boot(device, booted_at_s)
        status = tuple(port.status(outage) for port in have.ports)
        changed_at_s = self.last_changes.at(device, at_s)
        return DeviceMoment(booted_at_s, layout, have.weights @ since_boot, status, changed_at_s)

    def sip_status(self, room: Room | Bridge, at_s: float) -> int | None:
        """Return what a room says to OPTIONS: 200, 486 in a conference, None when it is silent."""
        if self.silent(room, at_s):
            return None
        talking = isinstance(room, Room) and in_call(self.demands, room, at_s)
        return 486 if talking else 200

    def silent(self, room: Room | Bridge, at_s: float) -> bool:
        """Tell if a room or bridge is lost, or its site cannot be reached."""
        reached = self.fabric.routed(self.script.outage_at(at_s)).alive
        here = [device.id for device in self.inventory.devices if device.site == room.site]
        cut_off = bool(here) and reached.isdisjoint(here)
        return cut_off or room.id in self.script.lost_rooms(at_s)

    def _total_at_boot(self, device: str, booted_at_s: float) -> NDArray[np.float64]:
        key = (device, booted_at_s)
        if key not in self._at_boot:
            rows = self.ports[device].rows
            early_s = self.meter.origin_s - booted_at_s
            if early_s > 0:
                guess_bps = np.asarray(
                    [1e6 + stream(self.seed, "idle", row) % 10**8 for row in rows]
                )
                lines = rows < self.fabric.line_rows
                self._at_boot[key] = np.where(lines, -np.floor(guess_bps * early_s), 0.0)
            else:
                self._at_boot[key] = self.meter.total(rows, booted_at_s)
        return self._at_boot[key]
