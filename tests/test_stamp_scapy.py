"""STAMP packets against scapy's, which were written by others from the same RFCs."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import given
from hypothesis import strategies as st
from scapy.contrib.stamp import (
    ErrorEstimate as TheirEstimate,
)
from scapy.contrib.stamp import (
    STAMPSessionReflectorTestUnauthenticated as TheirReply,
)
from scapy.contrib.stamp import (
    STAMPSessionSenderTestUnauthenticated as TheirRequest,
)

from console.stamp.packets import (
    ErrorEstimate,
    Reply,
    Request,
    read_request,
    reply_octets,
    request_octets,
)
from console.stamp.reflector import Reflector
from console.stamp.sender import Sender, Target
from console.stamp.serving import Listener

words = st.integers(0, (1 << 32) - 1)
stamps = st.integers(0, (1 << 64) - 1)
# NTP's format: scapy writes the other one by another rule.
estimates = st.builds(
    ErrorEstimate, st.booleans(), st.just(False), st.integers(0, 63), st.integers(0, 255)
)
requests = st.builds(Request, words, stamps, estimates, st.integers(0, (1 << 16) - 1))


def estimate(theirs: TheirEstimate) -> ErrorEstimate:
    return ErrorEstimate(bool(theirs.S), bool(theirs.Z), theirs.scale, theirs.multiplier)


@given(requests)
def test_they_read_our_requests(request: Request) -> None:
    theirs = TheirRequest(request_octets(request))
    assert (theirs.seq, theirs.ssid, theirs.mbz) == (request.number, request.ssid, 0)
    assert estimate(theirs.err_estimate) == request.error
    assert bytes(theirs)[4:12] == request.stamp.to_bytes(8, "big")


@given(st.builds(Reply, words, stamps, stamps, requests, st.integers(0, 255), estimates))
def test_they_read_our_replies(reply: Reply) -> None:
    theirs = TheirReply(reply_octets(reply, request_octets(reply.request)))
    asked = reply.request
    assert (theirs.seq, theirs.ssid) == (reply.number, asked.ssid)
    assert (theirs.seq_sender, theirs.ttl_sender) == (asked.number, reply.ttl)
    assert (theirs.mbz1, theirs.mbz2) == (0, 0)
    assert estimate(theirs.err_estimate) == reply.error
    assert estimate(theirs.err_estimate_sender) == asked.error


@given(words, st.integers(0, (1 << 16) - 1), estimates)
def test_we_read_their_requests(number: int, ssid: int, error: ErrorEstimate) -> None:
    marks = TheirEstimate(
        S=error.synchronised, Z=error.ptp, scale=error.scale, multiplier=error.multiplier
    )
    data = bytes(TheirRequest(seq=number, ts=0x1234, ssid=ssid, err_estimate=marks))
    request = read_request(data)
    assert (request.number, request.ssid, request.error) == (number, ssid, error)


async def test_our_reflector_answers_their_sender() -> None:
    listener = await Listener.open("127.0.0.1", 0, Reflector())

    def ask() -> list[TheirReply]:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.settimeout(5)
            answers = []
            for number in (0, 1, 3):
                udp.sendto(bytes(TheirRequest(seq=number, ts=77, ssid=9)), listener.place)
                answers.append(TheirReply(udp.recv(2048)))
            return answers

    answers = await asyncio.to_thread(ask)
    listener.close()
    assert [a.seq_sender for a in answers] == [0, 1, 3]
    assert [a.seq for a in answers] == [0, 1, 2]
    assert {a.ssid for a in answers} == {9}
    assert {a.ttl_sender for a in answers} == {64}


@contextmanager
def their_reflector(lost_there: set[int], lost_back: set[int]) -> Iterator[int]:
    """A stateful reflector made of their packets, that loses what it is told to lose."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        udp.settimeout(0.05)
        ended = threading.Event()
        thread = threading.Thread(target=_reflect, args=(udp, ended, lost_there, lost_back))
        thread.start()
        try:
            yield udp.getsockname()[1]
        finally:
            ended.set()
            thread.join()


def _reflect(
    udp: socket.socket, ended: threading.Event, lost_there: set[int], lost_back: set[int]
) -> None:
    count = 0
    while not ended.is_set():
        try:
            data, source = udp.recvfrom(2048)
        except TimeoutError:
            continue
        asked = TheirRequest(data)
        if asked.seq in lost_there:
            continue
        now = _ntp()
        reply = TheirReply(
            seq=count, ts=now, ts_rx=now, ssid=asked.ssid, seq_sender=asked.seq, ttl_sender=64
        )
        count += 1
        octets = bytearray(bytes(reply))
        octets[28:38] = data[4:14]  # the sender's timestamp to the last bit
        if asked.seq not in lost_back:
            udp.sendto(bytes(octets), source)


def _ntp() -> float:
    return time.time() + 2_208_988_800


async def test_our_sender_measures_to_their_reflector() -> None:
    with their_reflector({3, 4}, {7}) as port:
        sender = Sender()
        session = await sender.session(Target("127.0.0.1", port, octets=0))
        for _ in range(10):
            session.send()
            await asyncio.sleep(0.02)
        async with asyncio.timeout(5):
            while session.log.waits_for(10):
                await asyncio.sleep(0.01)
        numbers = session.log.numbers(1, 11)
        sender.close()
    assert (numbers.sent, numbers.lost) == (10, 3)
    assert (numbers.lost_there, numbers.lost_back) == (2, 1)
    assert numbers.rtt_us is not None
    assert numbers.rtt_us > 0
