import pytest

from bench.agents import IF_ENTRY, IF_X_ENTRY, Agent, switch
from console.snmp import ber
from console.snmp.errors import Garbled, Refused, Timeout
from console.snmp.messages import VERSION_1
from console.snmp.table import TableReader
from tests.snmp_agents import (
    BadColumn,
    Brimful,
    Deaf,
    Endless,
    Failing,
    LosesLongAnswers,
    NoBulk,
    ShortAnswers,
    Stuck,
    StuckAtARow,
    TooBig,
    Version1,
    answering,
)

COLUMNS = [(*IF_ENTRY, c) for c in (7, 8, 13, 14, 19, 20)] + [(*IF_X_ENTRY, c) for c in (6, 10)]
NAMES = [(*IF_ENTRY, 2), (*IF_X_ENTRY, 1)]
IF_NUMBER = ber.parse_oid("1.3.6.1.2.1.2.1.0")
IF_LAST_CHANGE = ber.parse_oid("1.3.6.1.2.1.31.1.5.0")


def still(cells):
    """The same cells with counters that stand still."""
    return {
        oid: (tag, int(value) if isinstance(value, int) else value)
        for oid, (tag, value) in cells.items()
    }


def expected(cells, columns):
    """What a table of these columns must show."""
    rows = {oid[len(c) :] for c in columns for oid in cells if oid[: len(c)] == c}
    indexes = tuple(sorted(rows))
    return indexes, tuple(
        [cells[(*c, *i)][1] if (*c, *i) in cells else None for i in indexes] for c in columns
    )


async def reads(agent, columns=COLUMNS, times=4, **target):
    """Read the table several times; the memory of earlier reads must not change what is read."""
    async with answering(agent, **target) as (manager, asked):
        reader = TableReader(manager, asked, columns, [IF_NUMBER], guards=1)
        tables = [await reader.read() for _ in range(times)]
    return [(table.indexes, table.columns) for table in tables]


@pytest.mark.parametrize("ports", [0, 1, 5, 6, 7, 24, 25, 130])
async def test_reads_every_cell_every_time(ports):
    cells = still(switch(ports))
    assert await reads(Agent(cells)) == [expected(cells, COLUMNS)] * 4


async def test_a_known_table_is_read_without_asking_for_its_end():
    agent = Agent(still(switch(24)))
    async with answering(agent) as (manager, target):
        reader = TableReader(manager, target, COLUMNS, [IF_NUMBER], guards=1)
        for _ in range(3):
            table = await reader.read()
        before = agent.asked
        again = await reader.read()
    assert agent.asked - before == 3
    assert again.indexes is table.indexes


async def test_answers_stay_below_an_mtu(monkeypatch):
    sizes = []
    agent = Agent(still(switch(60)))
    message = agent.message

    def measured(*arguments):
        sizes.append(len(message(*arguments)))
        return message(*arguments)

    monkeypatch.setattr(agent, "message", measured)
    assert len((await reads(agent))[3][0]) == 60
    assert max(sizes) <= 1400


async def test_rows_that_come_and_go_are_noticed():
    agent = Agent(still(switch(24)))
    async with answering(agent) as (manager, target):
        reader = TableReader(manager, target, COLUMNS, [IF_NUMBER], guards=1)
        for ports in (24, 24, 24, 30, 30, 30, 7, 7, 7, 24):
            cells = still(switch(ports))
            agent.replace(cells)
            table = await reader.read()
            assert (table.indexes, table.columns) == expected(cells, COLUMNS)


async def test_without_a_guard_the_end_is_proved_every_time():
    cells = {oid: cell for oid, cell in still(switch(24)).items() if oid != IF_NUMBER}
    agent = Agent(cells)
    async with answering(agent) as (manager, target):
        reader = TableReader(manager, target, COLUMNS, [IF_NUMBER], guards=1)
        for _ in range(4):
            await reader.read()
        more = {oid: cell for oid, cell in still(switch(25)).items() if oid != IF_NUMBER}
        agent.replace(more)
        table = await reader.read()
    assert table.scalars == (None,)
    assert (table.indexes, table.columns) == expected(more, COLUMNS)


async def test_scalars_that_are_missing_are_none():
    async with answering(Agent(still(switch(3)))) as (manager, target):
        table = await manager.table(target, NAMES, [IF_NUMBER, IF_LAST_CHANGE])
    assert table.scalars == (3, None)


async def test_a_missing_if_x_table_leaves_its_columns_empty():
    cells = still(switch(24, wide=False))
    assert await reads(Agent(cells)) == [expected(cells, COLUMNS)] * 4


