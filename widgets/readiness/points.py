"""Reasons as points to act on: one sentence each, the next step, and whom to call. No Qt."""

from collections.abc import Iterable
from dataclasses import dataclass

from console.language import ngettext
from console.model.readiness import Finding
from console.model.states import State
from console.names import Names
from console.texts_readiness import contact, finding_sentence, to_do
from widgets.readiness.words import severity_state

_ALONE = 2  # so many reasons of one kind stand in lines of their own
_NAMED = 6


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


def points_of(reasons: Iterable[Finding], names: Names) -> tuple[Point, ...]:
    """Return the reasons in their order; many of one kind are told as one."""
    by_code: dict[str, list[Finding]] = {}
    for reason in reasons:
        by_code.setdefault(reason.code, []).append(reason)
    points: list[Point] = []
    for alike in by_code.values():
        if len(alike) <= _ALONE:
            points += [_point(reason, names) for reason in alike]
        else:
            points.append(_together(alike, names))
    return tuple(points)


def _point(reason: Finding, names: Names) -> Point:
    whom = contact(reason.subject, names)
    return Point(
        severity_state(reason),
        finding_sentence(reason, names),
        to_do(reason),
        whom.text if whom else "",
        reason.subject,
    )


def _together(alike: list[Finding], names: Names) -> Point:
    first = _point(alike[0], names)
    others = [names.name(reason.subject) for reason in alike[1:]]
    named = ", ".join(others[:_NAMED]) + (", …" if len(others) > _NAMED else "")
    more = ngettext(
        "The same holds for {n} more: {names}.",
        "The same holds for {n} more: {names}.",
        len(others),
    ).format(n=len(others), names=named)
    return Point(first.sign, f"{first.text} {more}", first.step, first.contact, first.subject)
