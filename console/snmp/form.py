"""Varbinds that lie as they lay in an earlier answer, read at once. Knows no message.

An agent that is asked the same again answers with the same octets but for its counters. Whether all
others are the same is one comparison of two large numbers, and then every value is where it was: a
quarter of the time that reading varbind by varbind takes.
"""

from collections.abc import Callable
from struct import Struct

from console.snmp import ber
from console.snmp.ber import Varbinds


class Form:
    """Where the values lie in the answers to one request, learnt when it is asked again.

    What `read` returns is what ber.decode_varbinds would return; the caller must not change it.
    """

    __slots__ = ("_fixed", "_mask", "_octets", "_oids", "_others", "_tags", "_unpack")

    def __init__(self) -> None:
        self._octets = -1  # of all varbinds; -1: nothing learnt
        self._mask = 0  # ones where octets must not differ
        self._fixed = 0  # those octets
        self._oids: list[bytes] = []
        self._tags: bytearray
        self._unpack: Callable[[bytes, int], tuple[bytes, ...]]
        self._others: list[tuple[int, int | bytes]]  # values that must be the same, by place

    def read(self, data: bytes, at: int, end: int) -> Varbinds | None:
        """Read the varbinds from `at` to `end`; None where they lie otherwise."""
        if end - at != self._octets:
            return None
        if int.from_bytes(data[at:end], "big") & self._mask != self._fixed:
            return None
        values: list[int | bytes] = [*map(int.from_bytes, self._unpack(data, at))]
        for place, value in self._others:
            values.insert(place, value)
        return self._oids, self._tags, values

    def learn(self, data: bytes, at: int, end: int, found: Varbinds) -> None:
        """Remember how they lie; `found` is what they were decoded to.

        Of names that did not come before nothing else is remembered: most requests are made once.
        """
        oids, self._tags, values = found
        if oids != self._oids:
            self._oids, self._octets = oids, -1
            return
        self._others = []
        mask, layout, begin = bytearray(b"\xff" * (end - at)), [">"], at
        for place, (tag, value) in enumerate(zip(self._tags, values, strict=True)):
            before = at
            _, at = ber.decode_length(data, at + 1)  # into the varbind
            octets, at = ber.decode_length(data, at + 1)  # its name
            octets, first = ber.decode_length(data, at + octets + 1)
            at = first + octets
            if isinstance(value, bytes) or value < 0:
                self._others.append((place, value))
                layout.append(f"{at - before}x")
                continue
            layout.append(f"{first - before}x{octets}s")
            if tag != ber.INTEGER:  # states seldom change
                # Of a value as long as its type allows the first octet holds the sign.
                moving = first + (octets == ber.INTEGER_OCTETS[tag])
                mask[moving - begin : at - begin] = bytes(at - moving)
        self._octets, self._mask = end - begin, int.from_bytes(mask, "big")
        self._fixed = int.from_bytes(data[begin:end], "big") & self._mask
        self._unpack = Struct("".join(layout)).unpack_from
