"""The one window: top bar, banner, the panels of the table, time bar. Places them, nothing more."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar, QVBoxLayout, QWidget

from console.language import _
from console.model.readiness import Impact
from console.model.snapshot import Snapshot
from widgets import tidying
from widgets.actions import ACTIONS
from widgets.arrangement import Arrangements
from widgets.banner import Banner
from widgets.desk import Desk
from widgets.dock import PanelDock
from widgets.feed import HistoryFeed
from widgets.notices import LIVE, RESTART, Situation, notices
from widgets.panels import PANELS, PERSPECTIVES, Perspective
from widgets.time_bar import TimeBar
from widgets.top_bar import TopBar
from widgets.what_if_strip import WhatIfStrip

_MARGIN = 8
_PATIENCE_MS = 1500  # without a history there is no map to wait for
_DEFAULT_SIZE = (1440, 900)


class MainWindow(QMainWindow):
    """Shows one history, live or in review.

    Signals:
        restart_wanted: the operator wants the collector started again.
        dialog_wanted: key of a dialog (see actions.ACTIONS).
        map_painted: the first map is on the screen, or there is nothing to paint yet.
        complete: every panel is there.
    """

    restart_wanted = Signal()
    dialog_wanted = Signal(str)
    map_painted = Signal()
    complete = Signal()

    def __init__(
        self, feed: HistoryFeed, arrangement: Path | None = None, review: str = ""
    ) -> None:
        super().__init__()
        self.setObjectName("leitstand")
        self.setWindowTitle("Leitstand")
        self.feed = feed
        self.desk = Desk(feed, self)
        self._review = review
        self._ended: str | None = None
        self._trouble = ""
        self._unreadable = ""
        self._unpainted: list[QWidget] = []
        self._painting = QTimer(self)
        self._painting.timeout.connect(self._paint_next)
        self.top_bar = TopBar(review=bool(review))
        self.banner = Banner()
        self.what_if = WhatIfStrip()
        self.time_bar = TimeBar(review=bool(review))
        self.docks = {panel.key: PanelDock(panel, self) for panel in PANELS}
        self._place_bars()
        self._add_actions()
        self._connect()
        self.arrangements = Arrangements(self, self.docks, arrangement)
        if not self.arrangements.restore_geometry():
            self.resize(*_DEFAULT_SIZE)
        for panel in PANELS:
            if panel.first:
                self._fill(panel.key)
        self.show_perspective(self.arrangements.remembered())
        self._waiting = [panel for panel in PANELS if not panel.first]
        self._later: list[str] = []
        self._painted = False
        content = self.docks["map"].content
        assert content is not None
        content.installEventFilter(self)
        QTimer.singleShot(_PATIENCE_MS, self._note_painted)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: D102
        if event.type() == QEvent.Type.Paint and self.desk.snapshot is not None:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._note_painted)
        return False

    @Slot()
    def _note_painted(self) -> None:
        if not self._painted:
            self._painted = True
            self._leave_search()
            self.map_painted.emit()

    def _place_bars(self) -> None:
        head = QWidget()
        head.setObjectName("backdrop")
        column = QVBoxLayout(head)
        column.setContentsMargins(0, 0, 0, _MARGIN)
        column.setSpacing(0)
        column.addWidget(self.top_bar)
        column.addWidget(self.banner)
        column.addWidget(self.what_if)
        self.setMenuWidget(head)
        self.setDockNestingEnabled(True)
        self.setContentsMargins(0, 0, 0, 0)
        bar = QToolBar(_("Time"))
        bar.setObjectName("time")
        bar.setMovable(False)
        bar.setFloatable(False)
        bar.toggleViewAction().setVisible(False)
        bar.addWidget(self.time_bar)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, _margin("left"))
        self.addToolBar(Qt.ToolBarArea.RightToolBarArea, _margin("right"))
        self.addToolBar(Qt.ToolBarArea.BottomToolBarArea, bar)

    def _add_actions(self) -> None:
        menu = QMenu(self)
        for row in ACTIONS:
            action = QAction(_(row.text), self)
            action.setShortcuts([QKeySequence(keys) for keys in row.keys])
            action.triggered.connect(getattr(self, row.slot))
            action.setData(row.key)
            self.addAction(action)
            if row.in_menu:
                menu.addAction(action)
            if row.separator_after:
                menu.addSeparator()
        panels = QMenu(_("Panels"), menu)
        for dock in self.docks.values():
            if dock.panel.titled:
                panels.addAction(dock.toggleViewAction())
        menu.insertMenu(menu.actions()[0], panels)
        self.top_bar.set_menu(menu)

    def _connect(self) -> None:
        self.top_bar.perspective_wanted.connect(self._choose_perspective)
        self.top_bar.thing_wanted.connect(self.desk.select)
        self.top_bar.search_left.connect(self._leave_search)
        self.banner.action_wanted.connect(self._act)
        self.what_if.ended.connect(self.desk.what_if.end)
        self.desk.impact_told.connect(self._show_impact)
        self.desk.snapshot_shown.connect(self._show_snapshot)
        self.desk.density_read.connect(self.time_bar.show_density)
        self.feed.span_changed.connect(self._show_span)
        self.feed.cursor_changed.connect(self._show_cursor)
        self.feed.unreadable.connect(self._show_unreadable)
        self.time_bar.cursor_wanted.connect(self.desk.move_cursor)
        self.time_bar.step_wanted.connect(self.desk.step)
        self.time_bar.density_wanted.connect(self.desk.read_density)

    @Slot()
    def complete_panels(self) -> None:
        """Import and make the panels that were not needed at first, one after the other."""
        tidying.spare()
        self.feed.prepared.connect(self._go_on)
        self.feed.prepare(self._waiting[0].module)

    @Slot(str)
    def _go_on(self, module: str) -> None:
        if self._waiting and self._waiting[0].module == module:
            panel = self._waiting.pop(0)
            self._fill(panel.key)
            if panel.later:
                self._later.append(panel.later)
        elif module in self._later:
            self._later.remove(module)
        tidying.settle()
        if self._waiting:
            self.feed.prepare(self._waiting[0].module)
        elif self._later:
            self.feed.prepare(self._later[0])
        else:
            self.feed.prepared.disconnect(self._go_on)
            self.complete.emit()

    def _fill(self, key: str) -> None:
        dock = self.docks[key]
        panel = dock.panel.make()
        dock.fill(panel)
        self.desk.join(panel)
        for widget in (panel, *panel.findChildren(QWidget)):
            widget.ensurePolished()  # now, not when the panel is first shown

    def show_perspective(self, perspective: Perspective) -> None:
        """Arrange the panels for one kind of work."""
        inside = self.focusWidget()
        self._enable_painting()
        self.arrangements.show(perspective)
        self._paint_in_turns()
        self._focus_again(inside)
        self.top_bar.show_perspective(perspective.key)
        self.desk.show_perspective(perspective.key)

    def _focus_again(self, inside: QWidget | None) -> None:
        """Put the keyboard where it was before the panels moved, else on the map."""
        if inside is not None and inside.isVisibleTo(self):
            inside.setFocus()
        else:
            self._leave_search()

    def show_ended(self, words: str | None) -> None:
        """Tell that the collector has died with these last words; None: it runs again."""
        self._ended = words
        self._show_notices()

    def show_trouble(self, sentence: str) -> None:
        """Tell what went wrong besides the collector; "" takes it back."""
        self._trouble = sentence
        self._show_notices()

    @Slot(str)
    def _choose_perspective(self, key: str) -> None:
        self.show_perspective(next(p for p in PERSPECTIVES if p.key == key))

    @Slot(object)
    def _show_snapshot(self, snapshot: Snapshot) -> None:
        self.top_bar.show_snapshot(snapshot)
        if snapshot.inventory is not None:
            self.setWindowTitle(f"Leitstand – {snapshot.inventory.network}")
        self._show_notices()

    @Slot(object)
    def _show_span(self, span: tuple[float, float]) -> None:
        self.time_bar.show_span(span)
        self._show_notices()

    @Slot(object)
    def _show_cursor(self, cursor_s: float | None) -> None:
        self.time_bar.show_cursor(cursor_s)
        self._show_notices()

    @Slot(str)
    def _show_unreadable(self, sentence: str) -> None:
        self._unreadable = sentence
        self._show_notices()

    @Slot(object)
    def _show_impact(self, impact: Impact | None) -> None:
        before = self.what_if.isVisible()
        self.what_if.show_impact(impact, self.desk.snapshot)
        if self.what_if.isVisible() != before:
            self._paint_in_turns()

    def _show_notices(self) -> None:
        span = self.feed.span
        shown = self.banner.isVisible()
        self.banner.show_notices(
            notices(
                Situation(
                    snapshot=self.desk.snapshot,
                    cursor_s=self.feed.cursor_s,
                    last_s=span[1] if span else None,
                    review=self._review,
                    ended=self._ended,
                    unreadable=self._unreadable,
                    trouble=self._trouble,
                )
            )
        )
        if self.banner.isVisible() != shown:
            self._paint_in_turns()

    def _paint_in_turns(self) -> None:
        """Paint the panels one a turn after all of them have moved: together it takes too long."""
        self._enable_painting()
        self._unpainted = [dock.widget() for dock in self.docks.values() if dock.isVisible()]
        for body in self._unpainted:
            body.setUpdatesEnabled(False)
        self._painting.start()

    def _enable_painting(self) -> None:
        for body in self._unpainted:
            body.setUpdatesEnabled(True)
        self._unpainted = []

    @Slot()
    def _paint_next(self) -> None:
        if self._unpainted:
            self._unpainted.pop(0).setUpdatesEnabled(True)
        else:
            self._painting.stop()

    @Slot(str)
    def _act(self, action: str) -> None:
        if action == LIVE:
            self.go_live()
        elif action == RESTART:
            self.restart_wanted.emit()

    @Slot()
    def go_live(self) -> None:
        """Follow the newest state; in review go to the end."""
        end = self.feed.span[1] if self._review and self.feed.span else None
        self.desk.move_cursor(end)

    @Slot()
    def show_operations(self) -> None:
        """Show the first perspective."""
        self.show_perspective(PERSPECTIVES[0])

    @Slot()
    def show_conference(self) -> None:
        """Show the second perspective."""
        self.show_perspective(PERSPECTIVES[1])

    @Slot()
    def show_review(self) -> None:
        """Show the third perspective."""
        self.show_perspective(PERSPECTIVES[2])

    @Slot()
    def reset_arrangement(self) -> None:
        """Arrange the panels as they came."""
        inside = self.focusWidget()
        self.arrangements.reset()
        self._focus_again(inside)

    @Slot()
    def focus_search(self) -> None:
        """Put the keyboard into the search field."""
        self.top_bar.search.setFocus()
        self.top_bar.search.selectAll()

    @Slot()
    def focus_time(self) -> None:
        """Put the keyboard on the time cursor."""
        self.time_bar.strip.setFocus()

    @Slot()
    def focus_next_panel(self) -> None:
        """Put the keyboard into the next panel."""
        shown = [dock for dock in self.docks.values() if dock.isVisible() and dock.content]
        inside = self.focusWidget()
        at = next((i for i, d in enumerate(shown) if inside and d.isAncestorOf(inside)), -1)
        for dock in [*shown[at + 1 :], *shown[: at + 1]]:
            if dock.content is not None and _focus_into(dock.content):
                return

    @Slot()
    def wonder(self) -> None:
        """Ask what the failure of the selected link or device would do."""
        kind, thing = self.desk.selection
        if kind in ("link", "device"):
            self.desk.imagine(thing)

    @Slot()
    def clear_selection(self) -> None:
        """End what is imagined, else select nothing."""
        if self.desk.what_if.failed:
            self.desk.what_if.end()
        else:
            self.desk.select("", "")

    @Slot()
    def toggle_full_screen(self) -> None:
        """Fill the screen, or no longer."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    @Slot()
    def open_dialog(self) -> None:
        """Ask for the dialog that the sending action names."""
        action = self.sender()
        assert isinstance(action, QAction)
        self.dialog_wanted.emit(str(action.data()))

    @Slot()
    def _leave_search(self) -> None:
        self.docks["map"].content.setFocus()  # type: ignore[union-attr]  # made first

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: D102
        self.arrangements.save()
        self.desk.assessor.stop()
        self.feed.close()
        super().closeEvent(event)


def _margin(name: str) -> QToolBar:
    """Return an empty strip beside the panels."""
    bar = QToolBar()
    bar.setObjectName(f"margin {name}")
    bar.setMovable(False)
    bar.setFixedWidth(_MARGIN)
    bar.toggleViewAction().setVisible(False)
    return bar


def _focus_into(content: QWidget) -> bool:
    """Focus the panel, or the first thing in it that takes the keyboard."""
    for widget in [content, *content.findChildren(QWidget)]:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            return True
    return False
