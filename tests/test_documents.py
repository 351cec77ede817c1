from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.probes.documents import (
    UnreadableError,
    at,
    entries,
    json_number,
    json_text,
    read_json,
    read_xml,
    xml_number,
    xml_text,
)

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE Status [<!ENTITY a "ha">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
]><Status>&c;</Status>"""
OUTSIDE = b'<!DOCTYPE Status SYSTEM "file:///etc/passwd"><Status/>'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not xml",
        b"<Status>",
        b"<Other/>",
        b"<Status>&undeclared;</Status>",
        LAUGHS,
        OUTSIDE,
        LAUGHS.decode().encode("utf-16"),
        LAUGHS.decode().replace("?>", ' encoding="cp037"?>', 1).encode("cp037"),
        b"<Status>\xff\xfe</Status>",
        b'<?xml version="1.0" encoding="utf-7"?><Status>\xff</Status>',
        b"\x00" * 1000,
    ],
)
def test_what_is_no_such_document(body):
    with pytest.raises(UnreadableError):
        read_xml(body, "Status")


def test_xml_in_either_encoding_with_its_texts_cleaned():
    for encoding in ("utf-8", "iso-8859-1"):
        text = f'\n<?xml version="1.0" encoding="{encoding}"?><S><a> Sälchen\u0085\x7f</a></S>'
        found = read_xml(text.encode(encoding), "S")
        assert xml_text(found, "a") == "Sälchen\ufffd\ufffd"
    assert (xml_text(found, "b"), xml_number(found, "a"), xml_number(found, "b")) == (None,) * 3


def test_xml_however_deep():
    deep = b"<S>" * 200_000 + b"</S>" * 200_000
    assert xml_text(read_xml(deep, "S"), "x") is None


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"nothing", b"NaN", b"[1e999, Infinity]", b"\xff\xff", b"[" * 500_000),
        b"[" * 500 + b"]" * 500,
        b'{"a":' * 200 + b"1" + b"}" * 200,
        b"[" + b"9" * 100_000 + b"]",
    ],
)
def test_what_is_no_json(body):
    with pytest.raises(UnreadableError):
        read_json(body)


def test_json_of_the_wrong_kind_is_not_there():
    for value in (None, 1, "a", [], {"a": []}, {"a": {"b": {}}}):
        assert json_text(value, "a", "b") is None
        assert json_number(value, "a", "b") is None
        assert entries(at(value, "a")) == []
    assert json_text({"a": "\u202eevil"}, "a") == "\ufffdevil"
    assert [json_number({"a": v}, "a") for v in (True, "7", 7.5, -1, 1e300)] == [
        *(None, 7.0, 7.5, None, None)
    ]


@given(st.binary(max_size=200))
def test_nothing_is_too_strange(body):
    for read in (read_json, lambda octets: read_xml(octets, "S")):
        with suppress(UnreadableError):
            read(body)
