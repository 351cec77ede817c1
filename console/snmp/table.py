"""Tables by GETBULK: columns side by side, answers below an MTU, remembered from read to read.

The first reads find out which columns there are and how many rows fit. Later ones send the same
octets again and only check that the same cells come back; where they do not, the walk goes on
from there in the careful way.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from console.snmp import ber
from console.snmp.errors import Garbled
from console.snmp.messages import GETBULK, TOO_BIG, Answer, Prepared, check_status
from console.snmp.target import Asker, Reply, Target

_MOST_OCTETS = 1400  # of an answer: fits an Ethernet frame even inside a tunnel
_HEADER_OCTETS = 50  # of a message around its varbinds, with a long community
_FIRST_ROWS = 6  # asked at once while the size of a row is unknown
_MOST_ROWS = 10_000  # a faulty agent may count for ever
_MOST_REQUESTS = 4_000


@dataclass(frozen=True, slots=True)
class Table:
    """A table as read: `columns` in the order asked for, each aligned to `indexes`.

    None where a cell or scalar is missing. `at_s` (event loop's clock) and `rtt_us` are those of
    the first answer. `indexes` is the same object as last time while the same rows are there.
    """

    indexes: tuple[ber.Oid, ...]
    columns: tuple[list[ber.Value], ...]
    scalars: tuple[ber.Value, ...]
    at_s: float
    rtt_us: int


@dataclass(frozen=True, slots=True)
class _Step:
    """A request that was answered, and the cells that came."""

    request: Prepared
    oids: list[bytes]
    tags: bytearray
    rows: int

    def fits(self, answer: Answer) -> bool:
        """Tell whether the same cells came again."""
        return not answer.error_status and answer.oids == self.oids and answer.tags == self.tags


@dataclass(slots=True)
class _Column:
    """What is known of a column during a walk."""

    prefix: bytes
    cursor: bytes
    numbers_only: bool
    last: ber.Oid = ()
    open: bool = True
    cells: dict[ber.Oid, ber.Value] = field(default_factory=dict)

    def take(self, oids: list[bytes], tags: bytearray, values: list[int | bytes]) -> int:
        """Add cells until the column ends; return how many. A step backwards ends it too."""
        length = len(self.prefix)
        for count, (oid, tag, value) in enumerate(zip(oids, tags, values, strict=True)):
            if tag == ber.END_OF_MIB_VIEW or not oid.startswith(self.prefix):
                self.open = False
                return count
            index = ber.decode_subidentifiers(oid[length:])
            if index <= self.last:
                self.open = False
                return count
            usable = isinstance(value, int) or not (self.numbers_only or ber.is_nothing(tag))
            self.cells[index] = value if usable else None
            self.last = index
            self.cursor = oid
        return len(oids)


class _Walk:
    """One careful reading from the first row to the last, whatever the agent does."""

    def __init__(
        self, columns: list[_Column], scalars: Sequence[bytes], rows: int, expected: int
    ) -> None:
        self.columns = columns
        self.scalars: tuple[ber.Value, ...] | None = None
        self.rows = rows  # asked at once: fewer after tooBig
        self.shrunk = False
        self._expected = expected
        self._scalar_oids = scalars
        self._width = len(columns)  # columns asked at once: fewer after tooBig

    @property
    def asked(self) -> list[_Column]:
        """The columns that the next request asks for."""
        return [column for column in self.columns if column.open][: self._width]

    @property
    def unfinished(self) -> bool:
        """Tell whether anything is left to ask for."""
        return bool(self.asked) or self.scalars is None

    def request(self) -> tuple[list[bytes], int, int]:
        """Return the OIDs of the next request, how many are scalars, how many rows to ask for."""
        # GETBULK answers with what follows: a scalar's instance .0 follows its object.
        scalars = [oid[:-1] for oid in self._scalar_oids] if self.scalars is None else []
        asked = self.asked
        missing = self._expected - min((len(column.cells) for column in asked), default=0)
        # Where all expected rows have come, one row more shows that the table ends.
        rows = self.rows if missing < 0 or not self._expected else min(self.rows, max(missing, 1))
        return scalars + [column.cursor for column in asked], len(scalars), rows

    def take(self, answer: Answer) -> int:
        """Take an answer to the request; return how many whole rows it brought."""
        if answer.error_status == TOO_BIG and self._shrink():
            return 0
        check_status(answer)
        asked, skip = self.asked, 0
        if self.scalars is None:
            skip = len(self._scalar_oids)
            self.scalars = tuple(
                answer.value(i) if answer.oids[i : i + 1] == [oid] else None
                for i, oid in enumerate(self._scalar_oids)
            )
        stride = len(asked)
        oids, tags, values = answer.oids[skip:], answer.tags[skip:], answer.values[skip:]
        taken = [
            column.take(oids[i::stride], tags[i::stride], values[i::stride])
            for i, column in enumerate(asked)
        ]
        if asked and not any(taken) and all(column.open for column in asked):
            raise Garbled  # neither a row nor an end
        if asked and max(len(column.cells) for column in asked) > _MOST_ROWS:
            raise Garbled
        return min(taken, default=0)

    def _shrink(self) -> bool:
        self.shrunk = True
        if self.rows > 1:
            self.rows //= 2
        elif self._width > 1:
            self._width //= 2
        else:
            return False
        return True


class TableReader:
    """Reads the same columns of one agent again and again.

    `guards` counts the leading scalars that change whenever rows come or go: while they are there
    and the same, the table's end is not asked for. `numbers_only`: a cell that is no integer counts
    as missing.
    """

    def __init__(
        self,
        asker: Asker,
        target: Target,
        columns: Sequence[ber.Oid],
        scalars: Sequence[ber.Oid] = (),
        guards: int = 0,
        numbers_only: bool = False,
    ) -> None:
        self._asker = asker
        self._target = target
        self._columns = [ber.encode_oid(oid) for oid in columns]
        self._scalars = [ber.encode_oid(oid) for oid in scalars]
        self._guards = guards
        self._numbers_only = numbers_only
        self.forget()

    def forget(self) -> None:
        """Find out anew which columns there are."""
        self._present = list(range(len(self._columns)))
        self._rows_at_once = _FIRST_ROWS
        self._most_rows = _MOST_ROWS  # that the agent was seen to answer at once
        self._steps: list[_Step] = []
        self._guarded: tuple[ber.Value, ...] = ()
        self._indexes: tuple[ber.Oid, ...] = ()

    async def read(self) -> Table:
        """Read the table; raise SnmpError when the agent does not let it be read."""
        replies: list[Reply] = []
        for step in self._steps:
            replies.append(await self._asker.ask(self._target, step.request))
            if not self._as_before(step, replies):
                break
        else:
            if self._steps:
                return self._assemble(replies)
        return await self._walk(replies)

    def _as_before(self, step: _Step, replies: list[Reply]) -> bool:
        answer = replies[-1].answer
        if not step.fits(answer) or answer.size > _MOST_OCTETS:
            return False
        return len(replies) > 1 or tuple(answer.values[: len(self._guarded)]) == self._guarded

    def _assemble(self, replies: list[Reply]) -> Table:
        """Put together the answers to the remembered steps: whole rows of the present columns."""
        skip, stride = len(self._scalars), len(self._present)
        first = replies[0].answer
        columns: list[list[ber.Value]] = [[] for _ in self._present]
        for step, reply in zip(self._steps, replies, strict=True):
            values, end = reply.answer.values, skip + step.rows * stride
            for i, column in enumerate(columns, skip):
                column += values[i:end:stride]
            skip = 0
        scalars = tuple(first.value(i) for i in range(len(self._scalars)))
        return self._table(columns, scalars, replies[0])

    def _table(
        self, columns: list[list[ber.Value]], scalars: tuple[ber.Value, ...], first: Reply
    ) -> Table:
        every: list[list[ber.Value]] = [[None] * len(self._indexes)] * len(self._columns)
        for number, column in zip(self._present, columns, strict=True):
            every[number] = column
        return Table(self._indexes, tuple(every), scalars, first.at_s, first.rtt_us)

    async def _walk(self, replies: list[Reply]) -> Table:
        """Go on carefully from the answers there are; at the end remember the way."""
        columns = [
            _Column(self._columns[number], self._columns[number], self._numbers_only)
            for number in self._present
        ]
        walk = _Walk(columns, self._scalars, self._rows_at_once, len(self._indexes))
        steps: list[_Step] = []
        octets = 0
        try:
            while walk.unfinished and len(steps) < _MOST_REQUESTS:
                done = len(steps)
                request = self._prepare(walk) if done >= len(replies) else self._steps[done].request
                if done >= len(replies):
                    replies.append(await self._asker.ask(self._target, request))
                answer = replies[done].answer
                steps.append(_Step(request, answer.oids, answer.tags, walk.take(answer)))
                octets = max(octets, answer.size) if steps[-1].rows else octets
        except ber.BerError:
            raise Garbled from None
        if walk.unfinished:
            raise Garbled
        return self._finish(walk, steps, replies, octets)

    def _prepare(self, walk: _Walk) -> Prepared:
        return self._asker.prepare(self._target, GETBULK, *walk.request())

    def _finish(self, walk: _Walk, steps: list[_Step], replies: list[Reply], octets: int) -> Table:
        indexes = tuple(sorted(set().union(*(column.cells for column in walk.columns))))
        if indexes != self._indexes:
            self._indexes = indexes
        scalars = walk.scalars or ()
        cells = [[column.cells.get(i) for i in indexes] for column in walk.columns]
        table = self._table(cells, scalars, replies[0])
        self._remember(walk, steps, scalars, octets)
        return table

    def _remember(
        self, walk: _Walk, steps: list[_Step], scalars: tuple[ber.Value, ...], octets: int
    ) -> None:
        """Keep the steps if the next read may simply repeat them; else prepare a better walk."""
        present = [n for n, c in zip(self._present, walk.columns, strict=True) if c.cells]
        count = len(self._indexes)
        useful = [step for step in steps if step.rows]
        guarded = scalars[: self._guards] if None not in scalars[: self._guards] else ()
        if walk.shrunk:
            self._most_rows = walk.rows
        rows = self._fitting_rows(useful, octets, count)
        regular = present == self._present and sum(step.rows for step in useful) == count
        # None is not replayed: what stands for it on the wire would pass for a value.
        regular = regular and all(
            len(column.cells) == count and None not in column.cells.values()
            for column in walk.columns
        )
        self._steps = []
        if regular and rows == self._rows_at_once and useful == steps[: len(useful)]:
            self._steps = useful if guarded else steps
        self._guarded = guarded
        self._present = present or self._present
        self._rows_at_once = rows

    def _fitting_rows(self, steps: list[_Step], octets: int, count: int) -> int:
        """Return how many rows to ask for at once: below an MTU, and evenly spread."""
        if not steps:
            return _FIRST_ROWS
        row_octets = max(1, octets - _HEADER_OCTETS) / max(step.rows for step in steps)
        fitting = int((_MOST_OCTETS - _HEADER_OCTETS) / row_octets)
        fitting = max(1, min(fitting, self._most_rows))
        return -(-count // -(-count // fitting))
