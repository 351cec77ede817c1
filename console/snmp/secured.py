"""What one agent and one SNMPv3 user say to each other: discovery, time, requests and answers.

Knows no socket. Nothing but the user's keys makes an answer one; a report is believed only as far
as RFC 3414 allows, and the user's requests never leave under less than the user's own level.
"""

from collections.abc import Callable, Sequence

from console.snmp import usm
from console.snmp.ber import BerError
from console.snmp.engines import RemoteEngine
from console.snmp.errors import Reported
from console.snmp.form import Form
from console.snmp.keys import AUTH_PRIV, User, keys_of
from console.snmp.messages import (
    GET,
    LARGEST_MESSAGE,
    REPORT,
    RESPONSE,
    Answer,
    Prepared,
    prepare_pdu,
)
from console.snmp.usm import REPORTABLE, Scoped, Sealed

_DISCOVERY = prepare_pdu(GET, ())
_REFUSALS = {
    usm.UNKNOWN_USER: "snmp_user",
    usm.WRONG_DIGEST: "snmp_auth",
    usm.DECRYPTION_ERROR: "snmp_privacy",
}


class SecuredMessages:
    """Messages of one user with one agent. `clock` is the event loop's, in seconds.

    `context` is the contextName of all requests and of what answers them.
    """

    def __init__(self, user: User, clock: Callable[[], float], context: str = "") -> None:
        self.signed = bool(user.level)
        self._context = context.encode()
        self._user = user
        self._name = user.name.encode()
        self._clock = clock
        self._engine: RemoteEngine | None = None
        self._doubted = False

    @property
    def most_octets(self) -> int:
        """Octets of a message that the agent takes."""
        return LARGEST_MESSAGE if self._engine is None else self._engine.max_size

    @property
    def uptime_s(self) -> int | None:
        """The agent's snmpEngineTime, where an authentic message told it."""
        engine = self._engine
        return engine.time_s(self._clock()) if engine is not None and engine.known else None

    @property
    def engine_id(self) -> bytes | None:
        """The agent's snmpEngineID, where an authentic message confirmed it."""
        engine = self._engine
        return engine.engine_id if engine is not None and engine.known else None

    def doubt(self) -> str:
        """Begin the next request with discovery: the last one met silence.

        Return why an agent that was there during discovery may keep silent: a wrong digest has to
        be reported, but net-snmp drops what it cannot decrypt.
        """
        self._doubted = True
        return "snmp_privacy" if self._user.level == AUTH_PRIV else "snmp_auth"

    def prepare(
        self, kind: int, oids: Sequence[bytes], non_repeaters: int = 0, max_repetitions: int = 0
    ) -> Prepared:
        """Prepare a request for OIDs in wire form; the two numbers matter to GETBULK only."""
        return prepare_pdu(kind, oids, non_repeaters, max_repetitions)

    def encode(self, prepared: Prepared, request_id: int) -> bytes:
        """Seal a prepared request, or ask who is there while that is not known."""
        engine = self._engine
        if engine is None or self._doubted:
            pdu = _DISCOVERY.head + request_id.to_bytes(4, "big") + _DISCOVERY.tail
            scoped = usm.scope(b"", b"", pdu)
            return usm.seal(request_id, REPORTABLE, b"", (0, 0), b"", None, scoped)
        pdu = prepared.head + request_id.to_bytes(4, "big") + prepared.tail
        return usm.seal(
            request_id,
            self._user.level | REPORTABLE,
            engine.engine_id,
            engine.moment(self._clock()),
            self._name,
            engine.keys,
            usm.scope(engine.engine_id, self._context, pdu),
        )

    def decode(self, data: bytes, form: Form | None = None) -> Answer | None:
        """Decode an authentic answer of the right time; None for what had better not come.

        Raises Reported for what the agent says of the request, BerError for anything else.
        """
        sealed = usm.parse(data)
        engine = self._engine
        same = engine is not None and sealed.engine_id == engine.engine_id
        scoped = usm.unseal(sealed, engine.keys if engine is not None and same else None)
        if scoped.kind == REPORT:
            self._reported(sealed, scoped, same)
            return None
        if engine is None or not same or not self._fits(sealed, scoped):
            raise BerError("not what was asked for")
        if self.signed and not engine.believes(sealed.boots, sealed.time_s, self._clock()):
            return None
        answer = scoped.answer(len(data), form)
        if answer.request_id != sealed.message_id:
            raise BerError("not what was asked for")
        return answer

    def _fits(self, sealed: Sealed, scoped: Scoped) -> bool:
        """Tell whether a message comes from the user at the user's level, in the same context."""
        return (
            scoped.kind == RESPONSE
            and sealed.level == self._user.level
            and sealed.user == self._name
            and scoped.engine_id == sealed.engine_id
            and scoped.context == self._context
        )

    def _reported(self, sealed: Sealed, scoped: Scoped, same: bool) -> None:
        """Raise Reported for a report to be believed, learn from it; do nothing about others."""
        statistic = scoped.statistic()
        if statistic == usm.UNKNOWN_ENGINE or self._engine is None:
            self._discovered(sealed)
        elif not same:
            return
        elif statistic == usm.NOT_IN_TIME_WINDOW:
            self._synchronise(self._engine, sealed)
        elif statistic == usm.UNSUPPORTED_LEVEL:
            raise Reported("snmp_privacy" if self._user.level == AUTH_PRIV else "snmp_auth")
        else:
            raise Reported(_REFUSALS.get(statistic, "snmp_status"))

    def _discovered(self, sealed: Sealed) -> None:
        """Take the engine for the one to talk to. Its time serves only to be heard by it."""
        if not sealed.engine_id:
            return
        self._doubted = False
        if self._engine is None or self._engine.engine_id != sealed.engine_id:
            keys = keys_of(self._user, sealed.engine_id)
            self._engine = RemoteEngine(sealed.engine_id, keys, sealed.max_size)
            self._engine.guess(sealed.boots, sealed.time_s, self._clock())
        raise Reported

    def _synchronise(self, engine: RemoteEngine, sealed: Sealed) -> None:
        """Take the time of a signed report. One that lies before ours is only tried out.

        Such a report answers a request id nobody could foresee, so it is no recording; but what
        the agent says under its new time has to be authentic by itself.
        """
        if not sealed.level:
            return
        now_s = self._clock()
        if not engine.believes(sealed.boots, sealed.time_s, now_s):
            engine.guess(sealed.boots, sealed.time_s, now_s)
        raise Reported
