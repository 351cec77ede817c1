"""Reasons as points to act on: one sentence each, the next step, and whom to call. No Qt."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from console.language import ngettext
from console.model.advice import Relief
from console.model.readiness import Finding
from console.model.states import State
from console.names import Names
from console.texts_advice import what_to_do
from console.texts_readiness import contact, finding_sentence
from widgets.readiness.words import severity_state

_ALONE = 2  # so many reasons of one kind stand in lines of their own
_NAMED = 6
_TAKEN_DOWN = 10  # so many rooms that are to be taken down are named


@dataclass(frozen=True, slots=True)
class Point:
    """One line: its shape, what is the matter, what to do now, and with whom.

    `subject` is the id of what it is about, the first where it is about several.
    """

    sign: State
    text: str
    step: str
    contact: str
    subject: str


def points_of(
    reasons: Iterable[Finding], names: Names, reliefs: Sequence[Relief] = ()
) -> tuple[Point, ...]:
    """Return the reasons in their order; many of one kind with one remedy are told as one."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for reason in reasons:
        step = what_to_do(reason, names, reliefs, _TAKEN_DOWN)
        groups.setdefault((reason.code, step), []).append(reason)
    points: list[Point] = []
    for (_code, step), alike in groups.items():
        if len(alike) <= _ALONE:
            points += [_point(reason, step, names) for reason in alike]
        else:
            points.append(_together(alike, step, names))
    return tuple(points)


def _point(reason: Finding, step: str, names: Names) -> Point:
    whom = contact(reason.subject, names)
    return Point(
        severity_state(reason),
        finding_sentence(reason, names),
        step,
        whom.text if whom else "",
        reason.subject,
    )


def _together(alike: list[Finding], step: str, names: Names) -> Point:
    first = _point(alike[0], step, names)
    others = [names.name(reason.subject) for reason in alike[1:]]
    named = ", ".join(others[:_NAMED]) + (", …" if len(others) > _NAMED else "")
    more = ngettext(
        "The same holds for {n} more: {names}.",
        "The same holds for {n} more: {names}.",
        len(others),
    ).format(n=len(others), names=named)
    return Point(first.sign, f"{first.text} {more}", first.step, first.contact, first.subject)
