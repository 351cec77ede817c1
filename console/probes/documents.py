"""Documents from the network, read without trust: XML without a DTD, JSON of bounded depth.

Sizes are bounded where they are fetched. What is not there is None, and every text is cleaned.
"""

import json
import math
import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLParser, fromstring

from console.model.text import clean_text

MOST_LEVELS = 64
_DECLARED = re.compile(r"\s*<\?xml[^>]*\bencoding=[\"']([\w.-]+)[\"']")
_LATIN = ("iso-8859-1", "latin-1", "windows-1252")
_MOST_DIGITS = 18


class UnreadableError(Exception):
    """This is no such document."""


def read_xml(body: bytes, root: str) -> Element:
    """Return the document's root, which has to be called `root`; raise UnreadableError.

    Entities can be declared in a DTD only: without one nothing can be expanded.
    """
    text = _decoded(body).strip()
    if "<!DOCTYPE" in text:
        raise UnreadableError
    try:
        found = fromstring(text.encode(), XMLParser(encoding="utf-8"))
    except (ParseError, ValueError):
        raise UnreadableError from None
    if found.tag != root:
        raise UnreadableError
    return found


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("latin-1")
    declared = _DECLARED.match(text)
    if declared is None or declared[1].lower() not in _LATIN:
        raise UnreadableError
    return text


def xml_text(element: Element, path: str) -> str | None:
    """Return the cleaned text at a path below the element, None where there is none."""
    found = element.findtext(path)
    return _cleaned(found)


def xml_number(element: Element, path: str) -> float | None:
    """Return the number at a path below the element, None where there is none."""
    return _number(element.findtext(path))


def read_json(body: bytes) -> Any:
    """Return the document; raise UnreadableError."""
    try:
        found = json.loads(body.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise UnreadableError from None
    level = [found]
    for _depth in range(MOST_LEVELS):
        level = [inner for value in level for inner in _inside(value)]
        if not level:
            return found
    raise UnreadableError


def _no_constant(_name: str) -> float:
    raise ValueError("no number")


def _inside(value: Any) -> Iterator[Any]:
    """Yield the lists and objects in a list or object."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return (each for each in inner if isinstance(each, (dict, list)))


def at(value: Any, *keys: str) -> Any:
    """Return what an object holds under keys, one below the other; None where it does not."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def entries(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a list; none of what is not a list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def json_text(value: Any, *keys: str) -> str | None:
    """Return the cleaned text or number under keys, None where there is none."""
    found = at(value, *keys)
    if isinstance(found, (int, float)) and not isinstance(found, bool):
        found = str(found) if abs(found) < 10**_MOST_DIGITS else None
    return _cleaned(found) if isinstance(found, str) else None


def json_number(value: Any, *keys: str) -> float | None:
    """Return the number under keys, None where there is none; text that is a number is one."""
    found = at(value, *keys)
    if isinstance(found, bool):
        return None
    if isinstance(found, (int, float)):
        return float(found) if 0 <= found < 10**_MOST_DIGITS else None
    return _number(found) if isinstance(found, str) else None


def whole(value: float | None) -> int | None:
    """Return a count, None where it is none."""
    return None if value is None else int(value)


def _cleaned(text: str | None) -> str | None:
    return clean_text(text.strip()) or None if text else None


def _number(text: str | None) -> float | None:
    if not text or len(text) > 32:
        return None
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) and 0 <= found < 10**_MOST_DIGITS else None
