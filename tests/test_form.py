"""Varbinds read by their form against the same read one by one."""

from hypothesis import given
from hypothesis import strategies as st

from console.snmp import ber
from console.snmp.form import Form
from tests.test_ber import OIDS, VALUES, encoded_value, varbind

ROWS = st.lists(st.tuples(OIDS, VALUES), min_size=1, max_size=8)


def message(rows) -> bytes:
    return b"".join(varbind(oid, encoded_value(*value)) for oid, value in rows)


def one_by_one(data: bytes):
    try:
        return ber.decode_varbinds(data, 0, len(data))
    except (ber.BerError, IndexError):
        return None


def learnt(data: bytes) -> Form:
    form, found = Form(), one_by_one(data)
    form.learn(data, 0, len(data), found)
    assert form.read(data, 0, len(data)) is None, "most requests are made once"
    form.learn(data, 0, len(data), found)
    return form


@given(ROWS)
def test_what_was_learnt_is_read_again(rows):
    data = message(rows)
    assert learnt(data).read(data, 0, len(data)) == one_by_one(data)


@given(ROWS, st.data())
def test_other_octets_are_read_alike_or_not_at_all(rows, draws):
    data = message(rows)
    other = bytearray(data)
    for _ in range(draws.draw(st.integers(1, 3))):
        place = draws.draw(st.integers(0, len(data) - 1))
        other[place] = draws.draw(st.integers(0, 255))
    found = learnt(data).read(bytes(other), 0, len(other))
    assert found is None or found == one_by_one(bytes(other))


@given(ROWS, ROWS)
def test_another_answer_is_read_alike_or_not_at_all(rows, others):
    data = message(others)
    found = learnt(message(rows)).read(data, 0, len(data))
    assert found is None or found == one_by_one(data)


def counters(octets: int, *, up: bool = True) -> bytes:
    name = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1)
    return message(
        [
            ((*name, 8, 1), (ber.INTEGER, 1 if up else 2)),
            ((*name, 6, 1), (ber.COUNTER64, octets)),
            ((*name, 6, 2), (ber.COUNTER32, (1 << 32) - 1)),
            ((*name, 6, 3), (ber.END_OF_MIB_VIEW, b"")),
        ]
    )


def test_counters_move_and_the_form_stays():
    form = learnt(counters(10**12))
    data = b"before" + counters(10**12 + 12345) + b"after"
    _oids, tags, values = form.read(data, 6, len(data) - 5)
    assert values == [1, 10**12 + 12345, (1 << 32) - 1, b""]
    assert tags[1] == ber.COUNTER64


def test_a_state_that_changes_or_a_counter_that_grows_longer_is_another_form():
    form = learnt(counters(127))
    for data in (counters(127, up=False), counters(128)):
        assert form.read(data, 0, len(data)) is None
        form.learn(data, 0, len(data), one_by_one(data))
        assert form.read(data, 0, len(data)) == one_by_one(data)


def test_an_integer_an_octet_too_long_is_no_way_around_its_range():
    data = varbind((1, 3, 6), bytes.fromhex("02050012345678"))
    other = varbind((1, 3, 6), bytes.fromhex("02050092345678"))
    assert learnt(data).read(other, 0, len(other)) is None
