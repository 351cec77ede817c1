"""`discover` as a program, against the simulated county network."""

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from console import inventory as inventories
from console.model.inventory import Inventory
from tests.builders import DEMO_INVENTORY
from tests.end2end.running import program
from tests.peers import free_udp_port

COMMUNITY = "public"


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The demo's network with an address for every device, all at one port."""
    inventory = yaml.safe_load(DEMO_INVENTORY.read_text(encoding="utf-8"))
    inventory["language"] = "en"
    inventory["rooms"] = inventory["bridges"] = inventory["conferences"] = []
    inventory["services"] = []
    port = free_udp_port()
    for number, device in enumerate(inventory["devices"], 1):
        device["address"] = f"127.30.0.{number}:{port}"
    path = tmp_path_factory.mktemp("network") / "net.yaml"
    path.write_text(yaml.safe_dump(inventory, allow_unicode=True), encoding="utf-8")
    with program("simulate", path) as simulator:
        assert simulator.process.stdout is not None
        assert "Answering" in simulator.process.stdout.readline()
        yield path
        assert simulator.stop()[0] == 0


def discover(*arguments: object, typed: str = COMMUNITY) -> tuple[int, str, str]:
    with program("discover", *arguments, stdin=subprocess.PIPE) as running:
        out, err = running.process.communicate(typed + "\n", timeout=60)
    return running.process.returncode, out, err


def seed_of(network: Path) -> str:
    return inventories.load(network).devices[0].address


def ends(inventory: Inventory) -> set[frozenset[tuple[str, str]]]:
    return {
        frozenset(((x.a.device, x.a.interface), (x.b.device, x.b.interface)))
        for x in inventory.links
    }


def test_one_seed_finds_the_whole_network(network: Path, tmp_path: Path) -> None:
    path = tmp_path / "found.yaml"
    code, out, err = discover(seed_of(network), "--snmp", "2c", "--output", path)
    assert (code, out) == (0, ""), err
    real, found = inventories.load(network), inventories.load(path)
    assert {d.id: d.address for d in found.devices} == {d.id: d.address for d in real.devices}
    assert ends(found) == ends(real)
    places = {s.name: (s.lat, s.lon) for s in found.sites}
    assert len(places) == len(real.sites)
    for site in real.sites:
        if site.ags is not None:
            assert places[site.name] == (site.lat, site.lon)
    assert COMMUNITY not in path.read_text()
    with program("check", path) as running:
        assert "is in order" in running.process.communicate(timeout=30)[0]


def test_without_an_output_the_inventory_is_printed(network: Path) -> None:
    code, out, err = discover(seed_of(network), "--snmp", "2c", "--depth", "1")
    assert code == 0
    assert "There is more further away: raise --depth." in err
    assert yaml.safe_load(out)["devices"]


def test_a_file_that_exists_is_not_overwritten_unasked(network: Path, tmp_path: Path) -> None:
    path = tmp_path / "found.yaml"
    path.write_text("mine")
    arguments = (seed_of(network), "--snmp", "2c", "--output", path, "--depth", "0")
    code, _out, err = discover(*arguments)
    assert code == 1
    assert err == f"{path} exists and is not overwritten; name another file, or add --overwrite.\n"
    assert path.read_text() == "mine"
    assert discover(*arguments, "--overwrite")[0] == 0
    assert path.read_text() != "mine"


def test_the_inventory_that_fits_has_no_differences(network: Path) -> None:
    code, out, err = discover(seed_of(network), "--snmp", "lab", "--inventory", network)
    assert (code, out) == (0, "")
    assert "The inventory says what was found." in err


def test_differences_are_listed_and_merged(network: Path, tmp_path: Path) -> None:
    real = inventories.load(network)
    data = yaml.safe_load(network.read_text(encoding="utf-8"))
    removed = data["devices"].pop()
    data["links"] = [
        link
        for link in data["links"]
        if removed["id"] not in (link["a"]["device"], link["b"]["device"])
    ]
    data["links"][0]["a"]["interface"] = "xe-9/9/9"
    part, target = tmp_path / "part.yaml", tmp_path / "merged.yaml"
    part.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    before = part.read_text(encoding="utf-8")
    arguments = (seed_of(network), "--snmp", "lab", "--inventory", part)
    code, out, err = discover(*arguments, "--output", target)
    assert code == 0, err
    assert f"+ device {removed['id']}: {removed['address']}, {removed['site']}" in out
    assert f"~ link {data['links'][0]['id']}: " in out
    assert part.read_text(encoding="utf-8") == before
    assert ends(inventories.load(target)) == ends(real)
    assert discover(*arguments[:-1], target)[1] == ""


def test_nobody_answers(tmp_path: Path) -> None:
    path = tmp_path / "found.yaml"
    address = f"127.0.0.1:{free_udp_port()}"
    code, out, err = discover(address, "--snmp", "2c", "--output", path)
    assert (code, out) == (1, "")
    assert f"{address}: No answer over SNMP" in err
    assert err.endswith("Nobody answered; check addresses and SNMP profile.\n")
    assert not path.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("10.0.0.1", "--snmp", "s3cret"), "Without an inventory an SNMP profile is described"),
        (("10.0.0.1/24", "--snmp", "2c"), "is no address"),
        (("10.0.0.1", "--snmp", "2c", "--within", "here"), "is no network"),
        (("10.0.0.1", "--snmp", "s3cret", "--inventory", DEMO_INVENTORY), "lab"),
    ],
)
def test_wrong_input_is_one_sentence(arguments: tuple[object, ...], sentence: str) -> None:
    code, out, err = discover(*arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert sentence in err
    assert "s3cret" not in err


def test_an_interrupt_ends_it_and_keeps_what_was_found(network: Path, tmp_path: Path) -> None:
    path = tmp_path / "found.yaml"
    silent = f"127.0.0.1:{free_udp_port()}"
    quiet = [f"127.40.{n}.1:{free_udp_port()}" for n in range(100)]
    command = ("discover", seed_of(network), silent, *quiet, "--snmp", "2c", "--output", path)
    # Breadth first: a hundred silent ones are asked beside the one that answers.
    with program(*command, stdin=subprocess.PIPE) as running:
        assert running.process.stdin is not None
        running.process.stdin.write(COMMUNITY + "\n")
        running.process.stdin.flush()
        assert running.process.stderr is not None
        first = running.process.stderr.readline()
        running.process.send_signal(signal.SIGINT)
        out, err = running.process.communicate(timeout=5)
    assert (running.process.returncode, out) == (1, ""), err
    assert "found: mz-r1" in first
    assert "Interrupted: there may be more." in err
    assert "Traceback" not in err
    assert len(inventories.load(path).devices) == 1
