"""Decoding of traps and informs: against pysnmp's encoder, and against anything at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyasn1.codec.ber import decoder
from pysnmp.proto import api, rfc1902

from console.snmp import ber, traps
from console.snmp.ber import BerError
from console.snmp.traps import Notification, decode_pdu, read_community, value_text, version_of
from tests.trap_messages import IF_DESCR, IF_INDEX, LINK_DOWN, message_v1, message_v2


def decoded(data):
    return read_community(data).notification()


def test_a_v2_trap_with_its_variables():
    data = message_v2([(IF_INDEX, rfc1902.Integer32(7)), (IF_DESCR, rfc1902.OctetString("eth7"))])
    read = read_community(data)
    assert (read.version, read.community, read.kind) == ("2c", b"public", traps.TRAP)
    assert read.notification() == Notification(
        LINK_DOWN, None, ((IF_INDEX, "7"), (IF_DESCR, "eth7"))
    )


def test_the_answer_to_an_inform_is_the_same_message_as_a_response():
    data = message_v2([(IF_INDEX, rfc1902.Integer32(7))], inform=True)
    read = read_community(data)
    assert read.kind == traps.INFORM
    v2c = api.PROTOCOL_MODULES[api.SNMP_VERSION_2C]
    answer, rest = decoder.decode(read.answer(), asn1Spec=v2c.Message())
    asked, _rest = decoder.decode(data, asn1Spec=v2c.Message())
    assert not rest
    answer_pdu, asked_pdu = v2c.apiMessage.get_pdu(answer), v2c.apiMessage.get_pdu(asked)
    assert type(answer_pdu) is v2c.ResponsePDU
    assert v2c.apiPDU.get_request_id(answer_pdu) == v2c.apiPDU.get_request_id(asked_pdu)
    assert v2c.apiPDU.get_varbinds(answer_pdu) == v2c.apiPDU.get_varbinds(asked_pdu)


@pytest.mark.parametrize("generic", range(6))
def test_generic_v1_traps_are_those_of_v2(generic):
    found = decoded(message_v1(generic))
    assert found.trap == f"{traps.SNMP_TRAPS}.{generic + 1}"
    assert found.agent == "10.1.2.3"
    assert found.variables == ((traps.TRAP_ENTERPRISE, "1.3.6.1.4.1.9"),)


def test_enterprise_v1_traps_have_a_0_before_their_number():
    found = decoded(message_v1(6, [(IF_INDEX, rfc1902.Integer32(7))], 42, agent="0.0.0.0"))
    assert (found.trap, found.agent) == ("1.3.6.1.4.1.9.0.42", None)
    assert found.variables == ((IF_INDEX, "7"), (traps.TRAP_ENTERPRISE, "1.3.6.1.4.1.9"))


def test_a_relays_trap_names_the_device_behind_it_and_its_community_is_dropped():
    varbinds = [
        (traps.TRAP_ADDRESS, rfc1902.IpAddress("10.9.8.7")),
        (traps.TRAP_COMMUNITY, rfc1902.OctetString("hidden")),
    ]
    found = decoded(message_v2(varbinds))
    assert found.agent == "10.9.8.7"
    assert "hidden" not in str(found)


@pytest.mark.parametrize(
    ("tag", "value", "text"),
    [
        (ber.INTEGER, -3, "-3"),
        (ber.COUNTER64, 2**64 - 1, "18446744073709551615"),
        (ber.OCTET_STRING, b"Glasfaser \xc3\xbc", "Glasfaser ü"),
        (ber.OCTET_STRING, b"eth0\0", "eth0"),
        (ber.OCTET_STRING, b"two\r\nlines", "two\ufffd\ufffdlines"),
        (ber.OCTET_STRING, b"\x00\x1b\x2c", "00:1b:2c"),
        (ber.OCTET_STRING, b"\xff\xfe", "ff:fe"),
        (ber.OCTET_STRING, "a\u202eb".encode(), "61:e2:80:ae:62"),
        (ber.IP_ADDRESS, b"\x0a\x00\x00\x01", "10.0.0.1"),
        (ber.OBJECT_IDENTIFIER, b"\x2b\x06\x01", "1.3.6.1"),
        (ber.NO_SUCH_OBJECT, b"", ""),
        (ber.OCTET_STRING, b"x" * 300, "x" * 255),
    ],
)
def test_values_become_safe_text(tag, value, text):
    assert value_text(tag, value) == text


def test_what_is_too_much_is_counted():
    many = [(f"1.3.6.1.4.1.9.{n}", rfc1902.Integer32(n)) for n in range(40)]
    found = decoded(message_v2(many))
    assert (len(found.variables), found.left_out) == (traps.MOST_VARIABLES, 8)
    long = [(f"1.3.6.1.4.1.9.{n}", rfc1902.OctetString("x" * 255)) for n in range(10)]
    found = decoded(message_v2(long))
    assert (len(found.variables), found.left_out) == (7, 3)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30\x00",
        message_v2([])[:-1],
        message_v2([]) + b"\0",
        message_v2([], trap=None),
        message_v2([]).replace(b"\xa7", b"\xa0", 1),
        message_v1(6).replace(b"\x40\x04\x0a\x01\x02\x03", b"\x40\x04\x0a\x01\x02", 1),
    ],
    ids=["nothing", "empty", "cut", "too long", "without trap", "a question", "short address"],
)
def test_what_is_no_trap_raises_the_codecs_error(data):
    with pytest.raises(BerError):
        decoded(data)


def test_sysuptime_may_be_missing():
    assert decoded(message_v2([], uptime=False)).trap == LINK_DOWN


VALID = [
    message_v2([(IF_INDEX, rfc1902.Integer32(7)), (IF_DESCR, rfc1902.OctetString("eth7"))]),
    message_v2([(IF_INDEX, rfc1902.Counter64(7))], inform=True),
    message_v1(6, [(IF_INDEX, rfc1902.Integer32(7))], 42),
]


def survives(data):
    for read in (version_of, decoded):
        try:
            read(data)
        except BerError:
            continue


@given(st.binary(max_size=200))
def test_no_octets_raise_anything_but_the_codecs_error(data):
    survives(data)


@given(
    st.sampled_from(VALID),
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255)), min_size=1, max_size=4),
)
def test_no_damaged_trap_raises_anything_but_the_codecs_error(message, changes):
    data = bytearray(message)
    for place, octet in changes:
        data[place % len(data)] = octet
    survives(bytes(data))


@given(st.sampled_from((0xA4, 0xA6, 0xA7, 0xA2)), st.binary(max_size=120))
def test_no_pdu_raises_anything_but_the_codecs_error(kind, content):
    try:
        decode_pdu(kind, content, 0, len(content))
    except BerError:
        return


texts = st.one_of(st.text(max_size=30).map(str.encode), st.binary(max_size=30))
values = st.one_of(
    st.integers(-(2**31), 2**31 - 1).map(rfc1902.Integer32),
    st.integers(0, 2**64 - 1).map(rfc1902.Counter64),
    texts.map(rfc1902.OctetString),
)
oids = st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=6).map(
    lambda arcs: "1.3.6.1.4." + ".".join(map(str, arcs))
)


@given(st.lists(st.tuples(oids, values), max_size=6), st.booleans())
def test_every_notification_is_read_as_it_was_written(varbinds, inform):
    found = decoded(message_v2(varbinds, inform))
    assert found.trap == LINK_DOWN
    assert [oid for oid, _text in found.variables] == [oid for oid, _value in varbinds]
    for (_oid, text), (_name, value) in zip(found.variables, varbinds, strict=True):
        if not isinstance(value, rfc1902.OctetString):
            assert text == str(int(value))
        assert len(text) <= 255
