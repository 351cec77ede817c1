"""Whom to ask, and what comes back: shared by the manager and those who use it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from console.snmp.messages import Answer, Prepared


@dataclass(frozen=True, slots=True)
class Target:
    """An agent and how to ask it. `other_source`: believe answers from another address."""

    host: str
    port: int = 161
    community: str = "public"
    timeout_s: float = 1.0
    retries: int = 1
    other_source: bool = False


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
