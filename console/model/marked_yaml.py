"""YAML text to plain data that remembers its lines. Knows nothing of inventories.

Built from the parser's events: composing nodes takes ten times as long, and its recursion in C ends
the process on a file of deep brackets. Plain words are read as YAML 1.2 reads them: `off`, `07235`
and `1:1` stay text.
"""

import re
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

import yaml

from console.language import N_, _

MAX_CHARACTERS = 16_000_000
MAX_DEPTH = 40
MAX_VALUES = 500_000  # 2,500 devices and 5,000 links are 65,000

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_WORDS: dict[str, Any] = dict.fromkeys(("", "~", "null", "Null", "NULL"))
_WORDS |= dict.fromkeys(("true", "True", "TRUE"), True)
_WORDS |= dict.fromkeys(("false", "False", "FALSE"), False)
_SYNTAX = {
    "could not find expected ':'": N_(
        "a colon is missing; a line is “key: value” or begins with “- ”"
    ),
    "mapping values are not allowed in this context": N_(
        "a colon where none can be; text with a colon is put in quotes, and lines of one entry"
        " begin in the same column"
    ),
    "did not find expected ',' or '}'": N_("a comma or the closing “}” is missing"),
    "did not find expected ',' or ']'": N_("a comma or the closing “]” is missing"),
    "did not find expected key": N_(
        "the line does not fit the ones above; lines of one entry begin in the same column"
    ),
    "did not find expected '-' indicator": N_(
        "the line does not fit the list above; entries of a list begin with “- ” in the same column"
    ),
    "found unexpected end of stream": N_("a quotation mark is opened here and never closed"),
    "found duplicate anchor": N_("this anchor (&) stands in the file twice"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and what is allowed, and on which line (from 1)."""

    line: int
    text: str


class NotYaml(Exception):
    """The text cannot be read as YAML at all."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.problem = Problem(line, text)


@dataclass(slots=True)
class Marked:
    """Plain data (dict, list, str, int, float, bool, None) and the line of every part of it."""

    data: Any
    line: int = 1
    problems: list[Problem] = field(default_factory=list)
    lines: dict[int, dict[Hashable, int]] = field(default_factory=dict)  # by id() of a container

    def line_of(self, place: tuple[Hashable, ...]) -> int:
        """Return the line of the value at `place`, or of the innermost part that exists."""
        data, line = self.data, self.line
        for part in place:
            lines = self.lines.get(id(data), {})
            if part not in lines:
                break
            data, line = data[part], lines[part]
        return line


def read(text: str) -> Marked:
    """Read one document; raise NotYaml where nothing can be made of it."""
    if len(text) > MAX_CHARACTERS:
        sentence = _("the file is larger than {limit} million characters")
        raise NotYaml(1, sentence.format(limit=MAX_CHARACTERS // 1_000_000))
    control = _CONTROL.search(text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        raise NotYaml(line, _("a control character; only printable text is allowed"))
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise _not_yaml(text, error) from error
    except yaml.YAMLError as error:  # the reader's, which knows no line
        raise NotYaml(1, _("a character that YAML does not allow")) from error
    return builder.marked


def _not_yaml(text: str, error: yaml.MarkedYAMLError) -> NotYaml:
    """Say in plain words what the parser found."""
    began = "quoted scalar" in (error.context or "") or "expected ':'" in (error.problem or "")
    opened = began and error.context_mark
    mark = opened or error.problem_mark or error.context_mark
    number = mark.line if mark else 0
    lines = text.splitlines()[max(0, number - 1) : number + 1]
    if any("\t" in line[: len(line) - len(line.lstrip())] for line in lines):
        return NotYaml(number + 1, _("a tab before the text; only spaces are allowed there"))
    known = _SYNTAX.get(error.problem or "")
    sentence = _("this is not YAML: {problem}").format(problem=error.problem)
    return NotYaml(number + 1, _(known) if known else sentence)


@dataclass(slots=True)
class _Open:
    """A mapping or list whose end has not come yet. `key` is the one that waits for its value."""

    into: Any
    lines: dict[Hashable, int]
    anchor: str | None
    count_before: int
    key: str | None = None


class _Builder:
    """Builds data from events, without recursion."""

    def __init__(self) -> None:
        self.marked = Marked(None)
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._count = 0
        self._documents = 0

    def take(self, event: Any) -> None:
        """Take the next event of the parser."""
        action = _ACTIONS.get(type(event))
        if action:
            action(self, event, event.start_mark.line + 1)

    def document(self, _event: Any, line: int) -> None:
        """A document begins."""
        self._documents += 1
        if self._documents > 1:
            raise NotYaml(line, _("a second document; a file holds one, without “---” in it"))

    def scalar(self, event: Any, line: int) -> None:
        """Text, a number or a word."""
        if self._expects_key():
            self._key(self._stack[-1], event.value, line)
            return
        self._refuse_tag(event, line)
        value = _plain(event.value) if event.implicit[0] else event.value
        self._add(value, line, 1)
        if event.anchor:
            self._anchors[event.anchor] = (value, 1)

    def alias(self, event: Any, line: int) -> None:
        """The same as an anchor further up."""
        if event.anchor not in self._anchors:
            sentence = _("“*{name}” names no anchor “&{name}” above this line")
            raise NotYaml(line, sentence.format(name=event.anchor))
        value, count = self._anchors[event.anchor]
        if self._expects_key():
            raise NotYaml(line, _("a key must be plain text"))
        self._add(value, line, count)

    def opened(self, event: Any, line: int) -> None:
        """A mapping or list begins."""
        if self._expects_key():
            raise NotYaml(line, _("a key must be plain text"))
        if len(self._stack) >= MAX_DEPTH:
            raise NotYaml(line, _("nested more than {limit} deep").format(limit=MAX_DEPTH))
        self._refuse_tag(event, line)
        into: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        lines: dict[Hashable, int] = {}
        before = self._count
        self._add(into, line, 1)
        self.marked.lines[id(into)] = lines
        self._stack.append(_Open(into, lines, event.anchor, before))

    def closed(self, _event: Any, _line: int) -> None:
        """A mapping or list ends."""
        done = self._stack.pop()
        if done.anchor:
            self._anchors[done.anchor] = (done.into, self._count - done.count_before)

    def _expects_key(self) -> bool:
        top = self._stack[-1] if self._stack else None
        return top is not None and top.key is None and type(top.into) is dict

    def _key(self, top: _Open, key: str, line: int) -> None:
        if key in top.into:
            sentence = _("“{key}” stands here a second time; the first is on line {first}")
            self._complain(line, sentence.format(key=key, first=top.lines[key]))
        top.key = key
        top.lines[key] = line

    def _add(self, value: Any, line: int, count: int) -> None:
        self._count += count
        if self._count > MAX_VALUES:
            raise NotYaml(line, _("more than {limit} values").format(limit=MAX_VALUES))
        top = self._stack[-1] if self._stack else None
        if top is None:
            self.marked.data, self.marked.line = value, line
        elif type(top.into) is list:
            top.lines[len(top.into)] = line
            top.into.append(value)
        else:
            top.into[top.key] = value
            top.key = None

    def _refuse_tag(self, event: Any, line: int) -> None:
        if event.tag:
            self._complain(line, _("a type “{tag}”; none are allowed here").format(tag=event.tag))

    def _complain(self, line: int, text: str) -> None:
        self.marked.problems.append(Problem(line, text))


def _plain(text: str) -> Any:
    """Read what stands without quotes."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "0123456789+-.":
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


_ACTIONS: dict[type, Any] = {
    yaml.DocumentStartEvent: _Builder.document,
    yaml.ScalarEvent: _Builder.scalar,
    yaml.AliasEvent: _Builder.alias,
    yaml.SequenceStartEvent: _Builder.opened,
    yaml.MappingStartEvent: _Builder.opened,
    yaml.SequenceEndEvent: _Builder.closed,
    yaml.MappingEndEvent: _Builder.closed,
}
