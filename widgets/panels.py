"""The panels of the window and how the perspectives arrange them. A new panel is one row here."""

from dataclasses import dataclass
from importlib import import_module
from typing import Literal

from PySide6.QtWidgets import QWidget

from console.language import N_


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel. `place` is module:class, imported when it is first needed.

    `titled`: it has a title bar to move, float or close it by. `first`: painted before anything
    else is imported. `later`: a heavy module it needs only when something is chosen.
    """

    key: str
    title: str
    place: str
    titled: bool = True
    first: bool = False
    later: str = ""

    @property
    def module(self) -> str:
        """The module to import before `make`."""
        return self.place.partition(":")[0]

    def make(self) -> QWidget:
        """Import and make the panel."""
        module, _colon, name = self.place.partition(":")
        widget = getattr(import_module(module), name)()
        assert isinstance(widget, QWidget)
        return widget


@dataclass(frozen=True, slots=True)
class Split:
    """Panels beside (`row`) or below (`column`) each other with their shares of the room.

    `tabs`: one upon the other, the first on top; the shares do not matter.
    """

    along: Literal["row", "column", "tabs"]
    parts: tuple[tuple["str | Split", int], ...]


@dataclass(frozen=True, slots=True)
class Perspective:
    """A named arrangement of some panels for one kind of work."""

    key: str
    title: str
    arrangement: Split


PANELS = (
    Panel("map", N_("Map"), "widgets.map.view:MapView", titled=False, first=True),
    Panel("attention", N_("Needs attention"), "widgets.attention:AttentionPanel"),
    Panel("events", N_("Events"), "widgets.events:EventsPanel"),
    Panel("links", N_("Links"), "widgets.links_table:LinksTable"),
    Panel(
        "detail",
        N_("Detail"),
        "widgets.detail.panel:DetailPanel",
        later="widgets.detail.plot",
    ),
    Panel("conferences", N_("Next conferences"), "widgets.conferences:ConferencesPanel"),
    Panel("readiness", N_("Readiness"), "widgets.readiness.panel:ReadinessPanel", titled=False),
    Panel("rooms", N_("Rooms"), "widgets.rooms_board:RoomsBoard"),
    Panel("recorded", N_("Recorded days"), "widgets.recorded_days:RecordedDays"),
)

PERSPECTIVES = (
    Perspective(
        "operations",
        N_("Operations"),
        Split(
            "row",
            (
                (
                    Split(
                        "column",
                        (
                            ("map", 68),
                            (
                                Split(
                                    "row",
                                    (
                                        (Split("tabs", (("attention", 50), ("events", 50))), 44),
                                        ("links", 56),
                                    ),
                                ),
                                32,
                            ),
                        ),
                    ),
                    72,
                ),
                ("detail", 28),
            ),
        ),
    ),
    Perspective(
        "conference",
        N_("Conference"),
        Split(
            "row",
            (
                ("conferences", 19),
                ("readiness", 49),
                (Split("column", (("map", 55), ("detail", 45))), 32),
            ),
        ),
    ),
    Perspective(
        "review",
        N_("Review"),
        Split("row", (("recorded", 27), ("map", 45), ("detail", 28))),
    ),
)


def keys_in(split: Split) -> tuple[str, ...]:
    """Return the panels of an arrangement in reading order."""
    found: list[str] = []
    for part, _share in split.parts:
        found += [part] if isinstance(part, str) else keys_in(part)
    return tuple(found)


def in_sight(split: Split) -> tuple[str, ...]:
    """Return the panels of an arrangement that no other one lies upon."""
    if split.along == "tabs":
        return keys_in(split)[:1]
    found: list[str] = []
    for part, _share in split.parts:
        found += [part] if isinstance(part, str) else in_sight(part)
    return tuple(found)
