"""A reflector at a UDP port: what comes in goes back, marked as it came."""

import time
from collections.abc import Callable

from console.stamp.reflector import Reflector
from console.stamp.sockets import Datagram, OpenSocket, marked_as, udp_socket, watch


class Listener:
    """One bound socket and its reflector; use `open`. Belongs to the loop it was opened in."""

    def __init__(self, reflector: Reflector) -> None:
        self._reflector = reflector
        self._socket: OpenSocket

    @classmethod
    async def open(cls, host: str, port: int, reflector: Reflector) -> "Listener":
        """Listen at a numeric address; raise OSError where that cannot be."""
        listener = cls(reflector)
        listener._socket = await watch(udp_socket(host, port), listener._received)
        return listener

    @property
    def place(self) -> tuple[str, int]:
        """Host and port it listens at."""
        return self._socket.place

    def close(self) -> None:
        """Listen no longer."""
        self._socket.close()

    def _received(self, datagram: Datagram) -> None:
        clock: Callable[[], int] = time.time_ns
        answer = self._reflector.answer(datagram, clock)
        if answer is not None:
            self._socket.send(answer, datagram.address, (*marked_as(datagram), *datagram.to))
