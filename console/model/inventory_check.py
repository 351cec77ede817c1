"""What only the whole inventory shows: references, ids, what fits together. Works on plain data.

Plain data because a file that pydantic refuses is checked here all the same: the operator gets
everything that is wrong at once. Parts of the wrong type are passed over; pydantic names those.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from console.language import _
from console.model.inventory import PROBE_PROTOCOLS, SERVICE_PROTOCOLS
from console.model.inventory_messages import Place, did_you_mean
from console.model.recurrence import rule_problem
from console.model.references import reference_problem
from console.model.url_secrets import without_secrets

_SECTIONS = (
    *("sites", "devices", "links", "bridges", "rooms", "reflectors", "services", "conferences"),
)
_REFERENCES = (
    (("devices", "site"), "sites"),
    (("devices", "snmp"), "snmp"),
    (("links", "a", "device"), "devices"),
    (("links", "b", "device"), "devices"),
    (("bridges", "site"), "sites"),
    (("bridges", "device"), "devices"),
    (("bridges", "probes", "snmp"), "snmp"),
    (("rooms", "site"), "sites"),
    (("rooms", "device"), "devices"),
    (("rooms", "probes", "snmp"), "snmp"),
    (("reflectors", "site"), "sites"),
    (("reflectors", "device"), "devices"),
    (("reflectors", "toward"), "reflectors"),
    (("services", "provider"), "sites"),
    (("services", "consumers"), "sites"),
    (("services", "device"), "devices"),
    (("conferences", "bridge"), "bridges"),
    (("conferences", "rooms"), "rooms"),
    (("conferences", "profile"), "profiles"),
    (("traps", "profiles"), "snmp"),
)
_SECRETS = (
    *(("snmp", "*", key) for key in ("community", "auth_key", "priv_key")),
    ("bridges", "probes", "credential"),
    ("rooms", "probes", "credential"),
    ("reflectors", "key"),
    ("services", "probe", "credential"),
    ("conferences", "credential"),
)
MAX_GUESSES = 50  # a guess compares with every name there is
SHORTEST_KEY = 8  # characters, RFC 3414 section 11.2
FAR_DEG, NEAR_DEG = 10.0, 4.0


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong at a place, or with `hint` something allowed that is hardly meant."""

    place: Place
    text: str
    hint: bool = False


def findings(data: Any) -> Iterator[Finding]:
    """Yield what is wrong with the parts of an inventory taken together."""
    if isinstance(data, dict):
        for check in _CHECKS:
            yield from check(data)


