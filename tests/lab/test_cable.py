"""A cable pulled between two kernels, by trap and by polling; octets counted against the kernel's.

Here durations are asserted: how soon a loss is seen is what is to be shown.
"""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest

from console.analysis.rollup import WINDOW_S
from console.history.reader import HistoryReader
from console.model.snapshot import Snapshot
from console.model.states import State
from tests.end2end.running import PATIENCE_S, wait_for
from tests.lab.namespaces import ADDRESSES, Lab, collecting, lab
from tests.peers import require

NOC, TRAPS_PORT, CLOCK_PORT = "10.71.1.1", 1162, 2162
TRAPS = {"listen": f"{NOC}:{TRAPS_PORT}", "profiles": ["lab", "secure"]}
SNMP = {
    "lab": {"version": "2c", "community": "public"},
    "secure": {"version": 3, "user": "noc", "auth": "SHA-256", "auth_key": "auth key 1"},
}
V2C = "-v2c -c public"
V3 = "-v3 -e 8000000001020304 -u noc -l authNoPriv -a SHA-256 -A 'auth key 1'"
LINK_DOWN, LINK_UP = "1.3.6.1.6.3.1.1.5.3", "1.3.6.1.6.3.1.1.5.4"
IF_ENTRY = "1.3.6.1.2.1.2.2.1"
OPER_STATUS = f"{IF_ENTRY}.8"
_FACTS = f"{IF_ENTRY}.1 {IF_ENTRY}.7 {OPER_STATUS}"  # ifIndex, ifAdminStatus, ifOperStatus
# NET-SNMP-AGENT-MIB: nsCacheTimeout (s) and nsCacheStatus of the ifTable.
CACHE_TIMEOUT = "1.3.6.1.4.1.8072.1.5.3.1.2.1.3.6.1.2.1.2.2"
CACHE_STATUS = "1.3.6.1.4.1.8072.1.5.3.1.3.1.3.6.1.2.1.2.2"
_EMPTY = 3
CACHE_S = 3.0  # net-snmp's own
LOAD_S = 31.0
LASTING_S = 100.0
SELDOM = {"interfaces_s": 3600}
# snmpd looks at its own ports every second and tells two listeners.
MONITORING = (
    *("rwcommunity private", 'createUser own SHA "own passphrase"', "rouser own"),
    *("iquerySecName own", f"trap2sink {NOC}:{TRAPS_PORT} public"),
    f"trap2sink {NOC}:{CLOCK_PORT} public",
    f"notificationEvent wentDown {LINK_DOWN} {_FACTS}",
    f"notificationEvent cameUp {LINK_UP} {_FACTS}",
    f"monitor -r 1 -e wentDown down {OPER_STATUS} == 2",
    f"monitor -r 1 -e cameUp up {OPER_STATUS} != 2",
)
# Listens for traps and tells when a linkDown (its OID in BER) came.
_CLOCK = f"""
import socket, time
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("{NOC}", {CLOCK_PORT}))
while True:
    data = udp.recv(2000)
    if bytes.fromhex("2b0601060301010503") in data:
        print(time.time(), flush=True)
"""
_LOAD = """
import socket
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 30_000)  # blocks where the link is full
while True:
    udp.sendto(bytes(1200), ("10.71.2.2", 9))
"""
_KERNEL = """
import time
while True:
    with open("/sys/class/net/to-b/statistics/tx_bytes") as counter:
        print(time.time(), int(counter.read()), flush=True)
    time.sleep(0.02)
"""


@contextmanager
def running(network: Lab, node: str, *command: object, output: Path) -> Iterator[None]:
    """Run something in a node, its output into a file."""
    with output.open("w") as file:
        process = subprocess.Popen(
            network.within(node, *command), stdout=file, start_new_session=True
        )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # a shell's children, too
        process.wait(10)


def agent_set(network: Lab, oid: str, value: int) -> None:
    command = (require("snmpset"), "-m", "", "-v2c", "-c", "private", ADDRESSES["a"])
    subprocess.run(
        network.within("noc", *command, oid, "i", value), check=True, stdout=subprocess.DEVNULL
    )


