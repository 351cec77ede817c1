"""The real collector before a conference: rooms asked often, the check point kept, a verdict."""

import json
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from console.history.reader import HistoryReader
from tests.end2end.running import PATIENCE_S, device, program, wait_for, write_inventory
from tests.peers import free_udp_port
from tests.sip_peer import sipp

AHEAD_S = 314  # the gate of five minutes comes when everything was asked once


def test_a_gate_is_kept_and_rooms_are_asked_often(tmp_path: Path) -> None:
    history, start_s = tmp_path / "history.db", time.time() // 1 + AHEAD_S
    with sipp(tmp_path, 200) as port:
        uri = f"sip:x@127.0.0.1:{port}"
        inventory = write_inventory(
            tmp_path / "net.yaml",
            polling={"rooms_s": 600},
            devices=[device("r1", f"127.0.0.1:{free_udp_port()}")],
            bridges=[{"id": "mcu", "site": "here", "name": "Bridge", "probes": [{"sip": uri}]}],
            rooms=[{"id": "saal", "site": "here", "name": "Saal", "probes": [{"sip": uri}]}],
            profiles={"hd": {"up": "4M", "down": "8M"}},
            conferences=[
                {
                    "id": "soon",
                    "bridge": "mcu",
                    "profile": "hd",
                    "start": datetime.fromtimestamp(start_s, UTC).isoformat(),
                    "duration_min": 1,
                }
            ],
        )
        with program("collect", inventory, "--history", history) as running:
            wait_for(history, lambda s: s.rooms["saal"].rtt_ms is not None)
            kept = _kept(history, start_s)
            with program("readiness", "soon", "--history", history, "--json") as asked:
                out, _err = asked.process.communicate(timeout=PATIENCE_S)
                told, code = json.loads(out), asked.process.returncode
            assert running.stop()[0] == 0
    assert [point.gate for point in kept.points if point.missed] == ["7d", "1d", "60m", "15m"]
    assessed = kept.points[-1].kept
    assert assessed is not None
    assert assessed.assessed_at_s >= start_s - 300
    assert [one.room for one in assessed.participants] == ["saal"]
    assert {0: "ready", 10: "ready_not_n1", 20: "not_ready", 30: "unknown"}[code] == told["verdict"]
    with closing(sqlite3.connect(history)) as db:
        (asked_often,) = db.execute(
            "SELECT count(*) FROM probe_result r JOIN probe p ON p.id = r.probe"
            " JOIN subject s ON s.id = p.subject WHERE s.name = 'saal'"
        ).fetchone()
    assert asked_often >= 2  # without a conference ahead it would be asked again in ten minutes


def _kept(history, start_s):
    """Wait for the check point of five minutes."""
    until_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < until_s:
        with HistoryReader(history) as reader:
            story = reader.conference_story("soon", start_s, None)
        if story.points[-1].kept is not None:
            return story
        time.sleep(0.2)
    raise AssertionError("nothing was kept")
