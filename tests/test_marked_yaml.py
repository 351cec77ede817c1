import string

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from console.model import marked_yaml
from console.model.marked_yaml import MAX_DEPTH, MAX_VALUES, NotYaml

TEXT = st.text(string.ascii_letters + string.digits + " :-_#äöß'\"{}[]\n", max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES, st.booleans())
def test_reads_what_yaml_wrote(data, flow):
    text = yaml.safe_dump(data, default_flow_style=flow, allow_unicode=True)
    assert marked_yaml.read(text).data == data


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    try:
        marked = marked_yaml.read(text)
    except NotYaml as error:
        line = error.problem.line
    else:
        line = marked.line
    assert 1 <= line <= 2 + sum(text.count(end) for end in "\n\r\x85\u2028\u2029")


def test_every_part_knows_its_line():
    marked = marked_yaml.read("a: 1\nb:\n  - {c: 2}\n  - c: 3\n    d:\n      e: 4\n")
    assert marked.line_of(("a",)) == 1
    assert marked.line_of(("b", 0, "c")) == 3
    assert marked.line_of(("b", 1, "d", "e")) == 6


def test_a_missing_part_has_the_line_of_what_is_around_it():
    marked = marked_yaml.read("a:\n  - {b: 1}\n")
    assert marked.line_of(("a", 0, "missing")) == 2


@pytest.mark.parametrize(
    "word", ["off", "no", "Yes", "07235", "1:1", "0x10", "1_000", "2026-01-01"]
)
def test_words_that_yaml_1_1_would_change_stay_text(word):
    assert marked_yaml.read(f"a: {word}").data == {"a": word}


@pytest.mark.parametrize(
    ("word", "value"), [("10", 10), ("-3", -3), ("1.5", 1.5), ("1e10", 1e10), ("~", None)]
)
def test_plain_numbers_and_nothing(word, value):
    assert marked_yaml.read(f"a: {word}").data == {"a": value}


def test_a_second_key_of_the_same_name_is_named_with_both_lines():
    (problem,) = marked_yaml.read("a: 1\nb: 2\na: 3\n").problems
    assert problem.line == 3
    assert "line 1" in problem.text


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: b\n\tc: d", 2, "tab"),
        ("a: b: c", 1, "quotes"),
        ("a: {b: c\nd: e", 2, "}"),
        ("a: [b\nd: e", 2, "]"),
        ('x: y\na: "b\nc: d\n', 2, "quotation mark"),
        ("a: 1\n---\nb: 2", 2, "second document"),
        ("a: *b", 1, "no anchor"),
        ("a: &b [*b]", 1, "no anchor"),
        ("[a]: b", 1, "key"),
        ("a: \x07", 1, "control character"),
        ("a: @b", 1, "not YAML"),
    ],
)
def test_what_cannot_be_read_is_said_in_plain_words(text, line, says):
    with pytest.raises(NotYaml) as caught:
        marked_yaml.read(text)
    assert caught.value.problem.line == line
    assert says in caught.value.problem.text


def test_no_type_can_be_asked_for():
    (problem,) = marked_yaml.read("a: !!python/object/apply:os.getcwd []").problems
    assert "none are allowed" in problem.text


def test_aliases_that_multiply_are_stopped():
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        bomb += f"{name}: &{name} [{','.join(['*' + before] * 9)}]\n"
    with pytest.raises(NotYaml, match=str(MAX_VALUES)):
        marked_yaml.read(bomb)


def test_brackets_without_end_are_stopped():
    with pytest.raises(NotYaml, match=str(MAX_DEPTH)):
        marked_yaml.read("[" * 500_000)


def test_an_alias_repeats_its_anchor():
    assert marked_yaml.read("a: &x {b: 1}\nc: *x").data == {"a": {"b": 1}, "c": {"b": 1}}


def test_size_is_bounded(monkeypatch):
    monkeypatch.setattr(marked_yaml, "MAX_CHARACTERS", 10)
    with pytest.raises(NotYaml):
        marked_yaml.read("a: " + "b" * 20)


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: 1\nsnmp\nb: 2\n", 2), ("a:\n  - id: x\n    name A\n    lat: 5\n", 3), ("a: 1\nb", 2)],
)
def test_a_missing_colon_is_blamed_on_its_own_line(text, line):
    with pytest.raises(NotYaml) as error:
        marked_yaml.read(text)
    assert error.value.problem.line == line
    assert "a colon is missing" in error.value.problem.text
