import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.stamp.packets import (
    AUTHENTICATED,
    PLAIN,
    ErrorEstimate,
    Reply,
    Request,
    StampError,
    ntp_stamp,
    read_reply,
    read_request,
    reply_octets,
    request_octets,
    stamp_ns,
)

KEY = b"only the two ends know this"
# 2026-11-22T08:00:00.5Z: 1795334400 + 2208988800 = 4004323200 seconds, and a half.
SENT = 0xEEAD1F80_80000000
SENT_NS = 1795334400_500000000
GOT = SENT + (1 << 32)
LEFT = GOT + (1 << 31)

words = st.integers(0, (1 << 32) - 1)
stamps = st.integers(0, (1 << 64) - 1)
halves = st.integers(0, (1 << 16) - 1)
octets = st.integers(0, 255)
estimates = st.builds(ErrorEstimate, st.booleans(), st.booleans(), st.integers(0, 63), octets)
requests = st.builds(Request, words, stamps, estimates, halves)
replies = st.builds(Reply, words, stamps, stamps, requests, octets, estimates)
keys = st.sampled_from([None, KEY])


def test_a_moment_is_written_as_rfc_5905_says() -> None:
    assert ntp_stamp(0) == 2_208_988_800 << 32
    assert ntp_stamp(SENT_NS) == SENT
    assert stamp_ns(SENT) == SENT_NS


@given(st.integers(-(10**9) * 3600, 4 * 10**18))
def test_no_nanosecond_is_lost_on_the_way_through_ntp(at_ns: int) -> None:
    assert stamp_ns(ntp_stamp(at_ns)) == at_ns


def test_ptp_counts_nanoseconds_since_1970() -> None:
    assert stamp_ns((7 << 32) + 5, ErrorEstimate(ptp=True)) == 7_000_000_005


def test_a_request_lies_as_in_section_4_2_1() -> None:
    data = request_octets(Request(3, SENT, ErrorEstimate(True, False, 5, 9), 0x1234))
    assert data == bytes.fromhex("00000003 eead1f8080000000 8509 1234") + bytes(28)


def test_a_signed_request_lies_as_in_section_4_2_2() -> None:
    fields = bytes.fromhex("00000003 000000000000000000000000 eead1f8080000000 4001 1234") + bytes(
        68
    )
    digest = hmac.new(KEY, fields, hashlib.sha256).digest()[:16]
    request = Request(3, SENT, ErrorEstimate(False, True, 0, 1), 0x1234)
    assert request_octets(request, key=KEY) == fields + digest
    assert read_request(fields + digest, KEY) == request


def test_a_reply_lies_as_in_section_4_3_1() -> None:
    request = Request(3, SENT, ErrorEstimate(True, False, 5, 9), 0x1234)
    data = reply_octets(Reply(2, LEFT, GOT, request, 61), request_octets(request))
    assert data == bytes.fromhex(
        "00000002 eead1f8200000000 2001 1234 eead1f8180000000"
        "00000003 eead1f8080000000 8509 0000 3d 000000"
    )


def test_a_signed_reply_lies_as_in_section_4_3_2() -> None:
    request = Request(3, SENT, ErrorEstimate(True, False, 5, 9), 0x1234)
    data = reply_octets(Reply(2, LEFT, GOT, request, 61), request_octets(request, key=KEY), KEY)
    fields = bytes.fromhex(
        "00000002 000000000000000000000000 eead1f8200000000 2001 1234 00000000"
        "eead1f8180000000 0000000000000000 00000003 000000000000000000000000"
        "eead1f8080000000 8509 000000000000 3d 000000000000000000000000000000"
    )
    assert data == fields + hmac.new(KEY, fields, hashlib.sha256).digest()[:16]


def test_padding_is_a_tlv_of_its_own_that_comes_back_understood() -> None:
    request = Request(1, SENT)
    data = request_octets(request, 100)
    assert len(data) == 100
    assert data[PLAIN:] == bytes.fromhex("80010034") + bytes(52)
    answer = reply_octets(Reply(0, LEFT, GOT, request, 64), data)
    assert answer[PLAIN:] == bytes.fromhex("00010034") + bytes(52)


@pytest.mark.parametrize("size", [0, 44, 47])
def test_what_has_no_room_for_padding_is_not_padded(size: int) -> None:
    assert len(request_octets(Request(1, SENT), size)) == PLAIN


@pytest.mark.parametrize(
    ("sent", "back"),
    [
        ("80fb0002abcd 80010001ff", "80fb0002abcd 00010001ff"),  # one of another's own
        ("80010005ff", "40010005ff"),  # says it is longer than the packet
        ("000000000000", "000000000000"),  # padding of older senders
        ("8001", "8001"),
    ],
)
def test_other_tlvs_come_back_with_their_flags(sent: str, back: str) -> None:
    request = Request(1, SENT)
    data = request_octets(request) + bytes.fromhex(sent)
    assert reply_octets(Reply(0, LEFT, GOT, request, 64), data)[PLAIN:] == bytes.fromhex(back)


@given(requests, st.integers(0, 1500), keys)
def test_a_request_is_read_as_it_was_written(
    request: Request, size: int, key: bytes | None
) -> None:
    assert read_request(request_octets(request, size, key), key) == request


@given(replies, st.binary(max_size=200), keys)
def test_a_reply_is_read_as_it_was_written_and_as_long_as_the_request(
    reply: Reply, rest: bytes, key: bytes | None
) -> None:
    asked = request_octets(reply.request, key=key) + rest
    data = reply_octets(reply, asked, key)
    assert len(data) == len(asked)
    assert read_reply(data, key) == reply


@given(st.binary(max_size=300), keys)
def test_any_octets_are_read_or_refused(data: bytes, key: bytes | None) -> None:
    for read in (read_request, read_reply):
        try:
            read(data, key)
        except StampError:
            continue
        assert len(data) >= PLAIN
        assert key is None


@given(st.integers(0, AUTHENTICATED * 8 - 1))
def test_no_bit_of_a_signed_packet_can_be_turned(bit: int) -> None:
    data = bytearray(request_octets(Request(1, SENT), key=KEY))
    data[bit // 8] ^= 1 << bit % 8
    with pytest.raises(StampError):
        read_request(bytes(data), KEY)


def test_a_packet_signed_with_another_key_or_not_at_all_is_refused() -> None:
    for data in (
        request_octets(Request(1, SENT), key=b"another key"),
        request_octets(Request(1, SENT), AUTHENTICATED),
    ):
        with pytest.raises(StampError):
            read_request(data, KEY)


@pytest.mark.parametrize("key", [None, KEY])
def test_a_reply_is_no_request(key: bytes | None) -> None:
    request = Request(1, SENT)
    data = reply_octets(Reply(0, LEFT, GOT, request, 64), request_octets(request, key=key), key)
    with pytest.raises(StampError):
        read_request(data, key)