def link_is(state: State) -> Callable[[Snapshot], bool]:
    def holds(snapshot: Snapshot) -> bool:
        return "a-b" in snapshot.links and snapshot.links["a-b"].state is state

    return holds


def seen_at_s(history: Path, state: State) -> float:
    wait_for(history, link_is(state))
    return time.time()


def numbers(path: Path) -> list[float]:
    return [float(word) for word in path.read_text().split()]


def trap_at_s(path: Path, after_s: float) -> float:
    """Return when the first linkDown came after a moment."""
    end_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < end_s:
        if found := [at_s for at_s in numbers(path) if at_s > after_s]:
            return found[0]
        time.sleep(0.05)
    pytest.fail("no trap came")


@pytest.mark.parametrize("cache_s", [1, int(CACHE_S)])
def test_a_loss_is_seen_within_a_second_of_the_agents_trap(tmp_path: Path, cache_s: int) -> None:
    """snmpd watches its ports itself, by its cache; polls are an hour apart."""
    clock = tmp_path / "traps.txt"
    with (
        lab(tmp_path, a=MONITORING) as network,
        running(network, "noc", sys.executable, "-c", _CLOCK, output=clock),
        collecting(network, tmp_path, snmp=SNMP, traps=TRAPS, polling=SELDOM) as history,
    ):
        wait_for(history, link_is(State.UP))
        agent_set(network, CACHE_TIMEOUT, cache_s)
        for _time in range(3):
            pulled_s = time.time()
            network.set_link("b", "to-a", "down")
            seen_s = seen_at_s(history, State.DOWN)
            sent_s = trap_at_s(clock, pulled_s)
            assert seen_s - sent_s <= 1.0
            network.set_link("b", "to-a", "up")
            wait_for(history, link_is(State.UP))


@pytest.mark.parametrize(
    ("before_trap", "how", "within_s"),
    [
        pytest.param(f"{CACHE_STATUS} i {_EMPTY}", V2C, 1.0, id="status current"),
        pytest.param(
            *(f"{CACHE_TIMEOUT} i {CACHE_S:.0f}", V3, CACHE_S + 1.5), id="status from a cache"
        ),
    ],
)
def test_a_loss_is_seen_soon_after_the_pull(
    tmp_path: Path, before_trap: str, how: str, within_s: float
) -> None:
    """The node tells at once, as a switch does; what its agent answers may be of before.

    Then only a trap whose sender has a key is reason enough to ask again.
    """
    agent = f"-m '' -v2c -c private {ADDRESSES['a']}"
    watching = (
        "ip -o monitor link dev to-b | while read -r line; do case $line in *NO-CARRIER*)"
        f" {require('snmpset')} {agent} {before_trap};"
        f" {require('snmptrap')} -m '' {how} {NOC}:{TRAPS_PORT} '' {LINK_DOWN}"
        f" {IF_ENTRY}.1 i $(cat /sys/class/net/to-b/ifindex);; esac; done"
    )
    with (
        lab(tmp_path, a=["rwcommunity private"]) as network,
        collecting(network, tmp_path, snmp=SNMP, traps=TRAPS, polling=SELDOM) as history,
        running(network, "a", "sh", "-c", watching, output=tmp_path / "watching.txt"),
    ):
        wait_for(history, link_is(State.UP))
        agent_set(network, CACHE_STATUS, _EMPTY)
        ask = (
            require("snmpget"),
            "-m",
            "",
            "-v2c",
            "-c",
            "public",
            ADDRESSES["a"],
            f"{OPER_STATUS}.1",
        )
        subprocess.run(network.within("noc", *ask), check=True, stdout=subprocess.DEVNULL)
        pulled_s = time.time()
        network.set_link("b", "to-a", "down")
        passed_s = seen_at_s(history, State.DOWN) - pulled_s
        assert passed_s <= within_s


def test_by_polling_alone_a_loss_is_seen_within_two_intervals(tmp_path: Path) -> None:
    interval_s = 3.0
    with (
        lab(tmp_path, a=["rwcommunity private"]) as network,
        collecting(network, tmp_path, polling={"interfaces_s": interval_s}) as history,
    ):
        wait_for(history, link_is(State.UP))
        agent_set(network, CACHE_TIMEOUT, 1)
        for state, turned in [(State.DOWN, "down"), (State.UP, "up")]:
            turned_s = time.time()
            network.set_link("b", "to-a", turned)
            passed_s = seen_at_s(history, state) - turned_s
            assert passed_s <= 2 * interval_s


