"""A longer question to the history in small steps on the worker: others come in between.

Whoever asked sees how far it is and may stop it; a new question takes the place of the one before.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from console.errors import OperatorError
from widgets.feed import HistoryFeed

if TYPE_CHECKING:
    from console.history.reader import HistoryReader

Steps = Generator[Any, None, Any]  # yields how far it is, returns the answer
Question = Callable[["HistoryReader"], Steps]


@dataclass(frozen=True, slots=True)
class _Step:
    """What one step brought: how far the errand is, or its `answer` at the end."""

    run: int
    far: object = None
    answer: object = None
    ended: bool = False


class Errand(QObject):
    """Runs one question of a kind at a time.

    Signals:
        progressed: what the question yields between its steps.
        answered: what it returns; not when it was stopped or the history cannot be read.
    """

    progressed = Signal(object)
    answered = Signal(object)

    def __init__(self, feed: HistoryFeed, kind: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._feed, self._kind = feed, kind
        self._run = 0
        self._work: _Work | None = None
        feed.answered.connect(self._take)
        feed.broken.connect(self._let_go)

    @property
    def running(self) -> bool:
        """Something is asked that was not answered yet."""
        return self._work is not None

    def begin(self, question: "Question") -> None:
        """Ask this in place of what was asked before."""
        self._run += 1
        self._work = _Work(self._run, question)
        self._go_on()

    @Slot()
    def stop(self) -> None:
        """Ask nothing any more."""
        self._run += 1
        self._work = None

    def _go_on(self) -> None:
        if self._work is not None:
            self._feed.ask(self._kind, self._work.step)

    @Slot(str, object)
    def _take(self, kind: str, step: object) -> None:
        if kind != self._kind or not isinstance(step, _Step) or step.run != self._run:
            return
        if not step.ended:
            self.progressed.emit(step.far)
            self._go_on()
            return
        self._work = None
        if step.answer is not None:
            self.answered.emit(step.answer)

    @Slot(Exception)
    def _let_go(self, _error: Exception) -> None:
        self.stop()


class _Work:
    """A question under way; touched by the worker only."""

    def __init__(self, run: int, question: "Question") -> None:
        self._run, self._question = run, question
        self._steps: Steps | None = None

    def step(self, reader: "HistoryReader") -> _Step:
        if self._steps is None:
            self._steps = self._question(reader)
        try:
            return _Step(self._run, next(self._steps))
        except StopIteration as end:
            return _Step(self._run, answer=end.value, ended=True)
        except (LookupError, OperatorError):  # a file that cannot be read is told by the feed
            return _Step(self._run, ended=True)
