"""Which port is which: over renumbering, and as a person names one in the inventory."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar


class Named(Protocol):
    """What tells ports of a device apart."""

    @property
    def if_index(self) -> int:
        """IfIndex, which a reboot may change."""

    @property
    def name(self) -> str:
        """IfName, else ifDescr."""

    @property
    def descr(self) -> str:
        """IfDescr."""

    @property
    def alias(self) -> str | None:
        """IfAlias, what a person wrote on the device."""


Port = TypeVar("Port", bound=Named)


def port_keys(ports: Iterable[tuple[int, str, str]]) -> tuple[str, ...]:
    """Return a key for each port of a device, given as (ifIndex, ifName, ifDescr).

    ifName where it is there and unique on the device, else ifDescr where it is, else ifIndex.
    """
    known = list(ports)
    names = Counter(name for _, name, _ in known)
    descrs = Counter(descr for _, _, descr in known)
    return tuple(_key(port, names, descrs) for port in known)


def _key(port: tuple[int, str, str], names: Counter[str], descrs: Counter[str]) -> str:
    if_index, name, descr = port
    if name and names[name] == 1:
        return f"name:{name}"
    if descr and descrs[descr] == 1:
        return f"descr:{descr}"
    return f"index:{if_index}"


def _name(port: Named) -> str:
    return port.name


def _descr(port: Named) -> str:
    return port.descr


def _alias(port: Named) -> str:
    return port.alias or ""


def _index(port: Named) -> str:
    return str(port.if_index)


# In this order a port is looked for.
_WAYS: tuple[Callable[[Named], str], ...] = (_name, _descr, _alias, _index)


def find_port(ports: Sequence[Port], interface: str) -> Port | None:
    """Return the port that an inventory means by `interface`, None when none or not just one.

    Looked for among ifName, ifDescr, ifAlias and ifIndex; the first that names one port decides.
    """
    for way in _WAYS:
        found = [port for port in ports if way(port) == interface]
        if len(found) == 1:
            return found[0]
    return None