async def test_gaps_in_columns_stay_gaps():
    cells = still(switch(24))
    gaps = {(*IF_X_ENTRY, 6, 3), (*IF_X_ENTRY, 6, 24), (*IF_ENTRY, 8, 1), (*IF_ENTRY, 13, 12)}
    cells = {oid: cell for oid, cell in cells.items() if oid not in gaps}
    assert await reads(Agent(cells)) == [expected(cells, COLUMNS)] * 4


async def test_indexes_are_in_order_whatever_their_length_on_the_wire():
    cells = {(*IF_ENTRY, 7, n): (ber.INTEGER, 1) for n in (1, 127, 128, 16383, 16384, 2097152)}
    ((indexes, _), *_) = await reads(Agent(cells), [(*IF_ENTRY, 7)])
    assert [index[0] for index in indexes] == [1, 127, 128, 16383, 16384, 2097152]


async def test_long_texts_are_read_whole():
    cells = {(*IF_ENTRY, 2, n): (ber.OCTET_STRING, b"%d" % n * 100) for n in range(1, 20)}
    assert await reads(Agent(cells), NAMES) == [expected(cells, NAMES)] * 4


async def test_values_that_are_no_numbers_are_missing_where_numbers_belong():
    cells = still(switch(24)) | {(*IF_ENTRY, 14, 5): (ber.OCTET_STRING, b"many")}
    async with answering(Agent(cells)) as (manager, target):
        reader = TableReader(manager, target, COLUMNS, numbers_only=True)
        for _ in range(4):
            assert (await reader.read()).columns[3][4] is None


@pytest.mark.parametrize("most", [1, 3, 7, 8, 9, 20])
async def test_short_answers_are_continued(most):
    agent = ShortAnswers(still(switch(24)))
    agent.most_varbinds = most
    cells = still(switch(24))
    async with answering(agent) as (manager, target):
        reader = TableReader(manager, target, COLUMNS)
        for _ in range(3):
            table = await reader.read()
            assert (table.indexes, table.columns) == expected(cells, COLUMNS)


@pytest.mark.parametrize("most", [1, 2, 5, 9, 30])
async def test_too_big_is_asked_in_smaller_pieces(most):
    agent = TooBig(still(switch(24)))
    agent.most_varbinds = most
    cells = still(switch(24))
    async with answering(agent) as (manager, target):
        reader = TableReader(manager, target, COLUMNS)
        for _ in range(3):
            table = await reader.read()
            assert (table.indexes, table.columns) == expected(cells, COLUMNS)


async def test_an_agent_for_which_everything_is_too_big_is_refused():
    agent = TooBig(still(switch(2)))
    agent.most_varbinds = 0
    with pytest.raises(Refused):
        await reads(agent)


async def test_an_agent_that_does_not_advance_by_getbulk_is_read_by_getnext():
    cells = still(switch(24))
    agent = Stuck(cells)
    async with answering(agent) as (manager, target):
        reader = TableReader(manager, target, COLUMNS)
        first = await reader.read()
        asked = agent.asked
        second = await reader.read()
    for table in (first, second):
        assert table.whole
        assert (table.indexes, table.columns) == expected(cells, COLUMNS)
    assert agent.asked - asked < asked


async def test_an_agent_that_does_not_advance_at_all_comes_to_an_end_and_it_is_told():
    agent = StuckAtARow(still(switch(24)))
    async with answering(agent) as (manager, target):
        reader = TableReader(manager, target, COLUMNS)
        tables = [await reader.read() for _ in range(3)]
    assert [(table.whole, table.indexes) for table in tables] == [(False, ((1,),))] * 3
    assert agent.asked < 10


async def test_an_agent_that_counts_for_ever_comes_to_an_end():
    agent = Endless(still(switch(2)))
    async with answering(agent, timeout_s=2.0) as (manager, target):
        with pytest.raises(Garbled):
            await TableReader(manager, target, [(*IF_ENTRY, 7)]).read()
    assert agent.asked < 4001


@pytest.mark.parametrize("numbers_only", [False, True])
async def test_an_agent_that_fills_every_answer_fills_no_memory(numbers_only):
    agent = Brimful(still(switch(2)))
    async with answering(agent, timeout_s=2.0) as (manager, target):
        reader = TableReader(manager, target, [(*IF_ENTRY, 2)], numbers_only=numbers_only)
        with pytest.raises(Garbled):
            await reader.read()
    assert agent.asked < 300


async def test_an_error_status_is_a_refusal():
    with pytest.raises(Refused):
        await reads(Failing(still(switch(2))))


