"""What is known of SNMP engines: their boots and time, and whether a message's fit (RFC 3414, 2.3).

Pure: moments come from outside, in seconds of one steady clock.
"""

from console.snmp.keys import Keys

WINDOW_S = 150
LAST_BOOTS = 0x7FFFFFFF  # an engine that booted so often is never believed again


class RemoteEngine:
    """An engine elsewhere that is the authority for its time."""

    __slots__ = ("_base_s", "_latest_s", "boots", "engine_id", "keys", "known", "max_size")

    def __init__(self, engine_id: bytes, keys: Keys, max_size: int = LAST_BOOTS) -> None:
        self.engine_id = engine_id
        self.keys = keys
        self.max_size = max_size  # octets of a message that it takes
        self.boots = 0
        self.known = False  # whether boots and time come from an authentic message
        self._latest_s = 0
        self._base_s = 0.0

    def guess(self, boots: int, time_s: int, now_s: float) -> None:
        """Send with a time that nobody signed; it confirms nothing that comes."""
        self.boots, self.known = boots, False
        self._latest_s, self._base_s = 0, time_s - now_s

    def moment(self, now_s: float) -> tuple[int, int]:
        """Return boots and seconds since, to send with."""
        return self.boots, self.time_s(now_s)

    def time_s(self, now_s: float) -> int:
        """Return the engine's seconds since it booted (snmpEngineTime)."""
        return min(max(int(self._base_s + now_s), 0), LAST_BOOTS)

    def believes(self, boots: int, time_s: int, now_s: float) -> bool:
        """Take notice of an authentic message's time; tell whether it is inside the window."""
        if not self.known or (boots, time_s) > (self.boots, self._latest_s):
            if self.known and boots < self.boots:
                return False
            self.boots, self._latest_s = boots, time_s
            self._base_s, self.known = time_s - now_s, True
        if boots != self.boots or boots == LAST_BOOTS:
            return False
        return time_s >= self.time_s(now_s) - WINDOW_S


class OwnEngine:
    """This program as the authority for informs. `boots` must grow from start to start."""

    def __init__(self, engine_id: bytes, boots: int, began_s: float) -> None:
        self.engine_id = engine_id
        self.boots = boots
        self._began_s = began_s

    def moment(self, now_s: float) -> tuple[int, int]:
        """Return boots and seconds since."""
        return self.boots, int(now_s - self._began_s)

    def believes(self, boots: int, time_s: int, now_s: float) -> bool:
        """Tell whether a message's time is inside the window."""
        own_boots, own_s = self.moment(now_s)
        return boots == own_boots != LAST_BOOTS and abs(time_s - own_s) <= WINDOW_S
