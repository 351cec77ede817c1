"""Plain-text tables for terminals."""

from collections.abc import Iterable, Sequence
from unicodedata import east_asian_width


def table(headers: Sequence[str], rows: Iterable[Sequence[str]], right: str) -> str:
    """Return the rows under their headers, columns as wide as needed.

    `right` has one letter a column: r aligns it right, anything else left.
    """
    lines = [tuple(headers), *map(tuple, rows)]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(map(_filled, line, widths, right)).rstrip() for line in lines)


def _filled(text: str, width: int, side: str) -> str:
    space = " " * (width - _width(text))
    return space + text if side == "r" else text + space


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
