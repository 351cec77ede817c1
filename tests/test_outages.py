import logging

from console.collector.outages import OutageLog
from console.model.observation import Transition


def change(state: str, *reasons: str) -> Transition:
    return Transition("tr-r1", 1, 0, state, reasons)


def test_an_outage_is_told_once_when_it_starts_and_once_when_it_ends(caplog):
    caplog.set_level(logging.INFO, "leitstand")
    outages = OutageLog({})
    outages.tell([change("up")])
    outages.tell([change("degraded", "snmp_timeout")])
    outages.tell([change("down", "snmp_timeout"), change("unreachable", "behind:mz-tr")])
    outages.tell([change("up")])
    outages.tell([change("up")])
    assert [(r.levelname, r.getMessage()) for r in caplog.records] == [
        ("WARNING", "tr-r1: degraded (No answer over SNMP)"),
        ("INFO", "tr-r1 is well again"),
    ]


def test_an_outage_that_goes_on_over_a_restart_is_not_told_again(caplog):
    outages = OutageLog({"tr-r1": change("down")})
    outages.tell([change("down", "snmp_timeout")])
    assert caplog.records == []
