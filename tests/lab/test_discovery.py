"""A discovery from one seed finds a real network: every node, every link, both ends right."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from console import inventory as inventories
from console.model.inventory import Inventory
from tests.lab.routed import AUTH_KEY, COMMUNITY, LINKS, MBITS, PRIV_KEY, Routed, routed

SECURE = "3,user=noc,auth=SHA-256,priv=AES-128,auth_key=${env:LAB_AUTH},priv_key=${env:LAB_PRIV}"
SECRETS = {"LAB_COMMUNITY": COMMUNITY, "LAB_AUTH": AUTH_KEY, "LAB_PRIV": PRIV_KEY}


@pytest.fixture(scope="module")
def network() -> Iterator[Routed]:
    with routed() as built:
        yield built


def discovered(network: Routed, path: Path, *options: str) -> Inventory:
    seed = network.nodes["mz-r1"].address
    done = network.program("discover", seed, "--output", path, *options, **SECRETS)
    assert done.returncode == 0, done.stderr
    assert "0 without an answer" in done.stderr
    for secret in SECRETS.values():
        assert secret not in path.read_text() + done.stdout + done.stderr
    return inventories.load(path)


def ends(inventory: Inventory) -> set[frozenset[tuple[str, str]]]:
    return {
        frozenset(((x.a.device, x.a.interface), (x.b.device, x.b.interface)))
        for x in inventory.links
    }


CABLES = {
    frozenset(((a, f"to-{b}.{number}"), (b, f"to-{a}.{number}")))
    for number, (a, b) in enumerate(LINKS, 1)
}


@pytest.mark.parametrize("profile", ["2c,community=${env:LAB_COMMUNITY}", SECURE])
def test_every_node_and_link_from_one_seed(network: Routed, tmp_path: Path, profile: str) -> None:
    found = discovered(network, tmp_path / "net.yaml", "--snmp", profile)
    assert {d.id: d.address for d in found.devices} == {
        name: node.address for name, node in network.nodes.items()
    }
    assert ends(found) == CABLES
    assert len(found.links) == len(LINKS)
    capacities = {frozenset((x.a.device, x.b.device)): x.capacity_bps for x in found.links}
    assert capacities[frozenset(("ww-r1", "ww-r2"))] == MBITS["ww-r1", "ww-r2"] * 1e6
    assert capacities[frozenset(("mz-r1", "ko-r1"))] == 10e9


def test_sites_come_from_locations_and_names(network: Routed, tmp_path: Path) -> None:
    found = discovered(
        network, tmp_path / "net.yaml", "--snmp", "2c,community=${env:LAB_COMMUNITY}"
    )
    site = {d.id: found.by_id[d.site] for d in found.devices}
    assert (site["mz-r1"].name, site["mz-r1"].lat) == ("Mainz, Serverraum", 49.9929)
    assert (site["ko-r1"].name, site["ko-r1"].lon) == ("Koblenz", 7.589)
    assert site["tr-r1"].ags == "07235"
    assert site["ww-r1"] == site["ww-r2"]
    assert site["az-r1"].name == "az"


def test_differences_are_proposed_and_the_file_stays(network: Routed, tmp_path: Path) -> None:
    path, target = tmp_path / "net.yaml", tmp_path / "merged.yaml"
    discovered(network, path, "--snmp", "2c,community=${env:LAB_COMMUNITY}")
    lines = path.read_text().splitlines()
    kept = [line for line in lines if "id: ww-r2" not in line and "ww-r1-ww-r2" not in line]
    wrong = "\n".join(kept).replace("to-kus-r1.6", "lo", 1) + "\n"
    path.write_text(wrong)
    seed = network.nodes["mz-r1"].address
    options = ("--snmp", "discovered", "--inventory", path)
    done = network.program("discover", seed, *options, **SECRETS)
    assert done.returncode == 0, done.stderr
    assert "+ device ww-r2: " in done.stdout
    assert "+ link ww-r1-ww-r2" in done.stdout
    assert "tr-r1 lo → tr-r1 to-kus-r1.6" in done.stdout
    done = network.program("discover", seed, *options, "--output", target, **SECRETS)
    assert done.returncode == 0, done.stderr
    assert path.read_text() == wrong
    assert ends(inventories.load(target)) == CABLES
    again = ("--snmp", "discovered", "--inventory", target)
    assert network.program("discover", seed, *again, **SECRETS).stdout == ""