def test_octets_of_the_history_agree_with_the_kernels(tmp_path: Path) -> None:
    """Over half a minute of full load, between the same moments.

    The ends are quiet: what the agent's cache is late by is the same octets there.
    """
    counted, none = tmp_path / "kernel.txt", tmp_path / "none.txt"
    with (
        lab(tmp_path, a=["rwcommunity private"]) as network,
        running(network, "a", sys.executable, "-c", _KERNEL, output=counted),
    ):
        shape = "tc qdisc add dev to-b root tbf rate 20mbit burst 20k latency 100ms"
        subprocess.run(network.within("a", *shape.split()), check=True)
        with collecting(network, tmp_path, polling={"interfaces_s": 3}) as history:
            wait_for(history, link_is(State.UP))
            with running(network, "a", sys.executable, "-c", _LOAD, output=none):
                time.sleep(LOAD_S)
            at_s, rates = samples(history, time.time() + 2 * CACHE_S)
    octets = float(np.sum(rates[1:] * np.diff(at_s))) / 8
    kernel = np.array(numbers(counted)).reshape(-1, 2)
    first, last = np.interp(at_s[[0, -1]], kernel[:, 0], kernel[:, 1])
    assert last - first > LOAD_S * 2e6  # the link was full
    assert octets == pytest.approx(last - first, rel=0.01)


def test_means_under_lasting_load_agree_with_the_kernels(tmp_path: Path) -> None:
    """Load before the first sample and after the last: what the agent's cache is late by counts.

    It is late by a second at most here. A whole window of five minutes is not waited for: its mean
    is that of the time seen so far, and so are the kernel's octets.
    """
    counted, none = tmp_path / "kernel.txt", tmp_path / "none.txt"
    with (
        lab(tmp_path, a=["rwcommunity private"]) as network,
        running(network, "a", sys.executable, "-c", _KERNEL, output=counted),
    ):
        shape = "tc qdisc add dev to-b root tbf rate 20mbit burst 20k latency 100ms"
        subprocess.run(network.within("a", *shape.split()), check=True)
        agent_set(network, CACHE_TIMEOUT, 1)
        with running(network, "a", sys.executable, "-c", _LOAD, output=none):
            if (left_s := WINDOW_S - time.time() % WINDOW_S) < LASTING_S + 10:
                time.sleep(left_s)
            with collecting(network, tmp_path, polling={"interfaces_s": 3}) as history:
                link = wait_for(history, link_is(State.UP)).links["a-b"]
                time.sleep(LASTING_S)
                at_s, _rates = samples(history, time.time())
                with HistoryReader(history) as reader:
                    begun_s = at_s[0] // WINDOW_S * WINDOW_S
                    found = reader.port_series(link.a_port, begun_s, begun_s + WINDOW_S, WINDOW_S)
    kernel = np.array(numbers(counted)).reshape(-1, 2)
    first, last = np.interp(at_s[[0, -1]], kernel[:, 0], kernel[:, 1])
    mean_bps = 8 * (last - first) / (at_s[-1] - at_s[0])
    assert mean_bps > 15e6  # the link was full
    assert found.out_bps == pytest.approx([mean_bps], rel=0.01)


def samples(history: Path, from_s: float) -> tuple[np.ndarray, np.ndarray]:
    """Wait for a sample of a's port after a moment; return all moments and rates, bit/s.

    The first has no rate; what the agent repeated has none either, and the next covers it.
    """
    end_s = from_s + PATIENCE_S
    while time.time() < end_s:
        with closing(sqlite3.connect(f"file:{history}?mode=ro", uri=True)) as db:
            rows = db.execute(
                "SELECT at, out_bps FROM sample WHERE device = 'a' AND port = 'to-b' ORDER BY cycle"
            ).fetchall()
        known = rows[:1] + [row for row in rows if row[1] is not None]
        if known and known[-1][0] >= from_s:
            at_s, rates = np.array(known, float).T
            return at_s, rates
        time.sleep(0.5)
    pytest.fail(f"too few samples: {rows}")
