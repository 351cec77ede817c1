"""Puts one page about a conference on paper or into a PDF; a page too full is written smaller."""

from pathlib import Path

from PySide6.QtCore import QMarginsF, QSizeF
from PySide6.QtGui import (
    QFont,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPdfWriter,
    QTextDocument,
)

from console.errors import OperatorError
from console.language import _

_MARGIN_MM = 16.0
_SIZES_PT = (11, 10, 9, 8, 7, 6, 5)
_LARGER = {"h1": 1.7, "verdict": 1.5, "h2": 1.1, "foot": 0.8}
# The page is laid out in points, so what Qt takes for a pixel is a point on paper.
_SHEET = """
h1, h2, p, td {{ color: #000000; }}
h1 {{ font-size: {h1}px; margin: 0 0 2px 0; }} h2 {{ font-size: {h2}px; margin: 10px 0 3px 0; }}
p {{ margin: 0 0 4px 0; }} .verdict {{ font-size: {verdict}px; font-weight: 600; }}
.verdict, .dim {{ margin: 4px 0 4px 0; }} p.dim, span.dim, p.foot {{ color: #56636f; }}
.foot {{ margin-top: 12px; font-size: {foot}px; }}
td, th {{ padding: 1px 8px 1px 0; text-align: left; }} th {{ color: #56636f; font-weight: 400; }}
"""


def write_pdf(path: Path, html: str, title: str) -> None:
    """Write the page as a PDF. Raises OperatorError where that cannot be."""
    try:
        path.open("ab").close()
    except OSError as error:
        raise OperatorError(_("{path} cannot be written.").format(path=path)) from error
    writer = QPdfWriter(str(path))
    writer.setTitle(title)
    writer.setCreator("Leitstand")
    put_on(writer, html)


def put_on(device: QPagedPaintDevice, html: str) -> QTextDocument:
    """Print the page on a device; return the document as it was laid out."""
    size = QPageSize(QPageSize.PageSizeId.A4)
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    layout = QPageLayout(
        *(size, QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter)
    )
    device.setPageLayout(layout)
    document = fitted(html, layout.paintRect(QPageLayout.Unit.Point).size())
    document.print_(device)
    return document


def fitted(html: str, room_pt: QSizeF) -> QTextDocument:
    """Return the document in the largest letters with which it is one page."""
    document = QTextDocument()
    document.setDocumentMargin(0)
    for size_pt in _SIZES_PT:
        font = QFont("sans-serif")
        font.setPixelSize(size_pt)
        sizes = {name: round(size_pt * larger) for name, larger in _LARGER.items()}
        document.setDefaultFont(font)
        document.setDefaultStyleSheet(_SHEET.format(**sizes))
        document.setHtml(html)
        document.setPageSize(room_pt)
        if document.pageCount() == 1:
            break
    return document
