"""The table of everything that can be asked of rooms and bridges. A new kind is one row here."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from console.model.addresses import split_address
from console.model.inventory import SNMP_PORT
from console.model.states import Outcome
from console.probes.documents import UnreadableError
from console.probes.failure import ProbeError
from console.probes.rooms import (
    bigbluebutton,
    cisco,
    cms,
    jitsi,
    pexip,
    poly,
    poly_snmp,
    simple,
)
from console.probes.rooms.protocol import Ask, Means, Question, Told
from console.probes.sip_messages import sip_address

MOST_TURNS = 6  # a question of several requests lasts at most so many times its time-out


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind is asked, and how the host is read from its target."""

    ask: Ask
    host: Callable[[str], str]


def _of_url(target: str) -> str:
    return urlsplit(target).hostname or ""


def _of_sip(target: str) -> str:
    return sip_address(target)[0]


def _of_agent(target: str) -> str:
    return split_address(target, SNMP_PORT)[0]


KINDS = {
    "icmp": Kind(simple.ping, str),
    "sip": Kind(simple.call, _of_sip),
    "cisco": Kind(cisco.ask, _of_url),
    "poly": Kind(poly.ask, _of_url),
    "poly_snmp": Kind(poly_snmp.ask, _of_agent),
    "http": Kind(simple.page, _of_url),
    "https": Kind(simple.page, _of_url),
    "pexip": Kind(pexip.ask, _of_url),
    "cms": Kind(cms.ask, _of_url),
    "bigbluebutton": Kind(bigbluebutton.ask, _of_url),
    "jitsi": Kind(jitsi.ask, _of_url),
}


async def ask(kind: str, means: Means, question: Question) -> Told:
    """Ask once. Whatever the network or the peer do becomes an outcome, never an exception."""
    try:
        async with asyncio.timeout(MOST_TURNS * question.timeout_s):
            return await KINDS[kind].ask(means, question)
    except ProbeError as error:
        return Told(error.outcome, detail=error.detail)
    except UnreadableError:
        return Told(Outcome.GARBLED, detail=f"{kind}_garbled")
    except TimeoutError:
        return Told(Outcome.TIMEOUT, detail="http_timeout")
