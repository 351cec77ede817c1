"""What silence during a table's reading teaches: nothing by itself, something when it repeats."""

from enum import Enum, auto


class Lesson(Enum):
    """What to do otherwise from now on."""

    NONE = auto()
    ASK_FOR_LESS = auto()  # answers get lost on the way from one request on
    ASK_FOR_LEAST = auto()  # only the smallest requests are answered


class Silence:
    """Watches the reads of one table.

    After a read whose first request met silence, the next one asks as carefully as can be. If that
    is answered, and the usual way again is not, the agent stops at GETBULK or at long answers.
    """

    def __init__(self) -> None:
        self._misses = 0
        self._stuck_at = 0
        self._suspect = False

    @property
    def wants_care(self) -> bool:
        """Tell whether to read carefully this time."""
        return self._misses % 2 == 1

    def fell(self, answered: int, careful: bool) -> Lesson:
        """Take notice of silence after so many answers."""
        if not answered:
            self._misses += 1
            return Lesson.ASK_FOR_LEAST if self._suspect and not careful else Lesson.NONE
        stuck = self._stuck_at == answered
        self._stuck_at = 0 if stuck else answered
        return Lesson.ASK_FOR_LESS if stuck else Lesson.NONE

    def broke(self, careful: bool) -> None:
        """Take notice of a table read to its end."""
        self._suspect = careful
        self._misses = self._stuck_at = 0
