"""Pexip Infinity: conferences, participants and alarms from the management node."""

from collections.abc import Iterator
from typing import Any

from console.model.observation import RoomFacts
from console.model.states import Outcome
from console.probes.documents import at, entries, json_number, json_text, read_json, whole
from console.probes.failure import ProbeError
from console.probes.rooms.protocol import (
    MOST_FINDINGS,
    Means,
    Question,
    Told,
    fetch,
    fetch_optional,
    named,
)

_STATUS = "/api/admin/status/v1"
_BAD = ("bad", "terrible")  # also spelled 3_bad, 4_terrible
_GRAVE = ("critical", "error", "major")


async def ask(means: Means, question: Question) -> Told:
    """Read the three lists."""
    page = await fetch(means, question, f"{_STATUS}/conference/")
    documents = [read_json(page.body)]
    for path in ("participant", "alarm"):
        more = await fetch_optional(means, question, f"{_STATUS}/{path}/")
        documents.append(None if more is None else read_json(more.body))
    if not all(isinstance(at(found, "objects"), list) for found in documents if found is not None):
        raise ProbeError(Outcome.GARBLED, "pexip_garbled")
    return Told(Outcome.OK, page.rtt_us, facts=facts_of(*documents))


def facts_of(conferences: Any, participants: Any, alarms: Any) -> RoomFacts:
    """Return what the three lists tell."""
    legs = entries(at(participants, "objects"))
    calls = _count(conferences)
    return RoomFacts(
        in_call=None if calls is None else calls > 0,
        calls=calls,
        participants=_count(participants),
        receive_bps=_sum(legs, "rx_bandwidth"),
        transmit_bps=_sum(legs, "tx_bandwidth"),
        findings=tuple(_findings(legs, entries(at(alarms, "objects"))))[:MOST_FINDINGS],
    )


def _count(document: Any) -> int | None:
    """Return how many there are: a long list comes in pages. None where there is no list."""
    if document is None:
        return None
    total = whole(json_number(document, "meta", "total_count"))
    return len(entries(at(document, "objects"))) if total is None else total


def _sum(legs: list[dict[str, Any]], name: str) -> float | None:
    """Return the sum of rates told in kbit/s."""
    known = [rate for leg in legs if (rate := json_number(leg, name)) is not None]
    return 1000 * sum(known) if known else None


def _findings(legs: list[dict[str, Any]], alarms: list[dict[str, Any]]) -> Iterator[str]:
    for alarm in alarms:
        is_grave = (json_text(alarm, "level") or "").lower() in _GRAVE
        yield named("bridge_alarm" if is_grave else "bridge_notice", json_text(alarm, "name"))
    bad = sum((json_text(leg, "call_quality") or "").rpartition("_")[2] in _BAD for leg in legs)
    if bad:
        yield f"call_quality:{bad}"
