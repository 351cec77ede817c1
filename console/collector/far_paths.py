"""Asks reflectors that measure for what they saw on the way to others, and hands it on.

Only what began after this program did is taken: whatever was told before is stored already, and
nothing is stored twice. A question that is lost is made up for by the next one.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial

from console.collector.lookups import Names, Secrets
from console.collector.path_targets import far_name
from console.collector.recorder import CycleClock
from console.collector.rounds import keep_asking
from console.language import _
from console.model.inventory import Inventory, Polling, Reflector
from console.model.observation import PathWindow
from console.stamp.asking import Asked, Asker
from console.stamp.far_windows import Answer

log = logging.getLogger("leitstand.collector")
EVERY_S = 7.5  # half a window
_FIRST_S = 4.0


class _FarPath:
    """One path between two reflectors, and what was told of it last."""

    def __init__(self, source: Reflector, target: str, began_s: float) -> None:
        self.source = source
        self.target = target
        self.run, self.after = 0, 0
        self._began_s = began_s
        self._told = False

    def windows(self, answer: Answer, came_s: float, clock: CycleClock) -> list[PathWindow]:
        """Return what is new in an answer that came at monotonic seconds."""
        if answer.dscp is None:
            self._tell()
            return []
        if answer.run != self.run:
            self.run, self.after = answer.run, 0
        new = sorted((w for w in answer.windows if w.number > self.after), key=lambda w: w.number)
        found = []
        for window in new:
            self.after = window.number
            began_s = came_s - window.age_s
            if began_s < self._began_s:
                continue
            at_ms = round((began_s - clock.began_s) * 1000)
            placed = clock.id, at_ms, round(window.lasts_s * 1000)
            name = far_name(self.source.id, answer.dscp)
            found.append(PathWindow(self.target, name, *placed, **asdict(window.numbers)))
        return found

    def _tell(self) -> None:
        if not self._told:
            log.warning(
                _("Reflector “%(source)s” does not measure to “%(target)s”: start it with %(how)s"),
                {
                    **{"source": self.source.id, "target": self.target},
                    "how": f"reflect --toward {self.target}=…",
                },
            )
        self._told = True


class FarPaths:
    """All paths between reflectors of an inventory."""

    def __init__(
        self,
        inventory: Inventory,
        names: Names,
        secrets: Secrets,
        cycle: Callable[[], CycleClock],
        saw: Callable[[PathWindow], None],
    ) -> None:
        self._polling: Polling = inventory.polling
        self._reflectors = inventory.reflectors
        self._names = names
        self._secrets = secrets
        self._cycle = cycle
        self._saw = saw
        self._asker = Asker()

    async def run(self) -> None:
        """Ask until cancelled."""
        began_s = time.monotonic()
        paths = [
            _FarPath(source, target, began_s)
            for source in self._reflectors
            if source.key is not None
            for target in source.toward
        ]
        if self._polling.paths_s is None or not paths:
            return
        try:
            await keep_asking([partial(self._ask, path) for path in paths], EVERY_S, _FIRST_S)
        finally:
            self._asker.close()

    async def _ask(self, path: _FarPath) -> None:
        host, port = path.source.endpoint
        address = await self._names.get(host)
        key = None if path.source.key is None else await self._secrets.get(path.source.key)
        if address is None or key is None:  # told where the way from here is measured
            return
        asked = Asked(address, port, key.encode())
        for _try in range(1 + self._polling.retries):
            known = path.run, path.after
            try:
                told = await self._asker.ask(asked, *known, path.target, self._polling.timeout_s)
            except OSError:  # told there too
                return
            if told is not None:
                for window in path.windows(*told, self._cycle()):
                    self._saw(window)
                return
