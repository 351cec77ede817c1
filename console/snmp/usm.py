"""SNMPv3 messages as octets under the user-based security model (RFC 3412, RFC 3414).

Pure: no clock, no socket, no memory of engines. Whatever comes in, BerError is all it raises.
"""

from dataclasses import dataclass

from console.snmp import ber
from console.snmp.ber import BerError, Oid
from console.snmp.form import Form
from console.snmp.keys import AUTH_NO_PRIV, AUTH_PRIV, NO_AUTH_NO_PRIV, Keys
from console.snmp.messages import LARGEST_MESSAGE, REPORT, Answer, decode_pdu

VERSION_3 = 3
REPORTABLE = 4  # in msgFlags: tell me what is wrong with this message
MOST_ENGINE_ID_OCTETS = 32
_LARGEST_31 = 0x7FFFFFFF
_OPENING = ber.encode_integer(VERSION_3)
_MAX_SIZE = ber.encode_integer(LARGEST_MESSAGE)
_MODEL = ber.encode_integer(3)  # the user-based security model
_ONE_OCTET = bytes((ber.OCTET_STRING, 1))
_LEVELS = frozenset((NO_AUTH_NO_PRIV, AUTH_NO_PRIV, AUTH_PRIV))

_STATS: Oid = (1, 3, 6, 1, 6, 3, 15, 1, 1)
UNSUPPORTED_LEVEL, NOT_IN_TIME_WINDOW, UNKNOWN_USER = 1, 2, 3
UNKNOWN_ENGINE, WRONG_DIGEST, DECRYPTION_ERROR = 4, 5, 6


class UnbelievableError(BerError):
    """A message that its user's keys do not confirm; `statistic` is the usmStats of it."""

    def __init__(self, statistic: int) -> None:
        super().__init__(f"usmStats {statistic}")
        self.statistic = statistic


@dataclass(frozen=True, slots=True)
class Sealed:
    """A message as it came: all of it that can be read without keys, and nothing to be believed."""

    data: bytes
    message_id: int
    max_size: int
    flags: int
    engine_id: bytes
    boots: int
    time_s: int
    user: bytes
    digest_at: int
    digest: bytes
    salt: bytes
    payload_at: int

    @property
    def level(self) -> int:
        """The security level, as Keys and User spell it."""
        return self.flags & AUTH_PRIV

    @property
    def reportable(self) -> bool:
        """Tell whether the sender wants to hear what is wrong with it."""
        return bool(self.flags & REPORTABLE)


@dataclass(frozen=True, slots=True)
class Scoped:
    """A PDU with its context; its content lies in `data` from `at` to `end`."""

    engine_id: bytes
    context: bytes
    kind: int
    data: bytes
    at: int
    end: int

    @property
    def pdu(self) -> bytes:
        """The PDU's content, from its request id on."""
        return self.data[self.at : self.end]

    def answer(self, size: int, form: Form | None = None) -> Answer:
        """Decode the PDU, `size` being that of the whole message; raise BerError."""
        try:
            return decode_pdu(self.data, self.at, self.end, size, form)
        except IndexError:
            raise BerError("breaks off") from None

    def statistic(self) -> int:
        """Return the usmStats a report tells of; 0 where it tells of something else."""
        if self.kind != REPORT:
            return 0
        oids = self.answer(0).oids
        oid = ber.decode_oid(oids[0]) if oids else ()
        return oid[-2] if oid[:-2] == _STATS and oid[-1] == 0 else 0


def parse(data: bytes) -> Sealed:
    """Read a v3 message up to what needs keys; raise BerError."""
    try:
        return _parse(data)
    except IndexError:
        raise BerError("breaks off") from None


def _parse(data: bytes) -> Sealed:
    at, end = ber.decode_header(data, 0, ber.SEQUENCE)
    if end != len(data) or not data.startswith(_OPENING, at):
        raise BerError("another version, or octets left over")
    at, end = ber.decode_header(data, at + len(_OPENING), ber.SEQUENCE)
    message_id, at = ber.decode_integer(data, at)
    max_size, at = ber.decode_integer(data, at)
    flags = data[at + 2] if data.startswith(_ONE_OCTET, at) else 2
    if message_id < 0 or max_size < 0 or flags & AUTH_PRIV not in _LEVELS:
        raise BerError("numbers or flags of another form")
    if not data.startswith(_MODEL, at + 3) or at + 3 + len(_MODEL) != end:
        raise BerError("another security model")
    at, payload_at = ber.decode_header(data, end, ber.OCTET_STRING)
    at, end = ber.decode_header(data, at, ber.SEQUENCE)
    if end != payload_at:
        raise BerError("octets left over")
    return Sealed(data, message_id, max_size, flags, *_security(data, at, end), payload_at)


def _security(data: bytes, at: int, end: int) -> tuple[bytes, int, int, bytes, int, bytes, bytes]:
    """Return engine, boots, time, user, where the digest is, the digest and the salt."""
    begin, at = ber.decode_header(data, at, ber.OCTET_STRING)
    engine_id = data[begin:at]
    boots, at = ber.decode_integer(data, at)
    time_s, at = ber.decode_integer(data, at)
    begin, at = ber.decode_header(data, at, ber.OCTET_STRING)
    user = data[begin:at]
    digest_at, at = ber.decode_header(data, at, ber.OCTET_STRING)
    digest = data[digest_at:at]
    begin, at = ber.decode_header(data, at, ber.OCTET_STRING)
    if at != end or len(engine_id) > MOST_ENGINE_ID_OCTETS or boots < 0 or time_s < 0:
        raise BerError("security parameters of another form")
    return engine_id, boots, time_s, user, digest_at, digest, data[begin:at]


