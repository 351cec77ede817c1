import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.model.states import Outcome
from console.probes.sip import SipClient, read_answer, sip_address
from tests.peers import free_udp_port
from tests.sip_peer import sipp

URI = "sip:tr-saal@127.0.0.1"


@pytest.fixture
async def client() -> AsyncIterator[SipClient]:
    client = SipClient()
    yield client
    client.close()
    await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("status", "outcome", "detail"),
    [
        (200, Outcome.OK, None),
        (486, Outcome.BUSY, None),
        (403, Outcome.REFUSED, "sip_refused:403"),
        (503, Outcome.REFUSED, "sip_refused:503"),
    ],
)
async def test_a_real_user_agent(client, tmp_path, status, outcome, detail):
    with sipp(tmp_path, status) as port:
        call = await client.ask(f"{URI}:{port}", "127.0.0.1", 3.0)
    assert (call.outcome, call.detail) == (outcome, detail)
    assert call.rtt_us is not None
    assert call.rtt_us > 0


async def test_many_calls_over_one_socket_find_their_answers(client, tmp_path):
    with sipp(tmp_path, 200) as idle, sipp(tmp_path, 486) as busy:
        ports = [idle, busy] * 20
        calls = await asyncio.gather(
            *(client.ask(f"{URI}:{port}", "127.0.0.1", 3.0) for port in ports)
        )
    assert [call.outcome for call in calls] == [Outcome.OK, Outcome.BUSY] * 20


async def test_silence_is_a_timeout(client):
    call = await client.ask(f"{URI}:{free_udp_port()}", "127.0.0.1", 0.2)
    assert (call.outcome, call.rtt_us, call.detail) == (Outcome.TIMEOUT, None, "sip_timeout")


Reply = Callable[[bytes], list[bytes]]


class Peer(asyncio.DatagramProtocol):
    """Answers each datagram with what a test wants."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self.heard: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.heard.append(data)
        for answer in self._reply(data):
            self.transport.sendto(answer, addr)

    @property
    def uri(self) -> str:
        return f"{URI}:{self.transport.get_extra_info('sockname')[1]}"


@pytest.fixture
async def listening() -> AsyncIterator[Callable[[Reply], Awaitable[Peer]]]:
    peers: list[Peer] = []

    async def listen(reply: Reply) -> Peer:
        loop = asyncio.get_running_loop()
        _transport, peer = await loop.create_datagram_endpoint(
            lambda: Peer(reply), local_addr=("127.0.0.1", 0)
        )
        peers.append(peer)
        return peer

    yield listen
    for peer in peers:
        peer.transport.close()
    await asyncio.sleep(0)


def answer(request: bytes, status: str, **changes: str) -> bytes:
    lines = request.decode().split("\r\n")
    kept = [line for line in lines if line.partition(":")[0] in ("Via", "From", "To", "Call-ID")]
    text = "\r\n".join([f"SIP/2.0 {status}", *kept, "CSeq: 1 OPTIONS", "", ""])
    for old, new in changes.items():
        text = text.replace(old, new)
    return text.encode()


async def test_the_request_is_whole(client, listening):
    peer = await listening(lambda request: [answer(request, "200 OK")])
    await client.ask(peer.uri, "127.0.0.1", 1.0)
    text = peer.heard[0].decode()
    assert text.startswith(f"OPTIONS {peer.uri} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:")
    assert text.endswith("Content-Length: 0\r\n\r\n")
    for name in ("Max-Forwards: 70", ";branch=z9hG4bK", ";rport", "From: ", ";tag=", "Call-ID: "):
        assert name in text


async def test_a_provisional_answer_is_not_the_answer(client, listening):
    peer = await listening(lambda r: [answer(r, "100 Trying"), answer(r, "486 Busy Here")])
    call = await client.ask(peer.uri, "127.0.0.1", 1.0)
    assert call.outcome is Outcome.BUSY


async def test_a_lost_datagram_is_sent_again_and_its_time_is_not_believed(client, listening):
    seen: list[bytes] = []

    def second_only(request: bytes) -> list[bytes]:
        seen.append(request)
        return [answer(request, "200 OK")] if len(seen) == 2 else []

    peer = await listening(second_only)
    call = await client.ask(peer.uri, "127.0.0.1", 3.0)
    assert (call.outcome, call.rtt_us) == (Outcome.OK, None)
    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda request: b"\x00\xff garbage",
        lambda request: b"HTTP/1.1 200 OK\r\n\r\n",
        lambda request: b"SIP/2.0 200 OK",
        lambda request: answer(request, "999 What"),
        lambda request: answer(request, "200 OK", Via="Wia"),
    ],
)
async def test_what_cannot_be_read_is_garbled(client, listening, spoil):
    peer = await listening(lambda request: [spoil(request)])
    call = await client.ask(peer.uri, "127.0.0.1", 0.2)
    assert (call.outcome, call.detail) == (Outcome.GARBLED, "sip_garbled")


async def test_an_answer_to_another_question_is_none(client, listening):
    peer = await listening(lambda r: [answer(r, "200 OK", z9hG4bK="z9hG4bKx")])
    call = await client.ask(peer.uri, "127.0.0.1", 0.2)
    assert call.outcome is Outcome.TIMEOUT


def test_folded_lines_and_compact_names_are_read():
    text = "SIP/2.0 200 OK\r\nv: SIP/2.0/UDP h:1\r\n ;branch=z9hG4bKab\r\nI: c1\r\n\r\n"
    read = read_answer(text.encode())
    assert read is not None
    assert (read.status, read.branch, read.call_id) == (200, "z9hG4bKab", "c1")


@given(st.binary(max_size=300))
def test_no_datagram_is_too_strange(data):
    assert read_answer(data) is None or data.startswith(b"SIP/2.0 ")


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("sip:a@192.0.2.1", ("192.0.2.1", 5060)),
        ("sip:room.example.org:5070;transport=udp", ("room.example.org", 5070)),
        ("sips:a@[2001:db8::1]:5061", ("2001:db8::1", 5061)),
    ],
)
def test_sip_address(uri, expected):
    assert sip_address(uri) == expected


@pytest.mark.parametrize("uri", ["tr-saal@host", "sip:", "sip:a b@host", "sip:a@host:port"])
def test_what_is_no_sip_address(uri):
    with pytest.raises(ValueError, match="sip:"):
        sip_address(uri)
