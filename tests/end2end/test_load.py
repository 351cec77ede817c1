"""The load a probe measures on a real snmpd against the kernel's own byte counters."""

import asyncio
import time
from itertools import pairwise
from pathlib import Path

import pytest

from console.model.states import Outcome
from console.probes.interfaces import InterfaceProbe
from console.snmp.manager import Manager
from console.snmp.target import Target
from tests.peers import free_udp_port, snmpd

KERNEL = Path("/sys/class/net/lo/statistics/rx_bytes")
WATCHED_S = 13.0  # some four of snmpd's caches
POLL_S = 0.05  # so that the moment of a new value is known to a twentieth of a second
BLOCK = bytes(8_000)
BLOCKS_PER_S = 100


async def _traffic() -> None:
    """Keep a steady 6 Mbit/s flowing through lo."""
    loop = asyncio.get_running_loop()
    sink = await loop.create_datagram_endpoint(
        asyncio.DatagramProtocol, local_addr=("127.0.0.1", free_udp_port())
    )
    source = await loop.create_datagram_endpoint(
        asyncio.DatagramProtocol, remote_addr=sink[0].get_extra_info("sockname")
    )
    try:
        began_s, sent = time.monotonic(), 0
        while True:
            while sent < (time.monotonic() - began_s) * BLOCKS_PER_S:
                source[0].sendto(BLOCK)
                sent += 1
            await asyncio.sleep(0.005)
    finally:
        source[0].close()
        sink[0].close()


async def test_load_is_what_the_kernel_counted(tmp_path):
    if not KERNEL.exists():
        pytest.skip("needs the byte counters of a Linux kernel")
    samples: list[tuple[float, float, int]] = []  # when, rate since the one before, kernel's count
    manager = Manager()
    await manager.open()
    traffic = asyncio.create_task(_traffic())
    with snmpd(tmp_path) as agent:
        probe = InterfaceProbe(manager, "pc", Target("127.0.0.1", agent.port))
        began_s = time.monotonic()
        while time.monotonic() < began_s + WATCHED_S:
            poll = await probe.poll(1, lambda: 0)
            rates = {port.key: port.in_bps for port in poll.ports}
            if poll.outcome is Outcome.OK:
                samples.append((time.monotonic(), rates["name:lo"] or 0.0, int(KERNEL.read_text())))
            await asyncio.sleep(POLL_S)
    traffic.cancel()
    await asyncio.wait([traffic])
    await manager.close()
    # The first value may have been old when it was read: from the second on moments are known.
    samples = samples[1:]
    assert len(samples) >= 4
    pairs = pairwise(samples)
    measured = sum(
        rate_bps * (at_s - before_s) / 8 for (before_s, *_), (at_s, rate_bps, _) in pairs
    )
    assert measured == pytest.approx(samples[-1][2] - samples[0][2], rel=0.03)
