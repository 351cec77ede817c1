"""How a measured path stood at a moment, by its newest window."""

from dataclasses import dataclass

from console.model.observation import PathWindow


@dataclass(frozen=True, slots=True)
class PathView:
    """The newest window of a path. `site` is where its far end is.

    `origin` is the reflector that measured, None: the collector. The age counts from the window's
    end. One that is not `fresh` says how it was, not how it is.
    """

    site: str
    origin: str | None
    window: PathWindow
    age_s: float
    fresh: bool

    @property
    def rtt_ms(self) -> float | None:
        """Mean round trip."""
        return _ms(self.window.rtt_us)

    @property
    def jitter_ms(self) -> float | None:
        """Mean difference of successive round trips."""
        return _ms(self.window.jitter_us)

    @property
    def loss(self) -> float | None:
        """Share of packets that did not come back, 0..1."""
        return self._share(self.window.lost)

    @property
    def loss_there(self) -> float | None:
        """Share lost on the way out; None where the directions cannot be told apart."""
        return self._share(self.window.lost_there)

    @property
    def loss_back(self) -> float | None:
        """Share lost on the way back, of those that got there."""
        there, back, sent = self.window.lost_there, self.window.lost_back, self.window.sent
        if there is None or back is None or sent <= there:
            return None
        return back / (sent - there)

    def _share(self, lost: int | None) -> float | None:
        return None if lost is None or not self.window.sent else lost / self.window.sent


def _ms(time_us: int | None) -> float | None:
    return None if time_us is None else time_us / 1000
