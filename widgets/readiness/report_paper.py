"""One page about a conference that is over: predicted against happened, for everybody."""

from collections.abc import Iterable, Sequence
from html import escape

from console.language import UNKNOWN, _, format_number, format_ratio
from console.model.report import WINDOW_S, ConferenceReport, RoomReport
from console.model.series import Incident
from console.model.snapshot import Snapshot
from console.names import Names
from console.texts import reason_of, sentence, state_word
from widgets import times
from widgets.readiness.paper_parts import foot, rest, said, table, title
from widgets.readiness.report_words import (
    affected,
    predicted,
    report_headline,
    report_state,
)
from widgets.symbols import state_sign

_CAUSES = 12  # so many are listed, the rest is counted


def report_page(report: ConferenceReport, snapshot: Snapshot) -> str:
    """Return the page as HTML for `printing` to write."""
    names, span = Names(snapshot.inventory), report.occurrence
    day = f"{times.day_name(span.start_s)}, {times.clock(span.start_s)} – {times.clock(span.end_s)}"
    network = snapshot.inventory.network if snapshot.inventory else ""
    name = _plan_name(report.conference, snapshot)
    return "".join(
        (
            f"<h1>{escape(name)}</h1><p class='dim'>{escape(day)}</p>",
            f"<p class='verdict'>{state_sign(report_state(report))}",
            f" {escape(report_headline(report))}</p>",
            *map(said, (affected(report), predicted(report))),
            title(_("Picture and sound in each room")),
            _rooms(report.rooms, names),
            title(_("Not in order meanwhile")),
            _causes(report.causes, names),
            foot(network, _("Report made {when}").format(when=times.minute(report.made_at_s))),
        )
    )


def _plan_name(conference: str, snapshot: Snapshot) -> str:
    names = (plan.entry.name for plan in snapshot.plans if plan.id == conference)
    return next(names, None) or conference


def _rooms(rooms: Iterable[RoomReport], names: Names) -> str:
    head = (_("Room"), _("Bad"), _("Fair"), _("Not measured"), _("Worst five minutes"))
    worst_first = sorted(rooms, key=lambda one: (-one.red, -one.amber, -one.unknown))
    return table(head, [_room(one, names) for one in worst_first])


def _room(one: RoomReport, names: Names) -> tuple[str, ...]:
    bad, fair, unknown = map(_minutes, (one.red, one.amber, one.unknown))
    return names.name(one.room), bad, fair, unknown, _worst(one)


def _minutes(windows: int) -> str:
    minutes = windows * WINDOW_S / 60
    return f"{format_number(minutes, 1)}\u00a0min" if windows else "0"


def _worst(one: RoomReport) -> str:
    if one.worst_share is None:
        return UNKNOWN
    share = format_ratio(one.worst_share).replace(" ", "\u00a0")
    if not one.worst_share or one.worst_at_s is None:
        return share
    return _("{share} bad from {time}").format(share=share, time=times.clock(one.worst_at_s))


def _causes(causes: Sequence[Incident], names: Names) -> str:
    if not causes:
        return said(_("Nothing on the way to the rooms."))
    first = sorted(causes, key=lambda one: one.began_s)
    lines = [said(_cause(one, names)) for one in first[:_CAUSES]]
    return "".join(lines) + rest(len(causes) - _CAUSES)


def _cause(one: Incident, names: Names) -> str:
    span = times.clock(one.began_s)
    if one.ended_s is not None:
        span = f"{span} – {times.clock(one.ended_s)}"
    why = "; ".join(sentence(reason_of(code)) for code in one.reasons)
    told = f"{span} · {names.name(one.subject)}: {state_word(one.state)}"
    return f"{told} ({why})" if why else told
