"""Dresses the application: typeface, palette and style sheet of a theme."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QStyleFactory

from widgets import style, theme
from widgets.theme import DARK, LIGHT, Theme

_ICONS = Path(__file__).resolve().parent.parent / "resources" / "icons"


def named(choice: str, application: QApplication) -> Theme:
    """Return the theme of a setting: `dark`, `light` or as the system has it."""
    if choice == "system":
        scheme = application.styleHints().colorScheme()
        return LIGHT if scheme == Qt.ColorScheme.Light else DARK
    return LIGHT if choice == "light" else DARK


def dress(application: QApplication, of: Theme) -> None:
    """Put a theme on every widget there is and will be."""
    theme.use(of)
    if application.style().objectName() != "fusion":
        application.setStyle(QStyleFactory.create("Fusion"))
    application.setFont(style.font(application.font()))
    application.setPalette(style.palette(of))
    arrow, tick = (_ICONS / f"{name}-{of.name}.svg" for name in ("chevron", "tick"))
    application.setStyleSheet(style.sheet(of, arrow.as_posix(), tick.as_posix()))
