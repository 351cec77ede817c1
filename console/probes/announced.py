"""What devices announce of themselves, octets as text: ids by their subtype, addresses. Pure."""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass

from console.model.text import clean_text
from console.snmp.ber import Value

_MAC_OCTETS = 6
_MAC_TEXT = re.compile(
    rb"(?i)[0-9a-f]{2}([:-]?)[0-9a-f]{2}(\1[0-9a-f]{2}){4}|([0-9a-f]{4}\.){2}[0-9a-f]{4}"
)
_NOT_HEX = re.compile(rb"[^0-9A-Fa-f]")
# IANA address family numbers, and the octets of such an address.
_FAMILIES = {1: 4, 2: 16}


@dataclass(frozen=True, slots=True)
class _Subtypes:
    """What the octets of an id are, by its subtype; any other is free: text or octets."""

    mac: int = 0
    network: int = 0
    texts: tuple[int, ...] = ()  # interfaceAlias, interfaceName


_CHASSIS, _PORT, _UNTOLD = _Subtypes(4, 5, (2, 6)), _Subtypes(3, 4, (1, 5)), _Subtypes()


def plain_text(value: Value) -> str:
    """Return a text without the padding that some agents leave around it; "" for no text."""
    return clean_text(value.strip(b" \0")) if isinstance(value, bytes) else ""


def mac_text(octets: bytes) -> str:
    """Return octets as 00:1b:2c:…, whether told as such or spelled already."""
    if len(octets) != _MAC_OCTETS and _MAC_TEXT.fullmatch(octets):
        octets = bytes.fromhex(_NOT_HEX.sub(b"", octets).decode())
    return octets.hex(":")


def address_text(family: int, octets: bytes) -> str:
    """Return a network address as written; "" for one that is none, or of no known family."""
    if len(octets) != _FAMILIES.get(family) or not any(octets):
        return ""
    return str(ipaddress.ip_address(octets))


def chassis_text(subtype: Value, value: Value) -> str:
    """Return lldpChassisId in words."""
    return _id_text(_CHASSIS, subtype, value)


def port_text(subtype: Value, value: Value) -> str:
    """Return lldpPortId in words."""
    return _id_text(_PORT, subtype, value)


def device_text(value: Value) -> str:
    """Return cdpCacheDeviceId: a name, on some devices a bare MAC address."""
    return _id_text(_UNTOLD, None, value)


def _id_text(subtypes: _Subtypes, subtype: Value, value: Value) -> str:
    if not isinstance(value, bytes) or not value:
        return ""
    if subtype == subtypes.network and (address := address_text(value[0], value[1:])):
        return address
    if subtype == subtypes.mac and (len(value) == _MAC_OCTETS or _MAC_TEXT.fullmatch(value)):
        return mac_text(value)
    free = subtype not in (*subtypes.texts, subtypes.mac, subtypes.network)
    if subtype in subtypes.texts or _readable(value) or (free and len(value) != _MAC_OCTETS):
        return plain_text(value)
    return clean_text(value.hex(":"))


def _readable(value: bytes) -> bool:
    try:
        return value.strip(b" \0").decode().isprintable()
    except UnicodeDecodeError:
        return False


def index_address(index: Sequence[int]) -> str:
    """Return the address at the end of lldpRemManAddrTable's index: family, length, octets.

    Some agents leave the length out.
    """
    if len(index) < 2 or any(part > 255 for part in index):
        return ""
    octets = bytes(index[1:])
    return address_text(index[0], octets[1:] if octets[0] == len(octets) - 1 else octets)
