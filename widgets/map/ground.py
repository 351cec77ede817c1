"""The ground of the map: county outlines as paths, painted at any scale."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from widgets.map.outlines import Outlines
from widgets.theme import Theme


def mixed(a: QColor, b: QColor, part: float) -> QColor:
    """Return the colour `part` of the way from a to b."""
    return QColor(
        round(a.red() + (b.red() - a.red()) * part),
        round(a.green() + (b.green() - a.green()) * part),
        round(a.blue() + (b.blue() - a.blue()) * part),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Counties and cities as two paths in plane units."""

    counties: QPainterPath
    cities: QPainterPath

    def paint(self, painter: QPainter, scale: float, theme: Theme) -> None:
        """Paint the land, quieter than anything on it."""
        dark = theme.name == "dark"
        land = (
            mixed(theme.panel, theme.raised, 0.45) if dark else mixed(theme.panel, theme.line, 0.3)
        )
        town = mixed(theme.panel, theme.line, 0.38 if dark else 0.55)
        pen = QPen(mixed(theme.panel, theme.line, 0.95), 1.0, j=Qt.PenJoinStyle.RoundJoin)
        pen.setCosmetic(True)
        painter.save()
        painter.scale(scale, scale)
        painter.setPen(pen)
        painter.setBrush(land)
        painter.drawPath(self.counties)
        painter.setBrush(town)
        painter.drawPath(self.cities)
        painter.restore()


def ground_of(outlines: Outlines | None) -> Ground | None:
    """Make paths of outlines; None for none."""
    if outlines is None:
        return None
    counties, cities = QPainterPath(), QPainterPath()
    for county in outlines.counties:
        path = cities if county.is_city else counties
        for ring in county.rings:
            path.addPolygon(QPolygonF([QPointF(x, y) for x, y in ring.tolist()]))
    for path in (counties, cities):
        path.setFillRule(Qt.FillRule.OddEvenFill)
    return Ground(counties, cities)
