"""Folds what probes saw into states: outcomes in, transitions out. No clock, no file.

The collector feeds it while it polls; feeding it the same outcomes again gives the same states.
"""

from collections import deque
from collections.abc import Mapping

from console.analysis.ports import find_port
from console.analysis.states import (
    FAULT_WINDOW_S,
    Answers,
    End,
    Judgement,
    cut_off,
    device_state,
    link_state,
    room_state,
)
from console.model.inventory import Bridge, Inventory, Link, LinkEnd, Room
from console.model.observation import DevicePoll, PortFacts, PortSample, ProbeResult, Transition
from console.model.states import Outcome, RoomState, State
from console.model.url_secrets import without_secrets

PING = "icmp"  # the name of a device's own ping among probe results


def probe_name(protocol: str, target: str) -> str:
    """Name a probe of a room or bridge in the history: without the password of its URL."""
    return f"{protocol} {without_secrets(target)}"


class Judge:
    """Remembers how everything stood and says what an outcome changes.

    `resumed` are the newest transitions of an earlier run: their states hold until new outcomes
    say otherwise.
    """

    def __init__(
        self, inventory: Inventory, resumed: Mapping[str, Transition] | None = None
    ) -> None:
        self._links = _Links(inventory)
        self._rooms = _Rooms(inventory)
        self.standing: dict[str, Judgement] = {}
        stood = resumed or {}
        for device in inventory.devices:
            self.standing[device.id] = _resumed(stood.get(device.id), State)
        for link in inventory.links:
            self.standing[link.id] = _resumed(stood.get(link.id), State)
        for room in self._rooms.ids:
            self.standing[room] = _resumed(stood.get(room), RoomState)
        self._broken = {link for link in self._links.ids if self._is_down(link)}
        self._devices = _Devices(inventory, self.standing)

    def poll(self, poll: DevicePoll) -> tuple[Transition, ...]:
        """Take in one poll of a device; return what it changes."""
        if not self._devices.knows(poll.device):
            return ()
        reason = poll.detail or f"snmp_{poll.outcome.name.lower()}"
        lost = self._devices.asked(poll.device, poll.outcome, reason)
        links = self._links.poll(poll, lost)
        judged = {link: self._links.judge(link, self.standing[link]) for link in links}
        changed = self._settle(judged, poll.cycle, poll.at_ms)
        return changed + self._settle(self._reach(), poll.cycle, poll.at_ms)

    def probe(self, result: ProbeResult) -> tuple[Transition, ...]:
        """Take in one ping or call of a device, room or bridge; return what it changes."""
        subject = result.subject
        protocol = result.probe.partition(" ")[0]
        word = "ping" if protocol == PING else protocol
        reason = result.detail or f"{word}_{result.outcome.name.lower()}"
        judged: Mapping[str, Judgement] = {}
        if self._devices.knows(subject):
            self._devices.pinged(subject, result.outcome, reason)
            judged = self._reach()
        elif subject in self._rooms.ids:
            self._rooms.asked(result, reason)
            judged = {subject: self._rooms.judge(subject, self.standing)}
        return self._settle(judged, result.cycle, result.at_ms)

    def _reach(self) -> dict[str, Judgement]:
        """Judge the devices anew, and the rooms that hang on those that changed."""
        judged = self._devices.judge(self._broken)
        changed = {device: now for device, now in judged.items() if now != self.standing[device]}
        if not changed:
            return {}
        after = {**self.standing, **changed}
        return changed | {room: self._rooms.judge(room, after) for room in self._rooms.at(changed)}

    def _settle(
        self, judged: Mapping[str, Judgement], cycle: int, at_ms: int
    ) -> tuple[Transition, ...]:
        """Keep the new judgements; return those that differ from what stood."""
        changed = {s: now for s, now in judged.items() if now != self.standing[s]}
        self.standing |= changed
        for link in changed.keys() & self._links.ids:
            (self._broken.add if self._is_down(link) else self._broken.discard)(link)
        return tuple(
            Transition(subject, cycle, at_ms, now.state.value, now.reasons)
            for subject, now in changed.items()
        )

    def _is_down(self, subject: str) -> bool:
        return self.standing[subject].state is State.DOWN


