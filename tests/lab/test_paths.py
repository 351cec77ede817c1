"""A reflector behind a long, uneven, lossy cable: what is measured is what the cable did."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.end2end.running import write_inventory
from tests.lab.cables import ROOT, Quality, cables

# Prints traffic class and octets of IP of the first packet to and from the reflector's port.
_LOOK = """
import socket
seen, raw = {}, socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
print("looking", flush=True)
while len(seen) < 2:
    packet = raw.recv(2048)
    ports = int.from_bytes(packet[20:22], "big"), int.from_bytes(packet[22:24], "big")
    if packet[0] == 0x45 and packet[9] == 17 and 862 in ports:
        seen.setdefault(ports.index(862), (packet[1], int.from_bytes(packet[2:4], "big")))
print(seen[1], seen[0])
"""


@contextmanager
def two_ends() -> Iterator[tuple[str, str]]:
    """Two namespaces, empty."""
    if sys.platform != "linux" or os.geteuid() != 0 or not Path("/dev/net/tun").exists():
        reason = "needs root and /dev/net/tun"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    names = (f"lp{os.getpid()}-noc", f"lp{os.getpid()}-site")
    with ExitStack() as stack:
        for name in names:
            ip("netns", "add", name)
            stack.callback(ip, "netns", "del", name)
        yield names


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)


@contextmanager
def started(
    space: str, *arguments: object, **environment: str
) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        ["ip", "netns", "exec", space, sys.executable, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "LC_ALL": "C.UTF-8", **environment},
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def first_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def measured(folder: Path, noc: str, key: str) -> sqlite3.Row:
    """Let the collector measure for 32 s, 20 packets a second; return the sums of its windows."""
    inventory = write_inventory(
        folder / "net.yaml",
        devices=[],
        sites=[{"id": "site", "name": "Site", "lat": 50, "lon": 7}],
        reflectors=[
            {"id": "refl", "site": "site", "address": "10.72.0.2", "key": "${env:LAB_KEY}"}
        ],
        polling={"paths_s": 0.05},
    )
    history = folder / "history.db"
    order = ("main.py", "collect", inventory, "--history", history, "--for", 32)
    with started(noc, *order, LAB_KEY=key) as collector:
        assert collector.wait(60) == 0
    db = sqlite3.connect(history)
    db.row_factory = sqlite3.Row
    try:
        found: sqlite3.Row = db.execute(
            "SELECT sum(sent) AS sent, sum(lost) AS lost, sum(lost_there) AS there,"
            " sum(lost_back) AS back, avg(rtt_us) AS rtt_us, avg(jitter_us) AS jitter_us,"
            " avg(jitter_there_us) AS jitter_there_us, avg(jitter_back_us) AS jitter_back_us,"
            " sum(lost - lost_there - lost_back) AS untold, count(*) AS windows FROM path_window"
        ).fetchone()
    finally:
        db.close()
    return found


@pytest.mark.timeout(120)
def test_loss_delay_and_jitter_are_those_of_the_cable(tmp_path: Path) -> None:
    key = "only the two ends know this"
    with two_ends() as (noc, site), cables([((noc, "wire"), (site, "wire"))]) as laid:
        for number, space in enumerate((noc, site)):
            ip("-n", space, "link", "set", "lo", "up")
            ip("-n", space, "link", "set", "wire", "up")
            ip("-n", space, "addr", "add", f"10.72.0.{number + 1}/24", "dev", "wire")
        reflect = ("main.py", "reflect", "--listen", "10.72.0.2", "--key", "${env:LAB_KEY}")
        with (
            started(site, "-c", _LOOK) as looking,
            started(site, *reflect, LAB_KEY=key) as reflector,
        ):
            assert first_line(looking) == "looking\n"
            assert "862" in first_line(reflector)
            laid.set_quality(0, Quality(rate_bps=1e8, delay_ms=20, jitter_ms=5, loss=0.05))
            seen = measured(tmp_path, noc, key)
            reflector.send_signal(signal.SIGTERM)
            told = reflector.communicate(timeout=10)[0]
            marked = looking.communicate(timeout=10)[0]

    answered = int(told.split("Answered: ")[1].split(".")[0])
    # DSCP 34 in both directions; 1,000 octets of STAMP, 8 of UDP and 20 of IP.
    assert marked == "(136, 1028) (136, 1028)\n"
    assert seen["windows"] in (2, 3)
    assert seen["sent"] >= 500
    # Some 5 % each way; which way is told by what the reflector itself counted. Packets that were
    # under way at the end, and those around a window's edge, are not among the sums.
    assert 0.04 < seen["lost"] / seen["sent"] < 0.18
    if seen["untold"] is not None and seen["there"] + seen["back"] == seen["lost"]:
        assert seen["there"] == pytest.approx(seen["sent"] - answered, abs=3)
        assert seen["back"] == pytest.approx(answered - (seen["sent"] - seen["lost"]), abs=3)
    # Uniform within ±5 ms each way: successive packets differ by 10/3 ms on average.
    assert seen["rtt_us"] == pytest.approx(40_000, abs=4000)
    assert seen["jitter_there_us"] == pytest.approx(3333, rel=0.25)
    assert seen["jitter_back_us"] == pytest.approx(3333, rel=0.25)
    assert seen["jitter_us"] == pytest.approx(4670, rel=0.25)
