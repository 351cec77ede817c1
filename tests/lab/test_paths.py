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
def spaces(*kinds: str) -> Iterator[tuple[str, ...]]:
    """Namespaces, empty."""
    if sys.platform != "linux" or os.geteuid() != 0 or not Path("/dev/net/tun").exists():
        reason = "needs root and /dev/net/tun"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    names = tuple(f"lp{os.getpid()}-{kind}" for kind in kinds)
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
    with spaces("noc", "site") as (noc, site), cables([((noc, "wire"), (site, "wire"))]) as laid:
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


@contextmanager
def triangle() -> Iterator[tuple[str, str, str]]:
    """The collector and two sites, each joined to both others; the sites by a long lossy cable."""
    with spaces("noc", "a", "b") as names:
        noc, a, b = names
        ends = [((noc, "to-a"), (a, "to-noc")), ((noc, "to-b"), (b, "to-noc"))]
        ends.append(((a, "to-b"), (b, "to-a")))
        with cables(ends) as laid:
            for name in names:
                ip("-n", name, "link", "set", "lo", "up")
            for number, pair in enumerate(ends):
                for host, (space, wire) in enumerate(pair):
                    ip("-n", space, "link", "set", wire, "up")
                    ip("-n", space, "addr", "add", f"10.73.{number}.{host + 1}/24", "dev", wire)
            laid.set_quality(2, Quality(rate_bps=1e8, delay_ms=20, jitter_ms=5, loss=0.2))
            yield noc, a, b


@pytest.mark.timeout(150)
def test_what_lies_between_two_sites_is_seen_by_them_and_not_by_the_collector(
    tmp_path: Path,
) -> None:
    key = "only we know"
    with triangle() as (noc, a, b):
        order = ("main.py", "reflect", "--key", "${env:LAB_KEY}", "--listen", "0.0.0.0")
        with (
            started(a, *order, "--toward", "b=10.73.2.2", LAB_KEY=key) as measuring,
            started(b, *order, LAB_KEY=key) as other,
        ):
            assert "862" in first_line(measuring)
            assert "862" in first_line(other)
            secret = "${env:LAB_KEY}"
            inventory = write_inventory(
                tmp_path / "net.yaml",
                devices=[],
                sites=[{"id": f"site-{x}", "name": x, "lat": 50, "lon": 7} for x in "ab"],
                reflectors=[
                    {"id": "a", "site": "site-a", "address": "10.73.0.2", "key": secret}
                    | {"toward": ["b"]},
                    {"id": "b", "site": "site-b", "address": "10.73.1.2", "key": secret},
                ],
            )
            history = tmp_path / "history.db"
            collect = ("main.py", "collect", inventory, "--history", history, "--for", 75)
            with started(noc, *collect, LAB_KEY=key) as collector:
                assert collector.wait(110) == 0
    rows = seen_of_b(history)
    between, direct = rows["stamp-from a 34"], rows["stamp 10.73.1.2 34"]
    assert between["windows"] >= 2
    assert between["sent"] == 10 * between["windows"]
    assert between["rtt_us"] == pytest.approx(40_000, abs=5000)
    # Of a hundred packets 36 are lost on average: a fifth there, a fifth of the others back.
    assert 0.05 < between["lost"] / between["sent"] < 0.75
    assert direct["rtt_us"] < 20_000
    assert direct["lost"] == 0


def seen_of_b(history: Path) -> dict[str, sqlite3.Row]:
    db = sqlite3.connect(history)
    db.row_factory = sqlite3.Row
    try:
        rows = db.execute(
            "SELECT p.name, count(*) AS windows, sum(sent) AS sent, sum(lost) AS lost,"
            " avg(rtt_us) AS rtt_us FROM path_window w JOIN path p ON p.id = w.path"
            " JOIN subject s ON s.id = p.subject WHERE s.name = 'b' GROUP BY p.name"
        ).fetchall()
    finally:
        db.close()
    return {row["name"]: row for row in rows}
