"""A link between two kernels: what it carries, and what is said when it is cut."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from console.history.reader import HistoryReader
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
SINK_PORT = 9  # discard: nobody listens, the octets pass all the same
STREAM_KBYTE_PER_S = 1_000
WATCHED_S = 40.0
GREATEST_ERROR = 0.03


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


@contextmanager
def streaming(network: Lab) -> Iterator[None]:
    """From a to b, steadily."""
    process = network.python(
        "a", "tests/lab/stream.py", ADDRESSES["b"], SINK_PORT, STREAM_KBYTE_PER_S
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


def link(snapshot: Snapshot) -> State | None:
    view = snapshot.links.get("a-b")
    return view.state if view else None


def states(**wanted: State) -> Callable[[Snapshot], bool]:
    return lambda snapshot: all(
        name in snapshot.devices and snapshot.devices[name].state is state
        for name, state in wanted.items()
    )


def test_the_recorded_load_is_what_the_kernel_counted(network: Lab, tmp_path: Path) -> None:
    with streaming(network), collecting(network, tmp_path, interfaces_s=5) as history:
        wait_for(history, lambda snapshot: snapshot.links["a-b"].a_to_b_bps)
        from_s, octets_before = time.time(), network.octets_sent("a", "to-b")
        time.sleep(WATCHED_S)
        to_s, octets_after = time.time(), network.octets_sent("a", "to-b")
        counted_bps = (octets_after - octets_before) * 8 / (to_s - from_s)
    with HistoryReader(history) as reader:
        series = reader.link_series("a-b", from_s, to_s, step_s=5)
    rates = [rate for rate in series.a_to_b_bps if rate == rate]
    assert len(rates) >= 5
    assert sum(rates) / len(rates) == pytest.approx(counted_bps, rel=GREATEST_ERROR)


def test_a_cut_link_is_told_from_the_device_behind_it(network: Lab, tmp_path: Path) -> None:
    with collecting(network, tmp_path, interfaces_s=2, ping_s=1) as history:
        wait_for(history, states(a=State.UP, b=State.UP))
        network.set_link("a", "to-b", "down")
        cut = wait_for(history, states(a=State.UP, b=State.UNREACHABLE))
        assert link(cut) is State.DOWN
        assert Reason("behind", "a-b") in cut.devices["b"].reasons
        network.set_link("a", "to-b", "up")
        wait_for(history, lambda s: states(a=State.UP, b=State.UP)(s) and link(s) is State.UP)
