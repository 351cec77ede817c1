"""SNMP agents for measurements and tests: many in one process, quick, with counters that move.

    python -m bench.agents 1000

opens a UDP socket of 127.0.0.1 for each agent, prints their ports and answers until its standard
input ends; with --secured they speak SNMPv3 only, for USER.
"""

import argparse
import asyncio
import contextlib
import copy
import sys
import time
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from subprocess import PIPE, Popen
from typing import TypeAlias, cast

from console.snmp import ber
from console.snmp.ber import Oid
from console.snmp.engines import OwnEngine
from console.snmp.keys import User
from console.snmp.messages import GET, GETBULK, RESPONSE, VERSION_2C
from console.snmp.receiver import Received, RejectedError, SecureReceiver

Cell: TypeAlias = tuple[int, int | bytes]  # tag and value
PORTS = 24
SPEED_MBPS = 1000
_BUFFER = 4 << 20
IF_ENTRY = ber.parse_oid("1.3.6.1.2.1.2.2.1")
IF_X_ENTRY = ber.parse_oid("1.3.6.1.2.1.31.1.1.1")
SYS_UP_TIME = ber.parse_oid("1.3.6.1.2.1.1.3.0")
USER = User("noc", "SHA-256", "auth key 1", "AES-128", "priv key 1")


class Moving(int):
    """A counter's value at the start; it grows by itself, `per_s` each second."""

    per_s: float

    def __new__(cls, value: int, per_s: float) -> "Moving":
        """Make a counter that moves."""
        counter = super().__new__(cls, value)
        counter.per_s = per_s
        return counter


class Agent:
    """Answers GET, GETNEXT and GETBULK out of a table. Tests override `answer` to misbehave."""

    version = VERSION_2C

    def __init__(self, cells: Mapping[Oid, Cell], community: str = "public") -> None:
        self.community = community.encode()
        self.began_s = time.monotonic()
        self.asked = 0
        self.replace(cells)

    def replace(self, cells: Mapping[Oid, Cell]) -> None:
        """Answer from another table from now on."""
        self._oids = sorted(cells)
        self._names = [ber.encode(ber.OBJECT_IDENTIFIER, ber.encode_oid(o)) for o in self._oids]
        self._cells = [cells[oid] for oid in self._oids]
        self._fixed = [
            None if isinstance(cell[1], Moving) else _varbind(name, _encoded(cell, 0.0))
            for name, cell in zip(self._names, self._cells, strict=True)
        ]
        self._places: dict[bytes, int] = {}
        self._end = _varbind(self._names[-1], bytes((ber.END_OF_MIB_VIEW, 0)))

    def handle(self, data: bytes) -> bytes | None:
        """Return the answer to a datagram, None where there is none."""
        at, _ = ber.decode_header(data, 0, ber.SEQUENCE)
        version, at = ber.decode_integer(data, at)
        at, end = ber.decode_header(data, at, ber.OCTET_STRING)
        if version != self.version or data[at:end] != self.community:
            return None
        at, _ = ber.decode_header(data, end, data[end])
        return self.request(data[end], data, at)

    def request(self, kind: int, data: bytes, at: int) -> bytes | None:
        """Answer a PDU whose content begins at `at`."""
        request_id, at = ber.decode_integer(data, at)
        non_repeaters, at = ber.decode_integer(data, at)
        repetitions, at = ber.decode_integer(data, at)
        at, end = ber.decode_header(data, at, ber.SEQUENCE)
        oids, _, _ = ber.decode_varbinds(data, at, end)
        self.asked += 1
        if kind != GETBULK:
            non_repeaters, repetitions = len(oids), 0
        return self.answer(request_id, kind, oids, non_repeaters, repetitions)

    def answer(
        self, request_id: int, kind: int, oids: list[bytes], non_repeaters: int, repetitions: int
    ) -> bytes | None:
        """Answer a request."""
        now_s = time.monotonic() - self.began_s
        if kind == GET:
            return self.message(request_id, [self._exact(oid, now_s) for oid in oids])
        found = [self._at(self._after(oid), now_s) for oid in oids[:non_repeaters]]
        places = [self._after(oid) for oid in oids[non_repeaters:]]
        for row in range(repetitions):
            found += [self._at(place + row, now_s) for place in places]
        return self.message(request_id, found)

    def message(
        self, request_id: int, varbinds: list[bytes], status: int = 0, index: int = 0
    ) -> bytes:
        """Build a response."""
        pdu = ber.encode_integer(request_id) + ber.encode_integer(status)
        pdu += ber.encode_integer(index) + ber.encode(ber.SEQUENCE, b"".join(varbinds))
        return self.enclose(pdu)

    def enclose(self, pdu: bytes) -> bytes:
        """Put a response into a message."""
        head = ber.encode_integer(self.version) + ber.encode(ber.OCTET_STRING, self.community)
        return ber.encode(ber.SEQUENCE, head + ber.encode(RESPONSE, pdu))

    def _after(self, oid: bytes) -> int:
        place = self._places.get(oid)
        if place is None:
            place = self._places[oid] = bisect_right(self._oids, ber.decode_oid(oid))
        return place

    def _at(self, place: int, now_s: float) -> bytes:
        if place >= len(self._cells):
            return self._end
        fixed = self._fixed[place]
        return fixed or _varbind(self._names[place], _encoded(self._cells[place], now_s))

    def _exact(self, oid: bytes, now_s: float) -> bytes:
        place = self._after(oid) - 1
        if place >= 0 and self._oids[place] == ber.decode_oid(oid):
            return self._at(place, now_s)
        name = ber.encode(ber.OBJECT_IDENTIFIER, oid)
        return _varbind(name, bytes((ber.NO_SUCH_INSTANCE, 0)))


