"""When a conference can be rehearsed, and what the dialog says before it is. No Qt."""

from dataclasses import dataclass

from console.analysis.rehearsal import LegPlan, legs_of, room_rate_bps
from console.language import _, format_number, format_rate, ngettext
from console.model.plan import Plan
from console.model.rehearsal import LASTS_S
from console.model.snapshot import Snapshot
from console.model.states import CollectorState
from console.names import Names


def why_not(snapshot: Snapshot, conference: str, read_only: str = "") -> str:
    """Return why a conference cannot be rehearsed now, "" where it can."""
    plan = next((plan for plan in snapshot.plans if plan.id == conference), None)
    inventory = snapshot.inventory
    if read_only:
        return _("Nothing can be sent here: no collector writes this history.")
    if plan is None or inventory is None:
        return _("No conference is planned.")
    if not snapshot.live:
        return _("This is the past; go back to the present first.")
    if snapshot.collector.state is not CollectorState.RUNNING:
        return _("No collector runs that could send anything.")
    sites = {reflector.site for reflector in inventory.reflectors}
    chosen = plan.entry.rooms
    rooms = [room for room in inventory.rooms if chosen == "all" or room.id in chosen]
    if not any(room.site in sites for room in rooms):
        return _("No reflector is named in the inventory for a site of these rooms.")
    return ""


@dataclass(frozen=True, slots=True)
class Outline:
    """What a rehearsal would send, in words."""

    title: str
    what: str
    facts: tuple[tuple[str, str], ...]


def outline(plan: Plan, snapshot: Snapshot) -> Outline:
    """Say what would be sent where, and how much."""
    inventory = snapshot.inventory
    assert inventory is not None
    legs = legs_of(plan, inventory)
    names = Names(inventory)
    asked = [leg for leg in legs if leg.reflector is not None]
    rooms = sum(len(leg.rooms) for leg in legs)
    reached = sum(len(leg.rooms) for leg in asked)
    profile = inventory.profiles.get(plan.entry.profile)
    room_bps = room_rate_bps(profile) if profile is not None else None
    total_bps = sum(leg.rate_bps for leg in asked)
    said = _("{reached} of {rooms}").format(reached=reached, rooms=rooms)
    facts = [(_("Rooms reached"), said), (_("Each room, each way"), format_rate(room_bps))]
    facts.append((_("In all, each way"), _in_all(total_bps)))
    facts.append((_("Without a reflector"), _left_out(legs, names)))
    what = _(
        "For one minute the collector sends packets like those of sound, picture and shared"
        " content, marked like them, to the reflectors at the rooms' sites, and gets each of them"
        " back. An answer is as long as its question: so each way carries the smaller of the two"
        " directions of the media profile, never more."
    )
    return Outline(plan.entry.name or plan.id, what, tuple(facts))


def _in_all(rate_bps: float) -> str:
    megabytes = format_number(rate_bps * LASTS_S / 8e6)
    said = _("{rate}, that is {megabytes} MB in the minute")
    return said.format(rate=format_rate(rate_bps), megabytes=megabytes)


def _left_out(legs: tuple[LegPlan, ...], names: Names) -> str:
    sites = [names.name(leg.site) for leg in legs if leg.reflector is None]
    if len(sites) <= 3:
        return ", ".join(sites)
    more = ngettext("{count} more site", "{count} more sites", len(sites) - 2)
    return ", ".join([*sites[:2], more.format(count=len(sites) - 2)])
