"""Opens SNMPv3 notifications and answers informs and discovery (RFC 3414, 3.2).

For traps the sender's engine is the authority and may be any; for informs it is ours. Knows no
socket: octets in, octets out.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from console.snmp import ber, usm
from console.snmp.ber import BerError
from console.snmp.engines import OwnEngine, RemoteEngine
from console.snmp.keys import AUTH_NO_PRIV, Keys, User, keys_of
from console.snmp.messages import RESPONSE
from console.snmp.usm import Scoped, Sealed, UnbelievableError

_MOST_ENGINES = 10_000


@dataclass(frozen=True, slots=True)
class Received:
    """A notification that its user's keys confirmed. `keys` serve to answer it."""

    sealed: Sealed
    scoped: Scoped
    user: User
    keys: Keys


class RejectedError(BerError):
    """A message not to be believed: `statistic` of usmStats, and what to send back, if anything."""

    def __init__(self, statistic: int, report: bytes | None) -> None:
        super().__init__(f"usmStats {statistic}")
        self.statistic = statistic
        self.report = report


class SecureReceiver:
    """Believes notifications of `users`, each at exactly its own level, inside the time window."""

    def __init__(self, users: Iterable[User], own: OwnEngine) -> None:
        self._users: dict[bytes, list[User]] = {}
        for user in users:
            self._users.setdefault(user.name.encode(), []).append(user)
        self._own = own
        self._engines: dict[bytes, RemoteEngine] = {}
        self.statistics: Counter[int] = Counter()  # by usmStats

    def open(self, data: bytes, now_s: float) -> Received:
        """Verify, decrypt and check the time; raise RejectedError, or BerError for no message."""
        sealed = usm.parse(data)
        keys: Keys | None = None
        try:
            if sealed.engine_id != self._own.engine_id and (
                sealed.reportable or not sealed.engine_id
            ):
                raise UnbelievableError(usm.UNKNOWN_ENGINE)
            user, keys, scoped = self._opened(sealed)
            if keys.level and not self._in_time(sealed, keys, now_s):
                raise UnbelievableError(usm.NOT_IN_TIME_WINDOW)
        except UnbelievableError as error:
            self.statistics[error.statistic] += 1
            report = self._report(sealed, error.statistic, keys, now_s)
            raise RejectedError(error.statistic, report) from None
        return Received(sealed, scoped, user, keys)

    def respond(self, received: Received, pdu: bytes, now_s: float) -> bytes:
        """Encode the response to an inform; `pdu` is its content, from the request id on."""
        return usm.seal(
            received.sealed.message_id,
            received.keys.level,
            self._own.engine_id,
            self._own.moment(now_s),
            received.sealed.user,
            received.keys,
            usm.scope(
                received.scoped.engine_id, received.scoped.context, ber.encode(RESPONSE, pdu)
            ),
        )

    def _opened(self, sealed: Sealed) -> tuple[User, Keys, Scoped]:
        """Open with the first user of that name whose keys fit."""
        users = self._users.get(sealed.user)
        if users is None:
            raise UnbelievableError(usm.UNKNOWN_USER)
        failed = UnbelievableError(usm.UNSUPPORTED_LEVEL)
        for user in users:
            if user.level != sealed.level:
                continue
            keys = keys_of(user, sealed.engine_id)
            try:
                return user, keys, usm.unseal(sealed, keys)
            except UnbelievableError as error:
                failed = error
        raise failed

    def _in_time(self, sealed: Sealed, keys: Keys, now_s: float) -> bool:
        if sealed.engine_id == self._own.engine_id:
            return self._own.believes(sealed.boots, sealed.time_s, now_s)
        engine = self._engines.get(sealed.engine_id)
        if engine is None:
            while len(self._engines) >= _MOST_ENGINES:
                del self._engines[next(iter(self._engines))]
            engine = self._engines[sealed.engine_id] = RemoteEngine(sealed.engine_id, keys)
        return engine.believes(sealed.boots, sealed.time_s, now_s)

    def _report(
        self, sealed: Sealed, statistic: int, keys: Keys | None, now_s: float
    ) -> bytes | None:
        """Encode what is wrong, to a sender that asked for it; only our time needs a signature."""
        if not sealed.reportable:
            return None
        signed = statistic == usm.NOT_IN_TIME_WINDOW
        own = self._own
        pdu = usm.report_pdu(_request_id(sealed), statistic, self.statistics[statistic])
        return usm.seal(
            sealed.message_id,
            AUTH_NO_PRIV if signed else 0,
            own.engine_id,
            own.moment(now_s),
            sealed.user,
            keys if signed else None,
            usm.scope(own.engine_id, b"", pdu),
        )


def _request_id(sealed: Sealed) -> int:
    """Return the request's id where it can be read without keys, else 0."""
    try:
        scoped = usm.unseal(sealed, None)
        return ber.decode_integer(scoped.data, scoped.at)[0]
    except (BerError, IndexError):
        return 0