def unseal(sealed: Sealed, keys: Keys | None) -> Scoped:
    """Verify and decrypt with the keys of the user and engine that the message names.

    Raises UnbelievableError where the keys do not confirm it, other BerErrors for what cannot be
    read. Whether the message's level is the one to insist on, and its time the right one, is for
    the caller to judge. `keys` matter to signed messages only.
    """
    data, at, end = sealed.data, sealed.payload_at, len(sealed.data)
    if sealed.flags & AUTH_NO_PRIV:
        if keys is None or not keys.level:
            raise UnbelievableError(UNSUPPORTED_LEVEL)
        _verify(sealed, keys)
    try:
        if sealed.flags & AUTH_PRIV == AUTH_PRIV:
            assert keys is not None, "only signed messages are encrypted"
            data, at, end = _decrypted(sealed, keys)
        return _scoped(data, at, end, padded=data is not sealed.data)
    except IndexError:
        raise BerError("breaks off") from None


def _verify(sealed: Sealed, keys: Keys) -> None:
    data, at = sealed.data, sealed.digest_at
    octets = keys.digest_octets
    if len(sealed.digest) != octets or not keys.confirms(
        data[:at] + bytes(octets) + data[at + octets :], sealed.digest
    ):
        raise UnbelievableError(WRONG_DIGEST)


def _decrypted(sealed: Sealed, keys: Keys) -> tuple[bytes, int, int]:
    if keys.level != AUTH_PRIV:
        raise UnbelievableError(UNSUPPORTED_LEVEL)
    begin, end = ber.decode_header(sealed.data, sealed.payload_at, ber.OCTET_STRING)
    if end != len(sealed.data):
        raise BerError("octets left over")
    try:
        plain = keys.decrypt(sealed.data[begin:end], sealed.boots, sealed.time_s, sealed.salt)
        return plain, 0, ber.decode_header(plain, 0, ber.SEQUENCE)[1]
    except (BerError, IndexError):  # another key makes noise of it
        raise UnbelievableError(DECRYPTION_ERROR) from None


def _scoped(data: bytes, at: int, end: int, padded: bool) -> Scoped:
    at, inner_end = ber.decode_header(data, at, ber.SEQUENCE)
    if inner_end != end or (not padded and end != len(data)):
        raise BerError("octets left over")
    begin, at = ber.decode_header(data, at, ber.OCTET_STRING)
    engine_id = data[begin:at]
    begin, at = ber.decode_header(data, at, ber.OCTET_STRING)
    kind = data[at]
    content, inner_end = ber.decode_header(data, at, kind)
    if inner_end != end:
        raise BerError("octets left over")
    return Scoped(engine_id, data[begin:at], kind, data, content, end)


def scope(engine_id: bytes, context: bytes, pdu: bytes) -> bytes:
    """Encode a PDU with its context."""
    content = ber.encode(ber.OCTET_STRING, engine_id) + ber.encode(ber.OCTET_STRING, context)
    return ber.encode(ber.SEQUENCE, content + pdu)


def seal(
    message_id: int,
    flags: int,
    engine_id: bytes,
    moment: tuple[int, int],
    user: bytes,
    keys: Keys | None,
    scoped: bytes,
) -> bytes:
    """Encode a message; `keys` encrypt and sign it as far as `flags` say.

    `moment` are the boots and the seconds since of the engine that is the authority.
    """
    boots, time_s = moment
    digest, salt = b"", b""
    if flags & AUTH_PRIV == AUTH_PRIV:
        assert keys is not None, "nothing is encrypted without keys"
        salt, ciphertext = keys.encrypt(scoped, boots, time_s)
        scoped = ber.encode(ber.OCTET_STRING, ciphertext)
    if flags & AUTH_NO_PRIV:
        assert keys is not None, "nothing is signed without keys"
        digest = bytes(keys.digest_octets)
    header = ber.encode_integer(message_id) + _MAX_SIZE + bytes((4, 1, flags)) + _MODEL
    front = ber.encode(ber.OCTET_STRING, engine_id) + ber.encode_integer(boots)
    front += ber.encode_integer(time_s) + ber.encode(ber.OCTET_STRING, user)
    back = bytes((4, len(digest))) + digest + bytes((4, len(salt))) + salt
    security = ber.encode(ber.OCTET_STRING, ber.encode(ber.SEQUENCE, front + back))
    opening = _OPENING + ber.encode(ber.SEQUENCE, header) + security
    length = ber.encode_length(len(opening) + len(scoped))
    message = b"".join((bytes((ber.SEQUENCE,)), length, opening, scoped))
    if not digest:
        return message
    assert keys is not None, "nothing is signed without keys"
    at = len(message) - len(scoped) - len(salt) - 2 - len(digest)
    return message[:at] + keys.digest(message) + message[at + len(digest) :]


def report_pdu(request_id: int, statistic: int, count: int) -> bytes:
    """Encode a report of a usmStats counter."""
    name = ber.encode(ber.OBJECT_IDENTIFIER, ber.encode_oid((*_STATS, statistic, 0)))
    value = ber.encode_unsigned(ber.COUNTER32, count & 0xFFFFFFFF)
    varbinds = ber.encode(ber.SEQUENCE, ber.encode(ber.SEQUENCE, name + value))
    content = ber.encode_integer(request_id & _LARGEST_31) + ber.encode_integer(0) * 2
    return ber.encode(REPORT, content + varbinds)
