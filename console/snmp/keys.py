"""Keys of SNMPv3 users: from passphrases, for one engine each, and what is done with them.

RFC 3414 (MD5, SHA-1, DES), RFC 7860 (SHA-2), RFC 3826 (AES-128), and for longer AES keys the two
expansions in use: draft-blumenthal-aes-usm-04 and, by Cisco, draft-reeder-snmpv3-usm-3desede-00.
Knows no message.
"""

import hashlib
import hmac
import itertools
import secrets
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from console.snmp.ber import BerError

try:
    from cryptography.hazmat.decrepit.ciphers.modes import CFB
except ImportError:  # cryptography before 47
    from cryptography.hazmat.primitives.ciphers.modes import CFB

AUTH_PROTOCOLS = {  # hash, and the octets of its digest that a message carries
    **{"MD5": ("md5", 12), "SHA-1": ("sha1", 12), "SHA-224": ("sha224", 16)},
    **{"SHA-256": ("sha256", 24), "SHA-384": ("sha384", 32), "SHA-512": ("sha512", 48)},
}
PRIV_PROTOCOLS = {  # octets of the key
    **{"DES": 16, "AES-128": 16, "AES-192": 24, "AES-256": 32},
    **{"AES-192-C": 24, "AES-256-C": 32},
}
NO_AUTH_NO_PRIV, AUTH_NO_PRIV, AUTH_PRIV = 0, 1, 3  # as in msgFlags
_STRETCHED_OCTETS = 1 << 20
_DES_BLOCK = 8


@dataclass(frozen=True, slots=True)
class User:
    """A user of the user-based security model; `auth` and `priv` as AUTH_ and PRIV_PROTOCOLS."""

    name: str
    auth: str | None = None
    auth_key: str = field(default="", repr=False)
    priv: str | None = None
    priv_key: str = field(default="", repr=False)

    @property
    def level(self) -> int:
        """The security level, as msgFlags spell it."""
        return (AUTH_NO_PRIV if self.auth else 0) | (2 if self.auth and self.priv else 0)


class Keys:
    """The keys of one user at one engine.

    The one that encrypts is made when it is first needed: some take milliseconds, and whoever
    signs wrongly, under any engine's name, is not worth them.
    """

    __slots__ = ("_engine_id", "_hmac", "_privacy", "_salts", "_user", "digest_octets", "level")

    def __init__(self, user: User, engine_id: bytes) -> None:
        self.level = user.level
        self.digest_octets = 0
        self._user = user
        self._engine_id = engine_id
        self._privacy: _Privacy | None = None
        self._salts = itertools.count(secrets.randbits(63))
        if user.auth is not None:
            hash_name, self.digest_octets = AUTH_PROTOCOLS[user.auth]
            key = auth_key(hash_name, user.auth_key, engine_id)
            self._hmac = hmac.new(key, digestmod=hash_name)

    def digest(self, message: bytes) -> bytes:
        """Return what msgAuthenticationParameters must be for a message that has zeros there."""
        running = self._hmac.copy()
        running.update(message)
        return running.digest()[: self.digest_octets]

    def confirms(self, message: bytes, digest: bytes) -> bool:
        """Tell whether `digest` is that of a message that has zeros in its place."""
        return hmac.compare_digest(self.digest(message), digest)

    def encrypt(self, plain: bytes, boots: int, time_s: int) -> tuple[bytes, bytes]:
        """Return the salt (msgPrivacyParameters) and the ciphertext; no salt comes twice."""
        count, privacy = next(self._salts), self._private()
        if privacy.aes is None:
            salt = boots.to_bytes(4, "big") + (count & 0xFFFFFFFF).to_bytes(4, "big")
            plain += bytes(-len(plain) % _DES_BLOCK)
        else:
            salt = (count & 0xFFFFFFFFFFFFFFFF).to_bytes(8, "big")
        return salt, privacy.cipher(boots, time_s, salt).encryptor().update(plain)

    def decrypt(self, ciphertext: bytes, boots: int, time_s: int, salt: bytes) -> bytes:
        """Return the plaintext, with DES padded; raise BerError where that is impossible."""
        privacy = self._private()
        if len(salt) != 8 or (privacy.aes is None and len(ciphertext) % _DES_BLOCK):
            raise BerError("cannot be decrypted")
        return privacy.cipher(boots, time_s, salt).decryptor().update(ciphertext)

    def _private(self) -> "_Privacy":
        if self._privacy is None:
            self._privacy = _Privacy(self._user, self._engine_id)
        return self._privacy


class _Privacy:
    """What encrypts: the user must have a PRIV_PROTOCOL. `aes` is None with DES."""

    __slots__ = ("_des", "_initial", "aes")

    def __init__(self, user: User, engine_id: bytes) -> None:
        assert user.auth is not None, "nobody encrypts without signing"
        assert user.priv is not None, "only users with a cipher encrypt"
        hash_name, _octets = AUTH_PROTOCOLS[user.auth]
        key = priv_key(hash_name, user.priv, user.priv_key, engine_id)
        self.aes: AES | None = None
        if user.priv == "DES":
            self._des, self._initial = TripleDES(key[:8] * 3), int.from_bytes(key[8:], "big")
        else:
            self.aes = AES(key)

    def cipher(self, boots: int, time_s: int, salt: bytes) -> Cipher[CFB | CBC]:
        """Return the cipher of one message."""
        if self.aes is None:
            initial = self._initial ^ int.from_bytes(salt, "big")
            return Cipher(self._des, CBC(initial.to_bytes(8, "big")))
        return Cipher(self.aes, CFB((boots << 32 | time_s).to_bytes(8, "big") + salt))


def stretched(hash_name: str, passphrase: bytes) -> bytes:
    """Return the user's key Ku: the hash over a megabyte of the passphrase (RFC 3414, A.2)."""
    if not passphrase:
        raise ValueError("a passphrase is empty")
    repeated = passphrase * (_STRETCHED_OCTETS // len(passphrase) + 1)
    return hashlib.new(hash_name, repeated[:_STRETCHED_OCTETS]).digest()


_kept = lru_cache(maxsize=256)(stretched)


def localised(hash_name: str, key: bytes, engine_id: bytes) -> bytes:
    """Return Kul, the key Ku for one engine."""
    return hashlib.new(hash_name, key + engine_id + key).digest()


def auth_key(hash_name: str, passphrase: str, engine_id: bytes) -> bytes:
    """Return the localised key that signs."""
    return localised(hash_name, _kept(hash_name, passphrase.encode()), engine_id)


def priv_key(hash_name: str, protocol: str, passphrase: str, engine_id: bytes) -> bytes:
    """Return the localised key of a PRIV_PROTOCOL, expanded where the hash is too short for it."""
    octets = PRIV_PROTOCOLS[protocol]
    key = auth_key(hash_name, passphrase, engine_id)
    while len(key) < octets:
        if protocol.endswith("-C"):
            key += localised(hash_name, stretched(hash_name, key), engine_id)
        else:
            key += hashlib.new(hash_name, key).digest()
    return key[:octets]


@lru_cache(maxsize=4096)
def keys_of(user: User, engine_id: bytes) -> Keys:
    """Return the user's keys at an engine; the same object as last time."""
    return Keys(user, engine_id)
