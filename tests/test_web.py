"""What a server may do to whom asks it: certificates, redirections, size, slowness, rubbish."""

import asyncio
import gzip
from contextlib import suppress

import pytest

from console.model.states import Outcome
from console.probes.failure import ProbeError
from console.probes.web import MOST_OCTETS, Request, below
from tests.certificates import DAY, authority
from tests.peers import free_tcp_port
from tests.web_peers import Reply, means, serving


async def told(url, trusted=None, timeout_s=2.0, **request):
    async with means(trusted) as asked:
        return await asked.web.fetch(Request(url, "127.0.0.1", **request), timeout_s)


async def refused(url, *given, **request):
    with pytest.raises(ProbeError) as error:
        await told(url, *given, **request)
    return error.value.outcome, error.value.detail


async def test_a_page_under_the_name_that_was_asked_for():
    async with serving(Reply("hello")) as server:
        url = f"http://room.example.org:{server.port}/path?x=1"
        page = await told(url, credential="noc:öffne:dich")
    assert (page.status, page.body) == (200, b"hello")
    assert page.rtt_us > 0
    (heard,) = server.heard
    assert (heard.path, heard.headers["host"]) == ("/path?x=1", f"room.example.org:{server.port}")
    assert heard.credential == "noc:öffne:dich"


async def test_a_password_in_the_address_is_not_sent():
    async with serving(Reply("hello")) as server:
        await told(f"http://noc:secret@127.0.0.1:{server.port}/")
    assert server.heard[0].credential is None
    assert "secret" not in str(server.heard[0].headers)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (401, (Outcome.REFUSED, "http_access:401")),
        (403, (Outcome.REFUSED, "http_access:403")),
        (404, (Outcome.REFUSED, "http_status:404")),
        (503, (Outcome.REFUSED, "http_status:503")),
    ],
)
async def test_a_server_that_says_no(status, outcome):
    async with serving(Reply(status=status)) as server:
        assert await refused(f"http://127.0.0.1:{server.port}/") == outcome


async def test_redirections_stay_on_the_server():
    def lead(heard):
        if heard.path == "/":
            return Reply(status=302, headers={"Location": "/there"})
        return Reply("arrived")

    async with serving(lead) as server:
        page = await told(f"http://127.0.0.1:{server.port}/", credential="noc:secret")
    assert page.body == b"arrived"
    assert [heard.credential for heard in server.heard] == ["noc:secret"] * 2


@pytest.mark.parametrize("there", ["http://127.0.0.1:{other}/", "http://localhost:{own}/", "/"])
async def test_nobody_else_gets_the_credential_and_circles_end(there):
    async with serving(Reply("not yours")) as other:

        def lead(_heard):
            location = there.format(own=server.port, other=other.port)
            return Reply(status=302, headers={"Location": location})

        async with serving(lead) as server:
            url = f"http://127.0.0.1:{server.port}/"
            outcome = await refused(url, credential="noc:secret")
    assert outcome == (Outcome.REFUSED, "http_redirect")
    assert other.heard == []


async def test_a_certificate_of_the_own_authority_is_believed(tmp_path):
    own = authority(tmp_path)
    async with serving(Reply("safe"), own.server("room.example.org", "127.0.0.1")) as server:
        for host in ("room.example.org", "127.0.0.1"):
            page = await told(f"https://{host}:{server.port}/", own.path)
            assert page.body == b"safe"


@pytest.mark.parametrize(
    ("names", "ends", "trusted", "detail"),
    [
        (("127.0.0.1",), -DAY, True, "tls_expired"),
        (("127.0.0.1",), DAY, False, "tls_untrusted"),
        (("other.example.org",), DAY, True, "tls_name"),
        (("127.0.0.2",), DAY, True, "tls_name"),
    ],
)
async def test_a_certificate_that_is_not_believed(tmp_path, names, ends, trusted, detail):
    own = authority(tmp_path)
    async with serving(Reply("unsafe"), own.server(*names, ends=ends)) as server:
        url = f"https://127.0.0.1:{server.port}/"
        outcome = await refused(url, own.path if trusted else None, credential="noc:secret")
    assert outcome == (Outcome.REFUSED, detail)
    assert server.heard == []


