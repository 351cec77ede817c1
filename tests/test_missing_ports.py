"""What the inventory names and nobody answers to is said: ports of links, probes of rooms."""

import logging
from pathlib import Path

import pytest

from console.collector.missing_ports import MissingPorts
from console.history.reader import HistoryReader
from console.history.writer import HistoryWriter
from console.model.inventory import Inventory
from console.model.observation import Batch, Transition
from console.model.snapshot import Reason
from console.model.states import RoomState, State
from console.texts import sentence
from tests.histories_small import DEVICES, NOON_S, SYSTEM, facts_of, poll_of, small_inventory

MISTYPED = [
    {
        "id": "a-b",
        "a": {"device": "a1", "interface": "p1"},
        "b": {"device": "b1", "interface": "P22"},
    }
]


def write(path: Path, inventory: Inventory, *transitions: Transition) -> None:
    with HistoryWriter.open(path, "1") as writer:
        writer.record_inventory(inventory)
        cycle = writer.begin_cycle(NOON_S)
        polls = tuple(poll_of(d, cycle, system=SYSTEM, port_facts=facts_of()) for d in DEVICES)
        writer.store(Batch(cycle, NOON_S + 0.5, polls, (), transitions))


@pytest.mark.parametrize(
    ("judged", "shown"),
    [(State.UP, State.UNKNOWN), (State.DEGRADED, State.UNKNOWN), (State.DOWN, State.DOWN)],
)
def test_a_link_whose_port_is_not_there_says_so(tmp_path: Path, judged: State, shown: State):
    path = tmp_path / "history.db"
    write(path, small_inventory(links=MISTYPED), Transition("a-b", 1, 0, judged))
    with HistoryReader(path) as reader:
        live, link = reader.snapshot_at(NOON_S + 1), reader.snapshot_at(NOON_S + 1).links["a-b"]
        stale = reader.snapshot_at(NOON_S + 600).links["a-b"]
    assert live.devices["b1"].age_s == 1.0
    assert (link.state, link.reasons) == (shown, (Reason("no_port", "b1 P22"),))
    assert sentence(link.reasons[0]) == "No port b1 P22 on the device; check the inventory"
    assert stale.reasons == (Reason("stale"),)


def test_a_room_that_was_never_asked_says_so(tmp_path: Path):
    path = tmp_path / "history.db"
    rooms = [
        {"id": "r1", "site": "b", "name": "R", "probes": [{"https": "https://192.0.2.1/"}]},
        {"id": "r2", "site": "b", "name": "S"},
    ]
    write(path, small_inventory(rooms=rooms))
    with HistoryReader(path) as reader:
        seen = reader.snapshot_at(NOON_S + 1).rooms
    assert (seen["r1"].state, seen["r1"].reasons) == (RoomState.UNKNOWN, (Reason("not_asked"),))
    assert sentence(seen["r1"].reasons[0]) == "None of its probes has been asked so far"
    assert (seen["r2"].state, seen["r2"].reasons) == (RoomState.UNKNOWN, ())


def test_the_collector_tells_of_a_missing_port_once(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO, "leitstand")
    ports = MissingPorts(small_inventory(links=MISTYPED))
    for device in ("a1", "b1", "b1"):
        ports.saw(poll_of(device, 1, port_facts=facts_of()))
    ports.saw(poll_of("b1", 2))
    assert [record.getMessage() for record in caplog.records] == [
        "a-b: no port “P22” on b1; check the inventory."
    ]
