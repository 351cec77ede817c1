"""Short texts as pictures with a rim in the colour of the ground, so that lines run behind them."""

from dataclasses import dataclass
from math import cos, pi, sin

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPixmap

_RIM_PX = 2.5
_LIMIT = 4000
# The rim is the text itself all round its place: stroking its outline costs much more.
_RIM = tuple(
    QPointF(radius * cos(turn * pi / 6), radius * sin(turn * pi / 6))
    for radius in (1.0, _RIM_PX - 0.5)
    for turn in range(12)
)


@dataclass(frozen=True, slots=True)
class _Key:
    text: str
    pixels: int
    weight: int
    colour: int
    ground: int
    ratio: float
    pill: bool


class Texts:
    """Paints texts of one typeface, remembers how they look.

    Plain text only: nothing in it is ever markup.
    """

    def __init__(self) -> None:
        self._pictures: dict[_Key, QPixmap] = {}

    def picture(
        self,
        text: str,
        font: QFont,
        colour: QColor,
        ground: QColor,
        ratio: float,
        pill: bool = False,
    ) -> QPixmap:
        """Return the text with a rim of the ground's colour, as a pill on a patch of it."""
        key = _Key(
            *(text, font.pixelSize(), font.weight().value),
            *(colour.rgba(), ground.rgba(), ratio),
            pill,
        )
        found = self._pictures.get(key)
        if found is None:
            if len(self._pictures) >= _LIMIT:
                self._pictures.clear()
            found = self._pictures[key] = _picture(text, font, colour, ground, ratio, pill)
        return found


def _picture(
    text: str, font: QFont, colour: QColor, ground: QColor, ratio: float, pill: bool
) -> QPixmap:
    metrics = QFontMetricsF(font)
    width = metrics.horizontalAdvance(text) + 2 * _RIM_PX
    height = metrics.height() + 2 * _RIM_PX
    pixmap = QPixmap(max(1, round(width * ratio)), max(1, round(height * ratio)))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font)
        base = QPointF(_RIM_PX, _RIM_PX + metrics.ascent())
        behind = QColor(ground)
        if pill:
            behind.setAlphaF(0.9)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(behind)
            painter.drawRoundedRect(QRectF(0, 1.5, width, height - 3), 4, 4)
        else:
            painter.setPen(behind)
            for offset in _RIM:
                painter.drawText(base + offset, text)
        painter.setPen(colour)
        painter.drawText(base, text)
    return pixmap
