"""Jitsi Videobridge: its own opinion of its health, and its statistics."""

from collections.abc import Iterator
from typing import Any

from console.model.observation import RoomFacts
from console.model.states import Outcome
from console.probes.documents import json_number, json_text, read_json, whole
from console.probes.failure import ProbeError
from console.probes.rooms.protocol import NOT_FOUND, Means, Question, Told, fetch_optional
from console.probes.web import Request, below

STRESSED = 0.8  # from here on jicofo takes a bridge for overloaded
_UNWELL = (500, 503)


async def ask(means: Means, question: Question) -> Told:
    """Ask for its health, then for its statistics; a bridge may show only one of them."""
    request = Request(
        *(below(question.target, "/about/health"), question.address),
        credential=question.credential,
        accepted=(*_UNWELL, NOT_FOUND),
    )
    health = await means.web.fetch(request, question.timeout_s)
    page = await fetch_optional(means, question, "/colibri/stats")
    if page is None and health.status == NOT_FOUND:
        raise ProbeError(Outcome.GARBLED, "jitsi_garbled")
    stats = {} if page is None else read_json(page.body)
    if page is not None and json_number(stats, "conferences") is None:
        raise ProbeError(Outcome.GARBLED, "jitsi_garbled")
    facts = facts_of(stats, well=health.status not in _UNWELL)
    return Told(Outcome.OK, health.rtt_us, facts=facts)


def facts_of(stats: Any, well: bool) -> RoomFacts:
    """Return what the statistics tell; rates are told in kbit/s."""
    calls = whole(json_number(stats, "conferences"))
    receive, transmit = (json_number(stats, f"bit_rate_{way}") for way in ("download", "upload"))
    loss = json_number(stats, "overall_loss")
    if loss is None:
        loss = json_number(stats, "loss_rate_download")
    return RoomFacts(
        in_call=None if calls is None else calls > 0,
        calls=calls,
        participants=whole(json_number(stats, "participants")),
        receive_bps=None if receive is None else 1000 * receive,
        transmit_bps=None if transmit is None else 1000 * transmit,
        loss=None if loss is None else min(1.0, loss),
        software=json_text(stats, "version"),
        findings=tuple(_findings(stats, well)),
    )


def _findings(stats: Any, well: bool) -> Iterator[str]:
    if not well:
        yield "bridge_unwell"
    if (json_number(stats, "stress_level") or 0.0) >= STRESSED:
        yield "bridge_busy"
