"""The real collector process against the simulated county network, read by the other commands."""

import csv
import io
import itertools
import json
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import yaml

from console import inventory as inventories
from console.demo.simulation import Simulation
from console.model.states import RoomState, State
from tests.builders import DEMO_INVENTORY
from tests.end2end.running import output, program, status, wait_for
from tests.peers import free_udp_ports

KEYS = {
    "": {
        *("at", "cycle", "live", "collector", "sites", "devices", "ports", "links"),
        *("neighbours", "rooms", "services", "alarms"),
    },
    "collector": {"state", "heartbeat_age_s"},
    "sites": {"id", "name", "state"},
    "devices": {
        *("id", "site", "address", "state", "since", "reasons", "rtt_ms", "loss", "uptime_s"),
        *("sys_name", "sys_descr", "age_s"),
    },
    "ports": {
        *("device", "if_index", "name", "alias", "type", "admin", "oper", "speed_bps", "in_bps"),
        *("out_bps", "in_errors_ps", "out_errors_ps", "in_discards_ps", "out_discards_ps"),
        "age_s",
    },
    "links": {
        *("id", "a", "b", "state", "capacity_bps", "a_to_b_bps", "b_to_a_bps", "a_to_b_load"),
        *("b_to_a_load", "age_s"),
    },
    "neighbours": {"device", "port", "protocol", "remote_name", "remote_port"},
    "rooms": {"id", "site", "name", "state", "registered", "reasons", "age_s"},
}


@pytest.fixture(scope="module")
def inventory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's network on ports of its own, polled every three seconds."""
    network = yaml.safe_load(DEMO_INVENTORY.read_text(encoding="utf-8"))
    network["polling"] |= {"interfaces_s": 3, "rooms_s": 3}
    network["language"] = "en"
    answering = [*network["devices"], *network["reflectors"]]
    rooms = [*network["rooms"], *network["bridges"]]
    ports = free_udp_ports(len(answering) + len(rooms))
    for entry, port in zip(answering, ports, strict=False):
        entry["address"] = f"127.0.0.1:{port}"
    for room, port in zip(rooms, ports[len(answering) :], strict=True):
        room["probes"] = [{"sip": f"sip:{room['id']}@127.0.0.1:{port}"}]
    path = tmp_path_factory.mktemp("network") / "net.yaml"
    path.write_text(yaml.safe_dump(network, allow_unicode=True), encoding="utf-8")
    return path


def quiet_seed(inventory: Path) -> int:
    """The first course in which nothing goes wrong for the next minutes."""
    network, now_s = inventories.load(inventory), time.time()
    courses = (Simulation(network, seed, now_s) for seed in itertools.count(1))
    quiet = next(one for one in courses if not one.script.between(now_s - 600, now_s + 900))
    return quiet.seed


@pytest.fixture(scope="module")
def history(inventory: Path) -> Iterator[Path]:
    """A history of that network, with simulator and collector still running."""
    path = inventory.with_name("history.db")
    with program("simulate", inventory, "--seed", quiet_seed(inventory)) as simulator:
        assert simulator.process.stdout is not None
        if "Answering" not in simulator.process.stdout.readline():
            pytest.fail(f"nothing is simulated: {simulator.ended()}")
        yield from collected(inventory, path)
        assert simulator.stop()[0] == 0


def collected(inventory: Path, path: Path) -> Iterator[Path]:
    """The history of a collector, once everything was seen."""
    with program("collect", inventory, "--history", path) as collector:
        wait_for(path, lambda s: all(link.load is not None for link in s.links.values()))
        wait_for(path, lambda s: all(r.age_s is not None for r in s.rooms.values()))
        yield path
        assert collector.stop()[0] == 0


def test_everything_is_seen(history):
    well = wait_for(
        history,
        lambda s: all(view.state is State.UP for view in (*s.devices.values(), *s.links.values())),
    )
    assert {view.state for view in well.sites.values()} == {State.UP}
    states = {view.state for view in (*well.rooms.values(), *well.bridges.values())}
    assert states <= {RoomState.IDLE, RoomState.IN_CALL}
    assert all(0 < view.load < 1.5 for view in well.links.values())


