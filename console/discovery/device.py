"""Asks one device all that a discovery wants to know of it."""

import asyncio
from dataclasses import dataclass, replace

from console.collector.lookups import Names, Secrets
from console.collector.targets import ABOUT_CREDENTIALS, find_target
from console.model.found import Found
from console.model.inventory import Device, Polling, SnmpProfile
from console.probes.entity import read_chassis
from console.probes.neighbours import read_neighbours
from console.probes.own_names import read_own_names
from console.probes.port_names import NAME_COLUMNS, facts_of, read_system
from console.snmp.errors import Garbled, Refused, SnmpError
from console.snmp.manager import Manager
from console.snmp.target import Target

PATIENCE_S = 60.0  # for one device, however slowly it goes on answering


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom to ask and how. `known`: the id in the inventory; `heard_at`: who hears it, where."""

    address: str
    profile: str
    name: str = ""
    known: str | None = None
    other_source: bool = False
    heard_at: str = ""


class Interviewer:
    """Asks devices by SNMP, each once."""

    def __init__(
        self, manager: Manager, profiles: dict[str, SnmpProfile], polling: Polling
    ) -> None:
        self._manager = manager
        self._profiles = profiles
        self._polling = polling
        self._names = Names()
        self._secrets = Secrets()

    async def ask(self, asked: Asked) -> Found | str:
        """Return what the device told, or the code of the reason why it did not."""
        device = Device(
            id="device",
            site="",
            address=asked.address,
            snmp=asked.profile,
            other_source=asked.other_source,
        )
        profile = self._profiles[asked.profile]
        target = await find_target(device, profile, self._polling, self._names, self._secrets)
        if isinstance(target, str):
            return target
        try:
            async with asyncio.timeout(PATIENCE_S):
                found = await self._read(target, asked)
        except SnmpError as error:
            about = error.detail in ABOUT_CREDENTIALS
            return f"{error.detail}:{asked.profile}" if about else error.detail
        except TimeoutError:
            return "snmp_timeout"
        return replace(found, addresses=(target.host,))

    async def _read(self, target: Target, asked: Asked) -> Found:
        manager = self._manager
        system = await read_system(manager, target)
        ports = facts_of(await manager.table(target, NAME_COLUMNS))
        own = await read_own_names(manager, target, ports)
        neighbours = await read_neighbours(manager, target, ports)
        return Found(
            *(asked.address, system, ports, neighbours, own.chassis),
            *(await self._serial(target), own.ports, asked.known),
        )

    async def _serial(self, target: Target) -> str:
        try:
            chassis = await read_chassis(self._manager, target)
        except (Refused, Garbled):
            return ""
        return chassis.serial if chassis else ""

    async def numeric(self, host: str) -> str | None:
        """Return the host's numeric address, None where nobody knows it."""
        return await self._names.get(host)
