"""What the collector hears of a real network by lldpd, and what of the inventory it contradicts."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end2end.running import device, status, write_inventory
from tests.lab.routed import COMMUNITY, LINKS, Routed, routed

CABLES = [
    ((a, f"to-{b}.{number}"), (b, f"to-{a}.{number}")) for number, (a, b) in enumerate(LINKS, 1)
]


@pytest.fixture(scope="module")
def network() -> Iterator[Routed]:
    with routed() as built:
        yield built


def end(at: tuple[str, str]) -> dict[str, str]:
    return {"device": at[0], "interface": at[1]}


def collected(
    network: Routed, folder: Path, cables: list[tuple[tuple[str, str], tuple[str, str]]]
) -> dict[str, Any]:
    """What `status --json` says after ten seconds with the inventory wired like this."""
    inventory = write_inventory(
        folder / "net.yaml",
        snmp={"lab": {"version": "2c", "community": COMMUNITY}},
        devices=[device(name, node.address) for name, node in network.nodes.items()],
        links=[{"id": f"l{n}", "a": end(a), "b": end(b)} for n, (a, b) in enumerate(cables, 1)],
    )
    history = folder / "history.db"
    done = network.program("collect", inventory, "--history", history, "--for", "10")
    assert done.returncode == 0, done.stderr
    return status(history)


def test_a_network_wired_as_written_agrees(network: Routed, tmp_path: Path) -> None:
    told = collected(network, tmp_path, CABLES)
    assert {link["wiring"] for link in told["links"]} == {"agrees"}
    heard = {(n["device"], n["port"], n["remote_name"]) for n in told["neighbours"]}
    for (a, at_a), (b, at_b) in CABLES:
        assert {(a, at_a, b), (b, at_b, a)} <= heard
    assert Counter(n["protocol"] for n in told["neighbours"]).keys() == {"lldp"}


def test_what_is_written_wrong_is_told(network: Routed, tmp_path: Path) -> None:
    """Links 1 and 2 join the same nodes with their ends crossed; 3 and 11 lead to other nodes."""
    (a1, b1), (a2, b2), (a3, b3), *rest, (a11, b11) = CABLES
    crossed = [(a1, b2), (a2, b1), (a3, b11), *rest, (a11, b3)]
    told = collected(network, tmp_path, crossed)
    wiring = {link["id"]: link["wiring"] for link in told["links"]}
    wrong = {name: state for name, state in wiring.items() if state != "agrees"}
    assert wrong == {
        **{"l1": "lldp_port", "l2": "lldp_port"},
        **{"l3": "lldp_neighbour", "l11": "lldp_neighbour"},
    }
    reasons = {link["id"]: link["reasons"] for link in told["links"]}
    assert "mz-r1 to-ko-r1.1 → ko-r1" in json.dumps(reasons["l1"], ensure_ascii=False)
    assert {link["state"] for link in told["links"]} == {"up"}
