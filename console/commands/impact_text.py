"""What a failure would do, for people at a terminal."""

from collections.abc import Iterable, Iterator

from console.language import _, format_moment, format_ratio
from console.model.readiness import Impact
from console.model.snapshot import Snapshot
from console.names import Names
from console.texts_readiness import verdict_word


def impact_text(impact: Impact, snapshot: Snapshot) -> str:
    """Return what `impact` prints."""
    names = Names(snapshot.inventory)
    titles = {plan.id: plan.entry.name or plan.id for plan in snapshot.plans}
    name = names.name(impact.failed)
    if impact.failed not in name:
        name = f"{name} ({impact.failed})"
    head = _("If {name} failed, as the network stands at {moment}:").format(
        name=name, moment=format_moment(impact.at_s)
    )
    return "\n".join([head, *_lines(impact, names, titles)])


def _lines(impact: Impact, names: Names, titles: dict[str, str]) -> Iterator[str]:
    cut_off = _named(impact.cut_off_sites, names)
    yield _("Sites cut off: {0}").format(cut_off)
    yield _("Rooms cut off: {0}").format(_named(impact.rooms, names))
    for service, sites in impact.services:
        yield _("{service} is cut off for: {sites}").format(
            service=names.name(service), sites=_named(sites, names)
        )
    for conference, verdict in impact.conferences:
        yield f"{titles.get(conference, conference)}: {verdict_word(verdict)}"
    for over in impact.overloaded:
        yield _("{link} would be overloaded: {load}").format(
            link=names.name(over.link), load=format_ratio(over.load)
        )


def _named(ids: Iterable[str], names: Names) -> str:
    return ", ".join(dict.fromkeys(names.name(one) for one in ids)) or _("none")
