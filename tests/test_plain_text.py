from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QTextDocumentFragment

from widgets.plain_text import plain_tip

NAMES = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1)


@given(NAMES)
def test_a_tool_tip_shows_the_letters_of_the_name(name):
    assert QTextDocumentFragment.fromHtml(plain_tip(name)).toPlainText() == name


def test_no_text_is_no_tool_tip():
    assert plain_tip("") == ""
