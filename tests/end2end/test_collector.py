"""The real collector process against Debian's snmpd."""

import os
import re
import signal
import socket
import sqlite3
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from console.model.snapshot import Reason
from console.model.states import CollectorState, State
from tests import peers
from tests.end2end.running import (
    Running,
    device,
    output,
    program,
    status,
    wait_for,
    write_inventory,
)
from tests.peers import Snmpd

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads the kernel's counters")


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Snmpd]:
    folder = tmp_path / "agent"
    folder.mkdir()
    with peers.snmpd(folder) as running:
        yield running


@pytest.fixture
def inventory(tmp_path: Path, agent: Snmpd) -> Path:
    return write_inventory(tmp_path / "net.yaml", devices=[device("r1", agent.address)])


@pytest.fixture
def history(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


@pytest.fixture
def collector(inventory: Path, history: Path) -> Iterator[Running]:
    with program("collect", inventory, "--history", history) as running:
        wait_for(history, lambda s: s.devices["r1"].state is State.UP)
        yield running


def kernel_octets_in(port: str) -> int:
    """Octets that the kernel counted as received."""
    for line in Path("/proc/net/dev").read_text().splitlines():
        name, _colon, numbers = line.partition(":")
        if name.strip() == port:
            return int(numbers.split()[0])
    raise LookupError(port)


@linux_only
def test_every_port_of_a_real_agent_is_there(collector, history):
    kernels = {
        line.partition(":")[0].strip()
        for line in Path("/proc/net/dev").read_text().splitlines()
        if ":" in line
    }
    told = status(history)
    assert {port["name"] for port in told["ports"]} == kernels
    lo = next(port for port in told["ports"] if port["name"] == "lo")
    assert (lo["device"], lo["type"], lo["admin"], lo["oper"]) == ("r1", 24, "up", "up")
    r1 = told["devices"][0]
    assert (r1["sys_name"], r1["state"], r1["reasons"]) == ("tester", "up", [])
    assert 0 < r1["rtt_ms"] < 1000
    assert r1["uptime_s"] >= 0


def send_over_loopback(octets: int) -> None:
    piece = bytes(32_768)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        for _ in range(octets // len(piece)):
            udp.sendto(piece, udp.getsockname())


@linux_only
def test_load_is_what_the_kernel_counted(collector, history):
    """The sum of rates times elapsed time is the counters' difference, though agents cache."""
    time.sleep(5.0)  # the agent's cache holds counters from before
    before, began_s = kernel_octets_in("lo"), time.time()
    for _ in range(20):
        send_over_loopback(25_000_000)
        time.sleep(0.1)
    octets = kernel_octets_in("lo") - before
    time.sleep(8.0)
    collector.stop()
    rows = sqlite3.connect(history)
    samples = rows.execute(
        "SELECT at, in_bps FROM sample WHERE device = 'r1' AND port = 'lo' AND in_bps IS NOT NULL"
        " ORDER BY cycle"
    ).fetchall()
    rows.close()
    stored = sum(
        in_bps * (at_s - earlier_s) / 8
        for (earlier_s, _), (at_s, in_bps) in pairwise(samples)
        if at_s > began_s
    )
    assert stored == pytest.approx(octets, rel=0.03)


def test_a_silent_device_is_down_after_three_misses_and_comes_back(collector, history, agent):
    agent.pause()
    down = wait_for(history, lambda s: s.devices["r1"].state is State.DOWN)
    assert [reason.code for reason in down.devices["r1"].reasons] == ["snmp_timeout"]
    agent.resume()
    wait_for(history, lambda s: s.devices["r1"].state is State.UP)
    code, err = collector.stop()
    assert code == 0
    assert err.count("r1: down (No answer over SNMP)") == 1
    assert err.count("r1 is well again") == 1
    rows = sqlite3.connect(history)
    outcomes = [row[0] for row in rows.execute("SELECT outcome FROM poll ORDER BY cycle")]
    rows.close()
    assert outcomes.count(2) >= 3


def test_told_to_stop_it_commits_and_says_goodbye(collector, history):
    code, err = collector.stop()
    assert code == 0
    assert "Traceback" not in err
    told = status(history)
    assert told["collector"]["state"] == "stopped"
    lines = [line for line in err.splitlines() if not re.search(" INFO ", line)]
    assert [line for line in lines if "no pings" not in line] == []


def test_it_ends_with_the_window_that_started_it(inventory, history):
    read, write = os.pipe()
    arguments = ("collect", inventory, "--history", history, "--with-parent")
    with program(*arguments, stdin=read) as running:
        os.close(read)
        wait_for(history, lambda s: s.collector.state is CollectorState.RUNNING)
        os.close(write)
        assert running.ended(2.0)[0] == 0


def test_it_ends_after_the_time_it_was_given(inventory, history):
    output("collect", inventory, "--history", history, "--for", 1)
    assert status(history)["collector"]["state"] == "stopped"


def test_a_second_collector_is_refused(collector, inventory, history):
    with program("collect", inventory, "--history", history) as second:
        code, err = second.ended()
    assert code == 1
    assert err == f"Another collector already writes {history}; stop it first.\n"


def test_a_killed_collector_loses_nothing_it_had_committed(inventory, history):
    cycles = polls = 0
    for pause_s in (0.9, 1.7, 2.6):
        with program("collect", inventory, "--history", history) as running:
            wait_for(history, lambda s: s.collector.state is CollectorState.RUNNING)
            time.sleep(pause_s)
            seen = wait_for(history, lambda s: s.cycle is not None)
            running.process.kill()
            running.process.wait()
        rows = sqlite3.connect(history)
        assert rows.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        numbers = [row[0] for row in rows.execute("SELECT id FROM cycle ORDER BY id")]
        polled = rows.execute("SELECT count(DISTINCT cycle) FROM poll").fetchone()[0]
        rows.close()
        assert seen.cycle is not None
        assert numbers == list(range(1, numbers[-1] + 1))
        assert numbers[-1] >= seen.cycle.id > cycles
        assert polled > polls
        cycles, polls = numbers[-1], polled


def test_a_changed_inventory_is_read_on_sighup(collector, inventory, history, agent):
    inventory.write_text(inventory.read_text() + "surprise: 1\n")
    collector.process.send_signal(signal.SIGHUP)
    time.sleep(0.5)
    write_inventory(inventory, devices=[device("r1", agent.address), device("r2", agent.address)])
    collector.process.send_signal(signal.SIGHUP)
    both = wait_for(history, lambda s: "r2" in s.devices and s.devices["r2"].state is State.UP)
    assert both.devices["r1"].state is State.UP
    code, err = collector.stop()
    assert code == 0
    assert "surprise" in err


def test_secrets_are_used_but_never_written(tmp_path, history, monkeypatch):
    monkeypatch.setenv("TEST_COMMUNITY", "geheimes-wort")
    inventory = write_inventory(
        tmp_path / "net.yaml",
        snmp={
            "lab": {"version": "2c", "community": "${env:TEST_COMMUNITY}"},
            "gone": {"version": "2c", "community": "${env:NO_SUCH_SECRET}"},
        },
        devices=[device("r1", "127.0.0.1"), device("r2", "127.0.0.1", snmp="gone")],
    )
    with peers.snmpd(tmp_path, "rocommunity geheimes-wort") as agent:
        inventory.write_text(inventory.read_text().replace("127.0.0.1", agent.address))
        with program("collect", inventory, "--history", history) as running:
            found = wait_for(
                history, lambda s: s.devices["r1"].state is State.UP and s.devices["r2"].reasons
            )
            files = list(tmp_path.glob("history.db*"))
            assert not any(b"geheimes-wort" in file.read_bytes() for file in files)
            assert "geheimes-wort" not in running.stop()[1]
    assert found.devices["r2"].state is State.UNKNOWN
    assert found.devices["r2"].reasons == (Reason("secret_missing", "${env:NO_SUCH_SECRET}"),)


def test_a_name_that_does_not_resolve_is_down_with_its_reason(tmp_path, history):
    inventory = write_inventory(
        tmp_path / "net.yaml", devices=[device("r1", "no-such-host.invalid")]
    )
    with program("collect", inventory, "--history", history) as running:
        found = wait_for(history, lambda s: s.devices["r1"].state is State.DOWN)
        running.stop()
    assert [reason.code for reason in found.devices["r1"].reasons] == ["dns"]
