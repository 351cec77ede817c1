"""Asks rooms and bridges by their probes, round after round; each answer is handed on by itself."""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from console.analysis.judge import probe_name
from console.analysis.states import MISSES, not_asked
from console.collector.lookups import off_loop
from console.collector.questions import Means
from console.collector.rounds import keep_asking
from console.collector.targets import ABOUT_CREDENTIALS, find_agent
from console.collector.vigil import Vigil
from console.language import _
from console.model.inventory import SNMP_PORT, Inventory, Probe, SnmpProfile, split_address
from console.model.observation import ProbeResult
from console.model.states import Outcome
from console.probes.rooms import protocol, table
from console.probes.rooms.protocol import Question, Told
from console.probes.sip import SipClient
from console.probes.trust import AuthorityError, tls_context
from console.probes.web import Web
from console.snmp.target import Target

log = logging.getLogger("leitstand.collector")
RECHECK_S = 10.0  # so soon a room that did not answer is asked again, until it counts as dead


class Rooms:
    """All rooms and bridges of an inventory; files it names lie in `folder`."""

    def __init__(self, means: Means, inventory: Inventory, folder: Path, vigil: Vigil) -> None:
        self._means = means
        self._inventory = inventory
        self._vigil = vigil
        self._authority = folder / inventory.ca if inventory.ca is not None else None

    async def keep_asking(self, first_s: float) -> None:
        """Ask until cancelled; the first round takes `first_s`."""
        async with self._opened() as probing:
            questions = [
                (subject, ProbeQuestion(self._means, probing, subject, probe, self._profile(probe)))
                for subject, probe in probes_of(self._inventory)
                if can_ask(self._means, probe)
            ]
            seldom = [self._vigil.seldom(subject, one.ask) for subject, one in questions]
            often = [self._vigil.often(subject, one.ask) for subject, one in questions]
            async with asyncio.TaskGroup() as group:
                rooms_s = self._inventory.polling.rooms_s
                group.create_task(keep_asking(seldom, rooms_s, first_s))
                group.create_task(keep_asking(often, self._vigil.interval_s, first_s))

    def _profile(self, probe: Probe) -> SnmpProfile | None:
        return self._inventory.snmp[probe.snmp] if probe.snmp is not None else None

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[protocol.Means]:
        """Open what all questions share, and close it in the end."""
        means = self._means
        async with AsyncExitStack() as stack:
            # One each: an HTTP client offers its own protocol by its context.
            web = Web(await off_loop(self._context))
            stack.push_async_callback(web.close)
            sip = SipClient(await off_loop(partial(self._context, tell=False)))
            stack.callback(sip.close)
            yield protocol.Means(web, sip, means.manager, means.pinger)

    def _context(self, tell: bool = True) -> ssl.SSLContext:
        try:
            return tls_context(self._authority)
        except AuthorityError:
            if tell:
                sentence = _("%s holds no authority's certificate; only the system's are trusted.")
                log.warning(sentence, self._authority)
            return tls_context()


class ProbeQuestion:
    """Asks one probe of a subject; the table of kinds knows how."""

    def __init__(
        self,
        means: Means,
        probing: protocol.Means,
        subject: str,
        probe: Probe,
        profile: SnmpProfile | None = None,
    ) -> None:
        self._means = means
        self._probing = probing
        self._subject = subject
        self._probe = probe
        self._profile = profile
        self._name = probe_name(probe.protocol, probe.target)
        self._host = table.KINDS[probe.protocol].host(probe.target)
        self._misses = 0

    async def ask(self) -> None:
        """Ask, again soon after a miss: three in a row shall not take three long intervals."""
        while True:
            cycle = self._means.cycle()
            told = await self._told()
            self._means.saw_probe(
                ProbeResult(
                    *(self._subject, self._name, cycle.id, cycle.ms()),
                    *(told.outcome, told.rtt_us, told.detail, told.facts),
                )
            )
            missed = told.outcome in (Outcome.TIMEOUT, Outcome.ERROR)
            missed = missed and not not_asked(told.detail or "")
            self._misses = self._misses + 1 if missed else 0
            if self._misses == 0 or self._misses >= MISSES:
                return
            await asyncio.sleep(min(RECHECK_S, self._means.polling.rooms_s))

    async def _told(self) -> Told:
        question = await self._question()
        if isinstance(question, str):
            return Told(Outcome.ERROR, detail=question)
        told = await table.ask(self._probe.protocol, self._probing, question)
        self._means.names.heard(self._host, self._name, told.outcome)
        if told.detail in ABOUT_CREDENTIALS:
            return replace(told, detail=f"{told.detail}:{self._probe.snmp}")
        return told

    async def _question(self) -> Question | str:
        """Return what to ask, or the reason why it cannot be asked: never without a secret."""
        means, probe = self._means, self._probe
        credential = None
        if probe.credential is not None:
            credential = await means.secrets.get(probe.credential)
            if credential is None:
                return means.secrets.missing(probe.credential)
        agent = await self._agent()
        if isinstance(agent, str):
            return agent
        address = await means.names.get(self._host, self._name)
        if address is None:
            return "dns"
        is_ping = probe.protocol == "icmp"
        return Question(
            *(probe.target, address, means.polling.timeout_s if is_ping else means.patience_s),
            *(probe.transport, credential, agent),
        )

    async def _agent(self) -> Target | str | None:
        if self._profile is None or self._probe.poly_snmp is None:
            return None
        means, endpoint = self._means, split_address(self._probe.poly_snmp, SNMP_PORT)
        return await find_agent(endpoint, self._profile, means.polling, means.names, means.secrets)


def probes_of(inventory: Inventory) -> list[tuple[str, Probe]]:
    """Return every probe of a room or bridge with the id of its subject."""
    probes = [(room.id, probe) for room in inventory.rooms for probe in room.probes]
    return probes + [(bridge.id, p) for bridge in inventory.bridges for p in bridge.probes]


def can_ask(means: Means, probe: Probe) -> bool:
    """Tell whether this system lets such a probe be asked."""
    return probe.protocol != "icmp" or means.pinger is not None