def test_the_two_ends_of_a_link_agree(history):
    told = status(history)
    in_of = {(port["device"], port["name"]): port["in_bps"] for port in told["ports"]}
    out_of = {(port["device"], port["name"]): port["out_bps"] for port in told["ports"]}
    network = yaml.safe_load(DEMO_INVENTORY.read_text(encoding="utf-8"))
    for link in network["links"]:
        a, b = ((link[end]["device"], link[end]["interface"]) for end in "ab")
        assert out_of[a] == pytest.approx(in_of[b], rel=0.5)
        assert in_of[a] == pytest.approx(out_of[b], rel=0.5)


def test_every_link_is_wired_as_the_inventory_says(history):
    told = status(history)
    heard = {(n["device"], n["port"], n["remote_name"]) for n in told["neighbours"]}
    up = {device["id"] for device in told["devices"] if device["state"] == "up"}
    for link in wait_for(history, bool).inventory.links:
        a, b = link.a, link.b
        if {a.device, b.device} <= up:
            assert (a.device, a.interface, b.device) in heard
            assert (b.device, b.interface, a.device) in heard
    assert not {link["wiring"] for link in told["links"]} & {"lldp_port", "lldp_neighbour"}
    assert {d["chassis"]["model"] for d in told["devices"] if d["id"] in up} >= {"LS-4800 Core"}


def test_status_json_has_every_promised_key(history):
    told = status(history)
    assert told.keys() >= KEYS[""]
    assert told["collector"].keys() >= KEYS["collector"]
    for part in ("sites", "devices", "ports", "links", "neighbours", "rooms"):
        assert told[part]
        assert all(entry.keys() >= KEYS[part] for entry in told[part])
    assert (told["services"], told["alarms"]) == ([], [])
    assert told["live"] is True
    assert told["at"].endswith("Z")
    assert len(told["at"]) == len("2026-11-22T08:00:00.000Z")
    assert {link["a"] for link in told["links"]} <= {site["id"] for site in told["sites"]}


def test_status_at_a_past_moment(history):
    now = status(history)
    past = status(history, "--at", now["at"])
    assert past["live"] is False
    assert past["at"] == now["at"]
    before = status(history, "--at", "-1d")
    assert (before["cycle"], before["collector"]["state"]) == (None, "never")
    assert before["devices"] == []


def test_status_for_people(history):
    told = output("status", "--history", history)
    assert told.startswith("Kommunalnetz Rheinland-Pfalz")
    assert "collector running" in told
    assert "Sitzungssaal" in told


def test_series_as_json_and_csv(history):
    arguments = ("series", "mz-tr", "--history", history, "--from", "-2min", "--step", 5)
    told = json.loads(output(*arguments, "--json"))
    assert told.keys() >= {"link", "capacity_bps", "step_s", "points", "p95"}
    assert (told["link"], told["capacity_bps"], told["step_s"]) == ("mz-tr", 1e10, 5)
    assert told["p95"].keys() == {"a_to_b_bps", "b_to_a_bps"}
    known = [point for point in told["points"] if point["a_to_b_bps"] is not None]
    assert known
    assert all(p["a_to_b_max_bps"] >= p["a_to_b_bps"] > 0 for p in known)
    moments = [datetime.fromisoformat(point["at"]) for point in told["points"]]
    assert moments == sorted(moments)
    rows = list(csv.DictReader(io.StringIO(output(*arguments, "--csv"))))
    columns = ["at", "a_to_b_bps", "b_to_a_bps", "a_to_b_max_bps", "b_to_a_max_bps"]
    assert list(rows[0]) == columns
    assert output(*arguments).startswith("mz-tr · 10.0 Gbit/s")


def test_a_link_that_is_not_there(history):
    with program("series", "mz-ko", "--history", history) as running:
        code, err = running.ended()
    assert code == 2
    assert "mz-ko-1" in err
    assert len(err.splitlines()) == 1
