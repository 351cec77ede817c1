"""The reflector as a program of its own, and the collector that measures to it."""

import json
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.end2end.running import PATIENCE_S, ROOT, program, write_inventory
from tests.peers import free_udp_port


def listening(running: object) -> str:
    line = running.process.stdout.readline()  # type: ignore[attr-defined]
    assert line, running.process.stderr.read()  # type: ignore[attr-defined]
    return str(line)


def test_it_answers_the_collector_until_it_is_told_to_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFLECTOR_KEY", "only we know")
    port, history = free_udp_port(), tmp_path / "history.db"
    inventory = write_inventory(
        tmp_path / "net.yaml",
        devices=[],
        sites=[{"id": "trier", "name": "Trier", "lat": 49.7, "lon": 6.6}],
        reflectors=[
            {
                "id": "refl-tr",
                "site": "trier",
                "address": f"127.0.0.1:{port}",
                "key": "${env:REFLECTOR_KEY}",
            }
        ],
        polling={"paths_s": 0.1},
    )
    with program(
        "reflect", "--listen", f"127.0.0.1:{port}", "--key", "${env:REFLECTOR_KEY}"
    ) as reflector:
        assert str(port) in listening(reflector)
        with program("collect", inventory, "--history", history, "--for", "3") as collector:
            assert collector.ended()[0] == 0
        reflector.process.send_signal(15)
        out, err = reflector.process.communicate(timeout=5)
    assert (reflector.process.returncode, err) == (0, "")
    answered = int(out.split("Answered: ")[1].split(".")[0])
    with sqlite3.connect(history) as db:
        sent, lost, there, rtt_us = db.execute(
            "SELECT sum(sent), sum(lost), sum(lost_there), min(rtt_us) FROM path_window"
        ).fetchone()
        name = db.execute("SELECT name FROM path").fetchone()[0]
    db.close()
    assert name == f"stamp 127.0.0.1:{port} 34"
    assert 10 <= sent <= answered
    assert (lost, there) == (0, 0)
    assert rtt_us > 0


def told(*arguments: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "main.py", "reflect", *arguments],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=20,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_a_key_on_the_command_line_is_refused_and_not_repeated() -> None:
    code, out, err = told("--key", "secret-itself", "--for", "1")
    assert (code, out) == (2, "")
    assert "${env:NAME}" in err
    assert "secret-itself" not in err
    assert err.count("\n") == 1


def test_what_cannot_be_listened_at_is_one_sentence() -> None:
    for address, code in (("192.0.2.1:18620", 1), ("no such address", 2), ("127.0.0.1:0", 2)):
        found, out, err = told("--listen", address, "--for", "1")
        assert (found, out) == (code, "")
        assert err.count("\n") == 1
        assert "Traceback" not in err


def test_it_ends_by_itself_when_told_so() -> None:
    code, out, _err = told("--listen", f"127.0.0.1:{free_udp_port()}", "--for", "0.5")
    assert code == 0
    assert out.count("\n") == 2


def test_what_one_reflector_sees_of_another_reaches_the_history(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFLECTOR_KEY", "only we know")
    ports, history = [free_udp_port(), free_udp_port()], tmp_path / "history.db"
    addresses, key = [f"127.0.0.1:{port}" for port in ports], "${env:REFLECTOR_KEY}"
    inventory = write_inventory(
        tmp_path / "net.yaml",
        devices=[],
        sites=[{"id": x, "name": x, "lat": 49.7, "lon": 6.6} for x in ("trier", "mainz")],
        reflectors=[
            {"id": "tr", "site": "trier", "address": addresses[0], "key": key, "toward": ["mz"]},
            {"id": "mz", "site": "mainz", "address": addresses[1], "key": key},
        ],
    )
    asked = ("reflect", "--key", key, "--listen")
    with (
        program(*asked, addresses[0], "--toward", f"mz={addresses[1]}") as measuring,
        program(*asked, addresses[1]) as other,
    ):
        assert str(ports[0]) in listening(measuring)
        assert str(ports[1]) in listening(other)
        with program("collect", inventory, "--history", history) as collector:
            ended_s = time.monotonic() + PATIENCE_S
            while not (rows := far_windows(history)) and time.monotonic() < ended_s:
                time.sleep(0.5)
            assert collector.stop()[0] == 0
    assert set(rows) == {("mz", 10, 0, 15000, 1, 1)}


def far_windows(history: Path) -> list[tuple[object, ...]]:
    if not history.exists():
        return []
    db = sqlite3.connect(history)
    try:
        return db.execute(
            "SELECT s.name, w.sent, w.lost, w.lasts_ms, w.rtt_us > 0, w.stored_ms >= w.at_ms"
            " FROM path_window w JOIN path p ON p.id = w.path JOIN subject s ON s.id = p.subject"
            " WHERE p.name = 'stamp-from tr 34'"
        ).fetchall()
    except sqlite3.OperationalError:  # its tables are not there yet
        return []
    finally:
        db.close()


@pytest.mark.parametrize(
    ("toward", "says"),
    [("mz=127.0.0.1", "--key"), ("mz", "NAME=ADDRESS"), ("mz=no such", "no such")],
)
def test_where_it_cannot_measure_to_is_one_sentence(toward: str, says: str) -> None:
    code, out, err = told("--toward", toward, "--for", "1")
    assert (code, out) == (2, "")
    assert says in err
    assert err.count("\n") == 1


def test_the_inventory_with_a_key_keeps_it_out_of_the_history(tmp_path: Path) -> None:
    inventory = write_inventory(
        tmp_path / "net.yaml",
        devices=[],
        sites=[{"id": "trier", "name": "Trier", "lat": 49.7, "lon": 6.6}],
        reflectors=[
            {"id": "r", "site": "trier", "address": "127.0.0.1:9", "key": "plain words"},
        ],
    )
    history = tmp_path / "history.db"
    with program("collect", inventory, "--history", history, "--for", "1") as collector:
        assert collector.ended()[0] == 0
    with sqlite3.connect(history) as db:
        content = db.execute("SELECT content FROM inventory").fetchone()[0]
    db.close()
    assert json.loads(content)["reflectors"][0]["id"] == "r"
    assert b"plain words" not in history.read_bytes()
