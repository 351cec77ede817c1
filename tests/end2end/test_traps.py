"""Traps and informs received by the real collector process: storms, and ends at a bad moment."""

import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from console.history.reader import HistoryReader
from console.model.events import EventLog, Fate
from console.model.states import CollectorState, State
from tests import peers
from tests.end2end.running import Running, device, program, status, wait_for, write_inventory
from tests.peers import free_udp_port, require
from tests.trap_messages import LINK_DOWN, message_v2

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="needs 127.0.0.2")
COLD_START = "1.3.6.1.6.3.1.1.5.1"
PER_S, SECONDS, SENDERS = 10_000, 10, 2
PATIENCE_S = 60.0


@pytest.fixture
def port() -> int:
    return free_udp_port()


@pytest.fixture
def history(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


@pytest.fixture
def collector(tmp_path: Path, history: Path, port: int) -> Iterator[Running]:
    inventory = write_inventory(
        tmp_path / "net.yaml",
        traps={"listen": f"127.0.0.1:{port}", "profiles": ["lab"]},
        polling={"interfaces_s": 60},
        devices=[device(f"r{n}", f"127.0.0.{n}:9") for n in range(1, 4)],
    )
    with program("collect", inventory, "--history", history) as running:
        wait_for(history, lambda s: s.collector.state is CollectorState.RUNNING)
        time.sleep(0.5)
        yield running


def events(history: Path) -> EventLog:
    with HistoryReader(history) as reader:
        return reader.events(0, None, 200_000)


def inform(port: int, *options: str) -> int:
    tool = (str(require("snmpinform")), "-m", "", "-v2c", "-c", "public", *options)
    return subprocess.run((*tool, f"127.0.0.1:{port}", "", LINK_DOWN), check=False).returncode


def send(port: int, source: str, message: bytes, per_s: float, seconds: float) -> int:
    """Send at an even pace; return how many were sent."""
    sent = 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind((source, 0))
        udp.connect(("127.0.0.1", port))
        began_s = time.monotonic()
        while (passed_s := time.monotonic() - began_s) < seconds:
            for _ in range(int(passed_s * per_s) - sent):
                udp.send(message)
                sent += 1
            time.sleep(0.001)
    return sent


def settled(history: Path, sent: int) -> EventLog:
    """Wait until everything sent is accounted for."""
    deadline_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline_s:
        with HistoryReader(history) as reader:
            counts = reader.events(0, None, 0).counts
        if sum(counts.values()) >= sent:
            time.sleep(1.5)  # were there more, they would be counted now
            return events(history)
        time.sleep(0.2)
    pytest.fail(f"{sent} were sent, but only {counts} are accounted for")


def test_an_inform_that_was_acknowledged_survives_a_kill(collector, history, port):
    assert inform(port, "-t", "5", "-r", "0") == 0
    collector.process.kill()
    collector.process.wait()
    assert [event.trap for event in events(history).events] == [LINK_DOWN]


def test_one_that_was_not_stored_when_the_collector_died_was_not_acknowledged(
    collector, history, port
):
    with closing(sqlite3.connect(history, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # the collector cannot commit now
        assert inform(port, "-t", "2", "-r", "0") == 1
        collector.process.kill()
        collector.process.wait()
        other.execute("ROLLBACK")
    assert events(history).counts == {}


@linux_only
def test_a_storm_loses_nothing_in_silence_and_starves_nobody(collector, history, port):
    sent = [0] * SENDERS

    def storm(number: int) -> None:
        source = f"127.0.0.{number + 1}"
        sent[number] = send(port, source, message_v2([]), PER_S / SENDERS, SECONDS)

    threads = [threading.Thread(target=storm, args=(n,)) for n in range(SENDERS)]
    for thread in threads:
        thread.start()
    calm = send(port, "127.0.0.3", message_v2([], trap=COLD_START), 5, SECONDS - 1)
    for thread in threads:
        thread.join()
    log = settled(history, sum(sent) + calm)
    assert sum(log.counts.values()) == sum(sent) + calm
    assert log.stored == len(log.events)
    kept = sum(1 for event in log.events if event.device == "r3")
    assert kept == calm or log.counts.get(Fate.KERNEL)
    assert status(history)["events"]["stored"] == log.stored
    assert collector.stop()[0] == 0


@linux_only
def test_a_trap_has_its_device_asked_between_two_polls(tmp_path, history, port):
    agent_folder = tmp_path / "agent"
    agent_folder.mkdir()
    with peers.snmpd(agent_folder) as agent:
        inventory = write_inventory(
            tmp_path / "net.yaml",
            traps={"listen": f"127.0.0.1:{port}"},
            polling={"interfaces_s": 600},
            devices=[device("r1", agent.address)],
        )
        with program("collect", inventory, "--history", history) as running:
            wait_for(history, lambda s: s.devices["r1"].state is State.UP)
            time.sleep(3.5)  # until the agent's cache is old
            send(port, "127.0.0.1", message_v2([]), 1000, 0.01)
            found = wait_for(history, lambda s: s.devices["r1"].age_s < 1.0)
            running.stop()
    assert found.devices["r1"].state is State.UP
