"""BigBlueButton: getMeetings, signed with the server's shared secret.

Without a secret only its start page is asked, which tells that it lives.
"""

import hashlib
from xml.etree.ElementTree import Element

from console.model.observation import RoomFacts
from console.model.states import Outcome
from console.probes.documents import read_xml, whole, xml_number, xml_text
from console.probes.failure import ProbeError
from console.probes.rooms.protocol import Means, Question, Told
from console.probes.web import Page, Request, below

_PATH = "/bigbluebutton/api"
_CALL = "getMeetings"
_HASHES = ("sha256", "sha1")  # older servers know only the second


async def ask(means: Means, question: Question) -> Told:
    """Read the meetings; the better checksum is tried first."""
    if question.credential is None:
        page, answer = await _get(means, question, "")
        _check(answer)
        return Told(Outcome.OK, page.rtt_us)
    for name in _HASHES:
        secret = f"{_CALL}{question.credential}".encode()
        checksum = hashlib.new(name, secret, usedforsecurity=False).hexdigest()
        page, answer = await _get(means, question, f"/{_CALL}?checksum={checksum}")
        if xml_text(answer, "messageKey") != "checksumError":
            _check(answer)
            return Told(Outcome.OK, page.rtt_us, facts=facts_of(answer))
    raise ProbeError(Outcome.REFUSED, "bigbluebutton_access")


async def _get(means: Means, question: Question, rest: str) -> tuple[Page, Element]:
    base = below(question.target.rstrip("/").removesuffix("/bigbluebutton"), _PATH)
    page = await means.web.fetch(Request(base + rest, question.address), question.timeout_s)
    return page, read_xml(page.body, "response")


def _check(answer: Element) -> None:
    code = xml_text(answer, "returncode")
    if code == "FAILED":
        raise ProbeError(Outcome.REFUSED, "bigbluebutton_failed")
    if code != "SUCCESS":
        raise ProbeError(Outcome.GARBLED, "bigbluebutton_garbled")


def facts_of(answer: Element) -> RoomFacts:
    """Return what the list of meetings tells; one that nobody has joined yet is none."""
    meetings = [m for m in answer.findall("meetings/meeting") if _people(m) > 0]
    return RoomFacts(
        in_call=bool(meetings),
        calls=len(meetings),
        participants=sum(map(_people, meetings)),
    )


def _people(meeting: Element) -> int:
    return whole(xml_number(meeting, "participantCount")) or 0
