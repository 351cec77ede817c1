"""Which addresses a walk may ask: a forged neighbour must not get the community sent anywhere."""

import ipaddress
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from console.errors import OperatorError
from console.language import _

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
_PRIVATE = tuple(
    ipaddress.ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
)
_AROUND = {4: 16, 6: 48}  # so many bits of a seed's address are trusted around it


def networks_of(texts: Iterable[str]) -> tuple[Network, ...]:
    """Read networks such as 10.0.0.0/8; raise OperatorError for anything else."""
    found = []
    for text in texts:
        try:
            found.append(ipaddress.ip_network(text, strict=False))
        except ValueError:
            sentence = _("“{text}” is no network; one looks like 10.20.0.0/16.")
            raise OperatorError(sentence.format(text=text), exit_code=2) from None
    return tuple(found)


def usual_networks(seeds: Sequence[str]) -> tuple[Network, ...]:
    """Return the private networks and those around the seeds, given as numeric addresses."""
    around = [
        ipaddress.ip_network(f"{address}/{_AROUND[address.version]}", strict=False)
        for address in map(ipaddress.ip_address, seeds)
    ]
    return (*_PRIVATE, *around)


def may_ask(host: str, networks: Iterable[Network]) -> bool | None:
    """Tell whether a numeric address lies in one of the networks; None: it is no device's."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    if address.is_multicast or address.is_unspecified or address.is_link_local:
        return None
    return any(address in network for network in networks)