def _values(data: Any, path: tuple[str, ...], place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Yield every value at a path of keys; lists are gone through, `*` takes every key."""
    if isinstance(data, list):
        for number, entry in enumerate(data):
            yield from _values(entry, path, (*place, number))
    elif not path:
        yield place, data
    elif isinstance(data, dict):
        for key in data if path[0] == "*" else (path[0],):
            if data.get(key) is not None:
                yield from _values(data[key], path[1:], (*place, key))


def _entries(data: dict[str, Any], *path: str) -> Iterator[tuple[Place, dict[str, Any]]]:
    return ((place, entry) for place, entry in _values(data, path) if isinstance(entry, dict))


def _names(data: dict[str, Any], section: str) -> list[str]:
    if isinstance(data.get(section), dict):
        return list(data[section])
    ids = (entry for _place, entry in _values(data, (section, "id")) if isinstance(entry, str))
    return list(dict.fromkeys(ids))


def _duplicate_ids(data: dict[str, Any]) -> Iterator[Finding]:
    first: dict[Hashable, str] = {}
    for section in _SECTIONS:
        for place, name in _values(data, (section, "id")):
            if not isinstance(name, str):
                continue
            if name in first:
                sentence = _(
                    "“{id}” is taken already, in “{section}”; an id is used once in a file"
                )
                yield Finding(place, sentence.format(id=name, section=first[name]))
            first.setdefault(name, section)


def _references(data: dict[str, Any]) -> Iterator[Finding]:
    guesses = 0
    for path, section in _REFERENCES:
        known = _names(data, section)
        names = set(known)
        for place, name in _values(data, path):
            if not isinstance(name, str) or name in names:
                continue
            if name == "all" and path[-1] in ("rooms", "consumers"):
                continue
            sentence = _("“{name}” is not in “{section}”.").format(name=name, section=section)
            guesses += 1
            guess = did_you_mean(name, known) if guesses <= MAX_GUESSES else ""
            yield Finding(place, sentence + (guess or _known(known)))


def _known(names: list[str]) -> str:
    if not names:
        return " " + _("There is nothing in it")
    shown = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
    return " " + _("Allowed are {allowed}").format(allowed=shown)


def _links(data: dict[str, Any]) -> Iterator[Finding]:
    used: dict[tuple[str, str], str] = {}
    for place, link in _entries(data, "links"):
        ends = [link.get("a"), link.get("b")]
        ports = [
            (str(end.get("device")), str(end.get("interface"))) if isinstance(end, dict) else None
            for end in ends
        ]
        if ports[0] is not None and ports[0] == ports[1]:
            yield Finding(place, _("both ends are the same port; a link joins two"))
            continue
        for side, port in zip("ab", ports, strict=True):
            if port is None:
                continue
            if port in used:
                sentence = _("port {port} of {device} is an end of “{link}” already")
                text = sentence.format(port=port[1], device=port[0], link=used[port])
                yield Finding((*place, side), text, hint=True)
            used[port] = str(link.get("id"))


def _devices(data: dict[str, Any]) -> Iterator[Finding]:
    asked: dict[tuple[str, str], str] = {}
    for place, device in _entries(data, "devices"):
        if not device.get("address"):
            continue
        key = str(device["address"]), str(device.get("snmp"))
        if key in asked:
            sentence = _("“{device}” has the same address and SNMP profile")
            yield Finding((*place, "address"), sentence.format(device=asked[key]), hint=True)
        asked[key] = str(device.get("id"))


def _probes(data: dict[str, Any]) -> Iterator[Finding]:
    for section in ("bridges", "rooms"):
        for place, probe in _entries(data, section, "probes"):
            yield from _one_protocol(place, probe, PROBE_PROTOCOLS)
            if "poly_snmp" in probe and not probe.get("snmp"):
                yield Finding(place, _("“poly_snmp” needs “snmp”, the name of an SNMP profile"))
            if "transport" in probe and "sip" not in probe:
                yield Finding(place, _("“transport” has a meaning for “sip” only"), hint=True)
    for place, probe in _entries(data, "services", "probe"):
        yield from _one_protocol(place, probe, SERVICE_PROTOCOLS)
        if bool(probe.get("proxy")) != bool(probe.get("fetch")):
            yield Finding(place, _("“proxy” and “fetch” belong together: via which, and what"))
        if "starttls" in probe and "smtp" not in probe:
            yield Finding(place, _("“starttls” has a meaning for “smtp” only"), hint=True)


def _reflectors(data: dict[str, Any]) -> Iterator[Finding]:
    for place, entry in _entries(data, "reflectors"):
        toward = entry.get("toward")
        if toward and not entry.get("key"):
            text = _("“toward” needs “key”: without one a reflector tells nobody what it measures")
            yield Finding((*place, "toward"), text)
        if isinstance(toward, list) and entry.get("id") in toward:
            yield Finding((*place, "toward"), _("a reflector does not measure to itself"))


def _one_protocol(
    place: Place, probe: dict[str, Any], protocols: tuple[str, ...]
) -> Iterator[Finding]:
    named = [protocol for protocol in protocols if probe.get(protocol) is not None]
    if len(named) == 1:
        return
    if named:
        sentence = _("a probe speaks one protocol, this one names {named}; make it several probes")
    else:
        sentence = _("a probe names one of {allowed}")
    yield Finding(place, sentence.format(named=", ".join(named), allowed=", ".join(protocols)))


def _positions(data: dict[str, Any]) -> Iterator[Finding]:
    sites = [
        (place, site["lat"], site["lon"])
        for place, site in _entries(data, "sites")
        if _is_number(site.get("lat")) and _is_number(site.get("lon"))
    ]
    if not sites:
        return
    middle = median(lat for _place, lat, _lon in sites), median(lon for *_rest, lon in sites)
    for place, lat, lon in sites:
        if lat == 0 and lon == 0:
            text = _("0/0 lies in the sea off Africa; the map needs the real position")
            yield Finding((*place, "lat"), text, hint=True)
        elif _looks_swapped(lat, lon, middle):
            text = _("“lat” and “lon” look swapped: lat is north-south, lon is east-west")
            yield Finding((*place, "lat"), text, hint=True)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _looks_swapped(lat: float, lon: float, middle: tuple[float, float]) -> bool:
    """True where a site is far from the others, and near with its numbers exchanged."""
    if abs(lat) > 90 >= abs(lon):
        return True
    far = max(abs(lat - middle[0]), abs(lon - middle[1]))
    exchanged = max(abs(lon - middle[0]), abs(lat - middle[1]))
    return far > FAR_DEG and exchanged < NEAR_DEG


def _time_zone(data: dict[str, Any]) -> Iterator[Finding]:
    name = data.get("timezone")
    if not isinstance(name, str):
        return
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        sentence = _("there is no time zone “{name}”; one is called such as Europe/Berlin.")
        guess = did_you_mean(name, sorted(available_timezones()))
        yield Finding(("timezone",), sentence.format(name=name) + guess)


def _snmp(data: dict[str, Any]) -> Iterator[Finding]:
    for place, profile in _entries(data, "snmp", "*"):
        if str(profile.get("version")) != "3":
            continue
        for kind in ("auth", "priv"):
            yield from _key_pair(place, profile, kind)
        if profile.get("priv") and not profile.get("auth"):
            yield Finding(
                place, _("“priv” needs “auth”: SNMPv3 does not encrypt unsigned messages")
            )


def _key_pair(place: Place, profile: dict[str, Any], kind: str) -> Iterator[Finding]:
    key = profile.get(f"{kind}_key")
    if (profile.get(kind) is None) != (key is None):
        yield Finding(place, _("“{kind}” and “{kind}_key” belong together").format(kind=kind))
    if isinstance(key, str) and "${" not in key and len(key) < SHORTEST_KEY:
        sentence = _("a key has {count} characters or more")
        yield Finding((*place, f"{kind}_key"), sentence.format(count=SHORTEST_KEY))


def _secrets(data: dict[str, Any]) -> Iterator[Finding]:
    for path in _SECRETS:
        for place, text in _values(data, path):
            problem = reference_problem(text) if isinstance(text, str) else None
            if problem:
                yield Finding(place, problem)


def _url_secrets(data: dict[str, Any]) -> Iterator[Finding]:
    probes = [
        *_entries(data, "bridges", "probes"),
        *_entries(data, "rooms", "probes"),
        *_entries(data, "services", "probe"),
    ]
    for place, entry in (*probes, *_entries(data, "conferences")):
        for key, value in entry.items():
            if isinstance(value, str) and without_secrets(value) != value:
                sentence = _("a password in a URL; better a reference under “credential”")
                yield Finding((*place, key), sentence, hint=True)


def _conferences(data: dict[str, Any]) -> Iterator[Finding]:
    for place, conference in _entries(data, "conferences"):
        if (conference.get("start") is None) == (conference.get("calendar") is None):
            yield Finding(place, _("a conference has either “start” or “calendar”"))
        repeat = conference.get("repeat")
        problem = rule_problem(repeat) if isinstance(repeat, str) else None
        if problem:
            yield Finding((*place, "repeat"), problem)
        if repeat is not None and conference.get("start") is None:
            yield Finding((*place, "repeat"), _("“repeat” needs “start”, the first time"))
        yield from _quorum(place, conference, len(_names(data, "rooms")))


def _quorum(place: Place, conference: dict[str, Any], rooms: int) -> Iterator[Finding]:
    named, quorum = conference.get("rooms", "all"), conference.get("quorum")
    count = len(set(map(str, named))) if isinstance(named, list) else rooms
    if isinstance(quorum, int) and quorum > count:
        sentence = _("{quorum} rooms are asked for, but only {count} take part")
        yield Finding((*place, "quorum"), sentence.format(quorum=quorum, count=count))


def _polling(data: dict[str, Any]) -> Iterator[Finding]:
    polling = data.get("polling")
    if not isinstance(polling, dict):
        return
    given = (
        polling.get("timeout_s", 1.0),
        polling.get("retries", 1),
        polling.get("interfaces_s", 30),
    )
    if all(map(_is_number, given)) and given[0] * (given[1] + 1) >= given[2]:
        text = _("waiting for a silent device lasts longer than “interfaces_s”")
        yield Finding(("polling",), text, hint=True)


_CHECKS: Iterable[Callable[[dict[str, Any]], Iterator[Finding]]] = (
    *(_duplicate_ids, _references, _links, _devices, _probes, _reflectors, _positions),
    *(_time_zone, _snmp, _secrets, _url_secrets, _conferences, _polling),
)
