"""Which program this is, under which licence, and whose work it shows."""

import platform
from typing import TYPE_CHECKING

import PySide6

from console import __version__
from console.language import N_, _
from widgets.dialogs.sheet import Sheet, text_label

if TYPE_CHECKING:
    from widgets.session import Session

_LINES = (
    N_("Licence: European Union Public Licence 1.2 (EUPL-1.2)"),
    N_("County outlines: © GeoBasis-DE / BKG (data simplified)"),
    N_("The shipped network is an illustration; its topology is invented."),
)


class AboutDialog(Sheet):
    """Says what the program is."""

    def __init__(self, session: "Session") -> None:
        super().__init__("Leitstand", session.window)
        version = _("Version {version} · Python {python} · Qt {qt}").format(
            version=__version__, python=platform.python_version(), qt=PySide6.__version__
        )
        self.body.addWidget(text_label(_("Operations console for a county network")))
        self.body.addWidget(text_label(version, tone="dim"))
        for line in _LINES:
            self.body.addWidget(text_label(_(line)))
        self.add_button(_("Close"), primary=True).clicked.connect(self.accept)
