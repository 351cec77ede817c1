"""The addresses a device has besides the one it is polled at (IP-MIB, RFC 4293 and RFC 1213)."""

import ipaddress

from console.snmp.ber import Oid, parse_oid
from console.snmp.errors import Garbled, Refused
from console.snmp.manager import Manager
from console.snmp.target import Target

_IP_ADDRESS_TYPE = parse_oid("1.3.6.1.2.1.4.34.1.4")
_UNICAST = 1
_IP_AD_ENT_IF_INDEX = parse_oid("1.3.6.1.2.1.4.20.1.2")
_OCTETS = {1: 4, 2: 16}  # of InetAddressTypes ipv4 and ipv6; others only hold on one line

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


async def read_own_addresses(manager: Manager, target: Target) -> frozenset[str]:
    """Read them; none of those that other devices have, too, such as loopback's or link-local ones.

    What the agent does not let be read is left out. Raises SnmpError where it falls silent.
    """
    found: set[str] = set()
    for column in (_IP_ADDRESS_TYPE, _IP_AD_ENT_IF_INDEX):
        try:
            table = await manager.table(target, (column,))
        except (Refused, Garbled):
            continue
        for index, value in zip(table.indexes, table.columns[0], strict=True):
            if column is _IP_ADDRESS_TYPE:
                address = _inet_address(index) if value == _UNICAST else None
            else:
                address = _from_octets(index)
            if address is not None and _of_one_device(address):
                found.add(str(address))
    return frozenset(found)


def _inet_address(index: Oid) -> Address | None:
    """Return the address of an InetAddressType, a length and so many octets."""
    if len(index) < 2 or _OCTETS.get(index[0]) != index[1] or len(index) != 2 + index[1]:
        return None
    return _from_octets(index[2:])


def _from_octets(octets: Oid) -> Address | None:
    if len(octets) not in _OCTETS.values() or max(octets) > 255:
        return None
    return ipaddress.ip_address(bytes(octets))


def _of_one_device(address: Address) -> bool:
    return not (
        address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_unspecified
        or address == ipaddress.IPv4Address("255.255.255.255")
    )
