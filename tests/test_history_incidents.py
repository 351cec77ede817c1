"""Incidents and their density, told from stored judgements."""

from pathlib import Path

import pytest

from console.history.reader import HistoryReader
from console.history.writer import HistoryWriter
from console.model.observation import Batch, Transition
from console.model.series import Incident
from tests.histories_small import NOON_S, small_inventory

# (second, subject, state, reasons)
TOLD = (
    (0, "a1", "up", ()),
    (10, "a1", "degraded", ("snmp_timeout",)),
    (40, "a1", "down", ("snmp_timeout", "ping_timeout")),
    (50, "b1", "down", ("snmp_timeout",)),
    (60, "b1", "unknown", ()),
    (100, "a1", "up", ()),
    (200, "a1", "unreachable", ("behind:b1",)),
    (300, "room", "degraded", ("sip_timeout",)),
    (310, "room", "in_call", ()),
)


@pytest.fixture
def reader(tmp_path: Path) -> HistoryReader:
    path = tmp_path / "history.db"
    with HistoryWriter.open(path, "1") as writer:
        writer.record_inventory(small_inventory())
        cycle = writer.begin_cycle(NOON_S)
        for second, subject, state, reasons in TOLD:
            change = Transition(subject, cycle, second * 1000, state, reasons)
            writer.store(Batch(cycle, NOON_S + second, (), (), (change,)))
    with HistoryReader(path) as opened:
        yield opened


def told(found: tuple[Incident, ...]) -> list[tuple]:
    return [
        (i.subject, i.state, i.began_s - NOON_S, i.ended_s and i.ended_s - NOON_S) for i in found
    ]


def test_an_incident_lasts_from_the_first_trouble_to_the_last(reader: HistoryReader) -> None:
    found = reader.incidents(NOON_S, NOON_S + 3600)
    assert told(found) == [
        ("a1", "down", 10, 100),
        ("b1", "down", 50, 60),
        ("a1", "unreachable", 200, None),
        ("room", "degraded", 300, 310),
    ]
    assert found[0].reasons == ("snmp_timeout", "ping_timeout")


def test_a_span_shows_what_reaches_into_it_with_its_true_beginning_and_end(
    reader: HistoryReader,
) -> None:
    assert told(reader.incidents(NOON_S + 45, NOON_S + 48)) == [("a1", "down", 10, 100)]
    assert told(reader.incidents(NOON_S + 120, NOON_S + 150)) == []
    assert told(reader.incidents(NOON_S + 250, NOON_S + 305)) == [
        *(("a1", "unreachable", 200, None), ("room", "degraded", 300, 310)),
    ]


def test_density_counts_beginnings_and_knows_what_was_recorded(reader: HistoryReader) -> None:
    density = reader.density(NOON_S - 100, NOON_S + 400, 5)
    assert density.down.tolist() == [0, 2, 0, 0, 0]
    assert density.warning.tolist() == [0, 0, 0, 1, 1]
    assert density.recorded.tolist() == [False, True, True, True, True]
