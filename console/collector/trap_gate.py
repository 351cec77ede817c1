"""Which notifications are let in, and what their senders are told. No socket: octets in and out."""

import hashlib
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from console.collector.trap_senders import Access
from console.snmp import traps, usm
from console.snmp.ber import BerError
from console.snmp.engines import OwnEngine
from console.snmp.receiver import Received, RejectedError, SecureReceiver
from console.snmp.traps import Notification

_EPOCH_S = 1_577_836_800  # 2020-01-01: seconds since then grow from start to start
_VERSION_3 = 3
_SENT_AGAIN = (usm.UNKNOWN_ENGINE, usm.NOT_IN_TIME_WINDOW)


@dataclass(frozen=True, slots=True)
class Admitted:
    """A notification let in by a community or user of these profiles.

    `pdu` is as it came, the same when it is sent again. `answer` makes what an inform waits for;
    None for a trap. `authenticated`: its sender has a key; a community anybody may have read.
    `engine`: the SNMP engine that this key confirms, empty without.
    """

    profiles: tuple[str, ...]
    notification: Notification
    pdu: bytes
    answer: Callable[[], bytes] | None
    authenticated: bool = False
    engine: bytes = b""


class NotAdmittedError(Exception):
    """Nobody of ours. `report` tells the sender of an inform what is wrong with it.

    `again`: only engine or time, with which it is going to be sent again.
    """

    def __init__(self, report: bytes | None = None, *, again: bool = False) -> None:
        super().__init__("not admitted")
        self.report = report
        self.again = again


class TrapGate:
    """Lets in what the access that was given last allows; nothing before that."""

    def __init__(self, port: int) -> None:
        boots = int(time.time()) - _EPOCH_S
        self._own = OwnEngine(_engine_id(port), boots, time.monotonic())
        self._access = Access({}, {})
        self._users: dict[str, tuple[str, ...]] = {}  # profiles by user
        self._secure = SecureReceiver((), self._own)

    def give(self, access: Access) -> None:
        """Let these in from now on."""
        if access.users != self._access.users:
            self._users = {}
            for user, profiles in access.users.items():
                self._users[user.name] = self._users.get(user.name, ()) + profiles
            self._secure = SecureReceiver(access.users, self._own)
        self._access = access

    def admit(self, data: bytes) -> Admitted:
        """Decode; raise NotAdmittedError, or BerError for what is no notification."""
        if traps.version_of(data) == _VERSION_3:
            return self._admit_user(data)
        read = traps.read_community(data)
        profiles = self._access.communities.get(read.community)
        if profiles is None:
            raise NotAdmittedError
        answer = read.answer if read.kind == traps.INFORM else None
        return Admitted(profiles, read.notification(), data[read.at : read.end], answer)

    def _admit_user(self, data: bytes) -> Admitted:
        now_s = time.monotonic()
        try:
            received = self._secure.open(data, now_s)
        except RejectedError as error:
            again = error.report is not None and error.statistic in _SENT_AGAIN
            raise NotAdmittedError(error.report, again=again) from None
        scoped = received.scoped
        notification = traps.decode_pdu(scoped.kind, scoped.data, scoped.at, scoped.end)
        answer = None
        if scoped.kind == traps.INFORM:
            if received.sealed.engine_id != self._own.engine_id:
                raise BerError("an inform under its sender's own authority")
            answer = partial(self._answer, received)
        profiles = self._users.get(received.user.name, ())
        authenticated = received.keys.level > 0
        # Of an inform the authority is the receiver; whom it comes from its content may name.
        sender = received.sealed.engine_id if answer is None else scoped.engine_id
        engine = sender if authenticated else b""
        return Admitted(profiles, notification, scoped.pdu, answer, authenticated, engine)

    def _answer(self, received: Received) -> bytes:
        return self._secure.respond(received, received.scoped.pdu, time.monotonic())


def _engine_id(port: int) -> bytes:
    """Return this receiver's engine id, the same at every start (RFC 3411, octets of our own)."""
    name = hashlib.sha256(f"leitstand {socket.gethostname()} {port}".encode()).digest()
    return b"\x80\x00\x7e\xd9\x05" + name[:8]
