"""Has the names of a large map placed a little at a time, while the event loop comes round."""

from widgets.map.stage import Stage
from widgets.map.steps import Steps


class Scribe:
    """Writes for the scale that was asked for last."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._at: tuple[object, ...] = ()
        self._steps: Steps[object] | None = None

    def has_written(self, scale: float) -> bool:
        """Return whether everything is placed at this scale; if not, call `step` until it is."""
        at = self._stage.written_for(scale)
        if self._stage.has_written(scale):
            self._steps = None
        elif at != self._at or self._steps is None:
            self._at, self._steps = at, self._stage.writing(scale)
        return self._steps is None

    def step(self) -> bool:
        """Go on; return True when there is nothing more to write."""
        if self._steps is not None:
            try:
                next(self._steps)
            except StopIteration:
                self._steps = None
        return self._steps is None