def _resumed(known: Transition | None, words: type[State] | type[RoomState]) -> Judgement:
    return Judgement(words(known.state), known.reasons) if known else Judgement(words("unknown"))


class _Devices:
    """The devices' own answers, and who lies behind whom."""

    def __init__(self, inventory: Inventory, standing: Mapping[str, Judgement]) -> None:
        ids = [device.id for device in inventory.devices]
        self._snmp = dict.fromkeys(ids, Answers())
        self._ping = dict.fromkeys(ids, Answers())
        self._own = {device: _alone(standing[device]) for device in ids}
        self._neighbours: dict[str, list[tuple[str, str]]] = {device: [] for device in ids}
        for link in inventory.links:
            self._neighbours[link.a.device].append((link.id, link.b.device))
            self._neighbours[link.b.device].append((link.id, link.a.device))
        self._silent: set[str] = set()  # down, or not answering just now
        self._answering: set[str] = set()
        self._moved: set[str] = set()  # to be judged anew
        self._broken: set[str] = set()
        for device in ids:
            self._place(device)

    def knows(self, device: str) -> bool:
        """Tell whether it is a device of the inventory."""
        return device in self._own

    def asked(self, device: str, outcome: Outcome, reason: str) -> bool:
        """Take in an SNMP poll; return True when the device's ports are not known any more."""
        self._snmp[device] = self._snmp[device].after(outcome, reason)
        self._weigh(device)
        return self._snmp[device].dead

    def pinged(self, device: str, outcome: Outcome, reason: str) -> None:
        """Take in a ping."""
        self._ping[device] = self._ping[device].after(outcome, reason)
        self._weigh(device)

    def _weigh(self, device: str) -> None:
        own = device_state(self._snmp[device], self._ping[device], self._own[device])
        if own != self._own[device]:
            self._own[device] = own
            self._moved.add(device)
        self._place(device)

    def _place(self, device: str) -> None:
        """Sort the device by whether it answers; before any outcome by how it stood."""
        before = device in self._silent, device in self._answering
        snmp, ping, own = self._snmp[device], self._ping[device], self._own[device]
        silent = own.silent or (snmp.misses > 0 and not ping.well)
        heard = snmp.well or snmp.odd or ping.well
        stood = snmp.outcome is None and own.state in (State.UP, State.DEGRADED)
        after = silent, not silent and (heard or stood)
        for group, member in zip((self._silent, self._answering), after, strict=True):
            (group.add if member else group.discard)(device)
        if before != after:
            self._moved.add(device)

    def judge(self, broken: set[str]) -> dict[str, Judgement]:
        """Return the judgements that may have changed: new answers, and all that is silent."""
        if not self._moved and broken == self._broken:
            return {}
        down = [device for device in self._silent if self._own[device].silent]
        judged = {device: self._own[device] for device in (*sorted(self._moved), *sorted(down))}
        causes: Mapping[str, str] = {}
        if down:
            causes = cut_off(self._neighbours, self._silent, self._answering, broken)
        for device in down:
            if device in causes:
                reasons = (*self._own[device].reasons, f"behind:{causes[device]}")
                judged[device] = Judgement(State.UNREACHABLE, reasons)
        self._moved, self._broken = set(), set(broken)
        return judged


def _alone(stood: Judgement) -> Judgement:
    """Return how a device stood without its neighbours' part in it."""
    own = tuple(reason for reason in stood.reasons if not reason.startswith("behind:"))
    return Judgement(State.DOWN, own) if stood.silent else stood


