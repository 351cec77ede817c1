"""The printed page: one sheet, the right words, and no markup from the network."""

import dataclasses

import pytest
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QPageLayout
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QMessageBox, QWidget

from console.analysis.readiness.relief import reliefs
from console.errors import OperatorError
from tests.readiness_values import VALUES, lookback, not_ready, tight
from widgets.paper_desk import PaperDesk, file_name
from widgets.readiness.paper import PaperWish, Reader, page
from widgets.readiness.printing import fitted, put_on, write_pdf

A4_PT = QSizeF(505, 752)


def html(made, reader):
    return page(made, made[1].snapshot, reader)


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("reader", Reader)
def test_it_is_one_page(qtbot, value, reader):
    assert fitted(html(VALUES[value](), reader), A4_PT).pageCount() == 1


def test_a_landrat_reads_what_to_do_and_whom_to_call(qtbot):
    text = fitted(html(not_ready(), Reader.LANDRAT), A4_PT).toPlainText()
    assert "✕ Not ready" in text
    assert "switch the room on and check its network cable · Haustechnik, Tel. 02641" in text
    assert "✕ Birkenfeld: unreachable" in text


def test_an_engineer_reads_ways_loads_and_failures(qtbot):
    text = fitted(html(VALUES["ready_not_n1"](), Reader.ENGINEER), A4_PT).toPlainText()
    assert "Birkenfeld → Bad Kreuznach" in text
    assert "94 %" in text
    assert "Koblenz (Kern) – Mayen-Koblenz" in text.partition("too few rooms")[2]


def test_a_number_keeps_its_unit_beside_it(qtbot):
    text = html(VALUES["ready_not_n1"](), Reader.LANDRAT)
    assert "Germersheim: way at 94\u00a0%" in text


def test_both_read_which_rooms_to_take_down(qtbot):
    assessment, situation = tight()
    helps = reliefs(situation, assessment)
    for reader in Reader:
        html = page((assessment, situation), situation.snapshot, reader, helps)
        document = fitted(html, A4_PT)
        assert "Südliche Weinstraße, Südwestpfalz down to 720p" in document.toPlainText()
        assert document.pageCount() == 1


def test_engineers_read_what_has_changed_since_it_went_well(qtbot):
    made = not_ready()
    html = page(made, made[1].snapshot, Reader.ENGINEER, (), lookback())
    document = fitted(html, A4_PT)
    told = document.toPlainText().partition("since the last good conference")[2]
    assert "Sun 22 Nov, 09:55 · The link Bad Kreuznach – Birkenfeld is down" in told
    assert "7.4 instead of 7.2" in told
    assert document.pageCount() == 1


def test_a_pdf_is_written_in_a4(qtbot, tmp_path):
    path = tmp_path / "page.pdf"
    write_pdf(path, html(not_ready(), Reader.LANDRAT), "Title")
    content = path.read_bytes()
    assert content.startswith(b"%PDF")
    assert content.count(b"/Type /Page\n") == 1


def test_a_printer_gets_the_same_page(qtbot, tmp_path):
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    assert put_on(printer, html(not_ready(), Reader.ENGINEER)).pageCount() == 1
    assert printer.pageLayout().orientation() == QPageLayout.Orientation.Portrait
    assert (tmp_path / "printed.pdf").stat().st_size > 1000


def test_a_place_that_cannot_be_written_is_one_sentence(qtbot, tmp_path):
    with pytest.raises(OperatorError, match="cannot be written"):
        write_pdf(tmp_path, "<p>x</p>", "x")
    window = QWidget()
    qtbot.addWidget(window)
    PaperDesk(window).save(PaperWish("x", "<p>x</p>", True), tmp_path)
    box = window.findChild(QMessageBox)
    assert str(tmp_path) in box.text()
    box.close()


def test_markup_in_names_is_printed_as_letters(qtbot):
    assessment, situation = not_ready()
    entry = situation.plan.entry.model_copy(update={"name": "<img src=x> & co"})
    situation = dataclasses.replace(
        situation, plan=dataclasses.replace(situation.plan, entry=entry)
    )
    text = fitted(html((assessment, situation), Reader.LANDRAT), A4_PT).toPlainText()
    assert text.startswith("<img src=x> & co")


def test_titles_become_names_of_files():
    assert file_name("Lage: Süd / 2026") == "Lage-Süd-2026"
    assert file_name("../..") == "leitstand"
