"""What a device's counters showed at one moment, before anything is concluded from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

Counters: TypeAlias = Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Reading:
    """The counters of a device as columns over the same ports; None where a port has none.

    `at_s` is seconds on a steady clock, `uptime_ticks` sysUpTime in hundredths of a second.
    `octet_bits` is 64 or 32, the width of a port's two octet counters. `discontinuities` are
    ifCounterDiscontinuityTime.
    """

    at_s: float
    uptime_ticks: int | None
    keys: tuple[str, ...]
    octet_bits: Sequence[int]
    octets_in: Counters
    octets_out: Counters
    errors_in: Counters
    errors_out: Counters
    discards_in: Counters
    discards_out: Counters
    discontinuities: Counters

    @property
    def counters(self) -> tuple[Counters, ...]:
        """The six columns that count something."""
        return (
            *(self.octets_in, self.octets_out, self.errors_in),
            *(self.errors_out, self.discards_in, self.discards_out),
        )


@dataclass(frozen=True, slots=True)
class Rates:
    """Means between two readings, as columns over the ports of the newer one.

    None where not known. `in_bps`, `out_bps` bit/s; the others per second.
    """

    in_bps: Sequence[float | None]
    out_bps: Sequence[float | None]
    in_errors_ps: Sequence[float | None]
    out_errors_ps: Sequence[float | None]
    in_discards_ps: Sequence[float | None]
    out_discards_ps: Sequence[float | None]
