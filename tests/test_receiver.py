"""The receiver's end of SNMPv3: which notifications are believed, and what senders are told."""

import pytest

from console.snmp import ber, usm
from console.snmp.engines import OwnEngine
from console.snmp.keys import User, keys_of
from console.snmp.receiver import RejectedError, SecureReceiver
from console.snmp.usm import REPORTABLE

TRAP, INFORM = 0xA7, 0xA6
SENDER, OWN = b"\x80sender", b"\x80receiver"
SECURE = User("noc", "SHA-256", "auth key 1", "AES-128", "priv key 1")
SIGNING = User("sign", "SHA-1", "auth key 2")
OPEN = User("open")
NOW_S = 1000.0
PDU = ber.encode_integer(77) + ber.encode_integer(0) * 2 + ber.encode(0x30, b"")


@pytest.fixture
def receiver():
    return SecureReceiver([SECURE, SIGNING, OPEN], OwnEngine(OWN, 5, began_s=0.0))


def notification(user, kind=TRAP, engine=SENDER, moment=(2, 300), level=None, name=None):
    level = user.level if level is None else level
    flags = level | (REPORTABLE if kind == INFORM else 0)
    scoped = usm.scope(engine, b"", ber.encode(kind, PDU))
    name = user.name.encode() if name is None else name
    return usm.seal(42, flags, engine, moment, name, keys_of(user, engine), scoped)


def rejected(receiver, data, now_s=NOW_S):
    with pytest.raises(RejectedError) as refused:
        receiver.open(data, now_s)
    return refused.value


def report_in(error, user):
    sealed = usm.parse(error.report)
    assert sealed.message_id == 42
    assert (sealed.engine_id, sealed.boots, sealed.time_s) == (OWN, 5, int(NOW_S))
    return sealed, usm.unseal(sealed, keys_of(user, OWN)).statistic()


@pytest.mark.parametrize("user", [SECURE, SIGNING, OPEN])
def test_a_trap_of_any_engine_is_believed_under_its_users_keys(receiver, user):
    received = receiver.open(notification(user), NOW_S)
    assert (received.user, received.scoped.kind, received.scoped.pdu) == (user, TRAP, PDU)


@pytest.mark.parametrize("user", [SECURE, SIGNING, OPEN])
def test_an_inform_is_answered_under_the_same_keys(receiver, user):
    received = receiver.open(notification(user, INFORM, OWN, (5, 990)), NOW_S)
    sealed = usm.parse(receiver.respond(received, received.scoped.pdu, NOW_S))
    assert (sealed.message_id, sealed.level) == (42, user.level)
    answer = usm.unseal(sealed, keys_of(user, OWN))
    assert (answer.kind, answer.pdu) == (0xA2, PDU)


def test_a_user_is_believed_at_exactly_its_level(receiver):
    forged = notification(OPEN, name=b"noc")
    weaker = notification(SECURE, level=1)
    for data in (forged, weaker):
        assert rejected(receiver, data).statistic == usm.UNSUPPORTED_LEVEL


def test_wrong_keys_and_users_are_not_believed_and_traps_not_answered(receiver):
    other_key = User("noc", "SHA-256", "auth key 9", "AES-128", "priv key 1")
    other_cipher = User("noc", "SHA-256", "auth key 1", "AES-128", "priv key 9")
    found = [rejected(receiver, notification(u)) for u in (other_key, other_cipher, User("x"))]
    assert [error.statistic for error in found] == [
        *(usm.WRONG_DIGEST, usm.DECRYPTION_ERROR, usm.UNKNOWN_USER),
    ]
    assert [error.report for error in found] == [None] * 3
    assert receiver.statistics == {
        **{usm.WRONG_DIGEST: 1, usm.DECRYPTION_ERROR: 1, usm.UNKNOWN_USER: 1}
    }


def test_a_forged_trap_of_an_unknown_engine_costs_no_key_to_decrypt_with(monkeypatch):
    slow = ("slow", "SHA-1", "auth key 1", "AES-256-C", "priv key 1")
    receiver = SecureReceiver([User(*slow)], OwnEngine(OWN, 5, 0.0))
    forged = notification(User("slow", "SHA-1", "a guess", *slow[3:]), engine=b"\x80any")
    made = []
    monkeypatch.setattr("console.snmp.keys.priv_key", lambda *of: made.append(of))
    assert rejected(receiver, forged).statistic == usm.WRONG_DIGEST
    assert made == []


def test_a_sender_of_informs_learns_engine_and_time(receiver):
    asked = usm.seal(
        *(42, REPORTABLE, b"", (0, 0), b"", None, usm.scope(b"", b"", ber.encode(INFORM, PDU)))
    )
    sealed, statistic = report_in(rejected(receiver, asked), OPEN)
    assert (sealed.level, statistic) == (0, usm.UNKNOWN_ENGINE)
    early = rejected(receiver, notification(SECURE, INFORM, OWN, (0, 0)))
    sealed, statistic = report_in(early, SECURE)
    assert (sealed.level, statistic) == (1, usm.NOT_IN_TIME_WINDOW)
    assert receiver.open(notification(SECURE, INFORM, OWN, (5, sealed.time_s)), NOW_S)


def test_a_trap_recorded_earlier_is_not_believed(receiver):
    recorded = notification(SECURE, moment=(2, 300))
    assert receiver.open(recorded, NOW_S)
    assert rejected(receiver, recorded, NOW_S + 151).statistic == usm.NOT_IN_TIME_WINDOW
    assert receiver.open(notification(SECURE, moment=(3, 1)), NOW_S + 151)
    assert rejected(receiver, recorded, NOW_S + 151).statistic == usm.NOT_IN_TIME_WINDOW


def test_two_users_of_one_name_are_told_apart_by_their_keys():
    other = User("noc", "SHA-256", "auth key 9", "AES-128", "priv key 9")
    receiver = SecureReceiver([SECURE, other], OwnEngine(OWN, 5, 0.0))
    users = [receiver.open(notification(user), NOW_S).user for user in (SECURE, other)]
    assert users == [SECURE, other]
