from console.commands.events_json import events_json
from console.model.events import EventLog, EventView, Fate
from tests.builders import NOON_S


def test_every_fate_is_told_and_the_newest_events_with_their_variables():
    view = EventView(NOON_S, "r1", "10.0.0.1", "1.3.6.1", (("1.3.6.2", "7"),), 1)
    told = events_json(EventLog(NOON_S - 60, NOON_S, (view,), {Fate.STORED: 5, Fate.KERNEL: 2}))
    assert told["since"].endswith("08:59:00Z") or told["since"].endswith("08:59:00.000Z")
    assert told["stored"] == 5
    assert told["not_stored"] == {
        **{"kernel": 2, "queue": 0, "withheld": 0, "history": 0},
        **{"garbled": 0, "refused": 0, "repeated": 0},
    }
    (event,) = told["newest"]
    assert event["variables"] == [{"oid": "1.3.6.2", "text": "7"}]
    assert (event["device"], event["source"], event["left_out"]) == ("r1", "10.0.0.1", 1)
