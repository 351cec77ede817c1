"""Asks everything of one inventory, round after round, and judges what comes back."""

import asyncio
import logging
from collections.abc import Coroutine, Iterable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from console.analysis.judge import Judge
from console.collector.far_paths import FarPaths
from console.collector.gates import Gates
from console.collector.lookups import Names, Secrets
from console.collector.missing_ports import MissingPorts
from console.collector.outages import OutageLog
from console.collector.paths import Paths
from console.collector.plans import Places, Plans
from console.collector.questions import DeviceQuestion, Means, PingQuestion
from console.collector.recorder import Recorder
from console.collector.rehearsal_run import Lookups
from console.collector.rehearsals import Rehearsals
from console.collector.rooms import Rooms, probes_of
from console.collector.rounds import keep_asking
from console.collector.surveys import Surveys
from console.collector.trap_receiver import TrapReceiver
from console.collector.trap_senders import Identity
from console.collector.vigil import Vigil
from console.language import _
from console.model.inventory import Inventory
from console.model.observation import DevicePoll, ProbeResult
from console.model.plan import Plan
from console.probes.icmp import Pinger
from console.snmp.manager import Manager

log = logging.getLogger("leitstand.collector")
SETTLE_S = 10.0  # so long after the start there is nothing yet to assess a conference by
FIRST_ROUND_S = 4.0  # all is asked so soon after the start; net-snmp keeps counters for 3 s


class Network:
    """One inventory under observation. `pinger` is None where the system allows no pings.

    Without `places` only the inventory plans conferences.
    """

    def __init__(
        self,
        inventory: Inventory,
        recorder: Recorder,
        pinger: Pinger | None,
        places: Places | None = None,
    ) -> None:
        self._inventory = inventory
        self._recorder = recorder
        self._pinger = pinger
        self._places = places
        self._missing_ports = MissingPorts(inventory)
        self._judge: Judge
        self._planned: tuple[Plan, ...] = ()
        self._plans: Plans | None = None
        self._surveys: Surveys
        self._outages: OutageLog

    async def observe(self) -> None:
        """Ask until cancelled. A fault of the history ends it with an ExceptionGroup."""
        await self._recorder.record_inventory(self._inventory)
        stood = await self._recorder.resumed()
        self._judge, self._outages = Judge(self._inventory, stood), OutageLog(stood)
        self._planned = await self._recorder.planned()
        await self._recorder.begin_cycle()
        async with AsyncExitStack() as stack:
            manager = Manager()
            await manager.open()
            stack.push_async_callback(manager.close)
            async with asyncio.TaskGroup() as group:
                for rounds in self._rounds(manager):
                    group.create_task(rounds)

    def _rounds(self, manager: Manager) -> Iterable[Coroutine[None, None, None]]:
        inventory, recorder = self._inventory, self._recorder
        polling = inventory.polling
        means = Means(
            *(polling, Names(), Secrets(), manager, self._pinger),
            *(recorder.now, self._saw_poll, self._saw_look, self._saw_probe),
        )
        self._tell_what_is_not_asked()
        yield recorder.keep_committing()
        questions = [DeviceQuestion(means, d, inventory.snmp[d.snmp]) for d in inventory.devices]
        polls = [question.ask for question in questions]
        yield keep_asking(polls, polling.interfaces_s, FIRST_ROUND_S, recorder.begin_cycle)
        if polling.ping_s is not None and self._pinger is not None:
            pings = [PingQuestion(means, device).ask for device in inventory.devices]
            yield keep_asking(pings, polling.ping_s, FIRST_ROUND_S)
        folder = self._places.folder if self._places is not None else Path()
        vigil = Vigil(inventory, self._all_plans)
        yield Rooms(means, inventory, folder, vigil).keep_asking(FIRST_ROUND_S)
        if self._places is not None:
            wanted = inventory, self._places, means.secrets, recorder.add_plans
            self._plans = Plans(*wanted, known=self._planned)
            yield self._plans.keep()
            lookups = Lookups(means.names, means.secrets)
            yield Rehearsals(inventory, self._plans, recorder, lookups).keep()
        yield Gates(recorder, self._all_plans, inventory.timezone, SETTLE_S).keep()
        self._surveys = Surveys(means, inventory, recorder.add_surroundings)
        yield from self._surveys.rounds()
        sources = (means.names, means.secrets, self._pinger)
        yield Paths(inventory, *sources, recorder.now, recorder.add_window).run()
        yield FarPaths(inventory, *sources[:2], recorder.now, recorder.add_window).run()
        if inventory.traps is not None:
            looks = {d.id: q.look for d, q in zip(inventory.devices, questions, strict=True)}
            identities = partial(self._identities, questions)
            heard = TrapReceiver(
                *(inventory, recorder, means.names, means.secrets, looks, identities)
            )
            yield heard.run()

    def _identities(self, questions: Iterable[DeviceQuestion]) -> list[Identity]:
        """Return by what else than the addresses they are polled at devices are known so far."""
        return [
            Identity(device.id, question.engine_id, self._surveys.addresses(device.id))
            for device, question in zip(self._inventory.devices, questions, strict=True)
        ]

    def _all_plans(self) -> tuple[Plan, ...]:
        """Return everything that is planned now."""
        if self._plans is None:
            return tuple(Plan(entry) for entry in self._inventory.conferences)
        return self._plans.plans

    def _saw_poll(self, poll: DevicePoll) -> None:
        transitions = self._judge.poll(poll)
        self._recorder.add(poll=poll, transitions=transitions)
        self._surveys.saw(poll)
        self._missing_ports.saw(poll)
        self._outages.tell(transitions)

    def _saw_look(self, look: DevicePoll) -> None:
        transitions = self._judge.poll(look)
        self._recorder.add(look=look, transitions=transitions)
        self._surveys.saw(look)
        self._outages.tell(transitions)

    def _saw_probe(self, probe: ProbeResult) -> None:
        transitions = self._judge.probe(probe)
        self._recorder.add(probe=probe, transitions=transitions)
        self._outages.tell(transitions)

    def _tell_what_is_not_asked(self) -> None:
        """Say once what this system leaves out."""
        probes = probes_of(self._inventory)
        pings = any(probe.protocol == "icmp" for _subject, probe in probes)
        if self._pinger is None and (pings or self._inventory.polling.ping_s is not None):
            log.warning(
                _("This system allows no pings without root; round-trip times come from SNMP.")
            )
