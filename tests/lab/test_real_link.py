"""A link between two kernels: what is said when it is cut."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from console.model.snapshot import Reason, Snapshot
from console.model.states import State
from tests.end2end.running import device, wait_for, write_inventory
from tests.lab.namespaces import ADDRESSES, Lab, lab

LINK = {
    "id": "a-b",
    "a": {"device": "a", "interface": "to-b"},
    "b": {"device": "b", "interface": "to-a"},
    "capacity": "100M",
}


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Lab]:
    with lab(tmp_path) as built:
        yield built


@contextmanager
def collecting(network: Lab, folder: Path, **polling: object) -> Iterator[Path]:
    inventory = write_inventory(
        folder / "net.yaml",
        devices=[device(name, address) for name, address in ADDRESSES.items()],
        links=[LINK],
        polling=polling,
    )
    history = folder / "history.db"
    process = network.python("noc", "main.py", "collect", inventory, "--history", history)
    try:
        yield history
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def link(snapshot: Snapshot) -> State | None:
    view = snapshot.links.get("a-b")
    return view.state if view else None


def states(**wanted: State) -> Callable[[Snapshot], bool]:
    return lambda snapshot: all(
        name in snapshot.devices and snapshot.devices[name].state is state
        for name, state in wanted.items()
    )


def test_a_cut_link_is_told_from_the_device_behind_it(network: Lab, tmp_path: Path) -> None:
    with collecting(network, tmp_path, interfaces_s=2, ping_s=1) as history:
        wait_for(history, states(a=State.UP, b=State.UP))
        network.set_link("a", "to-b", "down")
        cut = wait_for(history, states(a=State.UP, b=State.UNREACHABLE))
        assert link(cut) is State.DOWN
        assert Reason("behind", "a-b") in cut.devices["b"].reasons
        network.set_link("a", "to-b", "up")
        wait_for(history, lambda s: states(a=State.UP, b=State.UP)(s) and link(s) is State.UP)
