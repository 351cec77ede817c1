"""Tables: columns side by side, answers below an MTU, remembered from read to read.

The first reads find out which columns there are and how many rows fit. Later ones send the same
octets again and only check that the same cells come back; where they do not, the walk goes on
from there in the careful way.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from console.snmp import ber
from console.snmp.errors import Garbled, Timeout
from console.snmp.messages import Answer, Prepared
from console.snmp.silence import Lesson, Silence
from console.snmp.target import Asker, Reply, Target
from console.snmp.walk import MOST_ROWS, Column, Walk

_MOST_OCTETS = 1400  # of an answer: fits an Ethernet frame even inside a tunnel
_HEADER_OCTETS = 50  # of a message around its varbinds, with a long community
_FIRST_ROWS = 6  # asked at once while the size of a row is unknown
_MOST_REQUESTS = 4_000
_MOST_OCTETS_IN_ALL = 16 << 20  # of a whole table: an agent may fill every datagram to the brim
_MOST_S = 300.0  # an agent that answers every request as late as it may comes to an end too


@dataclass(frozen=True, slots=True)
class Table:
    """A table as read: `columns` in the order asked for, each aligned to `indexes`.

    None where a cell or scalar is missing. `at_s` (event loop's clock) and `rtt_us` are those of
    the first answer. `indexes` is the same object as last time while the same rows are there.
    `whole` is False where the agent repeated itself, so that rows may be missing.
    """

    indexes: tuple[ber.Oid, ...]
    columns: tuple[list[ber.Value], ...]
    scalars: tuple[ber.Value, ...]
    at_s: float
    rtt_us: int
    whole: bool = True


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
        self._most_rows = MOST_ROWS  # that the agent was seen to answer at once
        self._steps: list[_Step] = []
        self._guarded: tuple[ber.Value, ...] = ()
        self._indexes: tuple[ber.Oid, ...] = ()
        self._bulk = self._target.bulk
        self._silence = Silence()

    async def read(self) -> Table:
        """Read the table; raise SnmpError when the agent does not let it be read."""
        replies: list[Reply] = []
        careful = self._bulk and self._silence.wants_care
        try:
            table = await (self._read_carefully(replies) if careful else self._read(replies))
        except Timeout:
            self._heed(self._silence.fell(len(replies), careful))
            raise
        self._silence.broke(careful)
        return table

    async def _read_carefully(self, replies: list[Reply]) -> Table:
        self._rows_at_once = 1
        table = await self._walk(replies, bulk=False)
        self._rows_at_once, self._steps = min(_FIRST_ROWS, self._most_rows), []
        return table

    async def _read(self, replies: list[Reply]) -> Table:
        for step in self._steps:
            replies.append(await self._asker.ask(self._target, step.request))
            if not self._as_before(step, replies):
                break
        else:
            if self._steps:
                return self._assemble(replies)
        return await self._walk(replies, self._bulk)

    def _heed(self, lesson: Lesson) -> None:
        if lesson is Lesson.NONE:
            return
        least = lesson is Lesson.ASK_FOR_LEAST
        self._bulk = self._bulk and not least
        self._most_rows = self._rows_at_once = 1 if least else max(1, self._rows_at_once // 2)
        self._steps = []

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

    async def _walk(self, replies: list[Reply], bulk: bool) -> Table:
        """Go on carefully from the answers there are; at the end remember the way."""
        columns = [
            Column(self._columns[number], self._columns[number], self._numbers_only)
            for number in self._present
        ]
        walk = Walk(columns, self._scalars, self._rows_at_once, self._indexes, bulk)
        steps: list[_Step] = []
        octets = 0
        ends_s = asyncio.get_running_loop().time() + _MOST_S
        try:
            while walk.unfinished and len(steps) < _MOST_REQUESTS:
                done, request = len(steps), walk.request()
                if done < len(replies):
                    prepared = self._steps[done].request
                else:
                    prepared = self._asker.prepare(
                        *(self._target, request.kind, request.oids),
                        *(request.non_repeaters, request.max_repetitions),
                    )
                    replies.append(await self._asker.ask(self._target, prepared))
                answer = replies[done].answer
                steps.append(_Step(prepared, answer.oids, answer.tags, walk.take(answer)))
                octets += answer.size
                if replies[-1].at_s > ends_s:
                    raise Timeout
                if octets > _MOST_OCTETS_IN_ALL:
                    raise Garbled
        except ber.BerError:
            raise Garbled from None
        if walk.unfinished:
            raise Garbled
        walk.finish()
        self._bulk = self._bulk and walk.bulk is bulk
        if not walk.whole:
            return await self._read_otherwise(walk, steps, replies)
        return self._finish(walk, steps, replies)

    async def _read_otherwise(self, walk: Walk, steps: list[_Step], replies: list[Reply]) -> Table:
        """Go on after an agent repeated itself: there are some that do so at GETBULK only."""
        if walk.bulk:
            self._bulk, self._steps = False, []
            replies.clear()
            return await self._walk(replies, bulk=False)
        table = replace(self._finish(walk, steps, replies), whole=False)
        self._steps = []
        return table

    def _finish(self, walk: Walk, steps: list[_Step], replies: list[Reply]) -> Table:
        indexes = tuple(sorted(set().union(*(column.cells for column in walk.columns))))
        if indexes != self._indexes:
            self._indexes = indexes
        scalars = tuple(walk.scalars)
        cells = [[column.cells.get(i) for i in indexes] for column in walk.columns]
        table = self._table(cells, scalars, replies[0])
        answers = zip(steps, replies, strict=False)
        octets = max((reply.answer.size for step, reply in answers if step.rows), default=0)
        self._remember(walk, steps, scalars, octets)
        return table

    def _remember(
        self, walk: Walk, steps: list[_Step], scalars: tuple[ber.Value, ...], octets: int
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
        few = walk.bulk or len(useful) <= -(-count // rows)
        if regular and few and rows == self._rows_at_once and useful == steps[: len(useful)]:
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
