"""Whom a trap comes from: devices by their addresses, profiles by their communities and users."""

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from console.collector.lookups import Names, Secrets
from console.collector.targets import find_user
from console.model.inventory import Inventory, SnmpUser
from console.snmp.keys import User

Key = TypeVar("Key", bytes, User)
Claim = TypeVar("Claim", bytes, str)

MOST_SHARING = 16  # devices at one address; of more nobody can tell which one it was


@dataclass(frozen=True, slots=True)
class _Known:
    """A device at an address."""

    id: str
    port: int
    profile: str


@dataclass(frozen=True, slots=True)
class Identity:
    """By what a device is known besides the address it is polled at, as its answers told.

    `engine` is its SNMP engine where keys confirm it. `addresses` are its own, given only where the
    inventory lets it send from another address than its entry's.
    """

    device: str
    engine: bytes | None = None
    addresses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Senders:
    """The devices of an inventory by the address polled, by other own addresses, by engine."""

    at: Mapping[str, tuple[_Known, ...]] = field(default_factory=dict)
    elsewhere: Mapping[str, _Known] = field(default_factory=dict)
    engines: Mapping[bytes, _Known] = field(default_factory=dict)

    def knows(self, host: str) -> bool:
        """Whether a device has this address."""
        return host in self.at or host in self.elsewhere

    def identified(self, identities: Iterable[Identity]) -> "Senders":
        """Return the same with what else devices are known by now; what two claim tells nothing."""
        known = {one.id: one for found in self.at.values() for one in found}
        engines: dict[bytes, list[_Known]] = {}
        elsewhere: dict[str, list[_Known]] = {}
        for identity in identities:
            one = known.get(identity.device)
            if one is None:
                continue
            if identity.engine:
                engines.setdefault(identity.engine, []).append(one)
            for address in identity.addresses:
                if address not in self.at:
                    elsewhere.setdefault(address, []).append(one)
        return replace(self, elsewhere=_of_one(elsewhere), engines=_of_one(engines))

    def find(
        self,
        source: tuple[str, int],
        agent: str | None,
        profiles: Iterable[str],
        engine: bytes = b"",
    ) -> tuple[str, ...]:
        """Return the ids of the devices that may have sent it: most often one, or none.

        `agent` is whom a relay names, believed where it is known; then the `engine` that a key
        confirms tells, then the address. Where devices share an address, the port and then the
        profile tell them apart.
        """
        host, port = source
        if agent is not None and self.knows(agent):
            host = agent
        elif engine in self.engines:
            return (self.engines[engine].id,)
        if host in self.elsewhere:
            return (self.elsewhere[host].id,)
        found = self.at.get(host, ())
        if len(found) > 1:
            found = tuple(known for known in found if known.port == port) or found
            fitting = frozenset(profiles)
            found = tuple(known for known in found if known.profile in fitting) or found
        return tuple(known.id for known in found) if len(found) <= MOST_SHARING else ()


@dataclass(frozen=True, slots=True)
class Access:
    """What lets a notification in: the profiles of communities and of users by name."""

    communities: Mapping[bytes, tuple[str, ...]]
    users: Mapping[User, tuple[str, ...]]
    missing: tuple[str, ...] = ()  # profiles whose secrets cannot be had


async def find_senders(inventory: Inventory, names: Names) -> Senders:
    """Look up where the devices are."""
    at: dict[str, list[_Known]] = {}
    for device in inventory.devices:
        host, port = device.endpoint
        for address in await names.all(host):
            at.setdefault(plain(address), []).append(_Known(device.id, port, device.snmp))
    return Senders({address: tuple(known) for address, known in at.items()})


async def find_access(inventory: Inventory, secrets: Secrets) -> Access:
    """Resolve the secrets of the receiver's profiles; of all where it names none."""
    assert inventory.traps is not None
    communities: dict[bytes, list[str]] = {}
    users: dict[User, list[str]] = {}
    missing = []
    for name in inventory.traps.profiles or inventory.snmp:
        profile = inventory.snmp[name]
        if isinstance(profile, SnmpUser):
            user = await find_user(profile, secrets)
            if isinstance(user, User):
                users.setdefault(user, []).append(name)
                continue
        elif (community := await secrets.get(profile.community)) is not None:
            communities.setdefault(community.encode(), []).append(name)
            continue
        missing.append(name)
    return Access(_frozen(communities), _frozen(users), tuple(missing))


def _of_one(claims: Mapping[Claim, list[_Known]]) -> dict[Claim, _Known]:
    return {claim: found[0] for claim, found in claims.items() if len(found) == 1}


def _frozen(names: dict[Key, list[str]]) -> dict[Key, tuple[str, ...]]:
    return {key: tuple(found) for key, found in names.items()}


def plain(host: str) -> str:
    """Return an address in its usual spelling: no scope, and IPv4 where it is IPv4 in IPv6."""
    if ":" not in host:
        return host
    address = ipaddress.IPv6Address(host.partition("%")[0])
    return str(address.ipv4_mapped or address)
