"""Real programs that tests talk to. With CI=true a missing one fails the test, else it skips."""

import os
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

_SYSTEM_FOLDERS = os.pathsep.join(("/usr/local/sbin", "/usr/sbin", "/sbin"))
_START_S = 10.0
_PORTS = range(20_000, 32_000)


def require(program: str) -> Path:
    """Return where the program is; without it the test fails under CI=true, else skips."""
    found = shutil.which(program) or shutil.which(program, path=_SYSTEM_FOLDERS)
    if found:
        return Path(found)
    message = f"needs the program {program}"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def free_udp_port() -> int:
    """A UDP port of 127.0.0.1 that nobody uses right now."""
    return free_udp_ports(1)[0]


def free_udp_ports(count: int) -> list[int]:
    """So many of them, all different; none is of those that systems give to any socket."""
    found: list[int] = []
    with ExitStack() as held:
        for port in random.sample(_PORTS, len(_PORTS)):
            udp = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            try:
                udp.bind(("127.0.0.1", port))
            except OSError:  # somebody has it
                continue
            found.append(port)
            if len(found) == count:
                return found
    pytest.fail(f"no {count} free UDP ports")


def free_tcp_port() -> int:
    """A TCP port of 127.0.0.1 that nobody uses right now."""
    with socket.socket() as tcp:
        tcp.bind(("127.0.0.1", 0))
        return int(tcp.getsockname()[1])


@dataclass(slots=True)
class Snmpd:
    """A net-snmp agent on loopback, community `public`."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        """As an inventory writes it."""
        return f"127.0.0.1:{self.port}"

    def pause(self) -> None:
        """Stop answering, as a device that is off."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Answer again."""
        self.process.send_signal(signal.SIGCONT)


@contextmanager
def snmpd(folder: Path, *lines: str, port: int = 0) -> Iterator[Snmpd]:
    """Run snmpd with its files in `folder`; `lines` are added to its configuration."""
    program = require("snmpd")
    port = port or free_udp_port()
    config = folder / "snmpd.conf"
    own = (f"agentAddress udp:127.0.0.1:{port}", "rocommunity public", "sysName tester")
    config.write_text("\n".join((*own, *lines)) + "\n")
    log = folder / "snmpd.log"
    persistent = {"SNMP_PERSISTENT_DIR": str(folder / "persistent"), "MIBS": ""}
    process = subprocess.Popen(
        [program, "-f", "-C", "-c", config, "-Lf", log, "-p", folder / "snmpd.pid"],
        env={**os.environ, **persistent},
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_ready(process, port, log)
        yield Snmpd(port, folder, process)
    finally:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        process.wait(10)


# GET sysUpTime.0 in community public.
_QUESTION = bytes.fromhex(
    "302602010104067075626c6963a019020101020100020100300e300c06082b060102010103000500"
)


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline_s = time.monotonic() + _START_S
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(0.1)
        udp.connect(("127.0.0.1", port))
        while time.monotonic() < deadline_s and process.poll() is None:
            try:
                udp.send(_QUESTION)
                if udp.recv(1500):
                    return
            except OSError:
                time.sleep(0.02)
    pytest.fail(f"snmpd did not start: {log.read_text() if log.exists() else 'no log'}")
