"""What a failure would do, as a person says it. No Qt."""

from collections.abc import Iterable, Iterator

from console.language import _, format_ratio, ngettext
from console.model.inventory import Link
from console.model.readiness import Impact, Verdict
from console.model.snapshot import Snapshot
from console.model.states import State
from console.names import Names
from console.texts_readiness import short_verdict

_NAMED = 4  # so many names are said, the rest is counted


def impact_title(impact: Impact, snapshot: Snapshot) -> str:
    """Return what is imagined."""
    names = Names(snapshot.inventory)
    if isinstance(names.entry(impact.failed), Link):
        return _("If the link {name} failed").format(name=names.name(impact.failed))
    return _("If the device {name} failed").format(name=_device(names, impact.failed))


def _device(names: Names, device: str) -> str:
    name = names.name(device)
    return name if device in name else f"{device} ({name})"


def impact_state(impact: Impact) -> State:
    """Return how grave it would be: something cut off, something overloaded, or nothing."""
    verdicts = [verdict for _conference, verdict in impact.conferences]
    if impact.cut_off_sites or impact.rooms or Verdict.NOT_READY in verdicts:
        return State.DOWN
    if impact.overloaded or any(cut_off for _service, cut_off in impact.services):
        return State.DEGRADED
    return State.UNKNOWN if Verdict.UNKNOWN in verdicts else State.UP


def impact_sentence(impact: Impact, snapshot: Snapshot) -> str:
    """Return all consequences, the gravest first."""
    names = Names(snapshot.inventory)
    told = [*_cut_off(impact, names), *_services(impact, names)]
    told += [*_overloaded(impact, names), *_conferences(impact, names)]
    return " ".join(told)


def _cut_off(impact: Impact, names: Names) -> Iterator[str]:
    sites, rooms = impact.cut_off_sites, impact.rooms
    if not sites:
        yield _("No site would lose its connection.")
    else:
        text = ngettext(
            "{n} site would be cut off: {names}.",
            "{n} sites would be cut off: {names}.",
            len(sites),
        )
        yield text.format(n=len(sites), names=_listed(names.name(site) for site in sites))
    if rooms:
        text = ngettext(
            "{n} video room could not be reached.",
            "{n} video rooms could not be reached.",
            len(rooms),
        )
        yield text.format(n=len(rooms))


def _services(impact: Impact, names: Names) -> Iterator[str]:
    """Say which services somebody would miss, and at how many sites in all."""
    missed = [service for service, sites in impact.services if sites]
    sites = {site for _service, cut_off in impact.services for site in cut_off}
    if missed:
        text = ngettext(
            "Services that would be missing at {n} site: {names}.",
            "Services that would be missing at {n} sites: {names}.",
            len(sites),
        )
        yield text.format(n=len(sites), names=_listed(map(names.name, missed)))


def _overloaded(impact: Impact, names: Names) -> Iterator[str]:
    worst: dict[str, float] = {}
    for one in impact.overloaded:
        worst[one.link] = max(one.load, worst.get(one.link, 0.0))
    if worst:
        listed = _listed(
            f"{names.name(link)} ({format_ratio(load)})"
            for link, load in sorted(worst.items(), key=lambda one: -one[1])
        )
        text = ngettext("Overloaded would be {names}.", "Overloaded would be {names}.", len(worst))
        yield text.format(names=listed)
    elif impact.flows:
        yield _("No link would be overloaded.")


def _conferences(impact: Impact, names: Names) -> Iterator[str]:
    verdicts = {verdict for _conference, verdict in impact.conferences}
    if verdicts == {Verdict.READY}:
        yield _("Every planned conference would still be ready.")
    elif verdicts:
        told = [
            f"{names.name(conference)}: {short_verdict(verdict)}"
            for conference, verdict in impact.conferences
        ]
        yield _("Conferences: {verdicts}.").format(verdicts="; ".join(told))


def _listed(every: Iterable[str]) -> str:
    names = list(every)
    if len(names) <= _NAMED + 1:
        return ", ".join(names)
    more = len(names) - _NAMED
    counted = ngettext("{n} more", "{n} more", more).format(n=more)
    return ", ".join([*names[:_NAMED], counted])
