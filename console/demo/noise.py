"""Smooth noise that is a pure function of (seed, name, time). No state: past and present agree."""

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

KNOT_S = 60  # every curve of the simulation is linear between multiples of this
# Lattice (a multiple of KNOT_S, so that the sum stays linear between knots) and amplitude.
OCTAVES = ((60, 0.025), (300, 0.05), (1800, 0.07), (14400, 0.06))

Floats = NDArray[np.float64]


def stream(seed: int, *names: object) -> int:
    """Return a 32-bit number for a name under a seed, the same in every process."""
    text = "\0".join(map(str, (seed, *names)))
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest(), "big")


def uniform(streams: NDArray[np.uint64], index: NDArray[np.int64]) -> Floats:
    """Return a hash of (stream, index) in -1..1, shape (streams, index). splitmix64's mixer."""
    with np.errstate(over="ignore"):
        mixed = streams[:, None] * np.uint64(0x9E3779B97F4A7C15) + index.astype(np.uint64)[None, :]
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    return np.asarray((mixed >> np.uint64(11)).astype(np.float64) / float(2**52) - 1.0)


def smooth(streams: NDArray[np.uint64], knots: NDArray[np.int64]) -> Floats:
    """Return noise of mean 0 at `knots` (rising multiples of KNOT_S, UTC seconds).

    Shape (streams, knots); its size is the sum of the octaves' amplitudes at most.
    """
    total = np.zeros((len(streams), len(knots)))
    for octave, (lattice_s, amplitude) in enumerate(OCTAVES):
        cell = knots // lattice_s
        cells = np.arange(cell[0], cell[-1] + 2)
        values = uniform(streams + np.uint64(octave << 33), cells)
        left = cell - cells[0]
        part = (knots - cell * lattice_s) / lattice_s
        total += amplitude * (values[:, left] * (1.0 - part) + values[:, left + 1] * part)
    return total
