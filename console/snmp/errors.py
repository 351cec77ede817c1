"""Why a question got no usable answer, as an outcome and a reason code."""

from console.model.states import Outcome


class SnmpError(Exception):
    """A question that failed. `detail` is a reason code, never text from the network."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail


class Timeout(SnmpError):
    """Nobody answered, though asked again."""

    def __init__(self) -> None:
        super().__init__(Outcome.TIMEOUT, "snmp_timeout")


class Refused(SnmpError):
    """The agent says no.

    `snmp_access`: not to these credentials; `snmp_auth`, `snmp_user`, `snmp_privacy`: SNMPv3's
    keys, user or encryption are not the agent's; `snmp_status`: it cannot answer this question.
    """

    def __init__(self, detail: str = "snmp_access") -> None:
        super().__init__(Outcome.REFUSED, detail)


class Garbled(SnmpError):
    """Answers came that nobody can read; `snmp_table`: an agent repeats itself in a table."""

    def __init__(self, detail: str = "snmp_garbled") -> None:
        super().__init__(Outcome.GARBLED, detail)


class Unasked(SnmpError):
    """The question never left: `dns` (no such name) or `network` (no way there)."""

    def __init__(self, detail: str) -> None:
        super().__init__(Outcome.ERROR, detail)


class Reported(Exception):
    """An agent's report on a request: `detail` says why it is refused; empty, ask again."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
