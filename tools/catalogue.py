"""The German catalogue: `update` brings it up to the sources, `check` fails where it is behind.

The compiled catalogue is kept beside its source, so that a fresh clone speaks German at once.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

import console

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("console", "widgets")
PO = ROOT / "resources" / "translations" / "de" / "LC_MESSAGES" / "leitstand.po"
HEADER = "# German texts of Leitstand. Brought up to the sources by: make catalogue"
_NAME = re.compile(r"\{[^{}]*\}|%\([a-z_]+\)[sd]|%[sd]")
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}


def extracted() -> Catalog:
    """Return every text the sources mark."""
    template = Catalog(project="Leitstand", charset="utf-8")
    for text, context in _texts():
        template.add(text, context=context)
    return template


def _texts() -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    modules = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    for path in (ROOT / "main.py", *sorted(modules)):
        with path.open("rb") as file:
            for _line, text, _comments, context in extract("python", file, KEYWORDS):
                if text:
                    yield text, context


def german() -> Catalog:
    """Return the catalogue as it is kept."""
    if not PO.exists():
        return Catalog(locale="de", charset="utf-8")
    with PO.open("rb") as file:
        return read_po(file, locale="de")


def compiled(catalogue: Catalog) -> bytes:
    """Return what gettext reads."""
    target = io.BytesIO()
    write_mo(target, catalogue)
    return target.getvalue()


def update() -> Catalog:
    """Add new texts, drop those no longer used, write and compile."""
    catalogue = german()
    catalogue.update(extracted(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.header_comment = HEADER
    catalogue.project, catalogue.version = "Leitstand", console.__version__
    catalogue.fuzzy = False
    catalogue.obsolete.clear()
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalogue, width=98, no_location=True, omit_header=False, sort_output=True)
    PO.with_suffix(".mo").write_bytes(compiled(german()))
    return catalogue


def problems() -> list[str]:
    """Name everything in which the catalogue is behind the sources."""
    kept = german()
    wanted = {_parts(message.id): message for message in extracted() if message.id}
    known = {_parts(message.id): message for message in kept if message.id}
    found = [f"not in the catalogue: {_short(wanted[key])}" for key in wanted.keys() - known]
    found += [f"no longer used: {_short(known[key])}" for key in known.keys() - wanted]
    found += [flaw for key in known.keys() & wanted for flaw in _flaws(known[key])]
    mo = PO.with_suffix(".mo")
    if not mo.exists() or _strings(read_mo(io.BytesIO(mo.read_bytes()))) != _strings(kept):
        found.append("leitstand.mo is older than leitstand.po")
    return sorted(found)


def _flaws(message: Message) -> Iterator[str]:
    sources, strings = _parts(message.id), _parts(message.string)
    if message.fuzzy:
        yield f"fuzzy: {_short(message)}"
    if not all(strings):
        yield f"not translated: {_short(message)}"
    elif not {_names(text) for text in strings} <= {_names(text) for text in sources}:
        yield f"other {{names}} than its source: {_short(message)}"


def _strings(catalogue: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return what gettext would find, without the header."""
    found = ((_parts(m.id), _parts(m.string)) for m in catalogue if m.id and not m.fuzzy)
    return {source: strings for source, strings in found if all(strings)}


def _parts(text: object) -> tuple[str, ...]:
    """Return the texts of a message: one, or one for each number."""
    return tuple(map(str, text)) if isinstance(text, (tuple, list)) else (str(text or ""),)


def _names(text: str) -> frozenset[str]:
    """Return what a text leaves to be filled in."""
    return frozenset(_NAME.findall(text))


def _short(message: Message) -> str:
    first = _parts(message.id)[0]
    return first if len(first) <= 70 else f"{first[:70]}…"


def main(arguments: list[str]) -> int:
    """Run `update` or `check`."""
    if arguments == ["update"]:
        catalogue = update()
        empty = [m for m in catalogue if m.id and not all(_parts(m.string))]
        click.echo(f"{len(catalogue)} texts, {len(empty)} without German")
        return 0
    found = problems()
    for problem in found:
        click.echo(problem, err=True)
    if found:
        click.echo("Mend it with: make catalogue, then translate in leitstand.po", err=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
