"""What an operator wishes of the collector, as the window wrote it down."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish of `kind`, such as a rehearsal; `content` is JSON that the kind explains.

    `cancelled_s`: when it was taken back, None where it stands.
    """

    id: int
    at_s: float
    kind: str
    content: str
    cancelled_s: float | None = None
