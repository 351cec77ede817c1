"""A rehearsal over a real, lossy cable: what was lost there and back is what the cable lost."""

import re
import signal
from pathlib import Path

import pytest

from console.model.rehearsal import LegVerdict, RehearsalState
from tests.end2end.test_rehearsal import RATE_BPS, inventory, rehearsed
from tests.lab.cables import Quality, cables
from tests.lab.test_paths import first_line, ip, spaces, started


@pytest.mark.timeout(120)
def test_what_was_lost_there_and_back_is_what_the_cable_lost(tmp_path: Path) -> None:
    with spaces("noc", "site") as (noc, site), cables([((noc, "wire"), (site, "wire"))]) as laid:
        for number, space in enumerate((noc, site)):
            ip("-n", space, "link", "set", "lo", "up")
            ip("-n", space, "link", "set", "wire", "up")
            ip("-n", space, "addr", "add", f"10.72.0.{number + 1}/24", "dev", "wire")
        history = tmp_path / "history.db"
        order = ("main.py", "collect", inventory(tmp_path, "10.72.0.2"), "--history", history)
        reflect = ("main.py", "reflect", "--listen", "10.72.0.2")
        with started(site, *reflect) as reflector, started(noc, *order) as collector:
            assert "862" in first_line(reflector)
            laid.set_quality(0, Quality(rate_bps=1e8, delay_ms=10, jitter_ms=2, loss=0.03))
            found = rehearsed(history, 10.0)
            collector.send_signal(signal.SIGTERM)
            assert collector.wait(10) == 0
            reflector.send_signal(signal.SIGTERM)
            told = reflector.communicate(timeout=10)[0]

    assert found.state is RehearsalState.DONE
    [leg] = found.legs
    answered = int(re.sub(r"\D", "", told.split("Answered: ")[1].split(". ")[0]))
    assert (leg.verdict, leg.beyond) == (LegVerdict.BEYOND, ("loss",))
    assert leg.sent > 3000
    assert leg.rate_there_bps is not None
    assert 0.85 * RATE_BPS < leg.rate_there_bps <= RATE_BPS
    assert leg.rtt_ms == pytest.approx(20, abs=4)
    assert 0.03 < leg.lost / leg.sent < 0.09
    assert leg.lost_there is not None, "the reflector counts"
    assert leg.lost_back == leg.lost - leg.lost_there
    # Packets after the last answer are not counted, and some overtake each other.
    assert answered == pytest.approx(leg.sent - leg.lost_there, abs=5)
