"""A real SIP user agent for tests: Debian's sipp with a scenario that answers OPTIONS."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.peers import free_udp_port, require

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
def sipp(folder: Path, status: int = 200) -> Iterator[int]:
    """Run sipp answering every OPTIONS with `status`; give its UDP port on loopback."""
    program = require("sipp")
    scenario = folder / f"options-{status}.xml"
    scenario.write_text(SCENARIO.format(status=status))
    port = free_udp_port()
    arguments = ["-sf", scenario, "-i", "127.0.0.1", "-p", str(port), "-nostdin"]
    process = subprocess.Popen(
        [program, *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_bound(port)
        yield port
    finally:
        process.kill()
        process.wait()


def _wait_until_bound(port: int) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return
        time.sleep(0.02)
    raise TimeoutError("sipp does not come up")
