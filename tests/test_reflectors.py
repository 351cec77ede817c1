"""The simulation's reflectors, measured by the collector's own sender."""

import asyncio
import time

import pytest

from console.demo import serve
from console.demo.simulation import Simulation
from console.model.inventory import Inventory
from console.stamp.sender import Sender, Target
from tests.peers import free_udp_port
from tests.simulated import shipped


def network(port: int) -> Inventory:
    """The shipped one with a single reflector, far away."""
    far = shipped().reflectors[13].model_copy(update={"address": f"127.0.0.1:{port}"})
    none = {"devices": shipped().devices, "rooms": (), "bridges": shipped().bridges}
    assert far.site == "vulkaneifel"
    return shipped().model_copy(update={**none, "reflectors": (far,)})


async def test_a_round_trip_takes_as_long_as_the_simulated_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    port = free_udp_port()
    simulation = Simulation(network(port), 1, time.time())
    endpoints = serve.endpoints_of(simulation)
    monkeypatch.setattr(endpoints, "agents", {})
    monkeypatch.setattr(endpoints, "sip", {})
    stop, ready, sender = asyncio.Event(), asyncio.Event(), Sender()
    serving = asyncio.create_task(serve.serve(endpoints, stop, ready.set))
    try:
        await ready.wait()
        session = await sender.session(Target("127.0.0.1", port))
        for _ in range(10):
            session.send()
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)
        numbers = session.log.numbers(1, 11)
    finally:
        stop.set()
        await serving
        sender.close()
    assert numbers.sent == 10
    if numbers.rtt_us is not None:  # an incident may cut the site off just now
        assert numbers.rtt_us > 2 * 160 * 5  # there and back along 160 km of fibre
        assert numbers.jitter_there_us
        assert numbers.jitter_back_us
