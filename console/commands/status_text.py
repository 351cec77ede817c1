"""A snapshot for people at a terminal: what is not well first, then everything in tables."""

from collections.abc import Iterator, Sequence
from typing import Any

from console.commands.tables import table
from console.language import (
    N_,
    UNKNOWN,
    _,
    format_moment,
    format_number,
    format_rate,
    format_ratio,
    format_span,
)
from console.model.snapshot import DeviceView, LinkView, Reason, RoomView, Snapshot
from console.model.states import CollectorState
from console.texts import sentence, state_word


def status_text(snapshot: Snapshot) -> str:
    """Return what `status` prints."""
    return "\n\n".join(_sections(snapshot))


def _sections(snapshot: Snapshot) -> Iterator[str]:
    yield _head(snapshot)
    if snapshot.devices:
        yield _devices(snapshot)
    if snapshot.links:
        yield _links(snapshot)
    if snapshot.rooms or snapshot.bridges:
        yield _rooms(snapshot)


def _head(snapshot: Snapshot) -> str:
    network = snapshot.inventory.network if snapshot.inventory else _("No network recorded")
    note = snapshot.inventory.note if snapshot.inventory else None
    lines = [
        f"{network} · {note}" if note else network,
        f"{format_moment(snapshot.at_s)} · {_collector(snapshot)}",
    ]
    return "\n".join(lines)


_COLLECTOR = {
    CollectorState.RUNNING: N_("collector running"),
    CollectorState.SILENT: N_("collector silent for {0}"),
    CollectorState.STOPPED: N_("collector stopped {0} ago"),
    CollectorState.NEVER: N_("nothing recorded up to this moment"),
}


def _collector(snapshot: Snapshot) -> str:
    collector, cycle = snapshot.collector, snapshot.cycle
    told = _(_COLLECTOR[collector.state]).format(format_span(collector.heartbeat_age_s))
    round_of = _("cycle {0}").format(cycle.id) if cycle else ""
    return f"{told} · {round_of}" if cycle else told


def _devices(snapshot: Snapshot) -> str:
    inventory = snapshot.inventory
    sites = {site.id: site.name for site in inventory.sites} if inventory else {}
    site_of = {d.id: sites.get(d.site, d.site) for d in inventory.devices} if inventory else {}

    def row(view: DeviceView) -> tuple[str, ...]:
        return (
            *(view.id, site_of.get(view.id, ""), state_word(view.state), _since(snapshot, view)),
            *(_ms(view.rtt_ms), format_span(view.uptime_s), format_span(view.age_s)),
            _why(view.reasons),
        )

    headers = (
        *(_("Device"), _("Site"), _("State"), _("Since"), _("Round trip")),
        *(_("Uptime"), _("Age"), _("Reason")),
    )
    return table(headers, [row(v) for v in _worst_first(snapshot.devices.values())], "lllrrrrl")


def _links(snapshot: Snapshot) -> str:
    def row(view: LinkView) -> tuple[str, ...]:
        return (
            *(view.id, state_word(view.state), _since(snapshot, view)),
            *(format_rate(view.capacity_bps), format_rate(view.a_to_b_bps)),
            *(format_rate(view.b_to_a_bps), format_ratio(view.load), format_span(view.age_s)),
            _why(view.reasons),
        )

    headers = (
        *(_("Link"), _("State"), _("Since"), _("Capacity"), _("a to b"), _("b to a")),
        *(_("Load"), _("Age"), _("Reason")),
    )
    busiest = sorted(snapshot.links.values(), key=lambda view: -(view.load or 0.0))
    return table(headers, [row(view) for view in _worst_first(busiest)], "llrrrrrrl")


def _rooms(snapshot: Snapshot) -> str:
    def row(view: RoomView) -> tuple[str, ...]:
        return (
            *(view.id, view.name, state_word(view.state), _since(snapshot, view)),
            *(_ms(view.rtt_ms), format_span(view.age_s), _why(view.reasons)),
        )

    headers = (
        *(_("Room"), _("Name"), _("State"), _("Since"), _("Round trip"), _("Age"), _("Reason")),
    )
    views = [*snapshot.bridges.values(), *snapshot.rooms.values()]
    return table(headers, [row(view) for view in _worst_first(views)], "lllrrrl")


_RANK = ("down", "unreachable", "degraded", "unknown")


def _worst_first(views: Any) -> list[Any]:
    """Return the views, those not well first, else in the order they came in."""
    return sorted(views, key=lambda v: _RANK.index(v.state) if v.state in _RANK else len(_RANK))


def _since(snapshot: Snapshot, view: DeviceView | LinkView | RoomView) -> str:
    return UNKNOWN if view.since_s is None else format_span(snapshot.at_s - view.since_s)


def _why(reasons: Sequence[Reason]) -> str:
    return "; ".join(sentence(reason) for reason in reasons)


def _ms(value_ms: float | None) -> str:
    return UNKNOWN if value_ms is None else f"{format_number(value_ms, 1)} ms"
