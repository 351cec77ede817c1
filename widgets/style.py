"""The style sheet, made from the theme's tokens. Measures: steps of 4 px, radius 8 and 6."""

from string import Template

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette

from widgets import theme
from widgets.theme import Theme

_SHEET = Template("""
* { font-size: ${font}px; }
QMainWindow, QDialog, #backdrop { background: $base; }
QWidget { color: $text; }
QMainWindow::separator { background: $base; width: 8px; height: 8px; }
QMainWindow::separator:hover { background: $line; }
QToolBar { background: $panel; border: 0; border-top: 1px solid $line; padding: 0; spacing: 0; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 8px; }

#topBar { background: $panel; border-bottom: 1px solid $line; }
#brand { font-weight: 600; font-size: 15px; }
#clock { font-weight: 600; }
QLabel[tone="dim"], #topBar QLabel[tone="dim"] { color: $dim; }
QLabel[tone="down"] { color: $down; }
QLabel[tone="warning"] { color: $warning; }
QLabel[tone="fine"] { color: $fine; }
QLabel[scale="small"] { font-size: ${small}px; }
QLabel[scale="large"] { font-size: ${large}px; font-weight: 600; }
QLabel[scale="head"] { font-size: 15px; font-weight: 600; }
QLabel[weight="strong"] { font-weight: 600; }

#segments { background: $raised; border-radius: 8px; }
#segments QPushButton { background: transparent; border: 1px solid transparent; color: $dim;
  border-radius: 6px; padding: 5px 14px; margin: 2px; font-weight: 500; min-height: 16px; }
#segments QPushButton:hover { color: $text; }
#segments QPushButton:checked { background: $accent; color: $on_accent; font-weight: 600; }
#segments QPushButton:focus { border-color: transparent; }
#segments QPushButton[ringed="true"] { border-color: $text; }

#banner { border-bottom: 1px solid $line; background: $raised; }
#banner[tone="down"] { border-left: 4px solid $down; }
#banner[tone="warning"] { border-left: 4px solid $warning; }
#banner[tone="accent"] { border-left: 4px solid $accent; }

#panelTitle { background: $panel; border: 1px solid $line;
  border-top-left-radius: 8px; border-top-right-radius: 8px; }
#panelTitle QLabel { font-weight: 600; }
#panelBody { background: $panel; border: 1px solid $line; border-top: 0;
  border-bottom-left-radius: 8px; border-bottom-right-radius: 8px; }
#panelWhole { background: $panel; border: 1px solid $line; border-radius: 8px; }
#panelWhole:focus, #panelBody:focus { border-color: $accent; }

QPushButton { background: $raised; border: 1px solid $line; border-radius: 6px;
  padding: 5px 12px; min-height: 18px; }
QPushButton:hover { border-color: $dim; }
QPushButton:focus { border-color: $accent; }
QPushButton:pressed { background: $line; }
QPushButton:disabled { color: $dim; }
QPushButton:checked { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border-color: $accent;
  font-weight: 600; }
QPushButton[kind="primary"]:focus { border-color: $text; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; color: $accent;
  padding: 1px 4px; min-height: 14px; }
QPushButton[kind="quiet"]:hover { border-color: $line; }
QPushButton[kind="quiet"]:focus { border-color: $accent; }
QPushButton[kind="live"], QPushButton[kind="end"] { font-weight: 600; padding: 5px 14px; }
QPushButton[kind="live"]:checked { background: $down; border-color: $down; color: $on_live; }

QToolButton { background: $raised; border: 1px solid $line; border-radius: 6px; padding: 4px 8px; }
QToolButton:hover { border-color: $dim; }
QToolButton:focus { border-color: $accent; }
QToolButton:checked { background: $accent; color: $on_accent; border-color: $accent; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QPlainTextEdit, QSpinBox, QDateTimeEdit { background: $raised; color: $text;
  border: 1px solid $line; border-radius: 6px; padding: 5px 8px; min-height: 18px;
  selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:focus, QPlainTextEdit:focus, QSpinBox:focus, QDateTimeEdit:focus {
  border-color: $accent; }
QSpinBox::up-button, QSpinBox::down-button, QTimeEdit::up-button, QTimeEdit::down-button {
  border: 0; width: 0; }
QComboBox { background: $raised; border: 1px solid $line; border-radius: 6px;
  padding: 5px 26px 5px 10px; min-height: 18px; }
QComboBox:hover { border-color: $dim; }
QComboBox:focus { border-color: $accent; }
QComboBox::drop-down, QDateEdit::drop-down { border: 0; width: 22px; }
QComboBox::down-arrow, QDateEdit::down-arrow { image: url("$arrow"); width: 10px; height: 10px; }
QComboBox QAbstractItemView, QMenu, #completions { background: $raised; color: $text;
  border: 1px solid $line; padding: 4px; outline: 0;
  selection-background-color: $accent; selection-color: $on_accent; }
QComboBox QAbstractItemView::item, #completions::item { padding: 5px 8px; min-height: 18px; }
QCheckBox, QRadioButton { spacing: 8px; }
QCheckBox::indicator, QRadioButton::indicator, QListView::indicator { width: 14px; height: 14px;
  background: $panel; border: 1px solid $dim; border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:checked, QListView::indicator:checked { background: $accent;
  border-color: $accent; image: url("$tick"); }
QRadioButton::indicator:checked { background: $panel; border: 5px solid $accent; width: 6px;
  height: 6px; }
QCheckBox:focus, QRadioButton:focus { color: $accent; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: $accent; color: $on_accent; }
QMenu::item:disabled { color: $dim; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }

QTableView, QTreeView, QListView { background: $panel; alternate-background-color: $panel;
  border: 0; gridline-color: $line; outline: 0;
  selection-background-color: $selected; selection-color: $text; }
QTableView::item, QTreeView::item, QListView::item { border-bottom: 1px solid $line;
  padding: 0 4px; }
QTableView::item:selected, QTreeView::item:selected, QListView::item:selected {
  background: $selected; color: $text; }
QHeaderView { background: $panel; border: 0; }
QHeaderView::section { background: $panel; color: $dim; border: 0;
  border-bottom: 1px solid $line; padding: 6px 8px; font-size: ${small}px; }
QTableCornerButton::section { background: $panel; border: 0; }

QScrollArea, QAbstractScrollArea { background: transparent; border: 0; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $dim; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QProgressBar { background: $raised; border: 1px solid $line; border-radius: 6px;
  text-align: center; min-height: 18px; }
QProgressBar::chunk { background: $accent; border-radius: 5px; }
QTabBar { background: transparent; }
QTabBar::tab { background: $base; color: $dim; padding: 6px 12px; border: 1px solid $line; }
QTabBar::tab:selected { background: $panel; color: $text; border-bottom: 2px solid $accent; }
QSplitter::handle { background: $line; }
""")


