"""Cisco Meeting Server: calls and call legs from its API."""

from xml.etree.ElementTree import Element

from console.model.observation import RoomFacts
from console.model.states import Outcome
from console.probes.documents import read_xml, whole, xml_number, xml_text
from console.probes.rooms.protocol import Means, Question, Told, fetch, fetch_optional


async def ask(means: Means, question: Question) -> Told:
    """Read calls, call legs and, where it is to be had, the system's status."""
    page = await fetch(means, question, "/api/v1/calls")
    calls = read_xml(page.body, "calls")
    legs = read_xml((await fetch(means, question, "/api/v1/callLegs")).body, "callLegs")
    status = await _status(means, question)
    facts = RoomFacts(
        in_call=_count(calls) > 0,
        calls=_count(calls),
        participants=_count(legs),
        software=None if status is None else xml_text(status, "softwareVersion"),
        uptime_s=None if status is None else xml_number(status, "uptimeSeconds"),
    )
    return Told(Outcome.OK, page.rtt_us, facts=facts)


async def _status(means: Means, question: Question) -> Element | None:
    page = await fetch_optional(means, question, "/api/v1/system/status")
    return None if page is None else read_xml(page.body, "status")


def _count(found: Element) -> int:
    """Return how many there are: a long list comes in pages."""
    total = found.get("total", "")
    told = whole(float(total)) if total.isascii() and total.isdigit() and len(total) < 10 else None
    return len(found) if told is None else told
