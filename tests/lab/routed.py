"""A county network in namespaces: OSPF by FRRouting, LLDP by lldpd, SNMP by snmpd on every node.

All namespaces share one host name and one /run: sockets and names are given to each daemon.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.peers import require

ROOT = Path(__file__).parent.parent.parent
FRR = Path("/usr/lib/frr")
COMMUNITY = "lab-community"
AUTH_KEY, PRIV_KEY = "auth-key-of-the-lab", "priv-key-of-the-lab"
_PATIENCE_S = 120.0  # OSPF takes its time on a busy machine
_LLDP_PATIENCE_S = 20.0  # then lldpd is started anew: now and then one comes up deaf

# Two core nodes joined twice, a ring of counties, a county behind another.
LINKS = (
    *(("mz-r1", "ko-r1"), ("mz-r1", "ko-r1"), ("mz-r1", "az-r1"), ("az-r1", "kib-r1")),
    *(("kib-r1", "kus-r1"), ("kus-r1", "tr-r1"), ("tr-r1", "dau-r1"), ("dau-r1", "ko-r1")),
    *(("ko-r1", "ww-r1"), ("ww-r1", "ww-r2"), ("mz-r1", "kib-r1")),
)
LOCATIONS = {
    "mz-r1": "Mainz, Serverraum [49.9929, 8.2473]",
    "ko-r1": "Koblenz 50.3569 N 7.5890 E",
    "tr-r1": "Trier-Saarburg",
    "ww-r1": "Westerwaldkreis, Keller",
    "ww-r2": "Westerwaldkreis, Keller",
}
MBITS = {("ww-r1", "ww-r2"): 1000}


def _run(*command: object) -> str:
    done = subprocess.run(list(map(str, command)), capture_output=True, encoding="utf-8")
    assert done.returncode == 0, f"{command}: {done.stderr}"
    return done.stdout


@dataclass(slots=True)
class Node:
    """A router: its namespace, its loopback address, its ports as (name, peer, Mbit/s)."""

    name: str
    space: str
    address: str
    folder: Path
    ports: list[tuple[str, str, int]] = field(default_factory=list)
    daemons: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def lldp_socket(self) -> Path:
        """Where lldpcli reaches the node's daemon."""
        return self.folder / "lldpd.sock"

    def within(self, *command: object) -> list[str]:
        """Return the command line that runs something in the node."""
        return ["ip", "netns", "exec", self.space, *map(str, command)]


@dataclass(slots=True)
class Routed:
    """The network as built; `noc` has no agent and a way to all."""

    mark: str
    nodes: dict[str, Node]

    def program(self, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `main.py` in the operations centre's namespace."""
        return subprocess.run(
            [
                *("ip", "netns", "exec", f"{self.mark}-noc", sys.executable, "main.py"),
                *map(str, arguments),
            ],
            cwd=ROOT,
            env={**os.environ, "LC_ALL": "C.UTF-8", **environment},
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )

    def cut(self, node: str, port: str) -> None:
        """Pull a cable."""
        _run("ip", "-n", self.nodes[node].space, "link", "set", port, "down")


@contextmanager
def routed(lay: "Lay | None" = None, *, lldp: bool = True) -> Iterator[Routed]:
    """Build the network, wait until all nodes know all others, and take it down again.

    `lay` lays the cables of LINKS, by default as veth pairs.
    """
    _require()
    mark = f"lr{os.getpid()}"
    folder = Path(tempfile.mkdtemp(prefix=mark))  # the daemons' own users must get into it
    folder.chmod(0o755)
    names = list(dict.fromkeys(name for link in LINKS for name in link))
    nodes = {
        name: Node(name, f"{mark}-{name}", f"10.255.0.{number}", folder / name)
        for number, name in enumerate(names, 1)
    }
    built = Routed(mark, nodes)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, True)
        stack.callback(_wait_for_end, nodes)
        for space in (f"{mark}-noc", *(node.space for node in nodes.values())):
            _run("ip", "netns", "add", space)
            stack.callback(_take_down, space)
            _run("ip", "-n", space, "link", "set", "lo", "up")
        stack.enter_context((lay or _veths)(built))
        _connect_noc(built)
        for node in nodes.values():
            stack.callback(shutil.rmtree, Path("/var/run/frr") / node.space, True)
            _start(node, lldp)
        if lldp:
            _wait_for_neighbours(built)
        _wait_for_routes(built)
        yield built


def _require() -> None:
    if sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("ip"):
        pytest.skip("needs root and iproute2")
    for program in ("snmpd", "lldpd", "lldpcli"):
        require(program)
    if not (FRR / "ospfd").exists():
        if os.environ.get("CI") == "true":
            pytest.fail("needs FRRouting")
        pytest.skip("needs FRRouting")