class SecuredAgent(Agent):
    """Speaks SNMPv3 with its users; boots and engineID may change as with a real one."""

    def __init__(
        self, cells: Mapping[Oid, Cell], users: Iterable[User], engine_id: bytes, boots: int = 1
    ) -> None:
        super().__init__(cells)
        self._users = tuple(users)
        self._received: Received
        self.boot(engine_id, boots)

    def boot(self, engine_id: bytes, boots: int) -> None:
        """Begin anew as this engine."""
        own = OwnEngine(engine_id, boots, time.monotonic())
        self.security = SecureReceiver(self._users, own)

    def twin(self, engine_id: bytes) -> "SecuredAgent":
        """Make another agent that has the same table."""
        other = copy.copy(self)
        other.boot(engine_id, 1)
        return other

    def handle(self, data: bytes) -> bytes | None:
        """Return the answer to a datagram, or a report on it."""
        try:
            self._received = self.security.open(data, time.monotonic())
        except RejectedError as error:
            return error.report
        scoped = self._received.scoped
        return self.request(scoped.kind, scoped.data, scoped.at)

    def enclose(self, pdu: bytes) -> bytes:
        """Put a response into a message sealed as the request was."""
        return self.security.respond(self._received, pdu, time.monotonic())


def _varbind(name: bytes, value: bytes) -> bytes:
    return ber.encode(ber.SEQUENCE, name + value)


def _encoded(cell: Cell, now_s: float) -> bytes:
    tag, value = cell
    if isinstance(value, bytes):
        return ber.encode(tag, value)
    if isinstance(value, Moving):
        value = int(value) + int(value.per_s * now_s)
        value %= 1 << 64 if tag == ber.COUNTER64 else 1 << 32
    return ber.encode_integer(value) if tag == ber.INTEGER else ber.encode_unsigned(tag, value)


