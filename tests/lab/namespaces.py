"""A real network of three nodes in namespaces: noc – a – b, with an agent on a and b."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.end2end.running import device, write_inventory
from tests.peers import require

ROOT = Path(__file__).parent.parent.parent
ADDRESSES = {"a": "10.71.1.2", "b": "10.71.2.2"}
LINK = {
    "id": "a-b",
    "a": {"device": "a", "interface": "to-b"},
    "b": {"device": "b", "interface": "to-a"},
    "capacity": "100M",
}
_LINKS = (("noc", "a", "10.71.1"), ("a", "b", "10.71.2"))
_ROUTES = (("noc", "10.71.1.2"), ("b", "10.71.2.1"))


def _run(command: str) -> str:
    return subprocess.run(command.split(), check=True, capture_output=True, encoding="utf-8").stdout


@dataclass(frozen=True, slots=True)
class Lab:
    """Names carry the process' number: two runs at once do not meet."""

    mark: str

    def name(self, node: str) -> str:
        """Return the namespace of a node."""
        return f"{self.mark}-{node}"

    def within(self, node: str, *command: object) -> list[str]:
        """Return the command line that runs something in a node."""
        return ["ip", "netns", "exec", self.name(node), *map(str, command)]

    def set_link(self, node: str, interface: str, state: str) -> None:
        """Switch an interface `up` or `down`."""
        _run(f"ip -n {self.name(node)} link set {interface} {state}")

    def octets_sent(self, node: str, interface: str) -> int:
        """Return what the kernel counted."""
        path = f"/sys/class/net/{interface}/statistics/tx_bytes"
        command = self.within(node, "cat", path)
        return int(subprocess.run(command, check=True, capture_output=True).stdout)

    def python(self, node: str, *arguments: object) -> subprocess.Popen[str]:
        """Start Python in a node, in the project's folder."""
        return subprocess.Popen(
            self.within(node, sys.executable, *arguments),
            cwd=ROOT,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            encoding="utf-8",
        )


@contextmanager
def lab(folder: Path, **more: Sequence[str]) -> Iterator[Lab]:
    """Build the network, and take it down again; `more` are lines for the agents' files."""
    if sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("ip"):
        if os.environ.get("CI") == "true":
            pytest.fail("needs root and iproute2")
        pytest.skip("needs root and iproute2")
    built = Lab(f"lt{os.getpid()}")
    with ExitStack() as stack:
        for node in ("noc", "a", "b"):
            _run(f"ip netns add {built.name(node)}")
            stack.callback(_run, f"ip netns del {built.name(node)}")
            built.set_link(node, "lo", "up")
        for left, right, net in _LINKS:
            _join(built, left, right, net)
        for node, gateway in _ROUTES:
            _run(f"ip -n {built.name(node)} route add default via {gateway}")
        subprocess.run(built.within("a", "sysctl", "-qw", "net.ipv4.ip_forward=1"), check=True)
        for node, address in ADDRESSES.items():
            stack.enter_context(_agent(built, node, address, folder, more.get(node, ())))
        yield built


@contextmanager
def collecting(network: Lab, folder: Path, **sections: Any) -> Iterator[Path]:
    """Run the collector in `noc` with `sections` in its inventory; give the history's path."""
    inventory = write_inventory(
        folder / "net.yaml",
        devices=[device(name, address) for name, address in ADDRESSES.items()],
        links=[LINK],
        **sections,
    )
    history = folder / "history.db"
    process = network.python("noc", "main.py", "collect", inventory, "--history", history)
    try:
        yield history
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def _join(built: Lab, left: str, right: str, net: str) -> None:
    """Connect two nodes; each calls the interface after the other: to-a, to-b."""
    ends = (left, f"to-{right}", f"{net}.1"), (right, f"to-{left}", f"{net}.2")
    _run(
        f"ip link add to-{right} netns {built.name(left)} type veth"
        f" peer name to-{left} netns {built.name(right)}"
    )
    for node, interface, address in ends:
        _run(f"ip -n {built.name(node)} addr add {address}/24 dev {interface}")
        built.set_link(node, interface, "up")


@contextmanager
def _agent(
    built: Lab, node: str, address: str, folder: Path, more: Sequence[str]
) -> Iterator[None]:
    own = folder / node
    own.mkdir()
    config = own / "snmpd.conf"
    lines = (f"agentAddress udp:{address}:161", "rocommunity public", f"sysName {node}", *more)
    config.write_text("\n".join(lines) + "\n")
    process = subprocess.Popen(
        built.within(
            *(node, require("snmpd"), "-f", "-C", "-c", config),
            *("-Lf", own / "snmpd.log", "-p", own / "snmpd.pid"),
        ),
        env={**os.environ, "SNMP_PERSISTENT_DIR": str(own / "persistent"), "MIBS": ""},
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)
