"""When conferences are held, as planned at one moment: by the inventory, calendars and the window.

What a calendar said is kept here as occurrences, so that a history needs no calendar to be read.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from console.model.inventory import Conference


class PlanSource(StrEnum):
    """Who planned it."""

    INVENTORY = "inventory"
    CALENDAR = "calendar"
    WINDOW = "window"


class Occurrence(NamedTuple):
    """One time that a conference is held, UTC seconds; `title` is the calendar's, "" for none."""

    start_s: float
    end_s: float
    title: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A conference and what its calendar says.

    `read` are the calendar's occurrences, ascending; None where the entry's own start and rule
    tell. `problem` is a reason's code where the calendar could not be read (`read` then holds what
    was last known).
    """

    entry: Conference
    source: PlanSource = PlanSource.INVENTORY
    read: tuple[Occurrence, ...] | None = None
    problem: str | None = None

    @property
    def id(self) -> str:
        """The conference's id."""
        return self.entry.id
