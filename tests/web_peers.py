"""HTTP servers on real sockets of loopback that answer as a test wants, and a client for them."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from console.probes.rooms.protocol import Means, Question
from console.probes.sip import SipClient
from console.probes.trust import tls_context
from console.probes.web import Web
from console.snmp.manager import Manager


@dataclass(frozen=True)
class Heard:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def credential(self) -> str | None:
        """What basic authentication said."""
        kind, _blank, value = self.headers.get("authorization", "").partition(" ")
        return base64.b64decode(value).decode() if kind == "Basic" else None


@dataclass(frozen=True)
class Reply:
    """An answer; `raw` is sent as it is instead."""

    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    pause_s: float = 0.0  # after each octet of `raw`

    def octets(self) -> bytes:
        body = self.body.encode() if isinstance(self.body, str) else self.body
        headers = {"Content-Length": str(len(body)), "Connection": "close", **self.headers}
        lines = [f"HTTP/1.1 {self.status} Whatever", *(f"{n}: {v}" for n, v in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode() + body


Responder = Callable[[Heard], Reply]


class Server:
    """Answers with what `respond` returns, and remembers what it heard."""

    def __init__(self, respond: Responder) -> None:
        self.respond = respond
        self.heard: list[Heard] = []
        self.port = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request and hang up."""
        with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            first, *lines = head.strip().split("\r\n")
            headers = {n.lower(): v.strip() for n, _c, v in (x.partition(":") for x in lines)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            method, path, _version = first.split(" ")
            self.heard.append(Heard(method, path, headers, body))
            await self._send(writer, self.respond(self.heard[-1]))
        writer.transport.abort() if writer.transport.is_closing() else writer.close()

    async def _send(self, writer: asyncio.StreamWriter, reply: Reply) -> None:
        if reply.raw is None:
            writer.write(reply.octets())
        elif not reply.pause_s:
            writer.write(reply.raw)
        else:
            for octet in reply.raw:
                writer.write(bytes([octet]))
                await writer.drain()
                await asyncio.sleep(reply.pause_s)
        await writer.drain()


@asynccontextmanager
async def serving(
    respond: Responder | Reply, context: ssl.SSLContext | None = None
) -> AsyncIterator[Server]:
    """Run a server; its `port` is on loopback."""
    server = Server((lambda _heard: respond) if isinstance(respond, Reply) else respond)
    talks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talks.add(task)
        with suppress(asyncio.CancelledError):
            await server.talk(reader, writer)
        writer.transport.abort()
        talks.discard(task)

    opened = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context)
    server.port = opened.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        opened.close()
        for task in tuple(talks):
            task.cancel()
        await asyncio.sleep(0.01)


@cache
def _context(authority: Path | None, _use: str) -> ssl.SSLContext:
    return tls_context(authority)


@asynccontextmanager
async def means(authority: Path | None = None) -> AsyncIterator[Means]:
    """Everything that rooms are asked by."""
    web, sip = Web(_context(authority, "http")), SipClient(_context(authority, "sip"))
    manager = Manager()
    await manager.open()
    try:
        yield Means(web, sip, manager)
    finally:
        await web.close()
        sip.close()
        await manager.close()
        await asyncio.sleep(0)


def question(url: str, credential: str | None = None, timeout_s: float = 2.0) -> Question:
    """A question whose host is on loopback."""
    return Question(url, "127.0.0.1", timeout_s, credential=credential)
