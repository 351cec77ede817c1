"""One careful reading of a table's columns from first row to last, whatever the agent does.

By GETBULK, or by GETNEXT where the version or the agent does not know it. Knows octets only: the
caller asks and brings the answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from console.snmp import ber
from console.snmp.errors import Garbled, Refused
from console.snmp.messages import (
    GEN_ERR,
    GETBULK,
    GETNEXT,
    NO_SUCH_NAME,
    TOO_BIG,
    Answer,
    check_status,
)

MOST_ROWS = 10_000  # a faulty agent may count for ever
_NOT_ABLE = (NO_SUCH_NAME, GEN_ERR)


@dataclass(slots=True)
class Column:
    """What is known of a column during a walk."""

    prefix: bytes
    cursor: bytes
    numbers_only: bool
    last: ber.Oid = ()
    open: bool = True
    went_back: bool = False  # ended by a step backwards: there may be more
    cells: dict[ber.Oid, ber.Value] = field(default_factory=dict)

    def take(
        self,
        oids: list[bytes],
        tags: bytearray,
        values: list[int | bytes],
        followed: Sequence[bytes],
    ) -> int:
        """Add cells until the column ends; return how many. A step backwards ends it too.

        `followed` are the cursors that further cells were asked for with, if each had its own:
        cells count only as long as they are those that were foreseen.
        """
        length = len(self.prefix)
        for count, (oid, tag, value) in enumerate(zip(oids, tags, values, strict=True)):
            if tag == ber.END_OF_MIB_VIEW or not oid.startswith(self.prefix):
                self.open = False
                return count
            index = ber.decode_subidentifiers(oid[length:])
            if index <= self.last:
                self.open, self.went_back = False, True
                return count
            usable = isinstance(value, int) or not (self.numbers_only or ber.is_nothing(tag))
            self.cells[index] = value if usable else None
            self.last = index
            self.cursor = oid
            if count < len(followed) and followed[count] != oid:
                return count + 1
        return len(oids)


@dataclass(frozen=True, slots=True)
class Request:
    """The next request: its kind, its OIDs, and the two numbers of GETBULK."""

    kind: int
    oids: list[bytes]
    non_repeaters: int = 0
    max_repetitions: int = 0


class Walk:
    """Asks for `rows` at once and takes what comes. `known` are the rows that were there before."""

    def __init__(
        self,
        columns: list[Column],
        scalars: Sequence[bytes],
        rows: int,
        known: Sequence[ber.Oid],
        bulk: bool,
    ) -> None:
        self.columns = columns
        self.rows = rows  # asked at once: fewer after tooBig
        self.bulk = bulk
        self.shrunk = False
        self.scalars: list[ber.Value] = [None] * len(scalars)
        self._scalar_oids = dict(enumerate(scalars))  # still to be asked for
        self._known = known
        self._width = len(columns)  # columns asked at once: fewer after tooBig
        self._followed: list[list[bytes]] = []
        self._failed = False

    @property
    def asked(self) -> list[Column]:
        """The columns that the next request asks for."""
        return [column for column in self.columns if column.open][: self._width]

    @property
    def unfinished(self) -> bool:
        """Tell whether anything is left to ask for."""
        return bool(self.asked) or bool(self._scalar_oids)

    @property
    def whole(self) -> bool:
        """Tell whether a column with most rows ended as it should, so that none is missing."""
        most = max((len(column.cells) for column in self.columns), default=0)
        ends = [column.went_back for column in self.columns if len(column.cells) == most]
        return not ends or not all(ends)

    def request(self) -> Request:
        """Return the next request."""
        # What follows an object is its instance .0.
        scalars = [oid[:-1] for oid in self._scalar_oids.values()]
        asked = self.asked
        missing = len(self._known) - min((len(column.cells) for column in asked), default=0)
        # Where all expected rows have come, one row more shows that the table ends.
        rows = self.rows if missing < 0 or not self._known else min(self.rows, max(missing, 1))
        if self.bulk:
            self._followed = [[] for _ in asked]
            cursors = [column.cursor for column in asked]
            return Request(GETBULK, scalars + cursors, len(scalars), rows)
        # GETNEXT brings one row, so each further one is asked for after the row known to be before.
        self._followed = [self._next_known(column, rows - 1) for column in asked]
        depth = min(map(len, self._followed), default=0)
        self._followed = [cursors[:depth] for cursors in self._followed]
        oids = scalars + [column.cursor for column in asked]
        for row in range(depth):
            oids += [cursors[row] for cursors in self._followed]
        return Request(GETNEXT, oids)

    def _next_known(self, column: Column, count: int) -> list[bytes]:
        """Return where the column's next rows are, if they are where they were."""
        known = [index for index in self._known if index > column.last][:count]
        return [column.prefix + ber.encode_subidentifiers(index) for index in known]

    def take(self, answer: Answer) -> int:
        """Take an answer to the request; return how many whole rows it brought."""
        if answer.error_status:
            self._adapt(answer)
            return 0
        asked, skip = self.asked, len(self._scalar_oids)
        for place, (number, oid) in enumerate(self._scalar_oids.items()):
            if answer.oids[place : place + 1] == [oid]:
                self.scalars[number] = answer.value(place)
        self._scalar_oids = {}
        stride = len(asked)
        oids, tags, values = answer.oids[skip:], answer.tags[skip:], answer.values[skip:]
        taken = [
            column.take(oids[i::stride], tags[i::stride], values[i::stride], self._followed[i])
            for i, column in enumerate(asked)
        ]
        if asked and not any(taken) and all(column.open for column in asked):
            raise Garbled  # neither a row nor an end
        if asked and max(len(column.cells) for column in asked) > MOST_ROWS:
            raise Garbled
        return min(taken, default=0)

    def finish(self) -> None:
        """Raise Refused where errors are all that came."""
        if self._failed and not any(column.cells for column in self.columns):
            raise Refused("snmp_status")

    def _adapt(self, answer: Answer) -> None:
        """Ask for less, or in another way, after an error status; raise what cannot be mended."""
        if answer.error_status == TOO_BIG and self._shrink():
            return
        if answer.error_status not in _NOT_ABLE:
            check_status(answer)
        if self.bulk:  # there are agents that fail at GETBULK only
            self.bulk = False
            return
        self._failed = self._failed or answer.error_status == GEN_ERR
        self._leave_out(answer.error_index - 1)

    def _leave_out(self, position: int) -> None:
        """Do without the variable that the agent has no answer to."""
        if 0 <= position < len(self._scalar_oids):
            del self._scalar_oids[list(self._scalar_oids)[position]]
        elif self.rows > 1:
            self.rows = 1
        elif position >= 0 and self.asked:
            self.asked[(position - len(self._scalar_oids)) % len(self.asked)].open = False
        elif not self._shrink():
            self._scalar_oids = {}
            for column in self.asked:
                column.open = False

    def _shrink(self) -> bool:
        self.shrunk = True
        if self.rows > 1:
            self.rows //= 2
        elif self._width > 1:
            self._width //= 2
        else:
            return False
        return True
