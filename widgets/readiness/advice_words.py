"""What has changed since a good conference, and where the bridge would stand best. No Qt."""

from collections.abc import Sequence

from console.language import _, format_ratio, ngettext
from console.model.advice import BridgeSite, DatedChange, Lookback
from console.names import Names
from console.texts_advice import bridge_site_sentence, change_sentence
from widgets import times
from widgets.advising import SitesTold


def lookback_head(found: Lookback, names: Names) -> str:
    """Return with which conference the moment was compared, and where nothing changed that."""
    if found.from_s is None:
        return _("Nothing is recorded yet.")
    if found.good is None:
        since = times.day_month(found.from_s)
        return _("No conference that went well is recorded since {day}.").format(day=since)
    when = _moment(found.good.start_s)
    name = names.name(found.good.conference)
    if not found.changes:
        return _("Nothing that was recorded has changed since {name} ({when}) went well.").format(
            name=name, when=when
        )
    return _("Since {name} ({when}) went well:").format(name=name, when=when)


def change_time(dated: DatedChange) -> str:
    """Return when a change came about, "" where that is not known."""
    return "" if dated.at_s is None else _moment(dated.at_s)


def _moment(at_s: float) -> str:
    return f"{times.day_month(at_s)}, {times.clock(at_s)}"


def change_line(dated: DatedChange, names: Names) -> str:
    """Return a change with its time."""
    return " · ".join(x for x in (change_time(dated), change_sentence(dated.change, names)) if x)


def newest_first(found: Lookback) -> tuple[DatedChange, ...]:
    """Return the changes, the newest first; those of unknown time last."""
    return tuple(sorted(found.changes, key=lambda dated: -(dated.at_s or 0.0)))


def sites_sentence(told: SitesTold, names: Names) -> str:
    """Return where the bridge would stand best, and how it stands where it is."""
    if not told.sites:
        return _("No site could be tried: nothing is known of any device.")
    best, place, now = told.sites[0], _place(told), names.name(told.present)
    if _alike(best, told):
        return _("The bridge stands as well at {site} as anywhere.").format(site=now)
    said = bridge_site_sentence(best, names)
    better = _("It would stand best at another site: {sentence}").format(sentence=said)
    if place is None:
        return better
    then = _("{site}, where it is, ranks {place} of {n}.").format(
        site=now, place=place, n=len(told.sites)
    )
    return f"{better} {then}"


def _place(told: SitesTold) -> int | None:
    """Return where the present site stands in the ranking, from 1."""
    order = [one.site for one in told.sites]
    return order.index(told.present) + 1 if told.present in order else None


def _alike(best: BridgeSite, told: SitesTold) -> bool:
    present = next((one for one in told.sites if one.site == told.present), None)
    if present is None or present.cut_off != best.cut_off:
        return False
    if present.worst_load is None or best.worst_load is None:
        return present.worst_load == best.worst_load
    return round(present.worst_load, 2) <= round(best.worst_load, 2)


def site_row(one: BridgeSite, present: str, names: Names) -> tuple[str, str, str]:
    """Return a site, how many rooms a failure cuts off at worst, and the fullest link then."""
    name = names.name(one.site)
    marked = _("{site} (the bridge is here)").format(site=name) if one.site == present else name
    rooms = ngettext("{n} room", "{n} rooms", one.cut_off).format(n=one.cut_off)
    return marked, rooms, format_ratio(one.worst_load)


def shown_sites(told: SitesTold, most: int) -> Sequence[BridgeSite]:
    """Return the best sites, and the present one wherever it stands."""
    present = [one for one in told.sites[most:] if one.site == told.present]
    return [*told.sites[:most], *present]
