"""Poly Group and Studio X over their REST interface: log in once, then read what they tell.

The login holds over many questions: a system has few sessions, and each login would take one.
"""

import json
from collections.abc import Iterator
from typing import Any

from console.model.observation import RoomFacts
from console.model.states import Outcome
from console.probes.documents import at, entries, json_number, json_text, read_json
from console.probes.failure import ProbeError
from console.probes.rooms.protocol import MOST_FINDINGS, NOT_FOUND, Means, Question, Told, named
from console.probes.web import Page, Request, below

_LOGINS = ("/rest/session", "/rest/current/session")  # Group, and Studio X with newer software
_PREFIX = "system.status."
_REGISTRARS = {"sipserver": "SIP", "gatekeeper": "H.323"}
_MICROPHONES = ("microphones", "mr.audio")
_CAMERAS = ("mr.camera", "camera", "trackablecamera")
_WORKS = ("up", "all_up", "some_up", "on")
_FAILS = ("down", "none_up")
_ASLEEP = ("ASLEEP", "SLEEP", "STANDBY")


async def ask(means: Means, question: Question) -> Told:
    """Read the system, its status and its conferences."""
    try:
        return await _read(means, question)
    except ProbeError as error:
        if not error.detail.startswith("http_access") or question.credential is None:
            raise
        if means.sessions.pop((question.target, question.credential), None) is None:
            raise
    return await _read(means, question)  # the session had ended: log in anew


async def _read(means: Means, question: Question) -> Told:
    cookie = await _session(means, question)
    page = await _get(means, question, cookie, "/rest/system")
    system = read_json(page.body)
    status, calls = [
        read_json(page.body) if page.status != NOT_FOUND else None
        for page in (
            await _get(means, question, cookie, "/rest/system/status", NOT_FOUND),
            await _get(means, question, cookie, "/rest/conferences", NOT_FOUND),
        )
    ]
    if json_text(system, "model") is None and not entries(status):
        raise ProbeError(Outcome.GARBLED, "poly_garbled")
    return Told(Outcome.OK, page.rtt_us, facts=facts_of(system, status, calls))


async def _get(
    means: Means, question: Question, cookie: str | None, path: str, *accepted: int
) -> Page:
    headers = {"Cookie": cookie} if cookie else {}
    url = below(question.target, path)
    request = Request(url, question.address, headers=headers, accepted=accepted)
    return await means.web.fetch(request, question.timeout_s)


async def _session(means: Means, question: Question) -> str | None:
    """Return the cookie of a login that holds; None where no credential is configured."""
    if question.credential is None:
        return None
    key = question.target, question.credential
    if key not in means.sessions:
        means.sessions[key] = await _log_in(means, question, question.credential)
    return means.sessions[key]


async def _log_in(means: Means, question: Question, credential: str) -> str:
    user, _colon, password = credential.partition(":")
    body = json.dumps({"user": user, "password": password, "action": "Login"}).encode()
    for path in _LOGINS:
        request = Request(
            *(below(question.target, path), question.address),
            method="POST",
            body=body,
            headers={"Content-Type": "application/json"},
            accepted=(NOT_FOUND,),
        )
        page = await means.web.fetch(request, question.timeout_s)
        if page.status == NOT_FOUND:
            continue
        if page.body and at(read_json(page.body), "success") is False:
            raise ProbeError(Outcome.REFUSED, "poly_access")
        cookies = page.headers.get_list("set-cookie")
        return "; ".join(cookie.partition(";")[0].strip() for cookie in cookies)
    raise ProbeError(Outcome.GARBLED, "poly_garbled")


def facts_of(system: Any, status: Any, conferences: Any) -> RoomFacts:
    """Return what the three documents tell."""
    parts = dict(_parts(status))
    calls = [call for call in entries(conferences) if _is_on(call)]
    legs = [leg for call in calls for leg in entries(at(call, "connections"))]
    told = at(system, "state")
    is_busy = bool(calls) or bool(set(_WORKS) & parts.get("inacall", set()))
    counted = isinstance(conferences, list)
    rates = [rate for leg in legs if (rate := json_number(leg, "rate")) is not None]
    return RoomFacts(
        registered=_registered(parts),
        in_call=is_busy if counted or "inacall" in parts else None,
        standby=told.upper() in _ASLEEP if isinstance(told, str) else None,
        calls=len(calls) if counted else None,
        participants=len(legs) if counted else None,
        receive_bps=1000 * sum(rates) if rates else None,
        microphones=_microphones(parts, calls),
        camera=_camera(parts),
        model=json_text(system, "model"),
        serial=json_text(system, "serialNumber"),
        software=json_text(system, "softwareVersion"),
        uptime_s=json_number(system, "uptime"),
        findings=tuple(dict.fromkeys(_findings(system, parts, calls)))[:MOST_FINDINGS],
    )


def _parts(status: Any) -> Iterator[tuple[str, set[str]]]:
    """Yield each part by its name with its words: up, down, off, unknown and the like."""
    for entry in entries(status):
        name = json_text(entry, "name")
        words = at(entry, "stateList") or at(entry, "state")
        words = [words] if isinstance(words, str) else words
        if name and isinstance(words, list):
            yield name.removeprefix(_PREFIX), {w.lower() for w in words if isinstance(w, str)}


def _is_on(call: dict[str, Any]) -> bool:
    """Tell whether a conference is in progress, not only being set up or over."""
    states = [json_text(leg, "state") or "" for leg in entries(at(call, "connections"))]
    return at(call, "isActive") is True or "CONNECTED" in (state.upper() for state in states)


def _registered(parts: dict[str, set[str]]) -> bool | None:
    known = [parts[name] for name in _REGISTRARS if name in parts]
    if any(words & set(_FAILS) for words in known):
        return False
    return True if any(words & set(_WORKS) for words in known) else None


def _microphones(parts: dict[str, set[str]], calls: list[dict[str, Any]]) -> str | None:
    known = [parts[name] for name in _MICROPHONES if name in parts]
    if any(words & set(_FAILS) for words in known):
        return "failed"
    if any(at(call, "isMute") is True for call in calls):
        return "muted"
    return "on" if any(words & set(_WORKS) for words in known) else None


def _camera(parts: dict[str, set[str]]) -> str | None:
    known = [parts[name] for name in _CAMERAS if name in parts]
    if any(words & set(_WORKS) for words in known):
        return "connected"
    return "failed" if any(words & set(_FAILS) for words in known) else None


_OWN_WORDS = {*_REGISTRARS, *_MICROPHONES, *_CAMERAS, "ipnetwork", "inacall"}


def _findings(
    system: Any, parts: dict[str, set[str]], calls: list[dict[str, Any]]
) -> Iterator[str]:
    down = [name for name, words in parts.items() if words & set(_FAILS)]
    yield from (f"registration_failed:{_REGISTRARS[name]}" for name in down if name in _REGISTRARS)
    if "ipnetwork" in down:
        yield "network_failed"
    microphones = _microphones(parts, calls)
    if microphones in ("failed", "muted"):
        yield f"microphone_{microphones}"
    if _camera(parts) == "failed":
        yield "camera_failed"
    yield from (named("part_down", name) for name in down if name not in _OWN_WORDS)
    if at(system, "rebootNeeded") is True:
        yield "reboot_needed"
