import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest

from console.stamp import reflector as reflectors
from console.stamp.packets import Request, ntp_stamp, request_octets
from console.stamp.reflector import Reflector
from console.stamp.sender import Sender, Session, Target
from console.stamp.serving import Listener
from console.stamp.sockets import Datagram, OpenSocket, udp_socket, watch

KEY = b"only the two ends know this"
LOCAL = "127.0.0.1"


@asynccontextmanager
async def listening(reflector: Reflector, host: str = LOCAL) -> AsyncIterator[Listener]:
    listener = await Listener.open(host, 0, reflector)
    try:
        yield listener
    finally:
        listener.close()


@asynccontextmanager
async def measuring(*targets: Target) -> AsyncIterator[list[Session]]:
    sender = Sender()
    try:
        yield [await sender.session(target) for target in targets]
    finally:
        sender.close()


class Relay(asyncio.DatagramProtocol):
    """Passes packets on to a reflector and back, but for those that `drops` names."""

    def __init__(self, to: tuple[str, int], drops: dict[int, str]) -> None:
        self._to = to
        self._drops = drops
        self._asker: Any = None
        self.transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: Any) -> None:
        back = addr[:2] == self._to
        number = int.from_bytes(data[24:28] if back else data[:4], "big")
        if self._drops.get(number) == ("back" if back else "there"):
            return
        if not back:
            self._asker = addr
        self.transport.sendto(data, self._asker if back else self._to)


@asynccontextmanager
async def relaying(to: tuple[str, int], drops: dict[int, str]) -> AsyncIterator[int]:
    transport, _relay = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Relay(to, drops), local_addr=(LOCAL, 0)
    )
    try:
        yield transport.get_extra_info("sockname")[1]
    finally:
        transport.close()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():
            await asyncio.sleep(0.005)


async def exchanged(session: Session, count: int) -> None:
    for _ in range(count):
        session.send()
        await asyncio.sleep(0.003)
    await until(lambda: not session.log.waits_for(session.log.next_number - 1))


@pytest.mark.parametrize("key", [None, KEY])
async def test_round_trips_over_loopback(key: bytes | None) -> None:
    async with (
        listening(Reflector(key)) as there,
        measuring(Target(*there.place, key=key)) as [session],
    ):
        await exchanged(session, 10)
        numbers = session.log.numbers(1, 11)
    assert (numbers.sent, numbers.lost, numbers.pairs) == (10, 0, 9)
    assert numbers.rtt_us is not None
    assert 0 < numbers.rtt_us < 1_000_000
    assert numbers.jitter_there_us is not None
    assert numbers.jitter_back_us is not None


async def test_over_ipv6_too() -> None:
    async with (
        listening(Reflector(), "::1") as there,
        measuring(Target("0:0:0:0:0:0:0:1", there.place[1])) as [session],
    ):
        await exchanged(session, 3)
        assert session.log.numbers(1, 4).lost == 0


async def test_a_reflector_for_both_families_answers_both() -> None:
    async with listening(Reflector(), "::") as there:
        port = there.place[1]
        async with measuring(Target(LOCAL, port), Target("::1", port)) as sessions:
            for session in sessions:
                await exchanged(session, 2)
                assert session.log.numbers(1, 3).lost == 0


async def test_losses_there_and_back_are_told_apart_exactly() -> None:
    drops = {3: "there", 4: "there", 7: "back", 10: "there", 11: "back", 12: "there"}
    async with (
        listening(Reflector()) as there,
        relaying(there.place, drops) as port,
        measuring(Target(LOCAL, port)) as [session],
    ):
        await exchanged(session, 20)
        numbers = session.log.numbers(1, 21)
    assert (numbers.sent, numbers.lost) == (20, 6)
    assert (numbers.lost_there, numbers.lost_back) == (4, 2)


async def test_sessions_to_one_reflector_are_counted_by_themselves() -> None:
    async with listening(Reflector()) as there:
        target = Target(*there.place)
        async with measuring(target, target, Target(*there.place, dscp=46)) as sessions:
            for session in sessions:
                await exchanged(session, 4)
            for session in sessions:
                assert session.log.numbers(1, 5).lost == 0


@pytest.mark.parametrize(("mine", "theirs"), [(None, KEY), (b"another", KEY), (KEY, None)])
async def test_without_the_same_key_there_is_no_answer(
    mine: bytes | None, theirs: bytes | None
) -> None:
    reflector = Reflector(theirs)
    async with (
        listening(reflector) as there,
        measuring(Target(*there.place, key=mine)) as [session],
    ):
        session.send()
        await until(lambda: reflector.tally.refused + reflector.tally.answered == 1)
        await asyncio.sleep(0.05)
        assert session.log.waits_for(1)
    assert reflector.tally.refused == (theirs is not None)


