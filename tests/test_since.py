"""What has changed since a conference went well, on a history that was really written."""

import dataclasses

import pytest

from console.history.reader import HistoryReader
from console.history.since import finished, lookback
from console.history.writer import HistoryWriter
from console.model.advice import Change, ChangeKind, Held
from console.model.observation import Batch, Transition
from console.model.plan import Occurrence
from console.model.readiness import Verdict
from tests.builders import NOON_S
from tests.histories import demo_inventory, write_demo_history
from tests.readiness_values import story

HELD_S = NOON_S - 4 * 86400 + 4 * 3600  # Wednesday 2026-11-18, 14:00 in Mainz, for an hour
END_S = HELD_S + 3 * 3600
CHANGED_S = END_S + 3


def report(happened):
    told = story(happened).report
    held = Occurrence(HELD_S, HELD_S + 3600)
    return dataclasses.replace(
        told, conference="katastrophenschutz", occurrence=held, made_at_s=HELD_S + 3700
    )


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """A conference that went well; two hours later a room fails and a link leaves the inventory."""
    path = write_demo_history(tmp_path_factory.mktemp("since") / "history.db", 4, END_S)
    with HistoryWriter.open(path, "1") as writer:
        cycle = writer.begin_cycle(END_S + 1)
        writer.store(Batch(cycle, END_S + 2, reports=(report(Verdict.READY),)))
        cycle = writer.begin_cycle(CHANGED_S)
        failed = Transition("nr-saal", cycle, 0, "down", ("sip_timeout",))
        foreign = Transition("kus-saal", cycle, 0, "down", ("sip_timeout",))  # takes no part
        writer.store(Batch(cycle, CHANGED_S + 0.5, transitions=(failed, foreign)))
        inventory = demo_inventory()
        links = tuple(link for link in inventory.links if link.id != "tr-kus")
        writer.record_inventory(inventory.model_copy(update={"links": links}))
        cycle = writer.begin_cycle(CHANGED_S + 2)
        writer.store(Batch(cycle, CHANGED_S + 3))
    return path


@pytest.fixture
def reader(history):
    with HistoryReader(history) as reader:
        yield reader


def test_what_changed_since_and_when(reader):
    found = finished(lookback(reader, "katastrophenschutz", CHANGED_S + 3))
    assert found.good == Held("katastrophenschutz", HELD_S)
    dated = {one.change.subject: one for one in found.changes}
    assert "kus-saal" not in dated
    room = dated["nr-saal"]
    assert room.change.kind is ChangeKind.ROOM_STATE
    assert room.change.after == ("down", "sip_timeout")
    assert room.at_s == CHANGED_S
    link = dated["tr-kus"]
    assert link.change == Change(ChangeKind.LINK_GONE, "tr-kus")
    assert link.at_s == pytest.approx(CHANGED_S, abs=60)


def test_another_conference_on_the_same_bridge_counts_where_this_one_was_not_held(reader):
    found = finished(lookback(reader, "landraetekonferenz", CHANGED_S + 3))
    assert found.good == Held("katastrophenschutz", HELD_S)
    assert "kus-saal" in {one.change.subject for one in found.changes}


def test_nothing_that_went_well_is_said_with_how_far_back_was_looked(reader):
    found = finished(lookback(reader, "katastrophenschutz", HELD_S + 600))  # it is still on
    assert found.good is None
    assert found.changes == ()
    assert found.from_s == pytest.approx(END_S - 4 * 3600)
    assert finished(lookback(reader, "no such conference", None)).good is None


def test_it_is_looked_back_in_steps_that_can_be_left(reader):
    steps = lookback(reader, "katastrophenschutz", CHANGED_S + 3)
    for _number in range(3):
        assert next(steps) is None
    steps.close()


def test_one_that_went_otherwise_than_expected_is_no_good_one():
    good = report(Verdict.READY)
    assert good.went_well
    assert not dataclasses.replace(good, predicted=Verdict.NOT_READY).went_well
    assert dataclasses.replace(good, predicted=None).went_well
    assert not report(Verdict.NOT_READY).went_well
    assert not report(Verdict.UNKNOWN).went_well
