"""Agents for tests, on real sockets of loopback: a good one and the ways to be a bad one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bench.agents import USER, Agent, SecuredAgent, serve
from console.snmp import ber
from console.snmp.manager import Manager
from console.snmp.messages import GET, GETBULK, VERSION_1
from console.snmp.target import Target

ENGINE = b"\x80\x00\x1f\x88\x04an engine"


@asynccontextmanager
async def answering(agent: Agent, **target: object) -> AsyncIterator[tuple[Manager, Target]]:
    """A manager and the target that the agent is."""
    manager = Manager()
    await manager.open()
    transport, port = await serve(agent)
    try:
        yield manager, Target("127.0.0.1", port, **{"timeout_s": 0.1, "retries": 0, **target})
    finally:
        transport.close()
        await manager.close()


def secured(cells, boots=1, users=(USER,), kind=SecuredAgent):
    """An SNMPv3 agent; ask it with `user=USER`."""
    return kind(cells, users, ENGINE, boots)


class Version1(Agent):
    """Knows SNMPv1 only: no GETBULK, no Counter64, no exceptions."""

    version = VERSION_1

    def __init__(self, cells, community="public"):
        narrow = {oid: cell for oid, cell in cells.items() if cell[0] != ber.COUNTER64}
        super().__init__(narrow, community)

    def answer(self, request_id, kind, oids, non_repeaters, repetitions):
        if kind == GETBULK:
            return None
        for number, oid in enumerate(oids, 1):
            place = self._after(oid)
            if kind == GET and (not place or self._oids[place - 1] != ber.decode_oid(oid)):
                return self.message(request_id, [], status=2, index=number)
            if kind != GET and place == len(self._oids):
                return self.message(request_id, [], status=2, index=number)
        return super().answer(request_id, kind, oids, non_repeaters, repetitions)


class NoBulk(Agent):
    """Fails at GETBULK: with an error status, or with silence where `status` is None."""

    status: int | None = 5

    def answer(self, request_id, kind, oids, non_repeaters, repetitions):
        if kind != GETBULK:
            return super().answer(request_id, kind, oids, non_repeaters, repetitions)
        return None if self.status is None else self.message(request_id, [], self.status, 1)


class BadColumn(NoBulk):
    """Has a column that it fails to read."""

    bad = ber.encode_oid(ber.parse_oid("1.3.6.1.2.1.2.2.1.14"))

    def answer(self, request_id, kind, oids, non_repeaters, repetitions):
        for number, oid in enumerate(oids, 1):
            if kind != GETBULK and oid.startswith(self.bad):
                return self.message(request_id, [], 5, number)
        return super().answer(request_id, kind, oids, non_repeaters, repetitions)


class LosesLongAnswers(Agent):
    """Its answers above `most_octets` get lost on the way."""

    most_octets = 600

    def handle(self, data):
        answer = super().handle(data)
        return answer if answer is None or len(answer) <= self.most_octets else None


class ShortAnswers(Agent):
    """Answers GETBULK with a few varbinds only, however many are asked for."""

    most_varbinds = 7

    def message(self, request_id, varbinds, status=0, index=0):
        return super().message(request_id, varbinds[: self.most_varbinds], status, index)


class TooBig(Agent):
    """Answers tooBig to what exceeds `most_varbinds`, GET and GETBULK alike."""

    most_varbinds = 10

    def message(self, request_id, varbinds, status=0, index=0):
        if len(varbinds) > self.most_varbinds:
            return super().message(request_id, [], status=1)
        return super().message(request_id, varbinds, status, index)


class Stuck(Agent):
    """Answers GETBULK with the same row for ever."""

    def answer(self, request_id, kind, oids, non_repeaters, repetitions):
        if kind == GETBULK and repetitions:
            return self.message(request_id, [same(oid) for oid in oids] * repetitions)
        return super().answer(request_id, kind, oids, non_repeaters, repetitions)


class StuckAtARow(Agent):
    """Answers whatever is asked for in a table with the table's first row, by any request."""

    def answer(self, request_id, kind, oids, non_repeaters, repetitions):
        def first(oid: bytes) -> bytes:
            short = ber.decode_oid(oid)
            return ber.encode_oid(short[:10] if len(short) > 10 else short)

        scalars = non_repeaters if kind == GETBULK else 0
        if kind != GET:
            oids = [*oids[:scalars], *map(first, oids[scalars:])]
        rows = repetitions and 1
        return super().answer(request_id, kind, oids, non_repeaters, rows)


class Endless(Agent):
    """Has one more row always."""

    def answer(self, request_id, kind, oids, non_repeaters, repetitions):
        if kind != GETBULK:
            return super().answer(request_id, kind, oids, non_repeaters, repetitions)
        rows = [same(oid) for oid in oids[:non_repeaters]]
        for step in range(1, repetitions + 1):
            rows += [counted(oid, step) for oid in oids[non_repeaters:]]
        return self.message(request_id, rows)


class Brimful(Agent):
    """Has one more row always, and fills every datagram with it."""

    cell = ber.encode(ber.OCTET_STRING, bytes(60_000))

    def answer(self, request_id, kind, oids, non_repeaters, repetitions):
        if kind != GETBULK:
            return super().answer(request_id, kind, oids, non_repeaters, repetitions)
        column, row = ber.decode_oid(oids[0])[:10], ber.decode_oid(oids[0])[10:] or (0,)
        name = ber.encode(ber.OBJECT_IDENTIFIER, ber.encode_oid((*column, row[0] + 1)))
        return self.message(request_id, [ber.encode(ber.SEQUENCE, name + self.cell)])


class Garbling(Agent):
    """Answers every time, and never anything that can be read."""

    def message(self, request_id, varbinds, status=0, index=0):
        return super().message(request_id, varbinds, status, index)[:-3]


class Failing(Agent):
    """Answers with an error status."""

    status = 5

    def message(self, request_id, varbinds, status=0, index=0):
        return super().message(request_id, [], status=self.status, index=1)


class Deaf(Agent):
    """Does not hear the first questions."""

    misses = 1

    def handle(self, data):
        if self.misses:
            self.misses -= 1
            self.asked += 1
            return None
        return super().handle(data)


class Lying(Agent):
    """Answers under another request id."""

    def message(self, request_id, varbinds, status=0, index=0):
        return super().message(request_id ^ 1, varbinds, status, index)


def same(oid: bytes) -> bytes:
    """A varbind of this very OID."""
    name = ber.encode(ber.OBJECT_IDENTIFIER, oid)
    return ber.encode(ber.SEQUENCE, name + ber.encode_integer(1))


def counted(oid: bytes, step: int) -> bytes:
    """A varbind some rows further on in the column of IF-MIB that the OID is or is in."""
    column, row = ber.decode_oid(oid)[:10], ber.decode_oid(oid)[10:] or (0,)
    return same(ber.encode_oid((*column, row[0] + step)))
