"""How a conference went, shown like its verdict; hidden where there is no report."""

from PySide6.QtWidgets import QWidget

from console.language import _
from console.model.report import ConferenceReport
from console.names import Names
from widgets import times
from widgets.readiness.report_words import report_headline, report_sentence, report_state
from widgets.readiness.verdict_box import VerdictBox


class ReportBox(VerdictBox):
    """Displays what became of a conference."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.show_caption(_("How it went"))

    def show_report(self, report: ConferenceReport | None, names: Names) -> None:
        """Say what happened, or nothing."""
        self.setVisible(report is not None)
        if report is not None:
            made = _("Report made {when}").format(when=times.minute(report.made_at_s))
            told = report_sentence(report, names)
            self.show_verdict(report_state(report), report_headline(report), told, made)