Lay = Callable[[Routed], AbstractContextManager[object]]


@contextmanager
def _veths(built: Routed) -> Iterator[None]:
    for link in range(len(LINKS)):
        (space_a, port_a), (space_b, port_b) = cable_ends(built, link)
        _run(
            *("ip", "link", "add", port_a, "netns", space_a, "type", "veth"),
            *("peer", "name", port_b, "netns", space_b),
        )
        set_up(built, link)
    yield


def cable_ends(built: Routed, link: int) -> list[tuple[str, str]]:
    """Return the namespaces and ports that a cable of LINKS joins."""
    left, right = LINKS[link]
    return [
        (built.nodes[left].space, f"to-{right}.{link + 1}"),
        (built.nodes[right].space, f"to-{left}.{link + 1}"),
    ]


def link_address(link: int, side: int) -> str:
    """Return the address of one end of a cable: side 0 or 1."""
    return f"10.0.{link + 1}.{side + 1}"


def set_up(built: Routed, link: int) -> None:
    """Give both ends of a laid cable their addresses and tell the nodes of their ports."""
    left, right = LINKS[link]
    mbits = MBITS.get((left, right), 10_000)
    ends = cable_ends(built, link)
    for side, (here, there) in enumerate(((left, right), (right, left))):
        built.nodes[here].ports.append((ends[side][1], there, mbits))
        _raise(*ends[side], f"{link_address(link, side)}/30")


def _connect_noc(built: Routed) -> None:
    first = next(iter(built.nodes.values()))
    noc = f"{built.mark}-noc"
    _run(
        *("ip", "link", "add", "core", "netns", noc, "type", "veth"),
        *("peer", "name", "noc", "netns", first.space),
    )
    _raise(noc, "core", "10.0.0.2/30")
    _raise(first.space, "noc", "10.0.0.1/30")
    _run("ip", "-n", noc, "route", "add", "default", "via", "10.0.0.1")


def _raise(space: str, port: str, address: str) -> None:
    _run("ip", "-n", space, "addr", "add", address, "dev", port)
    _run("ip", "-n", space, "link", "set", port, "up")


def _start(node: Node, lldp: bool) -> None:
    node.folder.mkdir()
    node.folder.chmod(0o777)
    _run("ip", "-n", node.space, "addr", "add", f"{node.address}/32", "dev", "lo")
    _run(*node.within("sysctl", "-qw", "net.ipv4.ip_forward=1"))
    _start_snmpd(node)
    if lldp:
        _start_lldpd(node)
    _start_ospf(node)


def _start_snmpd(node: Node) -> None:
    lines = [
        *("agentAddress udp:161", f"rocommunity {COMMUNITY}", f"sysName {node.name}"),
        f'createUser noc SHA-256 "{AUTH_KEY}" AES "{PRIV_KEY}"',
        *("rouser noc priv", f'sysLocation "{LOCATIONS.get(node.name, "Unknown")}"'),
        *("master agentx", f"agentXSocket {node.folder}/agentx"),
    ]
    for port, _peer, mbits in node.ports:  # veth always tells 10 Gbit/s
        index = _run(*node.within("cat", f"/sys/class/net/{port}/ifindex")).strip()
        lines.append(f"override .1.3.6.1.2.1.31.1.1.1.15.{index} uinteger {mbits}")
    config = node.folder / "snmpd.conf"
    config.write_text("\n".join(lines) + "\n")
    environment = {"SNMP_PERSISTENT_DIR": str(node.folder / "persistent"), "MIBS": ""}
    snmpd = subprocess.Popen(
        node.within(
            *(require("snmpd"), "-f", "-C", "-c", config, "-Lf", node.folder / "snmpd.log"),
            *("-p", node.folder / "snmpd.pid"),
        ),
        env={**os.environ, **environment},
    )
    node.daemons.append(snmpd)
    _wait(lambda: (node.folder / "agentx").exists(), f"snmpd of {node.name}")


def _start_lldpd(node: Node) -> None:
    """Run lldpd with a /run/lldpd of its own; it announces the loopback address."""
    command = (
        "mount -t tmpfs tmpfs /run/lldpd && chown _lldpd /run/lldpd &&"
        f" exec {require('lldpd')} -d -x -X {node.folder}/agentx -u {node.lldp_socket}"
        f" -m '10.255.*' -I 'to-*' >{node.folder}/lldpd.log 2>&1"
    )
    Path("/run/lldpd").mkdir(exist_ok=True)
    node.daemons.append(subprocess.Popen(node.within("unshare", "-m", "sh", "-c", command)))
    _wait(node.lldp_socket.exists, f"lldpd of {node.name}")
    _lldpcli(node, "configure", "system", "hostname", node.name)
    _lldpcli(node, "configure", "lldp", "tx-interval", "1")
    _lldpcli(node, "resume")  # it starts paused, until a helper of its own has spoken


