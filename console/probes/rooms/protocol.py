"""What every kind of room system or bridge has in common: a question, what was told, the means.

A kind is one function `ask(means, question) -> Told`, which may raise ProbeError or
UnreadableError instead; `table` makes outcomes of them.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from console.model.observation import RoomFacts
from console.model.states import Outcome
from console.probes.icmp import Pinger
from console.probes.sip import SipClient
from console.probes.web import Page, Request, Web, below
from console.snmp.manager import Manager
from console.snmp.target import Target

NOT_FOUND = 404
MOST_FINDINGS = 20  # of one room; a longer list helps nobody


@dataclass(frozen=True, slots=True)
class Question:
    """One probe, ready to be asked: its name looked up, its secrets resolved.

    `target` is what the inventory says, `address` the numeric address of its host. `credential` is
    "user:password" or a shared secret, None where none is needed; `agent` is whom SNMP asks.
    """

    target: str
    address: str
    timeout_s: float
    transport: str = "udp"
    credential: str | None = field(default=None, repr=False)
    agent: Target | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a question; `detail` is the code of a failure."""

    outcome: Outcome
    rtt_us: int | None = None
    detail: str | None = None
    facts: RoomFacts | None = None


@dataclass(frozen=True, slots=True)
class Means:
    """By which everything is asked. `pinger` is None where the system allows no pings.

    `sessions` are the logins that hold, by target and credential.
    """

    web: Web
    sip: SipClient
    manager: Manager
    pinger: Pinger | None = None
    sessions: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)


Ask: TypeAlias = Callable[[Means, Question], Awaitable[Told]]


async def fetch(means: Means, question: Question, path: str) -> Page:
    """GET a path of the question's server with its credential; raise ProbeError."""
    url = below(question.target, path)
    request = Request(url, question.address, credential=question.credential)
    return await means.web.fetch(request, question.timeout_s)


async def fetch_optional(means: Means, question: Question, path: str) -> Page | None:
    """GET the same where not every system has it; None where this one has not."""
    request = Request(
        *(below(question.target, path), question.address),
        credential=question.credential,
        accepted=(NOT_FOUND,),
    )
    page = await means.web.fetch(request, question.timeout_s)
    return None if page.status == NOT_FOUND else page


def named(code: str, name: str | None) -> str:
    """Return a finding with what it is about."""
    return f"{code}:{name}" if name else code
