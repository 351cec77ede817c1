"""Messages of the user-based security model: what is sealed opens, and nothing else does."""

import dataclasses

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from console.snmp import ber, usm
from console.snmp.keys import AUTH_PROTOCOLS, PRIV_PROTOCOLS, User, keys_of
from console.snmp.messages import RESPONSE

ENGINE = bytes.fromhex("80001f8804") + b"an engine"
NATURALS = st.integers(0, 0x7FFFFFFF)
AUTHS = st.sampled_from(sorted(AUTH_PROTOCOLS))
USERS = st.one_of(
    st.just(User("noc")),
    st.builds(User, st.just("noc"), AUTHS, st.just("auth key 1")),
    st.builds(
        *(User, st.just("noc"), AUTHS, st.just("auth key 1")),
        *(st.sampled_from(sorted(PRIV_PROTOCOLS)), st.just("priv key 1")),
    ),
)


def pdu(value=b"value"):
    varbind = ber.encode(6, ber.encode_oid((1, 3, 6, 1))) + ber.encode(4, value)
    content = ber.encode_integer(7) + ber.encode_integer(0) * 2
    return content + ber.encode(0x30, ber.encode(0x30, varbind))


def sealed_by(user, value=b"value", message_id=5, moment=(3, 1000), context=b""):
    scoped = usm.scope(ENGINE, context, ber.encode(RESPONSE, pdu(value)))
    keys = keys_of(user, ENGINE)
    return usm.seal(message_id, user.level, ENGINE, moment, b"noc", keys, scoped)


@given(USERS, st.binary(max_size=400), NATURALS, st.tuples(NATURALS, NATURALS), st.binary())
def test_every_message_survives(user, value, message_id, moment, context):
    sealed = usm.parse(sealed_by(user, value, message_id, moment, context))
    assert (sealed.message_id, sealed.level, sealed.user) == (message_id, user.level, b"noc")
    assert (sealed.engine_id, (sealed.boots, sealed.time_s)) == (ENGINE, moment)
    scoped = usm.unseal(sealed, keys_of(user, ENGINE))
    assert (scoped.engine_id, scoped.context, scoped.kind) == (ENGINE, context, RESPONSE)
    assert scoped.pdu == pdu(value)
    assert scoped.answer(1).values == [value]


SIGNED = [
    User("noc", auth, "auth key 1", priv, "priv key 1")
    for auth, priv in (("MD5", None), ("SHA-1", "DES"), ("SHA-512", "AES-256"))
]
MESSAGES = [sealed_by(user) for user in SIGNED]


@pytest.mark.parametrize(("user", "message"), [*zip(SIGNED, MESSAGES, strict=True)])
def test_no_bit_of_a_signed_message_may_change(user, message):
    keys = keys_of(user, ENGINE)
    for position in range(len(message)):
        for bit in range(8):
            damaged = bytearray(message)
            damaged[position] ^= 1 << bit
            assert not opens(bytes(damaged), user, keys), (position, bit)


def opens(data, user, keys):
    """Tell whether a message is believed at the level the user must have."""
    try:
        sealed = usm.parse(data)
        return usm.unseal(sealed, keys) is not None and sealed.level == user.level
    except ber.BerError:
        return False


@given(st.sampled_from(range(len(SIGNED))), st.data())
@settings(max_examples=300)
def test_a_mutated_message_is_never_believed(which, data):
    user, message = SIGNED[which], MESSAGES[which]
    begin = data.draw(st.integers(0, len(message)))
    end = data.draw(st.integers(begin, len(message)))
    mutated = message[:begin] + data.draw(st.binary(max_size=20)) + message[end:]
    assert mutated == message or not opens(mutated, user, keys_of(user, ENGINE))


@given(st.binary(max_size=300))
@example(b"")
@example(b"0\x84\xff\xff\xff\xff")
@example(bytes.fromhex("3003020103"))
def test_noise_raises_nothing_but_the_codecs_error(noise):
    for data in (noise, MESSAGES[0][:40] + noise):
        with pytest.raises(ber.BerError):
            usm.parse(data)


@given(USERS, st.binary(max_size=60))
def test_noise_under_the_right_key_raises_nothing_but_the_codecs_error(user, noise):
    keys = keys_of(user, ENGINE)
    message = usm.seal(1, user.level, ENGINE, (1, 1), b"noc", keys, noise)
    with pytest.raises(ber.BerError):
        usm.unseal(usm.parse(message), keys).answer(1)


def test_another_key_is_told_from_another_cipher():
    user = User("noc", "SHA-256", "auth key 1", "AES-128", "priv key 1")
    sealed = usm.parse(sealed_by(user))
    for wrong, statistic in (
        (dataclasses.replace(user, auth_key="auth key 2"), usm.WRONG_DIGEST),
        (dataclasses.replace(user, priv_key="priv key 2"), usm.DECRYPTION_ERROR),
        (dataclasses.replace(user, priv=None), usm.UNSUPPORTED_LEVEL),
        (User("noc"), usm.UNSUPPORTED_LEVEL),
    ):
        with pytest.raises(usm.UnbelievableError) as refused:
            usm.unseal(sealed, keys_of(wrong, ENGINE))
        assert refused.value.statistic == statistic


def test_a_report_tells_its_statistic():
    scoped = usm.scope(ENGINE, b"", usm.report_pdu(9, usm.UNKNOWN_USER, 12))
    report = usm.unseal(usm.parse(usm.seal(1, 0, ENGINE, (1, 1), b"", None, scoped)), None)
    assert report.statistic() == usm.UNKNOWN_USER
    assert report.answer(0).values == [12]
