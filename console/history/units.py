"""How values stand in the file: moments in milliseconds, rates in kbit/s."""

import numpy as np
from numpy.typing import NDArray


def to_ms(at_s: float) -> int:
    """Return UTC milliseconds."""
    return round(at_s * 1000)


def to_kbit(rate_bps: float | None) -> int | None:
    """Return kbit/s, never rounded to 0 if anything passed."""
    if not rate_bps or rate_bps <= 0:
        return None if rate_bps is None else 0
    return int(rate_bps / 1000 + 0.5) or 1


def to_kbit_columns(rate_bps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return whole kbit/s as to_kbit does; NaN stays NaN and is stored as NULL."""
    kbit = np.floor(rate_bps / 1000 + 0.5)
    kbit[(kbit < 1) & (rate_bps > 0)] = 1.0
    return kbit


def to_bps(kbit: int | None) -> float | None:
    """Return bit/s."""
    return None if kbit is None else kbit * 1000.0