def _lldpcli(node: Node, *command: str) -> str:
    return _run(*node.within("lldpcli", "-u", node.lldp_socket, *command))


def _start_ospf(node: Node) -> None:
    lines = ["router ospf", f" ospf router-id {node.address}", " network 10.0.0.0/8 area 0"]
    lines += [" timers throttle spf 10 50 200"]
    lines += [" timers throttle lsa all 200", " timers lsa min-arrival 100"]
    for port, _peer, mbits in node.ports:
        lines += [f"interface {port}", " ip ospf network point-to-point"]
        lines += [" ip ospf hello-interval 1", " ip ospf dead-interval 3"]
        lines += [f" ip ospf cost {max(1, 100_000 // mbits)}"]
    config = node.folder / "frr.conf"
    config.write_text("\n".join(lines) + "\n")
    run = Path("/var/run/frr") / node.space
    run.mkdir(parents=True, exist_ok=True)
    for path in (config, run):
        shutil.chown(path, "frr", "frr")
    for daemon in ("zebra", "ospfd"):
        _run(
            *node.within(
                *(FRR / daemon, "-d", "-N", node.space, "-f", config, "-i", run / f"{daemon}.pid"),
            )
        )


def _wait_for_neighbours(built: Routed) -> None:
    """Wait until LLDP has heard every link."""
    deadline_s = time.monotonic() + _LLDP_PATIENCE_S
    while deaf := _deaf(built):
        if time.monotonic() > deadline_s:
            _start_lldpd_anew(built, deaf)
            break
        time.sleep(0.2)
    for node in built.nodes.values():
        _wait(lambda node=node: not _unheard(node), f"neighbours of {node.name}")


def _wait_for_routes(built: Routed) -> None:
    """Wait until OSPF has learnt every way."""
    wait_for_ways(built, list(built.nodes))


def _unheard(node: Node) -> list[str]:
    """Return the node's ports at which it does not hear the right neighbour."""
    told = _lldpcli(node, "-f", "keyvalue", "show", "neighbors").splitlines()
    return [
        port for port, peer, _mbits in node.ports if f"lldp.{port}.chassis.name={peer}" not in told
    ]


def _deaf(built: Routed) -> dict[str, list[str]]:
    unheard = ((node.name, _unheard(node)) for node in built.nodes.values())
    return {name: ports for name, ports in unheard if ports}


def _start_lldpd_anew(built: Routed, deaf: dict[str, list[str]]) -> None:
    """Start lldpd again on the deaf nodes and on those they do not hear."""
    peers = {
        peer
        for name, ports in deaf.items()
        for port, peer, _mbits in built.nodes[name].ports
        if port in ports
    }
    print(f"lldpd started anew; not heard: {deaf}")  # noqa: T201
    for name in sorted(peers | deaf.keys()):
        node = built.nodes[name]
        print(name, (node.folder / "lldpd.log").read_text()[-1000:])  # noqa: T201
        lldpd = node.daemons.pop()
        lldpd.terminate()
        lldpd.wait(10)
        node.lldp_socket.unlink(missing_ok=True)
        _start_lldpd(node)


def wait_for_ways(built: Routed, there: Sequence[str]) -> None:
    """Wait until the first node has a way to each of these and they have one back."""
    _wait(lambda: not without_way(built, there), f"ways to and from {there}")


def without_way(built: Routed, there: Sequence[str]) -> list[str]:
    """Return which of these the first node has no way to, or has none from."""
    first = next(iter(built.nodes.values()))
    nodes = [built.nodes[name] for name in there if name != first.name]
    return [
        node.name
        for node in nodes
        if not (_routes(first, node.address) and _routes(node, first.address))
    ]


def _routes(node: Node, address: str) -> bool:
    return "via" in _run("ip", "-n", node.space, "route", "show", f"{address}/32")


def _wait(holds: object, what: str) -> None:
    deadline_s = time.monotonic() + _PATIENCE_S
    while not holds():  # type: ignore[operator]
        if time.monotonic() > deadline_s:
            pytest.fail(f"waited in vain for {what}")
        time.sleep(0.1)


def _wait_for_end(nodes: dict[str, Node]) -> None:
    for node in nodes.values():
        for daemon in node.daemons:
            daemon.wait(10)


def _take_down(space: str) -> None:
    """End what runs in a namespace, and the namespace."""
    for pid in _run("ip", "netns", "pids", space).split():
        with suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGKILL)
    _run("ip", "netns", "del", space)
