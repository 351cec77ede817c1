"""Whom to ask, and what comes back: shared by the manager and those who use it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from console.snmp.keys import User
from console.snmp.messages import VERSION_1, VERSION_2C, Answer, Prepared


@dataclass(frozen=True, slots=True)
class Target:
    """An agent and how to ask it, in all for `timeout_s` times one plus `retries`.

    `other_source`: believe unsigned answers from another address. `user`: ask by SNMPv3, in the
    agent's `context`.
    """

    host: str
    port: int = 161
    community: str = field(default="public", repr=False)
    timeout_s: float = 1.0
    retries: int = 1
    other_source: bool = False
    version: int = VERSION_2C  # or VERSION_1; matters where there is no user
    user: User | None = None
    context: str = ""

    @property
    def bulk(self) -> bool:
        """Tell whether this version knows GETBULK."""
        return self.user is not None or self.version != VERSION_1

    @property
    def patience_s(self) -> float:
        """How long to wait for an answer, all tries together."""
        return self.timeout_s * (1 + self.retries)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, when it came (event loop's clock) and how long the agent took for it."""

    answer: Answer
    at_s: float
    rtt_us: int


class Asker(Protocol):
    """What a table needs of the manager."""

    def prepare(
        self,
        target: Target,
        kind: int,
        oids: Sequence[bytes],
        non_repeaters: int = 0,
        max_repetitions: int = 0,
    ) -> Prepared:
        """Prepare a request that may be sent again and again."""

    async def ask(self, target: Target, prepared: Prepared) -> Reply:
        """Ask, and raise SnmpError when no answer can be had."""
