import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.model.text import MOST_CHARACTERS, clean_text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"ge-0/0/0", "ge-0/0/0"),
        ("Südwestpfalz".encode(), "Südwestpfalz"),
        ("Südwestpfalz".encode("latin-1"), "Südwestpfalz"),
        (b"two\r\nlines\x00", "two\ufffd\ufffdlines\ufffd"),
        ("\u202eeth0\u2066", "\ufffdeth0\ufffd"),
        ("\u2028", "\ufffd"),
        ("x" * 300, "x" * 255),
        (b"", ""),
    ],
)
def test_clean_text(raw, text):
    assert clean_text(raw) == text


@given(st.text() | st.binary())
def test_nothing_that_controls_is_left(raw):
    text = clean_text(raw)
    assert len(text) <= MOST_CHARACTERS
    assert clean_text(text) == text
    for character in text:
        assert unicodedata.category(character) not in ("Cc", "Zl", "Zp")
        assert unicodedata.bidirectional(character) not in (
            *("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"),
        )
