"""TLVs behind a packet, octet by octet, and that nothing unsigned is believed."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.stamp.packets import (
    AUTHENTICATED,
    Reply,
    Request,
    asking_octets,
    read_reply,
    read_request,
    reply_octets,
    request_octets,
)
from console.stamp.tlvs import HMAC, reflected, signed, tlv, value_of, verified

KEY = b"only the two ends know this"
NUMBER, OWN = 7, 3


def told(kind: int, value: bytes) -> bytes | None:
    """Understands type 240: turns its value round."""
    return value[::-1] if kind == 240 else None


def digest(text: bytes, key: bytes = KEY) -> bytes:
    return hmac.new(key, text, hashlib.sha256).digest()[:16]


def test_the_digest_lies_as_in_section_4_8() -> None:
    tlvs = bytes.fromhex("80f00003 616263")
    octets = signed(tlvs, NUMBER, KEY)
    assert octets == tlvs + bytes.fromhex("80080010") + digest(bytes.fromhex("00000007") + tlvs)


def test_the_answer_is_signed_anew_with_the_reflectors_number() -> None:
    padding = bytes.fromhex("80010002 0000")
    asked = signed(bytes.fromhex("80f00003 616263"), NUMBER, KEY) + padding
    answer = reflected(asked, (NUMBER, OWN), KEY, told)
    first = bytes.fromhex("00f00003 636261")
    hashed = bytes.fromhex("00080010") + digest(bytes.fromhex("00000003") + first)
    assert answer == first + hashed + bytes.fromhex("00010002 0000")
    assert value_of(answer, 240, OWN, KEY) == b"cba"
    assert value_of(answer, 240, NUMBER, KEY) is None


def test_what_is_not_understood_goes_back_signed_and_is_not_taken_for_an_answer() -> None:
    asked = signed(tlv(241, b"abc"), NUMBER, KEY)
    answer = reflected(asked, (NUMBER, OWN), KEY, told)
    assert answer[:7] == bytes.fromhex("80f10003") + b"abc"
    assert verified(answer, OWN, KEY)
    assert value_of(answer, 241, OWN, KEY) is None


GOOD = signed(tlv(240, b"abc"), NUMBER, KEY)


@pytest.mark.parametrize(
    "rest",
    [
        tlv(240, b"abc"),  # not signed
        signed(tlv(240, b"abc"), NUMBER, b"another key"),
        signed(tlv(240, b"abc"), NUMBER + 1, KEY),  # another packet's
        GOOD + tlv(240, b"abc"),  # something behind the digest
        GOOD + tlv(HMAC, bytes(16)),
        tlv(240, b"abc") + tlv(HMAC, b"short"),
        GOOD[:-1],
    ],
)
def test_what_cannot_be_believed_is_not_read_and_says_so(rest: bytes) -> None:
    asked: list[int] = []

    def fill(kind: int, value: bytes) -> bytes:
        asked.append(kind)
        return value[::-1]

    assert not verified(rest, NUMBER, KEY)
    answer = reflected(rest, (NUMBER, OWN), KEY, fill)
    assert asked == []
    assert len(answer) == len(rest)
    assert answer[0] == 0x20
    assert answer[4:7] == b"abc"
    assert value_of(answer, 240, OWN, KEY) is None


def test_padding_alone_needs_no_digest() -> None:
    assert verified(tlv(1, bytes(40)), NUMBER, KEY)
    assert verified(b"", NUMBER, KEY)
    assert verified(bytes(40), NUMBER, KEY)  # of older senders


def test_a_signed_question_is_an_authenticated_packet() -> None:
    data = asking_octets(Request(NUMBER, 1 << 60), tlv(240, b"abc"), KEY)
    assert read_request(data, KEY).number == NUMBER
    assert data[AUTHENTICATED:] == GOOD


def test_an_answer_too_long_or_too_short_is_none() -> None:
    for wrong in (b"", b"abcd"):
        answer = reflected(GOOD, (NUMBER, OWN), KEY, lambda _kind, _value, w=wrong: w)
        assert answer[:7] == bytes.fromhex("80f00003") + b"abc"


fills = st.sampled_from([None, told, lambda _kind, value: value + bytes(1000)])


@given(st.binary(max_size=300), st.sampled_from([None, KEY]), fills, st.booleans())
def test_the_answer_is_exactly_as_long(
    rest: bytes, key: bytes | None, fill: object, sign: bool
) -> None:
    request = Request(NUMBER, 1 << 60)
    if sign and key:
        rest = signed(rest, NUMBER, key)
    asked = request_octets(request, key=key) + rest
    answer = reply_octets(Reply(OWN, 5, 6, request, 64), asked, key, fill)  # type: ignore[arg-type]
    assert len(answer) == len(asked)
    assert read_reply(answer, key).number == OWN


@given(st.integers(0, len(GOOD) * 8 - 1))
def test_no_bit_of_signed_tlvs_can_be_turned_but_flags(bit: int) -> None:
    data = bytearray(GOOD)
    data[bit // 8] ^= 1 << bit % 8
    flags_of_the_digest = len(GOOD) - 20
    assert verified(bytes(data), NUMBER, KEY) == (bit // 8 == flags_of_the_digest)
