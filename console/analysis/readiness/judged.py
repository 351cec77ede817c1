"""Each room of a conference judged by all that is known of it and of the way of its media. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from console.analysis.readiness.findings import (
    FULL,
    RISKY,
    UNKNOWN,
    finding,
    in_order,
    room_verdict,
)
from console.analysis.readiness.flows import Way
from console.analysis.readiness.media import Media, Picture
from console.analysis.readiness.rooms import bridge_findings, room_findings
from console.model.inventory import Bridge, Inventory, Room
from console.model.plan import Plan
from console.model.readiness import Finding, Participant, Severity, Verdict
from console.model.situation import Situation
from console.model.states import State

_LOADS = (("overload", FULL), ("load_high", RISKY))


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rooms are ready, and could be at all, of those `needed`.

    `fixed` rooms could be ready whatever happens to links; `able` are those of each group that
    nothing but the way of their media can keep from it.
    """

    needed: int
    ready: int
    possible: int
    fixed: int
    able: Mapping[int, int]

    @property
    def verdict(self) -> Verdict:
        """What the quorum says now."""
        if self.possible < self.needed:
            return Verdict.NOT_READY
        return Verdict.UNKNOWN if self.ready < self.needed else Verdict.READY


def named_rooms(plan: Plan, inventory: Inventory) -> tuple[str, ...]:
    """Return the rooms a conference names."""
    if plan.entry.rooms == "all":
        return tuple(room.id for room in inventory.rooms)
    return tuple(dict.fromkeys(plan.entry.rooms))


class Judged:
    """The rooms of a situation, with the media where `picture` has them."""

    def __init__(self, situation: Situation, media: Media, picture: Picture) -> None:
        inventory = situation.snapshot.inventory
        assert inventory is not None
        self._situation, self._media, self._picture = situation, media, picture
        self._inventory = inventory
        self._profile = inventory.profiles.get(situation.plan.entry.profile)
        self._bridge = inventory.by_id.get(situation.plan.entry.bridge)
        self.general = tuple(self._general())
        self._of_link = dict(self._link_findings())
        self._of_group: dict[int, tuple[Finding, ...]] = {}
        self._apart: dict[str, tuple[Finding, ...]] = {}  # from the way of the media
        rooms = named_rooms(situation.plan, inventory)
        self.participants = tuple(self._participant(room) for room in rooms)

    def _general(self) -> Iterator[Finding]:
        plan = self._situation.plan
        if isinstance(self._bridge, Bridge):
            yield from bridge_findings(self._situation, self._bridge)
        else:
            yield finding("bridge_missing", plan.id, plan.entry.bridge)
        if self._profile is None:
            yield finding("profile_missing", plan.id, plan.entry.profile)
        if plan.problem is not None:
            yield finding("calendar_problem", plan.id, plan.problem)

    def tally(self) -> Tally:
        """Count the rooms."""
        verdicts = [participant.verdict for participant in self.participants]
        able: dict[int, int] = {}
        fixed = 0
        for room, apart in self._apart.items():
            if room_verdict(apart) is Verdict.NOT_READY:
                continue
            group = self._media.rooms.get(room)
            if group is None:
                fixed += 1
            else:
                able[group] = able.get(group, 0) + 1
        return Tally(
            self.needed,
            verdicts.count(Verdict.READY),
            len(verdicts) - verdicts.count(Verdict.NOT_READY),
            fixed,
            able,
        )

    @property
    def needed(self) -> int:
        """How many rooms must be ready; one at least."""
        quorum = self._situation.plan.entry.quorum
        return max(1, len(self.participants) if quorum == "all" else quorum)

    def _participant(self, room: str) -> Participant:
        entry = self._inventory.by_id.get(room)
        apart = tuple(self._apart_findings(room, entry if isinstance(entry, Room) else None))
        self._apart[room] = apart
        group, way = self._media.rooms.get(room), None
        path: tuple[str, ...] | None = None
        on_way: tuple[Finding, ...] = ()
        if group is not None:
            way = self._picture.ways[group]
            on_way = self._group_findings(group, way)
        elif room in self._media.rooms:
            path = ()
        if way is not None:
            path = tuple(self._media.network.links[link] for link in way.links)
        elif group is not None:
            on_way = (finding("no_path", room),)
        evidence = self._situation.evidence.get(room)
        fresh = evidence if evidence and evidence.fresh else None
        return Participant(
            room=room,
            site=entry.site if isinstance(entry, Room) else "",
            verdict=room_verdict(apart + on_way),
            path=path,
            rtt_ms=fresh.rtt_ms if fresh else None,
            jitter_ms=fresh.jitter_ms if fresh else None,
            loss=fresh.loss if fresh else None,
            evidence_age_s=evidence.age_s if evidence else None,
            reasons=in_order(apart + on_way),
        )

    def _apart_findings(self, room: str, entry: Room | None) -> Iterator[Finding]:
        yield from (r for r in self.general if _counts(r))
        if entry is None:
            yield finding("room_missing", room)
        elif self._profile is not None:
            yield from room_findings(self._situation, room, self._profile)

    def _group_findings(self, group: int, way: Way | None) -> tuple[Finding, ...]:
        if group not in self._of_group and way is not None:
            found = [r for hop in sorted(way.hops) for r in self._of_link.get(hop, ())]
            found += [
                finding("device_unknown", self._media.network.devices[device])
                for device in way.devices
                if self._unknown_device(device)
            ]
            self._of_group[group] = tuple(dict.fromkeys(found))
        return self._of_group.get(group, ())

    def _unknown_device(self, device: int) -> bool:
        view = self._situation.snapshot.devices.get(self._media.network.devices[device])
        return view is None or view.state is State.UNKNOWN

    def _link_findings(self) -> Iterator[tuple[int, tuple[Finding, ...]]]:
        """Yield what is to be said of each hop with media; the larger load of its link is told."""
        media, demand = self._media, self._picture.demand
        loads = {hop: media.load(hop, rate_bps) for hop, rate_bps in demand.items()}
        for hop, load in loads.items():
            link = media.network.links[hop >> 1]
            found = list(self._unknowns(hop, link))
            code = None if load is None else next((c for c, most in _LOADS if load > most), None)
            if code and load is not None:
                worst = max(load, loads.get(hop ^ 1) or 0.0)
                found.append(finding(code, link, f"{worst:.4g}"))
            if found:
                yield hop, tuple(found)

    def _unknowns(self, hop: int, link: str) -> Iterator[Finding]:
        view = self._situation.snapshot.links.get(link)
        if view is None or view.state is State.UNKNOWN:
            yield finding("link_unknown", link)
        if self._media.capacity[hop] is None:
            yield finding("capacity_unknown", link)
        if self._media.baseline[hop] is None:
            yield finding("baseline_unknown", link)


def _counts(reason: Finding) -> bool:
    """Tell whether a reason that is nobody's own keeps every room from being ready."""
    return reason.severity is Severity.BLOCKER or reason.code in UNKNOWN
