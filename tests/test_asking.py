"""Asking reflectors for their windows over real sockets: who is told, and who is believed."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from console.analysis.echoes import PathNumbers
from console.stamp.asking import Asked, Asker
from console.stamp.far_windows import Answer, Question, question_octets
from console.stamp.finished import Finished
from console.stamp.packets import Request, asking_octets, ntp_stamp, request_octets
from console.stamp.reflector import Reflector
from console.stamp.serving import Listener
from console.stamp.sockets import Datagram, udp_socket, watch
from console.stamp.tlvs import tlv

KEY = b"only the two ends know this"
LOCAL = "127.0.0.1"
NUMBERS = PathNumbers(10, 3, 2, 1, 2000, 4000, 6, 500, 300, 200)


def finished() -> Finished:
    kept = Finished(["refl-tr"], 34)
    kept.add("refl-tr", time.monotonic() - 20, 15.0, NUMBERS)
    return kept


@asynccontextmanager
async def reflecting(key: bytes | None, host: str = LOCAL) -> AsyncIterator[tuple[Reflector, int]]:
    reflector = Reflector(key, finished().fill)
    listener = await Listener.open(host, 0, reflector)
    try:
        yield reflector, listener.place[1]
    finally:
        listener.close()


async def asked(port: int, key: bytes = KEY, name: str = "refl-tr", host: str = LOCAL) -> object:
    asker = Asker()
    try:
        return await asker.ask(Asked(host, port, key), 0, 0, name, 0.3)
    finally:
        asker.close()


@pytest.mark.parametrize("host", [LOCAL, "::1"])
async def test_windows_are_told_to_who_has_the_key(host: str) -> None:
    async with reflecting(KEY, host) as (_reflector, port):
        told = await asked(port, host=host)
    assert isinstance(told, tuple)
    answer, came_s = told
    assert isinstance(answer, Answer)
    [window] = answer.windows
    assert (window.number, window.lasts_s, window.numbers) == (1, 15.0, NUMBERS)
    assert window.age_s >= 20
    assert came_s <= time.monotonic()


async def test_a_path_that_is_not_there_is_told() -> None:
    async with reflecting(KEY) as (_reflector, port):
        told = await asked(port, name="refl-kl")
    assert isinstance(told, tuple)
    assert told[0].dscp is None


async def test_with_another_key_nothing_is_told() -> None:
    async with reflecting(KEY) as (reflector, port):
        assert await asked(port, b"another key") is None
    assert (reflector.tally.answered, reflector.tally.refused) == (0, 1)


def windows_in(answer: bytes | None) -> bool:
    """Tell whether an answer carries anything of the kept window."""
    return answer is not None and (2000).to_bytes(4, "big") in answer


def from_somewhere(data: bytes) -> Datagram:
    return Datagram(data, ("192.0.2.1", 40000), time.time_ns(), 64)


def test_without_a_key_nobody_is_told_anything() -> None:
    question = tlv(240, question_octets(Question(1, 0, 0, "refl-tr")))
    request = Request(1, ntp_stamp(time.time_ns()))
    open_one, closed = Reflector(None, finished().fill), Reflector(KEY, finished().fill)
    plain = request_octets(request) + question
    assert not windows_in(open_one.answer(from_somewhere(plain), time.time_ns))
    assert not windows_in(open_one.answer(from_somewhere(plain + bytes(900)), time.time_ns))
    unsigned = request_octets(request, key=KEY) + question
    answer = closed.answer(from_somewhere(unsigned), time.time_ns)
    assert answer is not None
    assert not windows_in(answer)
    signed = closed.answer(from_somewhere(asking_octets(request, question, KEY)), time.time_ns)
    assert windows_in(signed)
    assert signed is not None
    assert len(signed) == len(asking_octets(request, question, KEY))


async def test_answers_that_were_changed_or_answer_something_else_are_ignored() -> None:
    reflector = Reflector(KEY, finished().fill)
    seen: list[Datagram] = []
    mirror = await watch(udp_socket(LOCAL, 0), seen.append)
    asker = Asker()
    try:
        asking = asyncio.create_task(asker.ask(Asked(*mirror.place, KEY), 0, 0, "refl-tr", 3.0))
        async with asyncio.timeout(3):
            while not seen:
                await asyncio.sleep(0.005)
        question = seen[0]
        good = reflector.answer(question, time.time_ns)
        assert good is not None
        other = asking_octets(
            Request(1, ntp_stamp(time.time_ns())),
            tlv(240, question_octets(Question(5, 0, 0, "refl-tr"))),
            KEY,
        )
        old = reflector.answer(from_somewhere(other), time.time_ns)
        assert old is not None
        for junk in (b"", bytes(44), question.data, old, good[:100], good[:20] + good[21:]):
            mirror.send(junk, question.address)
        await asyncio.sleep(0.1)
        assert not asking.done()
        mirror.send(good, question.address)
        told = await asking
    finally:
        mirror.close()
        asker.close()
    assert told is not None
    assert told[0].windows[0].numbers == NUMBERS


async def test_of_an_answer_with_spliced_tlvs_nothing_is_believed() -> None:
    """An old answer's TLVs behind a new packet: the nonce tells, even if the number fits."""
    reflector = Reflector(KEY, finished().fill)
    seen: list[Datagram] = []
    mirror = await watch(udp_socket(LOCAL, 0), seen.append)
    asker = Asker()
    answers: list[bytes] = []
    try:
        for splice in (False, True):
            asking = asyncio.create_task(asker.ask(Asked(*mirror.place, KEY), 0, 0, "refl-tr", 0.4))
            async with asyncio.timeout(3):
                while len(seen) <= len(answers):
                    await asyncio.sleep(0.005)
            fresh = Reflector(KEY, finished().fill) if splice else reflector  # numbers begin anew
            good = fresh.answer(seen[-1], time.time_ns)
            assert good is not None
            answers.append(good)
            mirror.send(good[:112] + answers[0][112:], seen[-1].address)
            assert (await asking is None) == splice
    finally:
        mirror.close()
        asker.close()
