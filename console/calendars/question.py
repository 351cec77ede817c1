"""What is asked of a calendar and what comes back, as both processes spell it. Opens nothing."""

import json
from dataclasses import asdict, dataclass, field

from console.model.plan import Occurrence

MISSING = "calendar_missing"
UNREADABLE = "calendar_unreadable"
TOO_LARGE = "calendar_too_large"
PARTLY = "calendar_partly"
REFUSED = "calendar_refused"
CERTIFICATE = "calendar_certificate"
UNREACHABLE = "calendar_unreachable"

MOST_OCTETS = 5_000_000
MOST_OCCURRENCES = 5_000


class CalendarError(Exception):
    """A calendar cannot be read; `code` is the reason's."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Question:
    """A calendar to read: an absolute path, or the URL of a CalDAV calendar.

    Times of day without a zone are in `timezone`, and an event without an end lasts `lasts_s`.
    `tag` is that of the last answer, where an unchanged calendar need not be read again.
    """

    place: str
    timezone: str
    from_s: float
    to_s: float
    lasts_s: float
    credential: str | None = field(default=None, repr=False)
    ca: str | None = None
    tag: str | None = None

    @property
    def is_url(self) -> bool:
        """Whether it is asked over the network."""
        return self.place.startswith(("http://", "https://"))


@dataclass(frozen=True, slots=True)
class Answer:
    """Occurrences, ascending; None where they cannot be told or, without a problem, are as before.

    With PARTLY both are there: what could be read, and that there is more.
    """

    occurrences: tuple[Occurrence, ...] | None
    problem: str | None = None
    tag: str | None = None


def dump(what: Question | Answer) -> bytes:
    """Return it as one line for the other process."""
    return json.dumps(asdict(what)).encode()


def question(line: bytes) -> Question:
    """Read a question."""
    return Question(**json.loads(line))


def answer(line: bytes) -> Answer:
    """Read an answer; raise ValueError where it is none."""
    told = json.loads(line)
    read = told["occurrences"]
    occurrences = None if read is None else tuple(Occurrence(*one) for one in read)
    return Answer(occurrences, told["problem"], told["tag"])