async def test_packets_and_answers_carry_the_dscp_asked_for() -> None:
    seen: list[Datagram] = []
    back: list[Datagram] = []
    mirror: OpenSocket

    def received(datagram: Datagram) -> None:
        seen.append(datagram)

    mirror = await watch(udp_socket(LOCAL, 0), received)
    async with listening(Reflector()) as there, measuring(Target(*mirror.place, 46)) as [session]:
        session.send()
        await until(lambda: bool(seen))
        # What the reflector sends back is looked at by a socket of our own.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.bind((LOCAL, 0))
            asking.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, 34 << 2)
            asking.sendto(seen[0].data, there.place)
            own = await watch(asking, back.append)
            await until(lambda: bool(back))
            own.close()
    mirror.close()
    assert seen[0].traffic_class == 46 << 2
    assert len(seen[0].data) == len(back[0].data) == 1000
    assert back[0].traffic_class == 34 << 2


def packet(number: int, source: tuple[str, int], at_ns: int, *, ssid: int = 1) -> Datagram:
    data = request_octets(Request(number, ntp_stamp(at_ns), ssid=ssid))
    return Datagram(data, source, at_ns, 64)


def test_the_answer_is_never_longer_than_what_was_asked() -> None:
    reflector, now_ns = Reflector(), time.time_ns()
    for size in (0, 10, 43, 44, 45, 60, 1400):
        data = (packet(0, ("192.0.2.1", 40000), now_ns).data + bytes(1400))[:size]
        answer = reflector.answer(Datagram(data, ("192.0.2.1", 40000), now_ns), time.time_ns)
        assert (answer is None) == (size < 44)
        assert len(answer or b"") in (0, size)


def test_a_source_is_answered_only_so_often_and_others_meanwhile() -> None:
    reflector, now_ns = Reflector(), time.time_ns()
    flood = [
        reflector.answer(packet(n, ("192.0.2.1", 40000), now_ns), time.time_ns)
        for n in range(round(reflectors.BURST) + 50)
    ]
    assert flood.count(None) == reflector.tally.too_many == 50
    assert reflector.answer(packet(0, ("192.0.2.2", 40000), now_ns), time.time_ns)
    later_ns = now_ns + 1_000_000_000
    assert reflector.answer(packet(9, ("192.0.2.1", 40000), later_ns), time.time_ns)


def test_no_well_known_service_is_answered() -> None:
    assert Reflector().answer(packet(0, ("192.0.2.1", 53), time.time_ns()), time.time_ns) is None


def test_two_reflectors_do_not_converse() -> None:
    one, other, now_ns = Reflector(), Reflector(), time.time_ns()
    answer = one.answer(packet(0, ("192.0.2.1", 40000), now_ns), time.time_ns)
    assert answer is not None
    echoed = Datagram(answer, ("192.0.2.1", 40000), now_ns)
    assert other.answer(echoed, time.time_ns) is None


def test_what_a_reflector_remembers_is_bounded() -> None:
    reflector, now_ns = Reflector(), time.time_ns()
    for number in range(reflectors.MOST_SESSIONS + 10):
        source = (f"198.51.{number // 250}.{number % 250}", 40000)
        assert reflector.answer(packet(0, source, now_ns), time.time_ns)
    assert reflector.sources == reflectors.MOST_SESSIONS


async def test_answers_from_elsewhere_or_to_what_was_not_asked_are_ignored() -> None:
    seen: list[Datagram] = []
    mirror = await watch(udp_socket(LOCAL, 0), seen.append)
    async with measuring(Target(*mirror.place)) as [session]:
        session.send()
        await until(lambda: bool(seen))
        asked = seen[0]
        good = Reflector().answer(asked, time.time_ns)
        assert good is not None
        forged = good[:28] + bytes(8) + good[36:]
        for junk in (b"", bytes(44), asked.data, forged, good[:-960]):
            mirror.send(junk, asked.address)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as elsewhere:
            elsewhere.sendto(good, asked.address)
        await asyncio.sleep(0.1)
        waits = session.log.waits_for(1)
        mirror.send(good, asked.address)
        await until(lambda: not session.log.waits_for(1))
    mirror.close()
    assert waits
