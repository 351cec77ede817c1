import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyasn1.codec.ber import decoder, encoder
from pyasn1.type import univ

from console.snmp import ber

SUBIDENTIFIERS = st.integers(0, 0xFFFFFFFF)
OIDS = st.tuples(st.integers(0, 1), st.integers(0, 39)).flatmap(
    lambda head: st.lists(SUBIDENTIFIERS, max_size=30).map(lambda rest: (*head, *rest))
)


@given(st.integers(0, (1 << 32) - 1))
def test_a_length_survives(length):
    encoded = ber.encode_length(length)
    assert ber.decode_length(encoded, 0) == (length, len(encoded))


@given(st.integers(-(1 << 31), (1 << 31) - 1))
def test_an_integer_survives_and_pyasn1_reads_it(value):
    encoded = ber.encode_integer(value)
    assert ber.decode_integer(encoded, 0) == (value, len(encoded))
    assert decoder.decode(encoded) == (value, b"")
    # pyasn1 writes powers of -2 an octet longer than X.690 allows.
    assert len(encoded) <= len(encoder.encode(univ.Integer(value)))


@given(OIDS)
def test_an_oid_survives_and_is_what_pyasn1_writes(oid):
    content = ber.encode_oid(oid)
    assert ber.decode_oid(content) == oid
    assert ber.encode(ber.OBJECT_IDENTIFIER, content) == encoder.encode(univ.ObjectIdentifier(oid))


@given(st.binary(max_size=40))
def test_an_oid_pyasn1_refuses_is_no_surprise(content):
    try:
        oid = ber.decode_oid(content)
    except ber.BerError:
        return
    # What is readable means the same to both (pyasn1 also takes subidentifiers above 32 bits).
    if content and content[0] != 0x80:
        encoded = ber.encode(ber.OBJECT_IDENTIFIER, ber.encode_oid(oid))
        assert tuple(decoder.decode(encoded)[0]) == oid


VALUES = st.one_of(
    st.tuples(st.just(ber.INTEGER), st.integers(-(1 << 31), (1 << 31) - 1)),
    st.tuples(
        st.sampled_from((ber.COUNTER32, ber.GAUGE32, ber.TIME_TICKS)), st.integers(0, (1 << 32) - 1)
    ),
    st.tuples(st.just(ber.COUNTER64), st.integers(0, (1 << 64) - 1)),
    st.tuples(st.sampled_from((ber.OCTET_STRING, ber.IP_ADDRESS, 0x44)), st.binary(max_size=300)),
    st.tuples(st.sampled_from((ber.NULL, ber.NO_SUCH_OBJECT, ber.END_OF_MIB_VIEW)), st.just(b"")),
)


def encoded_value(tag, value):
    if isinstance(value, bytes):
        return ber.encode(tag, value)
    return ber.encode_integer(value) if tag == ber.INTEGER else ber.encode_unsigned(tag, value)


def varbind(oid, value):
    name = ber.encode(ber.OBJECT_IDENTIFIER, ber.encode_oid(oid))
    return ber.encode(ber.SEQUENCE, name + value)


@given(st.lists(st.tuples(OIDS, VALUES), max_size=20))
def test_varbinds_survive(varbinds):
    data = b"".join(varbind(oid, encoded_value(*value)) for oid, value in varbinds)
    oids, tags, values = ber.decode_varbinds(data, 0, len(data))
    assert [ber.decode_oid(oid) for oid in oids] == [oid for oid, _ in varbinds]
    assert list(tags) == [tag for _, (tag, _) in varbinds]
    assert values == [value for _, (_, value) in varbinds]


@pytest.mark.parametrize(
    "content",
    ["4100", "4106000000000000", "41050100000000", "020500ffffffff", "460a00000000000000000000"],
    ids=["empty", "six octets", "above 32 bits", "INTEGER above 31 bits", "above 64 bits"],
)
def test_an_integer_beyond_its_type_is_refused(content):
    data = varbind((1, 3, 6), bytes.fromhex(content))
    with pytest.raises(ber.BerError):
        ber.decode_varbinds(data, 0, len(data))


def test_a_counter_sent_with_its_sign_bit_set_is_read_as_meant():
    data = varbind((1, 3, 6), bytes.fromhex("4104ffffffff"))
    assert ber.decode_varbinds(data, 0, len(data))[2] == [0xFFFFFFFF]


@pytest.mark.parametrize("content", ["81", "ff", "8fffffff7f90808080"], ids=repr)
def test_an_oid_that_breaks_off_or_is_too_big_is_refused(content):
    with pytest.raises(ber.BerError):
        ber.decode_subidentifiers(bytes.fromhex(content))


def test_an_oid_of_too_many_parts_is_refused():
    with pytest.raises(ber.BerError):
        ber.decode_oid(b"\x01" * 200)
