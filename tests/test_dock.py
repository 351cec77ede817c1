from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMainWindow

from widgets.dock import PanelDock
from widgets.panels import PANELS


def test_the_title_covers_nothing_of_the_panel(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    dock = PanelDock(next(panel for panel in PANELS if panel.titled))
    dock.fill(QLabel("content"))
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
    window.show()
    assert dock.titleBarWidget().geometry().bottom() < dock.widget().geometry().top()
