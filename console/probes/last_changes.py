"""When each port of a device came into its state, from ifLastChange. Tells what is news only."""

from collections.abc import Mapping, Sequence

from console.analysis.rates import TICKS, TICKS_PER_S, clock_restarted
from console.model.observation import PortChange
from console.model.reading import Counters

_AMID_READING = 60 * TICKS_PER_S  # a port may change while the table is read


class LastChanges:
    """Remembers ifLastChange of a device's ports from one answer to the next."""

    def __init__(self) -> None:
        self._told: Mapping[str, int | None] = {}
        self._ticks: int | None = None
        self._at_s = 0.0

    def news(
        self,
        keys: Sequence[str],
        column: Counters,
        ticks: int | None,
        at_s: float,
        up_s: float | None,
    ) -> tuple[PortChange, ...]:
        """Return what differs from the answer before; everything at first and after a reboot.

        `ticks` is sysUpTime at `at_s`, UTC seconds; `up_s` how long the device has been up.
        """
        if clock_restarted(self._ticks, ticks, at_s - self._at_s):
            self._told = {}
        before, self._told = self._told, dict(zip(keys, column, strict=True))
        self._ticks, self._at_s = ticks, at_s
        if before == self._told:
            return ()
        return tuple(
            PortChange(
                *(key, changed),
                _instant_s(changed, ticks, at_s, up_s, seen=before.get(key) is not None),
            )
            for key, changed in self._told.items()
            if key not in before or before[key] != changed
        )


def _instant_s(
    changed: int | None, ticks: int | None, at_s: float, up_s: float | None, *, seen: bool
) -> float | None:
    """Return when a port changed, None where that cannot be told; `seen`: since the answer before.

    0 means before the agent started (RFC 2863). After 497 days up TimeTicks begin again, and only
    a change that was seen can be placed.
    """
    if not changed or ticks is None or up_s is None:
        return None
    ago = ticks - changed
    if up_s * TICKS_PER_S < TICKS:
        return at_s - ago / TICKS_PER_S if ago >= -_AMID_READING else None
    if not seen:
        return None
    return at_s - ((ago + _AMID_READING) % TICKS - _AMID_READING) / TICKS_PER_S
