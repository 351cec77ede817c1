"""What `discover` says: progress, summary, differences. Names from the network are clean."""

from collections.abc import Iterator

import click

from console import texts
from console.analysis.proposal import ChangedLink, Proposal, differing_ends
from console.discovery.discover import Discovered
from console.discovery.document import MOST_COMMENTS, written_rate
from console.language import N_, _, ngettext
from console.model.found import Found, Silent
from console.model.inventory import LinkEnd

_REASONS = {
    "outside": N_("not asked: outside of the networks that may be asked (--within)"),
    "no_address": N_("not asked: its neighbour tells no address for it"),
    "not_asked": N_("not asked: the walk ended before"),
    "other_device": N_("another device answers at its address"),
}
_CUTS = {
    "depth": N_("There is more further away: raise --depth."),
    "devices": N_("There may be more devices: raise --devices."),
    "time": N_("The time was over before all was seen: raise --for."),
    "stopped": N_("Interrupted: there may be more."),
}


def tell(news: Found | Silent) -> None:
    """Say on standard error what was found just now."""
    if isinstance(news, Silent):
        click.echo(_("  no answer: {who}").format(who=who(news)), err=True)
        return
    heard = len(news.neighbours)
    text = ngettext("{count} neighbour", "{count} neighbours", heard).format(count=heard)
    sentence = _("  found: {name} at {address}, {neighbours}")
    click.echo(sentence.format(name=news.label, address=news.address, neighbours=text), err=True)


def who(silent: Silent) -> str:
    """Name a device that did not answer, who hears it, and why it did not."""
    names = [text for text in (silent.address, silent.name) if text]
    if silent.heard_at:
        names.append(_("heard by {device}").format(device=silent.heard_at))
    return f"{', '.join(names)}: {_reason(silent.reason)}"


def _reason(reason: str) -> str:
    known = _REASONS.get(reason)
    return _(known) if known else texts.sentence(texts.reason_of(reason))


def summary(done: Discovered) -> Iterator[str]:
    """Yield what was found and what was not, line by line."""
    walk, draft = done.walk, done.draft
    devices, links, silent = len(walk.found), len(draft.links), len(walk.silent)
    parts = (
        ngettext("{count} device", "{count} devices", devices).format(count=devices),
        ngettext("{count} link", "{count} links", links).format(count=links),
        ngettext("{count} without an answer", "{count} without an answer", silent).format(
            count=silent
        ),
    )
    yield _("Found: {parts}.").format(parts=", ".join(parts))
    yield from (_("  no answer: {who}").format(who=who(s)) for s in walk.silent[:MOST_COMMENTS])
    if silent > MOST_COMMENTS:
        yield _("  … and {count} more").format(count=silent - MOST_COMMENTS)
    for half in draft.halves[:MOST_COMMENTS]:
        here, there = walk.found[half.a.device], walk.found[half.b]
        port = next((p.name for p in here.ports if p.key == half.a.key), "?")
        sentence = _("  no link: {here} {port} hears {there} at “{told}”, which is no port of it")
        yield sentence.format(here=here.label, port=port, there=there.label, told=half.remote_port)
    yield from cuts(done)


def cuts(done: Discovered) -> Iterator[str]:
    """Yield by which bounds there may be more."""
    yield from (_(_CUTS[cut]) for cut in done.walk.cut)


def differences(proposal: Proposal) -> Iterator[str]:
    """Yield the differences from the inventory, one a line: + new, ~ changed, - not found."""
    yield from _added(proposal)
    for moved in proposal.moved:
        yield f"~ {_('device')} {moved.before.id}: {moved.before.address} → {moved.address}"
    for change in proposal.changed:
        yield f"~ {_('link')} {change.before.id}: {', '.join(_changes(change))}"
    for silent in proposal.silent:
        yield f"- {_('device')} {silent.known}: {silent.address}, {_reason(silent.reason)}"
    for unseen in proposal.unseen:
        ends = f"{_end(unseen.a)} – {_end(unseen.b)}"
        yield f"- {_('link')} {unseen.id}: {ends}, {_('no end hears the other')}"
    if proposal.unjudged:
        count = proposal.unjudged
        yield ngettext(
            "{count} link could not be checked: an end is silent or hears nobody.",
            "{count} links could not be checked: an end is silent or hears nobody.",
            count,
        ).format(count=count)


def _added(proposal: Proposal) -> Iterator[str]:
    for site in proposal.sites:
        yield f"+ {_('site')} {site.id} ({site.name})"
    for device in proposal.devices:
        yield f"+ {_('device')} {device.id}: {device.address}, {device.site}"
    for link in proposal.links:
        yield f"+ {_('link')} {link.entry.id}: {_end(link.entry.a)} – {_end(link.entry.b)}"


def _changes(change: ChangedLink) -> Iterator[str]:
    for before, after in differing_ends(change):
        yield f"{_end(before)} → {_end(after)}"
    said, carried = change.before.capacity_bps, change.after.capacity_bps
    if said != carried and said and carried:
        yield f"{written_rate(said)} → {written_rate(carried)}"


def _end(end: LinkEnd) -> str:
    return f"{end.device} {end.interface}"
