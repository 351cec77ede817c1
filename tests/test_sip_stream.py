"""SIP over TCP and TLS against real user agents, and against peers that do as they please."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from console.model.states import Outcome
from console.probes.rooms import table
from console.probes.sip import Call, SipClient
from console.probes.trust import tls_context
from tests.certificates import DAY, authority
from tests.peers import free_tcp_port
from tests.sip_peer import baresip, sipp
from tests.web_peers import means, question

URI = "sip:tr-saal@127.0.0.1"


async def ask(port, transport="tcp", trusted=None, timeout_s=2.0, credential=None) -> Call:
    client = SipClient(tls_context(trusted) if transport == "tls" else None)
    try:
        return await client.ask(f"{URI}:{port}", "127.0.0.1", timeout_s, transport, credential)
    finally:
        client.close()
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("status", "outcome", "detail"),
    [(200, Outcome.OK, None), (486, Outcome.BUSY, None), (503, Outcome.REFUSED, "sip_refused:503")],
)
async def test_sipp_over_tcp(tmp_path, status, outcome, detail):
    with sipp(tmp_path, status, "tcp") as port:
        call = await ask(port)
    assert (call.outcome, call.detail) == (outcome, detail)
    assert call.rtt_us is not None
    assert call.rtt_us > 0


async def test_baresip_over_every_transport(tmp_path):
    own = authority(tmp_path)
    with baresip(tmp_path, own.pem("127.0.0.1")) as port:
        for transport, trusted in (("udp", None), ("tcp", None), ("tls", own.path)):
            call = await ask(port + (transport == "tls"), transport, trusted)
            assert (transport, call.outcome) == (transport, Outcome.OK)
        stranger = await ask(port + 1, "tls")
    assert (stranger.outcome, stranger.detail) == (Outcome.REFUSED, "tls_untrusted")


async def test_sips_means_tls(tmp_path):
    own = authority(tmp_path)
    with baresip(tmp_path, own.pem("127.0.0.1")) as port:
        async with means(own.path) as by:
            asked = question(f"sips:tr-saal@127.0.0.1:{port + 1}")
            told = await table.ask("sip", by, asked)
    assert (told.outcome, told.detail) == (Outcome.OK, None)


async def test_a_room_that_dies_and_comes_back(tmp_path):
    with sipp(tmp_path, 200, "tcp") as port:
        assert (await ask(port)).outcome is Outcome.OK
    gone = await ask(port)
    assert (gone.outcome, gone.detail) == (Outcome.ERROR, "port_closed")
    with sipp(tmp_path, 200, "tcp", port):
        assert (await ask(port)).outcome is Outcome.OK


Reply = Callable[[bytes], list[bytes]]


@asynccontextmanager
async def peer(reply: Reply, context=None) -> AsyncIterator[tuple[int, list[bytes]]]:
    """Answers each request over TCP or TLS with what a test wants, piece by piece."""
    heard: list[bytes] = []

    async def talk(reader, writer):
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                heard.append(request)
                for piece in reply(request):
                    writer.write(piece)
                    await asyncio.sleep(0.01)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.transport.abort()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1], heard
    finally:
        server.close()
        await asyncio.sleep(0.05)


def answer(request: bytes, status: str, *more: str, body: str = "") -> bytes:
    names = ("Via", "From", "To", "Call-ID", "CSeq")
    kept = [x for x in request.decode().split("\r\n") if x.partition(":")[0] in names]
    lines = [f"SIP/2.0 {status}", *kept, *more, f"Content-Length: {len(body)}", "", body]
    return "\r\n".join(lines).encode()


async def test_the_request_names_its_transport():
    async with peer(lambda request: [answer(request, "200 OK")]) as (port, heard):
        await ask(port)
    text = heard[0].decode()
    assert re.search(r"\r\nVia: SIP/2\.0/TCP 127\.0\.0\.1:\d+;branch=z9hG4bK", text)
    assert ";transport=tcp>" in text


async def test_an_answer_in_pieces_after_others():
    def pieces(request):
        other = answer(request, "200 OK").replace(b"z9hG4bK", b"z9hG4bKother")
        whole = answer(request, "486 Busy Here", body="v=0\r\n")
        return [
            *(b"\r\n\r\n", answer(request, "100 Trying"), other),
            *(b"OPTIONS sip:leitstand SIP/2.0\r\nCall-ID: x\r\n\r\n", whole[:20], whole[20:]),
        ]

    async with peer(pieces) as (port, _heard):
        assert (await ask(port)).outcome is Outcome.BUSY


@pytest.mark.parametrize(
    "rubbish",
    [
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"\x00\xff" * 100 + b"\r\n\r\n",
        b"x" * 200_000,
        b"SIP/2.0 999 What\r\n\r\n",
        b"SIP/2.0 200 OK\r\nContent-Length: 99999999\r\n\r\n",
        b"SIP/2.0 200 OK\r\nContent-Length: -1\r\n\r\n",
    ],
)
async def test_rubbish(rubbish):
    async with peer(lambda _request: [rubbish]) as (port, _heard):
        call = await ask(port)
    assert (call.outcome, call.detail) == (Outcome.GARBLED, "sip_garbled")


async def test_a_silent_peer_and_one_that_hangs_up():
    async with peer(lambda _request: []) as (port, _heard):
        call = await ask(port, timeout_s=0.2)
    assert (call.outcome, call.detail) == (Outcome.TIMEOUT, "sip_timeout")

    async def hang_up(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        call = await ask(server.sockets[0].getsockname()[1])
    assert (call.outcome, call.detail) == (Outcome.ERROR, "connection_lost")


@pytest.mark.parametrize(
    ("name", "ends", "detail"),
    [("127.0.0.1", -DAY, "tls_expired"), ("other.example.org", DAY, "tls_name")],
)
async def test_a_certificate_that_is_not_believed(tmp_path, name, ends, detail):
    own = authority(tmp_path)
    reply = lambda request: [answer(request, "200 OK")]  # noqa: E731
    async with peer(reply, own.server(name, ends=ends)) as (port, heard):
        call = await ask(port, "tls", own.path, credential="room:secret")
    assert (call.outcome, call.detail) == (Outcome.REFUSED, detail)
    assert heard == []


async def test_no_encryption_where_it_is_expected(tmp_path):
    def talk(_reader, writer):
        writer.write(b"SIP/2.0 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        call = await ask(server.sockets[0].getsockname()[1], "tls")
    assert (call.outcome, call.detail) == (Outcome.GARBLED, "tls_failed")


async def test_nobody_listens():
    call = await ask(free_tcp_port())
    assert (call.outcome, call.detail) == (Outcome.ERROR, "port_closed")


async def test_a_silent_room_holds_up_nobody_else(tmp_path):
    async with peer(lambda _request: []) as (silent, _heard):
        with sipp(tmp_path, 200, "tcp") as port:
            waiting = asyncio.gather(*(ask(silent, timeout_s=60.0) for _room in range(10)))
            await asyncio.sleep(0.05)
            assert (await ask(port)).outcome is Outcome.OK
            assert not waiting.done()
            waiting.cancel()
            with suppress(asyncio.CancelledError):
                await waiting
