"""Real SIP user agents for tests: Debian's sipp with a scenario that answers OPTIONS, baresip."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.peers import free_tcp_port, free_udp_port, require

SCENARIO = """<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="answer OPTIONS">
  <recv request="OPTIONS"/>
  <send><![CDATA[

      SIP/2.0 {status} Whatever
      [last_Via:]
      [last_From:]
      [last_To:];tag=[call_number]
      [last_Call-ID:]
      [last_CSeq:]
      Content-Length: 0

  ]]></send>
</scenario>
"""
START_S = 10.0


@contextmanager
def sipp(
    folder: Path, status: int = 200, transport: str = "udp", port: int | None = None
) -> Iterator[int]:
    """Run sipp answering every OPTIONS with `status`; give its port on loopback."""
    program = require("sipp")
    scenario = folder / f"options-{status}.xml"
    scenario.write_text(SCENARIO.format(status=status))
    port = port or (free_udp_port() if transport == "udp" else free_tcp_port())
    way = "u1" if transport == "udp" else "t1"
    arguments = ["-sf", scenario, "-i", "127.0.0.1", "-p", str(port), "-t", way, "-nostdin"]
    with _running([program, *arguments], folder):
        _wait_until_bound(port, _KINDS[transport])
        yield port


@contextmanager
def baresip(folder: Path, certificate: Path) -> Iterator[int]:
    """Run baresip without sound and picture as sip:tr-saal@127.0.0.1; give its port.

    It answers at that port over UDP and TCP, and over TLS at the next one.
    """
    program = require("baresip")
    port = free_udp_port()
    modules = next((p for p in _MODULES if p.is_dir()), _MODULES[0])
    lines = (f"sip_listen 127.0.0.1:{port}", f"sip_certificate {certificate}")
    modules_lines = (f"module_path {modules}", "module_app account.so", "module_app menu.so")
    (folder / "config").write_text("\n".join(("poll_method epoll", *lines, *modules_lines, "")))
    (folder / "accounts").write_text("<sip:tr-saal@127.0.0.1>;regint=0\n")
    with _running([program, "-f", folder], folder):
        _wait_until_bound(port, socket.SOCK_DGRAM)
        _wait_until_bound(port + 1, socket.SOCK_STREAM)
        yield port


_KINDS = {"udp": socket.SOCK_DGRAM, "tcp": socket.SOCK_STREAM}
_MODULES = tuple(Path("/usr") / place / "baresip" / "modules" for place in ("lib", "lib64"))


@contextmanager
def _running(command: list[object], folder: Path) -> Iterator[None]:
    process = subprocess.Popen(
        [str(word) for word in command],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _wait_until_bound(port: int, kind: socket.SocketKind) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return
        time.sleep(0.02)
    raise TimeoutError("the user agent does not come up")
