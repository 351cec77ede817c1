"""One page about a conference, for a Landrat or for engineers, as a document to print.

Every text goes through `escape`: names from the network stay text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from html import escape

from console.language import _, format_moment, format_number, format_rate, format_ratio, ngettext
from console.model.advice import Lookback, Relief
from console.model.readiness import Assessment, LoadedLink, Participant, SingleFailure, Verdict
from console.model.situation import Situation
from console.model.snapshot import Snapshot
from console.names import Names
from console.texts_advice import relief_sentence
from console.texts_readiness import short_verdict
from widgets.readiness.advice_words import change_line, lookback_head, newest_first
from widgets.readiness.brief import Brief, RoomText, brief_of
from widgets.readiness.critical_box import figures
from widgets.readiness.paper_parts import foot, rest, said, table, title
from widgets.readiness.points import Point
from widgets.readiness.room_box import sites_on_way, way_text
from widgets.room_tile import unbroken
from widgets.symbols import state_sign

_POINTS, _LINKS, _FAILURES, _CHANGES = 8, 8, 6, 8  # so many are listed, the rest is counted
_COLUMNS = 3


class Reader(Enum):
    """For whom the page is."""

    LANDRAT = "landrat"
    ENGINEER = "engineer"
    REPORT = "report"  # everybody, once it is over: `report_paper` makes this page


@dataclass(frozen=True, slots=True)
class PaperWish:
    """A page to be saved as a PDF or printed."""

    title: str
    html: str
    as_pdf: bool


def page(
    of: tuple[Assessment, Situation],
    snapshot: Snapshot,
    reader: Reader,
    reliefs: Sequence[Relief] = (),
    lookback: Lookback | None = None,
) -> str:
    """Return the page as HTML that Qt's documents understand, for `printing` to write.

    With `lookback` engineers read what has changed since a conference went well.
    """
    assessment, situation = of
    brief = brief_of(assessment, situation.plan.entry, snapshot, reliefs)
    names = Names(snapshot.inventory)
    if reader is Reader.LANDRAT:
        body = _landrat(brief)
    else:
        body = _engineer(assessment, names) + _helps(reliefs, names) + _since(lookback, names)
    network = snapshot.inventory.network if snapshot.inventory else ""
    asked = format_moment(assessment.assessed_at_s)
    return _head(brief) + body + foot(network, _("assessed {when}").format(when=asked))


def _head(brief: Brief) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in brief.sentence.split("\n"))
    return (
        f"<h1>{escape(brief.title)}</h1><p class='dim'>{escape(brief.when)}</p>"
        f"<p class='verdict'>{state_sign(brief.sign)} {escape(brief.headline)}</p>{lines}"
    )


def _landrat(brief: Brief) -> str:
    rooms = ngettext("The {n} room", "The {n} rooms", len(brief.rooms)).format(n=len(brief.rooms))
    return _points(brief.points) + title(rooms) + _rooms(brief.rooms)


def _points(points: Sequence[Point]) -> str:
    if not points:
        return said(_("Nothing needs attention."))
    told = "".join(map(_point, points[:_POINTS]))
    return title(_("What to do")) + told + rest(len(points) - _POINTS)


def _point(point: Point) -> str:
    step = " · ".join(x for x in (point.step.removesuffix("."), point.contact) if x)
    then = f"<br/><span class='dim'>→ {escape(unbroken(step))}</span>" if step else ""
    return f"<p>{state_sign(point.sign)} {escape(point.text)}{then}</p>"


def _rooms(rooms: Sequence[RoomText]) -> str:
    """Return the rooms in columns, from top to bottom."""
    deep = -(-len(rooms) // _COLUMNS)
    rows = []
    for row in range(deep):
        cells = [rooms[at] for at in range(row, len(rooms), deep)]
        words = [one.word.replace(" %", "\u00a0%") for one in cells]
        told = zip(cells, words, strict=True)
        rows.append([f"{state_sign(one.sign)} {one.name}: {word}" for one, word in told])
    return table((), rows)


def _engineer(assessment: Assessment, names: Names) -> str:
    links = sorted(assessment.links, key=lambda link: -(link.load or 0.0))
    bad = [one for one in assessment.single_failures if one.verdict is Verdict.NOT_READY]
    bad.sort(key=lambda one: -len(one.cut_off) - len(one.overloaded))
    others = len(assessment.single_failures) - len(bad)
    fine = ngettext(
        "{n} other single failure leaves enough rooms.",
        "{n} other single failures leave enough rooms.",
        others,
    ).format(n=others)
    return "".join(
        (
            title(_("Rooms")),
            _ways(assessment.participants, names),
            title(_("The fullest links")),
            _loads(links[:_LINKS], names),
            rest(len(links) - _LINKS),
            title(_("Single failures that leave too few rooms")),
            _failures(bad[:_FAILURES], names),
            rest(len(bad) - _FAILURES),
            said(fine) if others else "",
        )
    )


def _helps(reliefs: Sequence[Relief], names: Names) -> str:
    """Return which rooms to take down when something is overloaded."""
    rows = [
        (names.name(one.failed) if one.failed else _("As things stand"), told)
        for one in reliefs
        if (told := relief_sentence(one, names))
    ]
    if not rows:
        return ""
    return title(_("What helps against overloads")) + table((_("Failure"), _("What to do")), rows)


def _since(lookback: Lookback | None, names: Names) -> str:
    if lookback is None:
        return ""
    changes = newest_first(lookback)
    told = [f"<p>{escape(change_line(dated, names))}</p>" for dated in changes[:_CHANGES]]
    head = title(_("What has changed since the last good conference"))
    others = rest(len(changes) - _CHANGES)
    return head + said(lookback_head(lookback, names)) + "".join(told) + others


def _ways(participants: Iterable[Participant], names: Names) -> str:
    head = (_("Room"), _("Verdict"), _("Round trip · jitter · loss"), _("Way"))
    rows = [
        (names.name(one.room), short_verdict(one.verdict), figures(one), _way(one, names))
        for one in participants
    ]
    return table(head, rows)


def _way(one: Participant, names: Names) -> str:
    return " → ".join(sites_on_way(one, names)) if one.path else way_text(one, names)


def _loads(links: Iterable[LoadedLink], names: Names) -> str:
    head = (_("Link"), _("Direction"), _("Capacity"), _("Usual load"), _("Conference"), _("Load"))
    rows = [
        (
            *(names.name(link.id), "a → b" if link.direction == "a_to_b" else "b → a"),
            *(format_rate(link.capacity_bps), format_rate(link.baseline_bps)),
            *(format_rate(link.demand_bps), format_ratio(link.load)),
        )
        for link in links
    ]
    return table(head, rows)


def _failures(failures: Sequence[SingleFailure], names: Names) -> str:
    if not failures:
        return said(_("None."))
    head = (_("Failure"), _("Rooms cut off"), _("Links above 100 %"))
    rows = [
        (
            *(names.name(one.failed), _listed(map(names.name, one.cut_off))),
            _listed(map(names.name, one.overloaded)),
        )
        for one in failures
    ]
    return table(head, rows)


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    told = ", ".join(every[:4])
    return f"{told} + {format_number(len(every) - 4)}" if len(every) > 4 else told or "–"
