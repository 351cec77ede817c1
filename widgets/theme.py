"""Colours and measures, dark and light. Every widget asks `current()` when it paints."""

from bisect import bisect_right
from dataclasses import dataclass

from PySide6.QtGui import QColor

from console.model.states import RoomState, State

GRID = 4  # px; every spacing is a multiple
RADIUS = 8
RADIUS_SMALL = 6
FONT_PX = 13
FONT_SMALL_PX = 12
FONT_LARGE_PX = 22
LOAD_STOPS = (0.0, 0.35, 0.60, 0.75, 0.90, 1.0)


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours; `loads` belong to LOAD_STOPS."""

    name: str
    base: QColor
    panel: QColor
    raised: QColor
    line: QColor
    text: QColor
    dim: QColor
    accent: QColor
    on_accent: QColor
    fine: QColor
    warning: QColor
    down: QColor
    unreachable: QColor
    loads: tuple[QColor, ...]

    def load(self, ratio: float | None) -> QColor:
        """Return the colour of a load, continuous between the stops; unknown is `dim`."""
        if ratio is None:
            return self.dim
        ratio = min(max(ratio, 0.0), 1.0)
        i = min(bisect_right(LOAD_STOPS, ratio), len(LOAD_STOPS) - 1)
        low, high = LOAD_STOPS[i - 1], LOAD_STOPS[i]
        part = (ratio - low) / (high - low)
        a, b = self.loads[i - 1], self.loads[i]
        return QColor(
            round(a.red() + (b.red() - a.red()) * part),
            round(a.green() + (b.green() - a.green()) * part),
            round(a.blue() + (b.blue() - a.blue()) * part),
        )

    def state(self, state: State | RoomState | str) -> QColor:
        """Return the colour of a state; unknown is `dim`."""
        return getattr(self, _STATE_COLOUR.get(str(state), "dim"))  # type: ignore[no-any-return]


_STATE_COLOUR = {
    "up": "fine",
    "idle": "fine",
    "in_call": "fine",
    "standby": "fine",
    "degraded": "warning",
    "down": "down",
    "unreachable": "unreachable",
    "maintenance": "accent",
}


_NAMES = (
    *("base", "panel", "raised", "line", "text", "dim", "accent", "on_accent"),
    *("fine", "warning", "down", "unreachable"),
)


def _theme(name: str, colours: str, loads: str) -> Theme:
    named = {key: QColor(word) for key, word in zip(_NAMES, colours.split(), strict=True)}
    return Theme(name=name, loads=tuple(QColor(word) for word in loads.split()), **named)


DARK = _theme(
    "dark",
    "#0e141b #131a22 #1b2530 #263240 #e6edf3 #93a1b0 #4ea1ff #06121f"
    " #2fbf9b #f2b43c #ff6b5e #b58bd6",
    "#3a5478 #348ca0 #96be5a #f2c14e #ff7f3f #ff3b5c",
)
LIGHT = _theme(
    "light",
    "#f2f5f8 #ffffff #f4f7fa #d9e0e7 #17212b #56636f #0b63c5 #ffffff"
    " #0b7a5e #a86a00 #c4320a #7d3fa8",
    "#7892b2 #268096 #6e9632 #d6a014 #e0601e #cd143c",
)


class _Current:
    """The theme in use; one a process."""

    theme = DARK


def current() -> Theme:
    """Return the theme in use."""
    return _Current.theme


def use(theme: Theme) -> None:
    """Make `theme` the one in use; the application restyles and repaints its widgets."""
    _Current.theme = theme
