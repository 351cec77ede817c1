import pytest

from console.model.states import Outcome
from console.probes.icmp import Pinger, allowed_pinger


@pytest.fixture
def pinger() -> Pinger:
    allowed = allowed_pinger()
    if allowed is None:
        pytest.skip("this system allows no pings to this user")
    return allowed


async def test_loopback_answers(pinger):
    ping = await pinger.ask("127.0.0.1", 1.0)
    assert ping.outcome is Outcome.OK
    assert ping.rtt_us is None or 0 < ping.rtt_us < 1_000_000


@pytest.mark.parametrize("address", ["240.0.0.1", "255.255.255.255"])
async def test_nobody_answers_from_an_address_that_nobody_may_have(pinger, address):
    ping = await pinger.ask(address, 0.1)
    assert ping.outcome in (Outcome.TIMEOUT, Outcome.ERROR)
    assert ping.rtt_us is None
    assert ping.detail in ("ping_timeout", "network")