async def test_silence_in_the_middle_is_a_time_out():
    agent = Deaf(still(switch(24)))
    agent.misses = 0
    async with answering(agent, timeout_s=0.05) as (manager, target):
        reader = TableReader(manager, target, COLUMNS)
        await reader.read()
        agent.misses = 1
        with pytest.raises(Timeout):
            await reader.read()
        assert len((await reader.read()).indexes) == 24


NARROW = [(*IF_ENTRY, c) for c in (7, 8, 10, 13, 14, 16, 19, 20)]


@pytest.mark.parametrize("ports", [0, 1, 5, 6, 7, 24, 25, 42])
async def test_version_1_reads_every_cell_every_time(ports):
    cells = still(switch(ports))
    found = await reads(Version1(cells), NARROW, version=VERSION_1)
    assert found == [expected(cells, NARROW)] * 4


async def test_version_1_asks_for_several_known_rows_at_once():
    agent = Version1(still(switch(24)))
    async with answering(agent, version=VERSION_1) as (manager, target):
        reader = TableReader(manager, target, NARROW, [IF_NUMBER], guards=1)
        for _ in range(3):
            await reader.read()
        before = agent.asked
        await reader.read()
    assert agent.asked - before <= 4


async def test_version_1_notices_rows_that_come_and_go():
    base = still(switch(24))
    agent = Version1(base)
    async with answering(agent, version=VERSION_1) as (manager, target):
        reader = TableReader(manager, target, NARROW, [IF_NUMBER], guards=1)
        for missing in ((), (), (), (5,), (5,), (), (1, 2, 3), (1, 2, 3), (24,), (7, 8, 20), ()):
            cells = {
                o: c for o, c in base.items() if not (o[-2] in range(2, 21) and o[-1] in missing)
            }
            cells[IF_NUMBER] = (ber.INTEGER, 24 - len(missing))
            agent.replace(cells)
            table = await reader.read()
            assert (table.indexes, table.columns) == expected(cells, NARROW)


async def test_version_1_at_the_very_end_of_what_the_agent_has():
    cells = {(*IF_ENTRY, 7, n): (ber.INTEGER, n) for n in (1, 2, 9)}
    assert await reads(Version1(cells), NARROW, version=VERSION_1) == [expected(cells, NARROW)] * 4


async def test_version_1_scalars_that_are_missing_are_none():
    cells = still(switch(3))
    async with answering(Version1(cells), version=VERSION_1) as (manager, target):
        table = await manager.table(target, NARROW, [IF_NUMBER, IF_LAST_CHANGE, (1, 3, 7, 0)])
    assert table.scalars == (3, None, None)
    assert len(table.indexes) == 3


@pytest.mark.parametrize("status", [5, 2])
async def test_an_agent_that_fails_at_getbulk_is_read_by_getnext(status):
    agent = NoBulk(still(switch(24)))
    agent.status = status
    assert await reads(agent) == [expected(still(switch(24)), COLUMNS)] * 4


async def test_a_column_that_the_agent_fails_at_is_missing_and_the_others_are_read():
    indexes, columns = expected(still(switch(24)), COLUMNS)
    wanted = (indexes, tuple([None] * 24 if n == 3 else c for n, c in enumerate(columns)))
    assert await reads(BadColumn(still(switch(24)))) == [wanted] * 4


async def outcomes(agent, times):
    """Read again and again; True for a whole table, False for silence."""
    cells = still(switch(24))
    found = []
    async with answering(agent, timeout_s=0.1) as (manager, target):
        reader = TableReader(manager, target, COLUMNS, [IF_NUMBER], guards=1)
        for _ in range(times):
            try:
                table = await reader.read()
            except Timeout:
                found.append(False)
            else:
                assert (table.indexes, table.columns) == expected(cells, COLUMNS)
                found.append(True)
    return found


async def test_an_agent_that_is_silent_to_getbulk_only_is_found_out():
    agent = NoBulk(still(switch(24)))
    agent.status = None
    assert (await outcomes(agent, 6))[3:] == [True] * 3


async def test_an_agent_whose_long_answers_get_lost_is_found_out():
    agent = LosesLongAnswers(still(switch(24)))
    assert (await outcomes(agent, 6))[3:] == [True] * 3


async def test_an_agent_that_was_off_is_read_as_before():
    agent = Deaf(still(switch(24)))
    agent.misses = 0
    async with answering(agent, timeout_s=0.05) as (manager, target):
        reader = TableReader(manager, target, COLUMNS, [IF_NUMBER], guards=1)
        for _ in range(3):
            await reader.read()
        agent.misses = 2
        for _ in range(2):
            with pytest.raises(Timeout):
                await reader.read()
        for _ in range(3):
            await reader.read()
        before = agent.asked
        await reader.read()
    assert agent.asked - before == 3
