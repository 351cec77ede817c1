import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyasn1.codec.ber import decoder, encoder
from pysnmp.proto.api import v2c

from console.snmp import ber
from console.snmp.errors import Refused
from console.snmp.messages import (
    GET,
    GETBULK,
    Answer,
    CommunityMessages,
    check_status,
    request_id_of,
)

MESSAGES = CommunityMessages("public")
OID = (1, 3, 6, 1, 2, 1, 2, 2, 1, 10, 7)
REQUEST_IDS = st.integers(0x40000000, 0x7FFFFFFF)


def response(varbinds=(), *, request_id=0x40000001, community="public", status=0):
    """A response as pysnmp writes it."""
    pdu = v2c.GetResponsePDU()
    v2c.apiPDU.set_defaults(pdu)
    v2c.apiPDU.set_request_id(pdu, request_id)
    v2c.apiPDU.set_error_status(pdu, status)
    v2c.apiPDU.set_varbinds(pdu, list(varbinds))
    message = v2c.Message()
    v2c.apiMessage.set_defaults(message)
    v2c.apiMessage.set_community(message, community)
    v2c.apiMessage.set_pdu(message, pdu)
    return encoder.encode(message)


@given(REQUEST_IDS, st.integers(0, 100), st.integers(0, 100), st.text(max_size=200))
def test_pysnmp_reads_a_request_as_meant(request_id, non_repeaters, repetitions, community):
    messages = CommunityMessages(community)
    wanted = [ber.encode_oid(OID)]
    prepared = messages.prepare(GETBULK, wanted, non_repeaters, repetitions)
    message, rest = decoder.decode(messages.encode(prepared, request_id), asn1Spec=v2c.Message())
    pdu = v2c.apiMessage.get_pdu(message)
    assert not rest
    assert bytes(v2c.apiMessage.get_community(message)) == community.encode()
    assert v2c.apiBulkPDU.get_request_id(pdu) == request_id
    assert v2c.apiBulkPDU.get_non_repeaters(pdu) == non_repeaters
    assert v2c.apiBulkPDU.get_max_repetitions(pdu) == repetitions
    assert [tuple(oid) for oid, _ in v2c.apiBulkPDU.get_varbinds(pdu)] == [OID]


def test_a_get_is_what_pysnmp_writes():
    pdu = v2c.GetRequestPDU()
    v2c.apiPDU.set_defaults(pdu)
    v2c.apiPDU.set_request_id(pdu, 0x40000001)
    v2c.apiPDU.set_varbinds(pdu, [(OID, v2c.null)])
    message = v2c.Message()
    v2c.apiMessage.set_defaults(message)
    v2c.apiMessage.set_community(message, "public")
    v2c.apiMessage.set_pdu(message, pdu)
    prepared = MESSAGES.prepare(GET, [ber.encode_oid(OID)])
    assert MESSAGES.encode(prepared, 0x40000001) == encoder.encode(message)


def test_reads_what_pysnmp_writes():
    varbinds = [
        (OID, v2c.Counter64(1 << 63)),
        (OID, v2c.Integer32(-5)),
        (OID, v2c.OctetString("port 7")),
        (OID, v2c.NoSuchInstance()),
    ]
    answer = MESSAGES.decode(response(varbinds))
    assert answer.request_id == 0x40000001
    assert answer.oids == [ber.encode_oid(OID)] * 4
    assert [answer.value(i) for i in range(5)] == [1 << 63, -5, b"port 7", None, None]


@given(REQUEST_IDS)
def test_the_request_id_is_found_without_reading_the_rest(request_id):
    assert request_id_of(response(request_id=request_id)) == request_id


def test_another_community_is_not_believed():
    with pytest.raises(ber.BerError):
        MESSAGES.decode(response(community="private"))


GOOD = response([(OID, v2c.Counter32(5)), (OID, v2c.OctetString("x" * 200))])


@given(st.binary(max_size=200))
@example(b"")
@example(b"0")
@example(b"0\x84\xff\xff\xff\xff")
def test_noise_raises_nothing_but_the_codecs_error(data):
    for read in (MESSAGES.decode, request_id_of):
        with pytest.raises(ber.BerError):
            read(data)


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255), st.integers(0, len(GOOD)))
def test_a_damaged_answer_is_read_or_refused(position, octet, length):
    damaged = bytearray(GOOD)
    damaged[position] = octet
    for data in (bytes(damaged), bytes(damaged[:length])):
        for read in (MESSAGES.decode, request_id_of):
            try:
                read(data)
            except ber.BerError:
                continue


@given(st.integers(0, len(GOOD) - 1))
def test_an_answer_that_breaks_off_is_refused(length):
    with pytest.raises(ber.BerError):
        MESSAGES.decode(GOOD[:length])


@pytest.mark.parametrize(
    ("status", "detail"), [(6, "snmp_access"), (16, "snmp_access"), (5, "snmp_status")]
)
def test_an_error_status_is_a_refusal(status, detail):
    with pytest.raises(Refused) as refused:
        check_status(Answer(1, status, 0, [], bytearray(), [], 30))
    assert refused.value.detail == detail
