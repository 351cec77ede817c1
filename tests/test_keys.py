import hashlib

import pysnmp.hlapi.v3arch.asyncio as pysnmp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyasn1.type import univ
from pysnmp.proto.secmod.eso.priv import aes192, aes256
from pysnmp.proto.secmod.rfc3414.auth import hmacmd5, hmacsha

from console.snmp.ber import BerError
from console.snmp.keys import (
    AUTH_PROTOCOLS,
    PRIV_PROTOCOLS,
    Keys,
    User,
    auth_key,
    keys_of,
    priv_key,
    stretched,
)

ENGINE = bytes.fromhex("000000000000000000000002")
PASSPHRASE = "maplesyrup"


def user(auth=None, priv=None, key="a long passphrase"):
    return User("noc", auth, key if auth else "", priv, key if priv else "")


@pytest.mark.parametrize(
    ("hash_name", "expected"),
    [  # RFC 3414, A.3
        ("md5", "526f5eed9fcce26f8964c2930787d82b"),
        ("sha1", "6695febc9288e36282235fc7151f128497b38f3f"),
    ],
)
def test_keys_are_those_of_the_rfc(hash_name, expected):
    assert auth_key(hash_name, PASSPHRASE, ENGINE).hex() == expected


@pytest.mark.parametrize(
    ("protocol", "theirs"),
    [
        ("AES-192", aes192.AesBlumenthal192),
        ("AES-256", aes256.AesBlumenthal256),
        ("AES-192-C", aes192.Aes192),
        ("AES-256-C", aes256.Aes256),
    ],
)
@pytest.mark.parametrize(("auth", "name"), [(hmacmd5.HmacMd5, "md5"), (hmacsha.HmacSha, "sha1")])
def test_expanded_keys_are_those_of_pysnmp(protocol, theirs, auth, name):
    assert pysnmp  # its modules import one another in this order only
    stretched_by_them = theirs().hash_passphrase(auth.SERVICE_ID, PASSPHRASE.encode())
    expected = theirs().localize_key(auth.SERVICE_ID, stretched_by_them, univ.OctetString(ENGINE))
    assert priv_key(name, protocol, PASSPHRASE, ENGINE) == bytes(expected)


def test_a_passphrase_is_stretched_over_a_megabyte():
    assert stretched("md5", b"ab") == hashlib.md5(b"ab" * (1 << 19)).digest()
    with pytest.raises(ValueError, match="empty"):
        stretched("md5", b"")


@given(
    st.sampled_from(sorted(AUTH_PROTOCOLS)),
    st.sampled_from(sorted(PRIV_PROTOCOLS)),
    st.binary(max_size=300),
    st.integers(0, 0x7FFFFFFF),
    st.integers(0, 0x7FFFFFFF),
)
def test_what_is_encrypted_comes_back(auth, priv, plain, boots, time_s):
    keys = keys_of(user(auth, priv), ENGINE)
    salt, ciphertext = keys.encrypt(plain, boots, time_s)
    assert keys.decrypt(ciphertext, boots, time_s, salt)[: len(plain)] == plain


@pytest.mark.parametrize("priv", sorted(PRIV_PROTOCOLS))
def test_no_salt_comes_twice(priv):
    keys = keys_of(user("SHA-1", priv), ENGINE)
    salts = {keys.encrypt(b"x", 1, 1)[0] for _ in range(500)}
    assert len(salts) == 500


def test_what_cannot_be_decrypted_raises_the_codecs_error():
    keys = Keys(user("MD5", "DES"), ENGINE)
    for ciphertext, salt in ((b"1234567", bytes(8)), (b"12345678", b""), (b"12345678", bytes(9))):
        with pytest.raises(BerError):
            keys.decrypt(ciphertext, 1, 1, salt)


def test_levels():
    levels = [user().level, user("MD5").level, user("MD5", "DES").level, user(None, "DES").level]
    assert levels == [0, 1, 3, 0]


def test_keys_are_made_once_an_engine_and_never_shown():
    one = user("SHA-512", "AES-256", "not to be seen")
    assert keys_of(one, ENGINE) is keys_of(user("SHA-512", "AES-256", "not to be seen"), ENGINE)
    assert "not to be seen" not in repr(one) + repr(keys_of(one, ENGINE))
