"""Has advice worked out on the worker: what changed since a good conference, the bridge's site.

Knows no panel. What was asked follows neither network nor cursor: it is asked again.
"""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from console.model.advice import BridgeSite
from console.model.situation import Situation
from widgets.assessing import Assessor
from widgets.errand import Errand, Steps
from widgets.feed import HistoryFeed

if TYPE_CHECKING:
    from console.history.reader import HistoryReader


@dataclass(frozen=True, slots=True)
class SitesTold:
    """How a conference's bridge would stand at each site; `tried` of `total` so far, best first."""

    conference: str
    tried: int
    total: int
    present: str  # the site where it is
    sites: tuple[BridgeSite, ...]

    @property
    def complete(self) -> bool:
        """All were tried."""
        return self.tried == self.total


class Adviser(QObject):
    """Answers the longer questions about a conference.

    Signals:
        looked_back: a Lookback.
        sites_tried: SitesTold, again with every site.
    """

    looked_back = Signal(object)
    sites_tried = Signal(object)

    def __init__(
        self, feed: HistoryFeed, assessor: Assessor, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._feed, self._assessor = feed, assessor
        self._since = Errand(feed, "since", self)
        self._since.answered.connect(self.looked_back)
        self._sites = Errand(feed, "bridge sites", self)
        self._sites.progressed.connect(self.sites_tried)
        self._sites.answered.connect(self.sites_tried)

    def join(self, panel: QWidget) -> None:
        """Answer what a panel asks, and show the answers to every panel that takes them."""
        for wish, slot in (
            ("changes_wanted", self.look_back),
            ("bridge_sites_wanted", self.try_sites),
            ("bridge_sites_ended", self.stop_trying),
        ):
            if hasattr(panel, wish):
                getattr(panel, wish).connect(slot)
        for answer, show in (
            (self.looked_back, "show_lookback"),
            (self.sites_tried, "show_bridge_sites"),
        ):
            if hasattr(panel, show):
                answer.connect(getattr(panel, show))

    @Slot(str)
    def look_back(self, conference: str) -> None:
        """Compare the cursor's moment with the last conference that went well."""
        self._since.begin(partial(_look_back, conference, self._feed.cursor_s))

    @Slot(str)
    def try_sites(self, conference: str) -> None:
        """Try an assessed conference's bridge at every site."""
        known = self._assessor.known.get(conference)
        if known is not None:
            self._sites.begin(partial(_try_sites, known[1]))

    @Slot()
    def stop_trying(self) -> None:
        """Try no more sites."""
        self._sites.stop()


def _look_back(conference: str, cursor_s: float | None, reader: "HistoryReader") -> Steps:
    """Run on the worker."""
    from console.history.since import lookback

    return lookback(reader, conference, cursor_s)


def _try_sites(situation: Situation, _reader: "HistoryReader") -> Steps:
    """Run on the worker."""
    from console.analysis.readiness.bridge_sites import bridge_sites, possible_sites, ranked

    conference, sites = situation.plan.id, possible_sites(situation)
    inventory = situation.snapshot.inventory
    bridge = inventory.by_id.get(situation.plan.entry.bridge) if inventory else None
    present: str = getattr(bridge, "site", "")
    found: tuple[BridgeSite, ...] = ()
    for number, site in enumerate(sites):
        yield SitesTold(conference, number, len(sites), present, found)
        found = ranked([*found, *bridge_sites(situation, [site])])
    return SitesTold(conference, len(sites), len(sites), present, found)
