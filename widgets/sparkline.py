"""A curve as small as a word. A gap stays a gap."""

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from console.model.series import Column


@dataclass(frozen=True, slots=True)
class Spark:
    """One curve; NaN where nothing is known."""

    values: Column
    colour: QColor
    width: float = 1.4
    filled: bool = False


def paint_sparkline(
    painter: QPainter, rect: QRectF, sparks: tuple[Spark, ...], least_top: float = 0.0
) -> None:
    """Paint curves from 0 to the largest of all values; `least_top` keeps small ones low."""
    known = [x[np.isfinite(x)] for x in (spark.values for spark in sparks)]
    top = max([float(x.max()) for x in known if len(x)] + [least_top])
    if top <= 0.0:
        top = 1.0
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for spark in sparks:
        _paint_spark(painter, rect, spark, top)
    painter.restore()


def _paint_spark(painter: QPainter, rect: QRectF, spark: Spark, top: float) -> None:
    count = len(spark.values)
    if not count:
        return
    xs = rect.left() + (np.arange(count) + 0.5) * (rect.width() / count)
    ys = rect.bottom() - spark.values * (rect.height() / top)
    half = rect.width() / count / 2
    for part in _stretches(xs.tolist(), ys.tolist(), half):
        if spark.filled:
            _fill(painter, part, rect.bottom(), spark.colour)
        painter.setPen(QPen(spark.colour, spark.width, j=Qt.PenJoinStyle.RoundJoin))
        painter.drawPolyline(part)


def _stretches(xs: list[float], ys: list[float], half: float) -> list[QPolygonF]:
    """Polylines between the gaps; a single value becomes a short dash."""
    parts: list[QPolygonF] = []
    points: list[QPointF] = []
    for x, y in zip([*xs, 0.0], [*ys, math.nan], strict=True):
        if math.isfinite(y):
            points.append(QPointF(x, y))
        elif points:
            if len(points) == 1:
                points = [points[0] - QPointF(half, 0), points[0] + QPointF(half, 0)]
            parts.append(QPolygonF(points))
            points = []
    return parts


def _fill(painter: QPainter, part: QPolygonF, bottom: float, colour: QColor) -> None:
    veil = QColor(colour)
    veil.setAlphaF(0.22)
    area = QPolygonF(part)
    area.append(QPointF(part.last().x(), bottom))
    area.append(QPointF(part.first().x(), bottom))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(veil)
    painter.drawPolygon(area)
