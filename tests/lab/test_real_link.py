"""A link between two kernels: what is said when it is cut."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from console.model.snapshot import Reason, Snapshot
from console.model.states import State
from tests.end2end.running import wait_for
from tests.lab.namespaces import Lab, collecting, lab


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Lab]:
    with lab(tmp_path) as built:
        yield built


def link(snapshot: Snapshot) -> State | None:
    view = snapshot.links.get("a-b")
    return view.state if view else None


def states(**wanted: State) -> Callable[[Snapshot], bool]:
    return lambda snapshot: all(
        name in snapshot.devices and snapshot.devices[name].state is state
        for name, state in wanted.items()
    )


def test_a_cut_link_is_told_from_the_device_behind_it(network: Lab, tmp_path: Path) -> None:
    with collecting(network, tmp_path, polling={"interfaces_s": 2, "ping_s": 1}) as history:
        wait_for(history, states(a=State.UP, b=State.UP))
        network.set_link("a", "to-b", "down")
        cut = wait_for(history, states(a=State.UP, b=State.UNREACHABLE))
        assert link(cut) is State.DOWN
        assert Reason("behind", "a-b") in cut.devices["b"].reasons
        network.set_link("a", "to-b", "up")
        wait_for(history, lambda s: states(a=State.UP, b=State.UP)(s) and link(s) is State.UP)
