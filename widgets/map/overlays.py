"""What lies over the map and changes with the pointer: highlight, focus ring, footer, sentences."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from console.language import _
from console.model.snapshot import Snapshot
from widgets import theme
from widgets.map.outlines import ATTRIBUTION
from widgets.map.painter import paint_way
from widgets.map.projection import Box
from widgets.map.scene import Scene
from widgets.map.spots import Spot, circle_of, place_of, row_of
from widgets.theme import Theme

FOOTER_PX = 18.0
EDGE_PX = 12.0
_RING_PX = 9.0


def paint_highlight(painter: QPainter, scene: Scene, spot: Spot, colours: Theme) -> None:
    """Lighten what the pointer is on; the painter's origin is the plane's."""
    glow = QColor(colours.text)
    glow.setAlpha(60)
    row = row_of(scene, spot.id)
    if row is not None:
        paint_way(painter, scene, row, glow, 3.0)
        return
    circle = circle_of(scene, spot.id)
    if circle:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(glow)
        painter.drawEllipse(QPointF(circle[0], circle[1]), circle[2] + 4, circle[2] + 4)


def paint_focus(painter: QPainter, scene: Scene, spot: Spot, colours: Theme) -> None:
    """Paint the ring of the keyboard's focus, dark in light, so that it shows on anything."""
    circle, place = circle_of(scene, spot.id), place_of(scene, spot.id)
    if row_of(scene, spot.id) is not None and place is not None:
        x, y, radius = *place, _RING_PX
    elif circle is not None:
        x, y, radius = circle
    else:
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((colours.base, 5.0), (colours.text, 2.0)):
        painter.setPen(QPen(colour, width))
        painter.drawEllipse(QPointF(x, y), radius + 5, radius + 5)


class Footer:
    """Note of the inventory and source of the outlines, at the lower right."""

    def __init__(self, font: QFont) -> None:
        self._font = QFont(font)
        self._font.setPixelSize(theme.FONT_SMALL_PX - 1)
        self._metrics = QFontMetricsF(self._font)

    def text(self, snapshot: Snapshot, outlined: bool) -> str:
        """Return the words; the source is named where its outlines are shown."""
        note = snapshot.inventory.note if snapshot.inventory else None
        source = f"{ATTRIBUTION} ({_('data simplified')})" if outlined else None
        return " · ".join(" ".join(part.split()) for part in (note, source) if part)

    def box(self, text: str, width: float, height: float) -> Box:
        """Return what the text covers in a view of that size."""
        wide = min(self._metrics.horizontalAdvance(text), width - 2 * EDGE_PX)
        right = width - EDGE_PX
        return Box(right - wide, height - EDGE_PX - FOOTER_PX + 4, right, height - EDGE_PX + 4)

    def paint(
        self, painter: QPainter, text: str, width: float, height: float, colours: Theme
    ) -> None:
        """Paint the text, shortened where there is no room."""
        box = self.box(text, width, height)
        fitted = self._metrics.elidedText(text, Qt.TextElideMode.ElideLeft, box.width + 1)
        ground = QColor(colours.panel)
        ground.setAlphaF(0.8)
        frame = QRectF(box.left - 6, box.top, box.width + 12, box.height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(frame, theme.GRID, theme.GRID)
        painter.setFont(self._font)
        painter.setPen(colours.dim)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(
            QRectF(box.left - 2, box.top, box.width + 2, box.height),
            int(flags | Qt.TextFlag.TextSingleLine),
            fitted,
        )


def sentence(snapshot: Snapshot | None) -> str:
    """Return what to say instead of a map; empty when there is one."""
    if snapshot is None:
        return _("The map appears with the first data.")
    if snapshot.inventory is None:
        return _("Nothing was recorded up to this moment.")
    if not snapshot.inventory.sites:
        return _("The inventory names no sites to draw.")
    return ""


def paint_sentence(painter: QPainter, box: QRectF, text: str, font: QFont, colours: Theme) -> None:
    """Paint a calm sentence in the middle of nothing."""
    sized = QFont(font)
    sized.setPixelSize(theme.FONT_PX)
    painter.setFont(sized)
    painter.setPen(colours.dim)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(box.adjusted(24, 24, -24, -24), int(flags), text)
