"""What the simulated reflectors saw themselves on the way to others, and how they tell it.

Every window is worked out when it is first asked for; it is the same whoever asks, and when.
"""

import time
from collections.abc import Callable

import numpy as np

from console.analysis.echoes import PathNumbers
from console.collector.measuring import WINDOW_S
from console.demo.noise import stream
from console.demo.path_quality import PathQuality, Quality, columns
from console.demo.simulation import Simulation
from console.stamp.far_windows import (
    MOST,
    WINDOWS_TLV,
    Answer,
    FarWindow,
    answer_octets,
    read_question,
)
from console.stamp.sender import AF41
from console.stamp.tlvs import Fill

_RUN = 1  # windows are numbered by the clock, so a simulation goes on where another ended
_TOLD_S = 2.5  # so long after its end a window is finished: packets have had their time


class FarPaths:
    """All paths between reflectors that the inventory names."""

    def __init__(self, simulation: Simulation, clock: Callable[[], float] = time.time) -> None:
        """`clock`: UTC seconds."""
        inventory = simulation.inventory
        self._simulation = simulation
        self._clock = clock
        self._every_s = inventory.polling.paths_s
        sites = {entry.id: entry.site for entry in inventory.reflectors}
        pairs = [(entry.id, to) for entry in inventory.reflectors for to in entry.toward]
        self._places = {pair: place for place, pair in enumerate(pairs)}
        begins, ends = (tuple(sites[pair[end]] for pair in pairs) for end in (0, 1))
        self._quality = PathQuality(simulation, ends, begins)
        self._known: dict[int, list[PathNumbers]] = {}

    def fill_of(self, source: str) -> Fill:
        """Return what answers questions to one reflector."""

        def fill(kind: int, value: bytes) -> bytes | None:
            question = read_question(value) if kind == WINDOWS_TLV else None
            if question is None:
                return None
            place = self._places.get((source, question.name))
            if place is None or self._every_s is None:
                return answer_octets(Answer(question.nonce, _RUN, None), value)
            after = question.after if question.run == _RUN else 0
            windows = self._windows(place, after)
            return answer_octets(Answer(question.nonce, _RUN, AF41, windows), value)

        return fill

    def _windows(self, place: int, after: int) -> tuple[FarWindow, ...]:
        now_s = self._clock()
        last = int((now_s - _TOLD_S) // WINDOW_S) - 1
        slots = range(max(last - MOST, after) + 1, last + 1)
        return tuple(
            FarWindow(slot, now_s - slot * WINDOW_S, WINDOW_S, self._numbers(slot)[place])
            for slot in slots
        )

    def _numbers(self, slot: int) -> list[PathNumbers]:
        """Return what all paths saw in a window, by its number."""
        if slot not in self._known:
            self._known[slot] = self._worked_out(slot)
            for old in [known for known in self._known if known < slot - MOST]:
                del self._known[old]
        return self._known[slot]

    def _worked_out(self, slot: int) -> list[PathNumbers]:
        began_s = slot * WINDOW_S
        curves = self._simulation.traffic.curves(began_s, began_s + WINDOW_S)
        outage = self._simulation.script.outage_at(began_s)
        there, back = (
            self._quality.along(curves, outage, np.asarray([began_s]), back)
            for back in (False, True)
        )
        sent = max(1, round(WINDOW_S / (self._every_s or WINDOW_S)))
        draw = np.random.default_rng(stream(self._simulation.seed, "far", slot))
        table = [column[:, 0].tolist() for column in columns(there, back, sent, draw)]
        rows = list(zip(*table, strict=True))
        return [
            PathNumbers(sent, *row) if _reached(there, back, place) else PathNumbers(sent, sent)
            for place, row in enumerate(rows)
        ]


def _reached(there: Quality, back: Quality, place: int) -> bool:
    return bool(there.reached[place, 0] and back.reached[place, 0])