class _Links:
    """The links' ends as their devices last told."""

    def __init__(self, inventory: Inventory) -> None:
        self._links = {link.id: link for link in inventory.links}
        self.ids = self._links.keys()
        self._of: dict[str, list[tuple[Link, LinkEnd]]] = {}
        for link in inventory.links:
            for end in (link.a, link.b):
                self._of.setdefault(end.device, []).append((link, end))
        self._window = max(1, round(FAULT_WINDOW_S / inventory.polling.interfaces_s))
        self._faults: dict[tuple[str, str], deque[float]] = {}
        self._facts: dict[str, tuple[PortFacts, ...]] = {}
        self._ends: dict[tuple[str, str], End | None] = {}  # None: seen, and gone silent

    def poll(self, poll: DevicePoll, lost: bool) -> tuple[str, ...]:
        """Take in the ports of a poll; return the links to judge anew. `lost`: silent too long."""
        if poll.port_facts is not None:
            self._facts[poll.device] = poll.port_facts
        ends = self._of.get(poll.device, [])
        if poll.outcome.alive:
            samples = {sample.key: sample for sample in poll.ports}
            for _link, end in ends:
                self._ends[end.device, end.interface] = self._end(end, samples)
        elif lost:
            for _link, end in ends:
                self._ends[end.device, end.interface] = None
        return tuple(dict.fromkeys(link.id for link, _end in ends))

    def _end(self, end: LinkEnd, samples: Mapping[str, PortSample]) -> End | None:
        port = find_port(self._facts.get(end.device, ()), end.interface)
        sample = samples.get(port.key) if port else None
        if port is None or sample is None:
            return None
        return End(
            *(f"{end.device} {port.name}", sample.admin, sample.oper, port.speed_bps),
            self._mean_faults((end.device, end.interface), sample),
        )

    def _mean_faults(self, end: tuple[str, str], sample: PortSample) -> float:
        recent = self._faults.setdefault(end, deque(maxlen=self._window))
        errors = (sample.in_errors_ps, sample.out_errors_ps)
        discards = (sample.in_discards_ps, sample.out_discards_ps)
        known = [rate for rate in (*errors, *discards) if rate is not None]
        if known:
            recent.append(sum(known))
        return sum(recent) / self._window

    def judge(self, link: str, before: Judgement) -> Judgement:
        """Judge by the ends known; where none was ever seen the link stands as before."""
        ends = self._links[link]
        keys = [(end.device, end.interface) for end in (ends.a, ends.b)]
        known = [end for key in keys if (end := self._ends.get(key)) is not None]
        unseen = any(key not in self._ends for key in keys)
        return before if unseen and not known else link_state(known)


class _Rooms:
    """Rooms and bridges: their probes, and the devices they hang on."""

    def __init__(self, inventory: Inventory) -> None:
        rooms: list[Room | Bridge] = [*inventory.rooms, *inventory.bridges]
        self.ids = frozenset(room.id for room in rooms)
        self._probes: dict[str, dict[str, Answers]] = {}
        self._expected = {
            room.id: {probe_name(probe.protocol, probe.target) for probe in room.probes}
            for room in rooms
        }
        self._heard: set[str] = set()  # of which all probes had their turn
        at_site: dict[str, list[str]] = {}
        for device in inventory.devices:
            at_site.setdefault(device.site, []).append(device.id)
        self._hang_on = {
            room.id: [room.device] if room.device else at_site.get(room.site, []) for room in rooms
        }

    def asked(self, result: ProbeResult, reason: str) -> None:
        """Take in one outcome."""
        probes = self._probes.setdefault(result.subject, {})
        before = probes.get(result.probe, Answers())
        probes[result.probe] = before.after(result.outcome, reason, result.facts)
        is_again = before.outcome is not None
        if is_again or self._expected[result.subject] <= probes.keys():
            self._heard.add(result.subject)

    def at(self, devices: Mapping[str, Judgement]) -> list[str]:
        """Return the rooms that hang on any of the devices."""
        return [room for room, on in self._hang_on.items() if not devices.keys().isdisjoint(on)]

    def judge(self, room: str, standing: Mapping[str, Judgement]) -> Judgement:
        """Judge a room by its probes; it stands as before until all of them had their turn.

        One that comes round again tells that the others had theirs: some cannot be asked.
        """
        before = standing[room]
        if room not in self._heard and before.state is not RoomState.UNKNOWN:
            return before
        on = self._hang_on[room]
        lost = bool(on) and all(standing[d].state is State.UNREACHABLE for d in on)
        return room_state(self._probes.get(room, {}), lost, before)
