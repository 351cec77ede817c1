import gettext
import io

import pytest
from babel.messages.catalog import Catalog

from console import language
from tools import catalogue


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A catalogue of two texts beside sources that mark three."""
    sources = tmp_path / "console"
    sources.mkdir()
    (tmp_path / "main.py").write_text("")
    (sources / "texts.py").write_text(
        "A = N_('one')\nB = _('two {n}')\nC = ngettext('{n} link', '{n} links', 3)\n"
    )
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)
    monkeypatch.setattr(catalogue, "PO", tmp_path / "de" / "leitstand.po")
    return tmp_path / "de" / "leitstand.po"


def translated(**texts: str) -> None:
    """Translate in the file, by the first word of the source."""
    found = catalogue.german()
    for message in found:
        if message.id == ("{n} link", "{n} links"):
            message.string = ("{n} Leitung", "{n} Leitungen")
        elif message.id:
            message.string = texts[str(message.id).split()[0]]
    with catalogue.PO.open("wb") as file:
        catalogue.write_po(file, found)


def test_new_texts_are_named_until_they_are_translated(kept):
    assert "not in the catalogue: one" in catalogue.problems()
    catalogue.update()
    assert "not translated: one" in catalogue.problems()
    translated(one="eins", two="zwei {n}")
    assert catalogue.problems() == ["leitstand.mo is older than leitstand.po"]
    catalogue.update()
    assert catalogue.problems() == []


def test_numbers_have_their_forms(kept):
    catalogue.update()
    translated(one="eins", two="zwei {n}")
    catalogue.update()
    texts = gettext.GNUTranslations(io.BytesIO(kept.with_suffix(".mo").read_bytes()))
    assert texts.ngettext("{n} link", "{n} links", 2) == "{n} Leitungen"


def test_a_translation_fills_in_what_its_source_does(kept):
    catalogue.update()
    translated(one="eins", two="zwei {m}")
    catalogue.update()
    assert catalogue.problems() == ["other {names} than its source: two {n}"]


def test_what_is_used_no_longer_goes(kept):
    catalogue.update()
    (catalogue.ROOT / "console" / "texts.py").write_text("_('three')\n")
    assert "no longer used: one" in catalogue.problems()
    catalogue.update()
    assert [message.id for message in catalogue.german() if message.id] == ["three"]


def test_the_real_catalogue_is_read():
    assert isinstance(catalogue.german(), Catalog)
    language.use("de")
    assert language._("Settings …") != ""
