"""Damaged traps by the hundred thousand against the running collector."""

import random
import socket
import sys
import time
from pathlib import Path

import pytest
from pysnmp.proto.rfc1902 import Integer32

from bench.agents import USER
from console.history.reader import HistoryReader
from console.model.events import EventLog
from console.model.states import CollectorState
from console.snmp import ber, traps, usm
from console.snmp.keys import keys_of
from tests.end2end.running import device, program, wait_for, write_inventory
from tests.mutations import mutate
from tests.peers import free_udp_port
from tests.trap_messages import IF_INDEX, LINK_DOWN, message_v2

COUNT = 60_000  # of each kind
AT_ONCE, PAUSE_S = 50, 0.008
COLD_START = "1.3.6.1.6.3.1.1.5.1"
PATIENCE_S = 30.0
SECURE = {
    **{"version": "3", "user": USER.name, "auth": USER.auth, "auth_key": USER.auth_key},
    **{"priv": USER.priv, "priv_key": USER.priv_key},
}
PLAIN = message_v2([(IF_INDEX, Integer32(7))])


def secured() -> bytes:
    """The same trap, signed and encrypted."""
    read, engine = traps.read_community(PLAIN), b"\x80\x00\x1f\x88\x04sender"
    pdu = ber.encode(read.kind, PLAIN[read.at : read.end])
    scoped = usm.scope(engine, b"", pdu)
    name = USER.name.encode()
    return usm.seal(42, USER.level, engine, (2, 300), name, keys_of(USER, engine), scoped)


@pytest.mark.skipif(sys.platform != "linux", reason="needs 127.0.0.2")
def test_no_damage_brings_the_receiver_down_or_passes_for_a_signed_trap(tmp_path: Path) -> None:
    history, port = tmp_path / "history.db", free_udp_port()
    inventory = write_inventory(
        tmp_path / "net.yaml",
        snmp={"lab": {"version": "2c", "community": "public"}, "secure": SECURE},
        traps={"listen": f"127.0.0.1:{port}"},
        polling={"interfaces_s": 60},
        devices=[
            device("open", "127.0.0.1:9"),
            device("signed", "127.0.0.2:9", snmp="secure"),
            device("last", "127.0.0.3:9"),
        ],
    )
    with program("collect", inventory, "--history", history) as running:
        wait_for(history, lambda s: s.collector.state is CollectorState.RUNNING)
        time.sleep(0.5)
        send_damaged(PLAIN, port, "127.0.0.1", seed=1)
        until(history, lambda log: sum(log.counts.values()) >= COUNT)
        send_damaged(secured(), port, "127.0.0.2", seed=2)
        last = message_v2([], trap=COLD_START)
        send([last], port, "127.0.0.3")
        log = until(history, lambda log: any(e.device == "last" for e in log.events))
        code, errors = running.stop()
    assert (code, "Traceback" in errors) == (0, False)
    # The sender of a damaged one that asks for a report is told, and nothing is counted.
    assert COUNT < sum(log.counts.values()) <= 2 * COUNT + 1
    told = {(e.trap, e.variables) for e in log.events if e.device == "signed"}
    assert told == {(LINK_DOWN, ((IF_INDEX, "7"),))}


def send_damaged(message: bytes, port: int, source: str, seed: int) -> None:
    """Send damaged ones of a message, the undamaged one first."""
    chance = random.Random(seed)
    send([message], port, source)
    for _ in range((COUNT - 1) // AT_ONCE):
        send([mutate(chance, message) for _ in range(AT_ONCE)], port, source)
        time.sleep(PAUSE_S)
    send([mutate(chance, message) for _ in range((COUNT - 1) % AT_ONCE)], port, source)


def send(messages: list[bytes], port: int, source: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind((source, 0))
        for message in messages:
            udp.sendto(message, ("127.0.0.1", port))


def until(history: Path, holds) -> EventLog:
    """Return the events as soon as they are what is waited for."""
    deadline_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline_s:
        with HistoryReader(history) as reader:
            log = reader.events(0, None, 200_000)
        if holds(log):
            return log
        time.sleep(0.3)
    pytest.fail(f"waited in vain; the counts are {log.counts}")
