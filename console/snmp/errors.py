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
    """The agent says no: `snmp_auth`, or `snmp_status` when it cannot answer this question."""

    def __init__(self, detail: str = "snmp_auth") -> None:
        super().__init__(Outcome.REFUSED, detail)


class Garbled(SnmpError):
    """Answers came that nobody can read."""

    def __init__(self) -> None:
        super().__init__(Outcome.GARBLED, "snmp_garbled")


class Unasked(SnmpError):
    """The question never left: `dns` (no such name) or `network` (no way there)."""

    def __init__(self, detail: str) -> None:
        super().__init__(Outcome.ERROR, detail)
