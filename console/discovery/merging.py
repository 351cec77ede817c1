"""An inventory's own text with what was found worked into it; comments and order stay."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from console.analysis.proposal import Proposal
from console.discovery.access import Access
from console.discovery.document import (
    Entry,
    comment,
    device_entry,
    flow,
    link_data,
    link_entry,
    profile_entry,
    site_entry,
)
from console.errors import OperatorError
from console.language import _
from console.model import inventory_file

_DASH = re.compile(r"( *)- *")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Edit:
    """Text to put in place of the characters from `start` to `end`."""

    start: int
    end: int
    text: str


def merged(text: str, proposal: Proposal, guessed: frozenset[str], access: Access) -> str:
    """Return the text with additions and changes; what was not found stays, with a comment.

    Raises OperatorError where the text is laid out in a way that cannot be worked into.
    """
    page = _Page(text)
    edits = list(_edits(page, proposal, guessed, access))
    for edit in sorted(edits, key=_from_the_end):
        text = text[: edit.start] + edit.text + text[edit.end :]
    try:
        inventory_file.parse(text, "merged")
    except OperatorError as error:
        sentence = _(
            "The differences cannot be worked into this file's layout; take them over by hand."
        )
        raise OperatorError(sentence) from error
    return text


def _from_the_end(edit: Edit) -> tuple[int, int]:
    return -edit.start, -edit.end


def _edits(
    page: "_Page", proposal: Proposal, guessed: frozenset[str], access: Access
) -> Iterator[Edit]:
    if access.new and proposal.devices:
        yield page.added_profile(access.name, flow(profile_entry(access.written)))
    yield from page.added("sites", [site_entry(site, guessed) for site in proposal.sites])
    yield from page.added("devices", [device_entry(device) for device in proposal.devices])
    yield from page.added("links", [link_entry(link) for link in proposal.links])
    for moved in proposal.moved:
        yield from page.changed("devices", moved.before.id, {"address": moved.address})
    for change in proposal.changed:
        before, after = link_data(change.before), link_data(change.after)
        differing = {key: value for key, value in after.items() if value != before.get(key)}
        yield from page.changed("links", change.before.id, differing)
    missing = [("devices", s.known) for s in proposal.silent if s.known]
    for section, name in (*missing, *(("links", link.id) for link in proposal.unseen)):
        yield from page.remarked(section, name, comment(_("not found by discovery")))


class _Page:
    """Where everything stands in the text."""

    def __init__(self, text: str) -> None:
        self._text = text
        root = yaml.compose(text, Loader=_LOADER)
        assert isinstance(root, yaml.MappingNode), "an inventory was read from this text"
        self._sections: dict[str, Any] = {key.value: value for key, value in root.value}

    def added(self, section: str, entries: Sequence[Entry]) -> Iterator[Edit]:
        """Add entries at a section's end; make the section where there is none."""
        node = self._sections.get(section)
        if not entries:
            return
        if node is None:
            yield self._at_the_end(f"\n{section}:\n" + _lines(entries, 2))
        elif not node.value:
            yield Edit(node.start_mark.index, node.end_mark.index, "\n" + _lines(entries, 2))
        elif node.flow_style:
            at = self._text.rindex("]", 0, node.end_mark.index)
            yield Edit(at, at, "".join(f", {entry.text}" for entry in entries))
        else:
            dash = self._text.rindex("-", 0, node.value[0].start_mark.index)
            indent = dash - self._text.rfind("\n", 0, dash) - 1
            yield self._after_line(node.value[-1].end_mark.index, _lines(entries, indent))

    def added_profile(self, name: str, text: str) -> Edit:
        """Add an SNMP profile."""
        node = self._sections["snmp"]
        if node.flow_style:
            at = self._text.rindex("}", 0, node.end_mark.index)
            return Edit(at, at, f", {name}: {text}")
        indent = " " * node.value[0][0].start_mark.column
        return self._after_line(node.value[-1][1].end_mark.index, f"{indent}{name}: {text}\n")

    def _at_the_end(self, body: str) -> Edit:
        gap = "" if self._text.endswith("\n") else "\n"
        return Edit(len(self._text), len(self._text), gap + body)

    def _after_line(self, index: int, body: str) -> Edit:
        """Insert whole lines after the one in which the text before `index` ends."""
        line_end = self._text.find("\n", len(self._text[:index].rstrip()))
        if line_end < 0:
            return self._at_the_end(body)
        return Edit(line_end + 1, line_end + 1, body)

    def changed(self, section: str, name: str, values: Mapping[str, Any]) -> Iterator[Edit]:
        """Write other values of an entry in place of those that are there."""
        for key, node in self._entry(section, name).value:
            if key.value in values:
                start, end = node.start_mark.index, node.end_mark.index
                written = flow({"value": values[key.value]}).removeprefix("{value: ")
                yield Edit(start, len(self._text[:end].rstrip()), written.removesuffix("}"))

    def remarked(self, section: str, name: str, remark: str) -> Iterator[Edit]:
        """Put a comment on a line of its own above an entry, unless it is there already."""
        node = self._entry(section, name)
        line = self._text.rfind("\n", 0, node.start_mark.index) + 1
        dash = _DASH.fullmatch(self._text[line : node.start_mark.index])
        if dash and not self._text[:line].rstrip().endswith(remark):
            yield Edit(line, line, f"{dash[1]}{remark}\n")

    def _entry(self, section: str, name: str) -> Any:
        return next(
            entry
            for entry in self._sections[section].value
            if any(key.value == "id" and value.value == name for key, value in entry.value)
        )


def _lines(entries: Sequence[Entry], indent: int) -> str:
    return "".join(" " * indent + entry.line.strip() + "\n" for entry in entries)
