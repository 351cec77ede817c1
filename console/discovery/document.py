"""Writes what was found as an inventory that a person goes on with. Never a secret."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from console.analysis.discovered import Draft, DraftLink
from console.language import _
from console.model import inventory_file
from console.model.found import Silent, Walk
from console.model.inventory import Device, Link, Site, SnmpCommunity, SnmpProfile
from console.model.text import clean_text

_UNITS = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
MOST_COMMENTS = 200


@dataclass(frozen=True, slots=True)
class Header:
    """What stands above the sections. `profile` is written as it is: references only."""

    network: str
    language: str
    profile_name: str
    profile: SnmpProfile
    comments: tuple[str, ...]


def document(header: Header, walk: Walk, draft: Draft) -> str:
    """Return the text of a new inventory; it is valid, or this raises InventoryError."""
    text = "\n".join(_lines(header, walk, draft)) + "\n"
    inventory_file.parse(text, "discovered")
    return text


def _lines(header: Header, walk: Walk, draft: Draft) -> Iterable[str]:
    yield from map(comment, header.comments)
    yield f"network: {_scalar(header.network)}"
    yield f"language: {header.language}"
    yield from ("", "snmp:", f"  {header.profile_name}: {flow(profile_entry(header.profile))}")
    yield from ("", "sites:")
    yield from (site_entry(site, draft.guessed).line for site in draft.sites)
    yield from ("", "devices:")
    yield from (device_entry(device).line for device in draft.devices)
    yield from (f"  {comment(text)}" for text in _silent(walk.silent))
    yield from ("", "links:")
    yield from (link_entry(link).line for link in draft.links)


def _silent(silent: Sequence[Silent]) -> Iterable[str]:
    for entry in silent[:MOST_COMMENTS]:
        yield _("no answer: {who}").format(who=" ".join(_who(entry)))


def _who(silent: Silent) -> Iterable[str]:
    yield silent.address or "?"
    if silent.name:
        yield f"({silent.name})"
    if silent.heard_at:
        yield f"<- {silent.heard_at}"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a section: YAML on one line, and a comment or nothing."""

    text: str
    note: str = ""

    @property
    def line(self) -> str:
        """The entry as a line of a list."""
        note = f"  {comment(self.note)}" if self.note else ""
        return f"  - {self.text}{note}"


def site_entry(site: Site, guessed: frozenset[str]) -> Entry:
    """Return a site's entry; with a comment where its position is nothing but a guess."""
    note = _("position guessed") if site.id in guessed else ""
    return Entry(flow(site.model_dump(exclude_none=True)), note)


def device_entry(device: Device) -> Entry:
    """Return a device's entry."""
    return Entry(flow(device.model_dump(include={"id", "site", "address", "snmp"})))


def link_entry(link: DraftLink) -> Entry:
    """Return a link's entry; with a comment where only one end hears the other."""
    return Entry(flow(link_data(link.entry)), "" if link.both else _("heard at one end only"))


def link_data(link: Link) -> dict[str, Any]:
    """Return a link as plain data, its capacity as a person writes it."""
    entry: dict[str, Any] = {"id": link.id, "a": link.a.model_dump(), "b": link.b.model_dump()}
    if link.capacity_bps is not None:
        entry["capacity"] = written_rate(link.capacity_bps)
    return entry


def written_rate(rate_bps: float) -> str | int:
    """Write bit/s as 10G, 2.5G or 100M."""
    for scale, unit in _UNITS:
        if rate_bps >= scale:
            value = rate_bps / scale
            return f"{value:.9f}".rstrip("0").rstrip(".") + unit
    return int(rate_bps)


class _Quoting(yaml.SafeDumper):
    """Quotes text of digits, which some readers of YAML take for a number: 07339."""

    def text(self, text: str) -> yaml.Node:
        """Represent a text."""
        style = "'" if text.isdecimal() else None
        return self.represent_scalar("tag:yaml.org,2002:str", text, style)


_Quoting.add_representer(str, _Quoting.text)


def flow(entry: dict[str, Any]) -> str:
    """Write an entry on one line."""
    return yaml.dump(
        entry,
        Dumper=_Quoting,
        default_flow_style=True,
        width=1 << 30,
        allow_unicode=True,
        sort_keys=False,
    ).strip()


def profile_entry(profile: SnmpProfile) -> dict[str, Any]:
    """Return a profile as plain data; its secrets must be references."""
    entry = profile.model_dump(exclude_none=True)
    if not isinstance(profile, SnmpCommunity):
        entry["version"] = 3
    return entry


def _scalar(text: str) -> str:
    return yaml.safe_dump(text, allow_unicode=True, width=1 << 30).removesuffix("...\n").strip()


def comment(text: str) -> str:
    """Return a comment that ends with its line, whatever the network put into it."""
    return f"# {' '.join(clean_text(text[:250]).split())}"
