"""Measures the quality of paths from here: by ICMP to rooms, by STAMP to reflectors."""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial

from console.analysis.echoes import PathNumbers
from console.collector.lookups import Names, Secrets
from console.collector.measuring import Measuring, Path, Session, Window
from console.collector.path_targets import icmp_paths, stamp_name
from console.collector.recorder import CycleClock
from console.model.inventory import Inventory, Reflector
from console.model.observation import PathWindow
from console.probes.echoes import EchoClient
from console.probes.icmp import Pinger
from console.stamp.sender import AF41, Sender, Target


class Paths:
    """All paths of an inventory. `pinger` None: none by ICMP."""

    def __init__(
        self,
        inventory: Inventory,
        names: Names,
        secrets: Secrets,
        pinger: Pinger | None,
        cycle: Callable[[], CycleClock],
        saw: Callable[[PathWindow], None],
    ) -> None:
        self._polling = inventory.polling
        self._secrets = secrets
        self._cycle = cycle
        self._saw = saw
        self._sender = Sender()
        self._echoes: EchoClient | None = None
        self._paths: list[Path] = []
        if pinger is not None:
            self._echoes = EchoClient(pinger.privileged)
            for path in icmp_paths(inventory):
                self._paths.append(
                    Path(path.subjects, path.name, path.host, names, self._echoes.session)
                )
        for reflector in inventory.reflectors:
            name, host = stamp_name(reflector, AF41), reflector.endpoint[0]
            opened = partial(self._stamp_session, reflector)
            self._paths.append(Path((reflector.id,), name, host, names, opened))

    async def run(self) -> None:
        """Measure until cancelled."""
        every_s = self._polling.paths_s
        if every_s is None or not self._paths:
            return
        times = every_s, self._polling.timeout_s
        try:
            await Measuring(self._paths, times, self._cycle, self._hand_on).run()
        finally:
            self._sender.close()
            if self._echoes is not None:
                self._echoes.close()

    async def _stamp_session(self, reflector: Reflector, address: str) -> Session | None:
        key = None
        if reflector.key is not None:
            known = await self._secrets.get(reflector.key)
            if known is None:  # told there
                return None
            key = known.encode()
        return await self._sender.session(Target(address, reflector.endpoint[1], key=key))

    def _hand_on(self, path: Path, window: Window[CycleClock], numbers: PathNumbers) -> None:
        at_ms = max(0, round((window.at_s - window.mark.at_s) * 1000))
        placed = path.name, window.mark.id, at_ms, round(window.lasts_s * 1000)
        for subject in path.subjects:
            self._saw(PathWindow(subject, *placed, **asdict(numbers)))
