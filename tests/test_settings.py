import pytest

from console import settings
from console.errors import OperatorError


def test_what_is_saved_is_loaded(tmp_path):
    path = tmp_path / "home" / "settings.yaml"
    settings.load(path).changed(theme="light", inventory="/net/kreis.yaml").save(path)
    again = settings.load(path)
    assert again["theme"] == "light"
    assert again["inventory"] == "/net/kreis.yaml"
    assert again["language"] == "inventory"


@pytest.mark.parametrize("text", ["theme: pink", "colour: red", "- a list", "{", "\x00"])
def test_a_file_that_says_nonsense_is_refused_in_one_sentence(tmp_path, text):
    path = tmp_path / "settings.yaml"
    path.write_text(text)
    with pytest.raises(OperatorError) as refused:
        settings.load(path)
    assert str(refused.value).endswith(".")


def test_every_row_has_a_default_that_it_allows():
    for row in settings.TABLE:
        assert not row.choices or row.default in [value for value, _label in row.choices]
        settings.Settings({}).changed(**{row.key: row.default})
