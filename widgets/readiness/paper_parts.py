"""The parts that printed pages are put together from, as HTML. Every text is escaped here."""

from collections.abc import Iterable, Sequence
from html import escape

from console.language import ngettext


def title(text: str) -> str:
    """Return a heading within the page."""
    return f"<h2>{escape(text)}</h2>"


def said(text: str) -> str:
    """Return a paragraph."""
    return f"<p>{escape(text)}</p>"


def rest(number: int) -> str:
    """Return how many are not listed; nothing where all are."""
    if number <= 0:
        return ""
    text = ngettext("and {n} more", "and {n} more", number).format(n=number)
    return f"<p class='dim'>{escape(text)}</p>"


def foot(*parts: str) -> str:
    """Return the last line of the page."""
    return f"<p class='foot'>{escape(' · '.join(part for part in parts if part))}</p>"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table as wide as the page; without `head` it has no heading."""
    first = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    return (
        f"<table width='100%' cellspacing='0'>{f'<tr>{first}</tr>' if head else ''}{body}</table>"
    )
