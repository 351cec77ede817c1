"""PySide6 6.12.0 on Python 3.11 drops a reference to None with every call that returns nothing."""

import sys

import pytest
from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtGui import QImage, QPainter, QPainterPath
from PySide6.QtWidgets import QLabel

CALLS = 2_000
# The interpreter and the test itself hold None here and there; the fault takes one a call.
SLACK = 200


def _label(calls: int) -> None:
    label = QLabel()
    for number in range(calls):
        label.setObjectName(str(number))
        label.setText("x")
        label.update()
    label.deleteLater()


def _object(calls: int) -> None:
    parent = QObject()
    child = QObject()
    for _ in range(calls):
        child.setParent(parent)
        child.blockSignals(True)


def _painter(calls: int) -> None:
    image = QImage(8, 8, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    path = QPainterPath()
    for _ in range(calls):
        painter.save()
        painter.drawRect(QRectF(0, 0, 4, 4))
        path.moveTo(QPointF(0, 0))
        painter.restore()
    painter.end()


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
@pytest.mark.parametrize("use", [_label, _object, _painter])
def test_calls_that_return_nothing_leave_none_alone(qapp, use):
    use(10)
    before = sys.getrefcount(None)
    use(CALLS)
    assert abs(sys.getrefcount(None) - before) < SLACK