def sheet(of: Theme, arrow: str, tick: str) -> str:
    """Return the style sheet; the pictures are paths: a combo box's arrow, a box's tick."""
    colours = {
        name: getattr(of, name).name()
        for name in ("base", "panel", "raised", "line", "text", "dim", "accent", "on_accent")
    }
    states = {name: getattr(of, name).name() for name in ("fine", "warning", "down")}
    return _SHEET.substitute(
        **colours,
        **states,
        selected=mixed(of.panel, of.accent, 0.22).name(),
        on_live="#1a0805" if of.name == "dark" else "#ffffff",
        arrow=arrow,
        tick=tick,
        font=theme.FONT_PX,
        small=theme.FONT_SMALL_PX,
        large=theme.FONT_LARGE_PX,
    )


def palette(of: Theme) -> QPalette:
    """Return the palette for what draws itself without the style sheet."""
    made = QPalette()
    role = QPalette.ColorRole
    for what, colour in (
        (role.WindowText, of.text),
        (role.Text, of.text),
        (role.ButtonText, of.text),
        (role.BrightText, of.text),
        (role.Window, of.base),
        (role.Base, of.panel),
        (role.Button, of.raised),
        (role.Mid, of.line),
        (role.Dark, of.line),
        (role.Light, of.raised),
    ):
        made.setColor(what, colour)
    made.setColor(role.Highlight, of.accent)
    made.setColor(role.HighlightedText, of.on_accent)
    made.setColor(role.PlaceholderText, of.dim)
    made.setColor(role.AlternateBase, of.panel)
    made.setColor(role.ToolTipBase, of.raised)
    made.setColor(role.ToolTipText, of.text)
    made.setColor(role.Link, of.accent)
    for disabled in (role.Text, role.WindowText, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, disabled, of.dim)
    return made


def font(system: QFont) -> QFont:
    """Return the system's typeface at our size; Inter or DejaVu Sans where there is none."""
    chosen = QFont(system)
    if system.family().lower() in ("", "sans serif", "sans-serif"):
        known = set(QFontDatabase.families())
        chosen.setFamily(next((f for f in ("Inter", "DejaVu Sans") if f in known), system.family()))
    chosen.setPixelSize(theme.FONT_PX)
    chosen.setFeature(QFont.Tag("tnum"), 1)
    return chosen


def mixed(a: QColor, b: QColor, part: float) -> QColor:
    """Return the colour `part` of the way from `a` to `b`."""
    return QColor(
        round(a.red() + (b.red() - a.red()) * part),
        round(a.green() + (b.green() - a.green()) * part),
        round(a.blue() + (b.blue() - a.blue()) * part),
    )
