"""A discovery from the addresses to the text: what the command does, without a command line."""

import asyncio
import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources

from console.analysis.discovered import Draft, draft
from console.analysis.proposal import Proposal, known_by_name, propose
from console.analysis.site_positions import KnownPlace
from console.collector.stopping import Wishes
from console.discovery.access import Access
from console.discovery.device import Asked, Interviewer
from console.discovery.scope import Network, usual_networks
from console.discovery.walk import Bounds, Walker
from console.errors import OperatorError
from console.language import _
from console.model.addresses import split_address
from console.model.found import Found, Silent, Walk
from console.model.inventory import SNMP_PORT, Device, Inventory, Polling
from console.snmp.manager import Manager

_KIND = re.compile(r"^Eifelkreis |-?kreis$", re.IGNORECASE)  # Westerwaldkreis is Westerwald


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to discover. `networks` None: the private ones and those around the seeds.

    `polling` says how long to wait for answers where no inventory does.
    """

    seeds: tuple[str, ...]
    access: Access
    inventory: Inventory | None = None
    networks: tuple[Network, ...] | None = None
    bounds: Bounds = field(default_factory=Bounds)
    polling: Polling = field(default_factory=Polling)


@dataclass(frozen=True, slots=True)
class Discovered:
    """What was found, as entries, and beside an inventory as differences from it."""

    walk: Walk
    draft: Draft
    proposal: Proposal | None


async def discover(wanted: Wanted, told: Callable[[Found | Silent], None]) -> Discovered:
    """Walk until all is found, a bound is met or a signal says stop."""
    wishes = Wishes()
    manager = Manager()
    await manager.open()
    try:
        with wishes.heard(with_parent=False):
            walk = await _walk(wanted, manager, told, wishes.stop)
    finally:
        await manager.close()
    return _concluded(wanted, walk)


async def _walk(
    wanted: Wanted, manager: Manager, told: Callable[[Found | Silent], None], stop: asyncio.Event
) -> Walk:
    inventory, access = wanted.inventory, wanted.access
    profiles = {**(inventory.snmp if inventory else {}), access.name: access.used}
    polling = inventory.polling if inventory else wanted.polling
    interviewer = Interviewer(manager, profiles, polling)
    networks = wanted.networks
    if networks is None:
        networks = usual_networks(await _numeric(interviewer, wanted.seeds))
    walker = Walker(interviewer.ask, access.name, wanted.bounds, networks, told)
    return await walker.walk(_seeds(wanted), stop)


async def _numeric(interviewer: Interviewer, seeds: Sequence[str]) -> list[str]:
    found = [await interviewer.numeric(split_address(seed, SNMP_PORT)[0]) for seed in seeds]
    return [address for address in found if address is not None]


def _seeds(wanted: Wanted) -> list[Asked]:
    """Return the devices of the inventory, then the addresses that are not among them."""
    devices = wanted.inventory.devices if wanted.inventory else ()
    known = [
        Asked(device.address, device.snmp, device.id, device.id, device.other_source)
        for device in devices
    ]
    there = {device.endpoint for device in devices}
    name = wanted.access.name
    others = dict.fromkeys(wanted.seeds)
    return known + [
        Asked(seed, name) for seed in others if split_address(seed, SNMP_PORT) not in there
    ]


def _concluded(wanted: Wanted, walk: Walk) -> Discovered:
    inventory, name = wanted.inventory, wanted.access.name
    if inventory is None:
        return Discovered(walk, draft(walk, name, None, known_places()), None)
    moved = known_by_name(walk, inventory)
    found = tuple(replace(f, known=moved.get(f.address, f.known)) for f in walk.found)
    walk = replace(walk, found=found)
    drafted = draft(walk, name, inventory, known_places())
    return Discovered(walk, drafted, propose(walk, drafted, inventory, moved))


@cache
def known_places() -> dict[str, KnownPlace]:
    """Return the counties and cities of the shipped table by name in lower case."""
    text = (resources.files("data") / "counties.csv").read_text(encoding="utf-8")
    whole: dict[str, KnownPlace] = {}
    short: dict[str, KnownPlace] = {}
    seats: dict[str, KnownPlace] = {}
    for row in csv.DictReader(text.splitlines()):
        county = KnownPlace(row["ags"], float(row["inner_lat"]), float(row["inner_lon"]))
        plain = row["name"].removeprefix("Landkreis ")
        whole[row["name"].casefold()] = county
        for name in (plain, plain.split(" (")[0], _KIND.sub("", plain)):
            short.setdefault(name.casefold(), county)
        seat = KnownPlace(None, float(row["seat_lat"]), float(row["seat_lon"]))
        seats.setdefault(row["seat"].casefold(), seat)
    # Trier is the city, not the seat of Trier-Saarburg; where a county and a city share a name, as
    # Kaiserslautern do, the county is meant: counties are what the network joins.
    return seats | whole | short


def checked_seeds(seeds: Sequence[str]) -> tuple[str, ...]:
    """Return the addresses; raise OperatorError where one cannot be an address."""
    for seed in seeds:
        try:
            Device(id="seed", site="", address=seed, snmp="")
        except ValueError:
            sentence = _("“{text}” is no address; one looks like 192.0.2.7 or r1.example.org:161.")
            raise OperatorError(sentence.format(text=seed), exit_code=2) from None
    return tuple(seeds)
