"""Ids, places and names for what was found. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from console.model.found import Found

MOST_ID = 48  # characters; an inventory allows 64, a number may be added
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_NOT_ID = re.compile(r"[^a-z0-9.]+")
_WORDS = re.compile(r"[a-zäöüß]+", re.IGNORECASE)
_ROLES = frozenset(
    (
        *("sw", "switch", "r", "rt", "router", "core", "access", "acc", "dist", "agg", "gw"),
        *("gateway", "fw", "firewall", "ap", "p", "pe", "ce", "br", "bb", "cr", "ar", "leaf"),
        *("spine", "node", "host", "rtr", "swi", "mdf", "idf", "asw", "csw", "dsw"),
    )
)
# What agents come with when nobody has set sysLocation.
_UNSET = re.compile(
    r"unknown.*|sitting on the dock of the bay|not ?set|n/?a|none|right here, right now\.?|-+|",
    re.IGNORECASE,
)
_NUMBER = r"[-+]?[0-9]{1,3}\.[0-9]{1,12}"
_POSITION = re.compile(
    rf"(?:\b(?:geo:|lat\w*\s*[:=]?))?\s*(?P<ns1>[NS])?\s*(?P<lat>{_NUMBER})\s*°?\s*(?P<ns2>[NS])?"
    rf"\s*[,;/ ]\s*(?:l(?:on|ng)\w*\s*[:=]?)?\s*(?P<ew1>[EWO])?\s*(?P<lon>{_NUMBER})"
    r"\s*°?\s*(?P<ew2>[EWO])?(?![\w.])",
    re.IGNORECASE,
)
_EDGES = " ,;:/|-\"'"  # net-snmp keeps the quotes of its configuration
_EMPTY_BRACKETS = re.compile(r"\(\s*\)|\[\s*\]|\{\s*\}|<\s*>")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a device says or seems to be; `lat` and `lon` are None where nobody says."""

    name: str
    lat: float | None = None
    lon: float | None = None
    from_location: bool = True


def place_of(device: Found) -> Place:
    """Return the place of a device: its sysLocation, else what its name begins with."""
    text = device.system.location.strip()
    match = _POSITION.search(text)
    position = _position(match) if match else None
    if match and position:
        text = _EMPTY_BRACKETS.sub(" ", f"{text[: match.start()]} {text[match.end() :]}")
    name = " ".join(text.split()).strip(_EDGES)
    if _UNSET.fullmatch(name):
        name = ""
    if not name and position is None:
        return Place(prefix_of(device.label), from_location=False)
    if position is None:
        return Place(name)
    return Place(name or f"{position[0]:.4f}, {position[1]:.4f}", *position)


def _position(match: re.Match[str]) -> tuple[float, float] | None:
    lat, lon = float(match["lat"]), float(match["lon"])
    if "S" in (match["ns1"] or match["ns2"] or "").upper():
        lat = -abs(lat)
    if "W" in (match["ew1"] or match["ew2"] or "").upper():
        lon = -abs(lon)
    return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 and (lat or lon) else None


def prefix_of(name: str) -> str:
    """Return the part of a device's name that devices of one place share: mz of mz-r1."""
    label = short_name(name)
    words = [word for word in _WORDS.findall(label) if word.lower() not in _ROLES]
    return words[0] if words else label


def short_name(name: str) -> str:
    """Return a host name without its domain; an address stays whole."""
    first = name.split(".")[0]
    return name if first.isdecimal() or not first else first


def slug(text: str, otherwise: str) -> str:
    """Return an id made of a name: lower case, letters, digits, dots and dashes."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_GERMAN))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    made = _NOT_ID.sub("-", plain).strip("-.")[:MOST_ID].strip("-.")
    return made or otherwise


class Ids:
    """Hands out ids, each once."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def new(self, *wishes: str) -> str:
        """Return the first wish that is free, else the last one with a number."""
        for wish in wishes:
            if wish not in self._taken:
                break
        number, found = 2, wish
        while found in self._taken:
            number, found = number + 1, f"{wish}-{number}"
        self._taken.add(found)
        return found