async def test_a_certificate_for_another_name_at_the_same_address_does_not_help(tmp_path):
    own = authority(tmp_path)
    async with serving(Reply("safe"), own.server("a.example.org")) as server, means(own.path) as m:
        urls = [f"https://{name}.example.org:{server.port}/" for name in "ab"]
        await m.web.fetch(Request(urls[0], "127.0.0.1"), 2.0)
        with pytest.raises(ProbeError, match="tls_name"):
            await m.web.fetch(Request(urls[1], "127.0.0.1"), 2.0)


async def test_no_encryption_where_it_is_expected():
    def talk(_reader, writer):
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        outcome = await refused(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    assert outcome == (Outcome.GARBLED, "tls_failed")


async def test_nobody_listens():
    outcome = await refused(f"http://127.0.0.1:{free_tcp_port()}/")
    assert outcome == (Outcome.ERROR, "port_closed")


HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("raw", "outcome"),
    [
        (b"", (Outcome.GARBLED, "http_garbled")),
        (b"\x00\xff" * 500, (Outcome.GARBLED, "http_garbled")),
        (b"SIP/2.0 200 OK\r\n\r\n", (Outcome.GARBLED, "http_garbled")),
        (HEAD + b"X: " + b"y" * 300_000, (Outcome.GARBLED, "http_garbled")),
        (HEAD + b"Content-Length: 9\r\n\r\nabc", (Outcome.GARBLED, "http_garbled")),
        (
            HEAD + b"Content-Length: 104857600\r\n\r\n" + b"x" * (MOST_OCTETS + 70_000),
            (Outcome.GARBLED, "http_too_large"),
        ),
        (
            HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"10000\r\n" + b"x" * 0x10000 + b"\r\n",
            (Outcome.GARBLED, "http_garbled"),
        ),
    ],
)
async def test_rubbish_and_floods(raw, outcome):
    async with serving(Reply(raw=raw)) as server:
        assert await refused(f"http://127.0.0.1:{server.port}/") == outcome


async def test_what_is_packed_is_not_unpacked():
    bomb = gzip.compress(b"\0" * 30_000_000)
    reply = Reply(bomb, headers={"Content-Encoding": "gzip"})
    async with serving(reply) as server:
        outcome = await refused(f"http://127.0.0.1:{server.port}/")
    assert outcome == (Outcome.GARBLED, "http_garbled")


@pytest.mark.parametrize("raw", [HEAD + b"Content-Length: 99\r\n\r\n" + b"x" * 99, HEAD * 9])
async def test_a_slow_drip_has_an_end(raw):
    async with serving(Reply(raw=raw, pause_s=0.02)) as server:
        outcome = await refused(f"http://127.0.0.1:{server.port}/", timeout_s=0.2)
    assert outcome == (Outcome.TIMEOUT, "http_timeout")


async def test_a_slow_server_holds_up_nobody_else():
    async with (
        serving(Reply(raw=HEAD * 99, pause_s=0.05)) as slow,
        serving(Reply("quick")) as quick,
        means() as asked,
    ):
        fetch, here = asked.web.fetch, "127.0.0.1"
        drips = [fetch(Request(f"http://{here}:{slow.port}/", here), 60.0) for _ in range(20)]
        waiting = asyncio.gather(*drips)
        await asyncio.sleep(0.05)
        page = await fetch(Request(f"http://{here}:{quick.port}/", here), 30.0)
        assert not waiting.done()
        waiting.cancel()
        with suppress(asyncio.CancelledError):
            await waiting
    assert page.body == b"quick"


async def test_cookies_are_not_kept():
    reply = Reply(headers={"Set-Cookie": "session=1; Path=/"})
    async with serving(reply) as server, means() as asked:
        for _turn in range(2):
            request = Request(f"http://127.0.0.1:{server.port}/", "127.0.0.1")
            await asked.web.fetch(request, 2.0)
    assert all("cookie" not in heard.headers for heard in server.heard)


def test_secrets_are_not_shown():
    request = Request("http://h/", "127.0.0.1", credential="noc:secret", body=b"secret")
    assert "secret" not in repr(request)


@pytest.mark.parametrize(
    ("target", "url"),
    [
        ("http://h:1", "http://h:1/status.xml"),
        ("http://h:1/", "http://h:1/status.xml"),
        ("http://h:1/status.xml", "http://h:1/status.xml"),
        ("http://h:1/box/?a=b", "http://h:1/box/status.xml"),
    ],
)
def test_below(target, url):
    assert below(target, "/status.xml") == url