def switch(ports: int = PORTS, *, wide: bool = True, names: bool = True) -> dict[Oid, Cell]:
    """The cells of a switch; without `wide` it has no ifXTable at all."""
    system = ber.parse_oid("1.3.6.1.2.1.1")
    cells: dict[Oid, Cell] = {
        (*system, 1, 0): (ber.OCTET_STRING, b"Test switch"),
        (*system, 2, 0): (ber.OBJECT_IDENTIFIER, ber.encode_oid((1, 3, 6, 1, 4, 1, 8072))),
        SYS_UP_TIME: (ber.TIME_TICKS, Moving(360_000, 100)),
        (*system, 5, 0): (ber.OCTET_STRING, b"switch"),
        (*system, 6, 0): (ber.OCTET_STRING, b"rack 1"),
        ber.parse_oid("1.3.6.1.2.1.2.1.0"): (ber.INTEGER, ports),
    }
    for port in range(1, ports + 1):
        cells |= {(*IF_ENTRY, column, port): cell for column, cell in _if_row(port).items()}
        if wide:
            cells |= {(*IF_X_ENTRY, c, port): cell for c, cell in _if_x_row(port).items()}
    if not names:
        cells = {oid: cell for oid, cell in cells.items() if oid[:-1] != (*IF_X_ENTRY, 1)}
    return cells


def _if_row(port: int) -> dict[int, Cell]:
    counted = {column: (ber.COUNTER32, port * 1000 + column) for column in (13, 14, 19, 20)}
    return {
        2: (ber.OCTET_STRING, b"GigabitEthernet0/%d" % port),
        3: (ber.INTEGER, 6),
        5: (ber.GAUGE32, SPEED_MBPS * 1_000_000),
        7: (ber.INTEGER, 1),
        8: (ber.INTEGER, 1),
        10: (ber.COUNTER32, Moving(port * 10**8, port * 125_000)),
        16: (ber.COUNTER32, Moving(port * 10**8, port * 250_000)),
        **counted,
    }


def _if_x_row(port: int) -> dict[int, Cell]:
    return {
        1: (ber.OCTET_STRING, b"Gi0/%d" % port),
        6: (ber.COUNTER64, Moving(port * 10**13, port * 125_000)),
        10: (ber.COUNTER64, Moving(port * 10**13, port * 250_000)),
        15: (ber.GAUGE32, SPEED_MBPS),
        18: (ber.OCTET_STRING, b""),
        19: (ber.TIME_TICKS, 0),
    }


class Endpoint(asyncio.DatagramProtocol):
    """One agent behind a socket."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport for answers."""
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        """Answer; what is no request may be meant for whoever had this port before."""
        try:
            answer = self.agent.handle(data)
        except (ber.BerError, IndexError):
            return
        if answer is not None:
            self._transport.sendto(answer, address)


async def serve(agent: Agent, host: str = "127.0.0.1") -> tuple[asyncio.DatagramTransport, int]:
    """Let an agent answer on a free port of loopback; return its transport and the port."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: Endpoint(agent), local_addr=(host, 0)
    )
    return transport, transport.get_extra_info("sockname")[1]


async def _serve_many(count: int, secured: bool) -> None:
    # Agents that are alike share their encoded tables.
    plain = Agent(switch())
    first = SecuredAgent(switch(), [USER], b"\x80\x00\x1f\x88\x04first")
    served = [
        await serve(first.twin(b"\x80\x00\x1f\x88\x04%06d" % n) if secured else plain)
        for n in range(count)
    ]
    sys.stdout.write(" ".join(str(port) for _, port in served) + "\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    for transport, _ in served:
        transport.close()


@contextlib.contextmanager
def running(count: int, secured: bool = False) -> Iterator[list[int]]:
    """Run `count` agents in a process of their own; yields their ports."""
    command = [sys.executable, "-m", "bench.agents", str(count)]
    command += ["--secured"] if secured else []
    with Popen(command, stdin=PIPE, stdout=PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield [int(port) for port in process.stdout.readline().split()]
        finally:
            process.stdin.close()


def allow_open_files(count: int) -> None:
    """Raise the number of files this process may open, where the system has such a limit."""
    try:
        import resource
    except ImportError:  # Windows
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(count, hard), hard))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--secured", action="store_true")
    wanted = parser.parse_args()
    allow_open_files(wanted.count + 100)
    asyncio.run(_serve_many(wanted.count, wanted.secured))
