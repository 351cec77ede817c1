"""Rooms and bridges that are only asked whether they are there: ping, SIP, a web page."""

from console.model.states import Outcome
from console.probes.rooms.protocol import Means, Question, Told
from console.probes.web import Request


async def ping(means: Means, question: Question) -> Told:
    """Ping once. Planned only where the system allows pings."""
    if means.pinger is None:
        return Told(Outcome.ERROR, detail="ping_error")
    seen = await means.pinger.ask(question.address, question.timeout_s)
    return Told(seen.outcome, seen.rtt_us, seen.detail)


async def call(means: Means, question: Question) -> Told:
    """Ask by SIP OPTIONS, which tells whether the room is in a call; sips: is for TLS only."""
    transport = "tls" if question.target.startswith("sips:") else question.transport
    seen = await means.sip.ask(
        *(question.target, question.address, question.timeout_s),
        *(transport, question.credential),
    )
    return Told(seen.outcome, seen.rtt_us, seen.detail)


async def page(means: Means, question: Question) -> Told:
    """Fetch the page itself; whatever it says, its server lives."""
    request = Request(question.target, question.address, credential=question.credential)
    seen = await means.web.fetch(request, question.timeout_s)
    return Told(Outcome.OK, seen.rtt_us)
