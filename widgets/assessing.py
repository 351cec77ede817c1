"""Has conferences assessed on the worker: the one at hand first, the others when there is time.

Knows no panel. The newest question wins: a moved cursor or another choice stops what is running.
"""

import threading
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from console.errors import OperatorError
from console.model.advice import Relief
from console.model.readiness import Assessment
from console.model.situation import Situation
from console.model.snapshot import Snapshot
from widgets.feed import HistoryFeed
from widgets.occasions import Coming

if TYPE_CHECKING:
    from console.history.reader import HistoryReader

LIVE_S = 5.0  # so often the conference at hand is assessed again while nothing but time passes
OTHERS_S = 30.0
_KIND = "assessment"


@dataclass(frozen=True, slots=True)
class _Answer:
    """`found` is None where the conference cannot be assessed; `dropped`: nobody waited for it."""

    run: int
    conference: str
    found: tuple[Assessment, Situation] | None = None
    reliefs: tuple[Relief, ...] = ()
    dropped: bool = False


class Assessor(QObject):
    """Keeps the newest assessment of every planned conference that is still to come or is on.

    Signals:
        relieved: a conference, and the Reliefs for the assessment that comes next.
        assessed: an Assessment and the Situation it rests on.
        unassessable: id of a conference that has no time, or that nobody knows.
        at_hand_changed: id of the conference that is looked at; "" for none.
        round_ended: everything asked for is assessed.
    """

    relieved = Signal(str, object)
    assessed = Signal(object, object)
    unassessable = Signal(str)
    at_hand_changed = Signal(str)
    round_ended = Signal()

    def __init__(self, feed: HistoryFeed, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._snapshot: Snapshot | None = None
        self._key: object = None
        self._chosen = ""
        self._coming = Coming()
        self._pending: list[str] = []
        self._run = 0
        self._running = False
        self._cancelled = threading.Event()
        self._asked_s = self._others_s = float("-inf")
        self.at_hand = ""
        self.known: dict[str, tuple[Assessment, Situation]] = {}
        self.reliefs: dict[str, tuple[Relief, ...]] = {}  # what helps, where one is known
        feed.answered.connect(self._take)
        feed.broken.connect(self._let_go)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Have assessed what this snapshot may have changed."""
        before, self._snapshot = self._snapshot, snapshot
        moved = before is None or _has_moved(before, snapshot)
        key = _key(snapshot)
        changed, self._key = key != self._key, key
        if moved:
            self.known.clear()
        self._find_at_hand()
        self._plan(moved, changed)

    def choose(self, conference: str) -> None:
        """Look at this conference until another one is chosen; "": at the next one."""
        self._chosen = conference
        before = self.at_hand
        self._find_at_hand()
        if self.at_hand != before and self.at_hand:
            self._begin([self.at_hand, *self._pending], stop=True)

    def stop(self) -> None:
        """Stop what is running; nothing more is asked."""
        self._cancelled.set()
        self._pending = []
        self._snapshot = None

    def situations(self) -> tuple[Situation, ...]:
        """Return what the newest assessments rest on."""
        return tuple(situation for _assessment, situation in self.known.values())

    def _find_at_hand(self) -> None:
        coming = self._order()
        at_hand = self._chosen
        if self._snapshot is None or all(plan.id != at_hand for plan in self._snapshot.plans):
            at_hand = coming[0] if coming else ""
        if at_hand != self.at_hand:
            self.at_hand = at_hand
            self.at_hand_changed.emit(at_hand)

    def _order(self) -> list[str]:
        """Return the conferences that are on or still to come, the next first."""
        if self._snapshot is None or self._snapshot.inventory is None:
            return []
        found = [(self._coming.of(plan, self._snapshot), plan.id) for plan in self._snapshot.plans]
        return [name for _one, name in sorted((one, name) for one, name in found if one)]

    def _plan(self, moved: bool, changed: bool) -> None:
        now_s = time.monotonic()
        news = moved or changed
        if not news and (self._running or not self._is_due(now_s)):
            return
        wanted = [self.at_hand] if self.at_hand else []
        if news or now_s - self._others_s >= OTHERS_S:
            self._others_s = now_s
            wanted += [name for name in self._order() if name != self.at_hand]
        self._asked_s = now_s
        self._begin(wanted, stop=moved)

    def _is_due(self, now_s: float) -> bool:
        live = self._snapshot is not None and self._snapshot.live
        return live and now_s - self._asked_s >= LIVE_S

    def _begin(self, wanted: list[str], stop: bool) -> None:
        """Assess these from now on; what is running is ended first unless it is to be stopped."""
        self._pending = list(dict.fromkeys(wanted))
        if stop:
            self._cancelled.set()
            self._running = False
        if not self._running:
            self._next()

    def _next(self) -> None:
        if not self._pending:
            self.round_ended.emit()
            return
        conference = self._pending.pop(0)
        self._run += 1
        self._running = True
        self._cancelled = threading.Event()
        cursor_s = self._feed.cursor_s
        work = partial(_assessed, self._run, conference, cursor_s, self._cancelled)
        self._feed.ask(_KIND, work)

    @Slot(str, object)
    def _take(self, kind: str, answer: object) -> None:
        if kind != _KIND or not isinstance(answer, _Answer) or answer.run != self._run:
            return
        self._running = False
        if answer.found is not None:
            self.known[answer.conference] = answer.found
            self.reliefs[answer.conference] = answer.reliefs
            self.relieved.emit(answer.conference, answer.reliefs)
            self.assessed.emit(*answer.found)
        elif not answer.dropped:
            self.known.pop(answer.conference, None)
            self.unassessable.emit(answer.conference)
        self._next()

    @Slot(Exception)
    def _let_go(self, _error: Exception) -> None:
        self._running = False


def _assessed(
    run: int,
    conference: str,
    cursor_s: float | None,
    cancelled: threading.Event,
    reader: "HistoryReader",
) -> _Answer:
    """Run on the worker. The modules are imported here: they are not needed before."""
    from console.analysis.readiness import Cancelled, assess
    from console.analysis.readiness.relief import reliefs

    if cancelled.is_set():
        return _Answer(run, conference, dropped=True)
    try:
        situation = reader.situation(conference, cursor_s)
        found = assess(situation, cancelled.is_set)
        helps = reliefs(situation, found, cancelled.is_set)
        return _Answer(run, conference, (found, situation), helps)
    except LookupError:
        return _Answer(run, conference)
    except (Cancelled, OperatorError):  # what cannot be read is told by whoever reads snapshots
        return _Answer(run, conference, dropped=True)


def _has_moved(before: Snapshot, now: Snapshot) -> bool:
    """Tell whether the cursor went elsewhere; while the network is followed time passes."""
    return before.live != now.live or (not now.live and before.at_s != now.at_s)


def _key(snapshot: Snapshot) -> object:
    """Return what an assessment depends on besides loads and measurements."""
    views = (snapshot.links, snapshot.devices, snapshot.rooms, snapshot.bridges)
    states = tuple(tuple(view.state for view in of.values()) for of in views)
    return (id(snapshot.inventory), snapshot.plans, states)
