"""Ping through icmplib, without root where the system allows it."""

from dataclasses import dataclass

from icmplib import ICMPLibError, ICMPv4Socket, SocketPermissionError, async_ping

from console.model.states import Outcome


@dataclass(frozen=True, slots=True)
class Ping:
    """What came of one ping."""

    outcome: Outcome
    rtt_us: int | None = None
    detail: str | None = None


class Pinger:
    """Pings numeric addresses; build it with `allowed_pinger`."""

    def __init__(self, privileged: bool) -> None:
        self.privileged = privileged

    async def ask(self, address: str, timeout_s: float) -> Ping:
        """Send one echo request and wait for its answer."""
        try:
            host = await async_ping(address, count=1, timeout=timeout_s, privileged=self.privileged)
        except ICMPLibError:
            return Ping(Outcome.ERROR, detail="network")
        if not host.packets_sent:
            return Ping(Outcome.ERROR, detail="network")
        if not host.is_alive:
            return Ping(Outcome.TIMEOUT, detail="ping_timeout")
        # icmplib reads the system's clock, which may step between question and answer.
        rtt_us = round(host.min_rtt * 1000)
        return Ping(Outcome.OK, rtt_us if rtt_us > 0 else None)


def allowed_pinger() -> Pinger | None:
    """Return a pinger of the least rights the system asks for; None where it allows none."""
    for privileged in (False, True):
        try:
            ICMPv4Socket(privileged=privileged).close()
        except SocketPermissionError:
            continue
        except ICMPLibError:
            return None
        return Pinger(privileged)
    return None
