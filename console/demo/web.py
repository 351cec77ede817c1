"""Answers HTTP for simulated rooms, on loopback: just enough of it for one request a connection."""

import asyncio
import base64
import json
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from console.demo.room_systems import RoomMoment, poly_documents, status_xml

MOST_OCTETS = 1 << 16
PATIENCE_S = 10.0
_REASONS = {200: "OK", 401: "Unauthorized", 404: "Not Found"}

Now = Callable[[float], RoomMoment | None]  # None: silence


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked; names of headers in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered."""

    body: str = ""
    status: int = 200
    kind: str = "text/xml"
    cookie: str = ""

    def octets(self) -> bytes:
        """Return it as it is sent."""
        body = self.body.encode()
        lines = [
            f"HTTP/1.1 {self.status} {_REASONS[self.status]}",
            f"Content-Type: {self.kind}; charset=utf-8",
            f"Content-Length: {len(body)}",
            *([f"Set-Cookie: {self.cookie}; Path=/; HttpOnly"] if self.cookie else []),
            "Connection: close",
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


@dataclass(slots=True)
class WebRoom:
    """One room; `credential` ("user:password") is what it wants, None: nothing."""

    kind: str
    now: Now
    credential: str | None = field(default=None, repr=False)
    session: str = field(default_factory=lambda: secrets.token_hex(8), repr=False)

    def answer(self, request: Request, at_s: float) -> Answer | None:
        """Return the answer at a moment, None where the room is silent."""
        now = self.now(at_s)
        if now is None:
            return None
        return self._cisco(request, now) if self.kind == "cisco" else self._poly(request, now)

    def _cisco(self, request: Request, now: RoomMoment) -> Answer:
        if self.credential is not None:
            expected = base64.b64encode(self.credential.encode()).decode()
            if request.headers.get("authorization") != f"Basic {expected}":
                return Answer(status=401)
        return Answer(status_xml(now)) if request.path == "/status.xml" else Answer(status=404)

    def _poly(self, request: Request, now: RoomMoment) -> Answer:
        cookie = f"session_id={self.session}"
        if (request.method, request.path) == ("POST", "/rest/session"):
            is_right = self._knows(request.body)
            told = json.dumps({"success": is_right})
            return Answer(told, kind="application/json", cookie=cookie if is_right else "")
        if self.credential is not None and request.headers.get("cookie") != cookie:
            return Answer(status=401)
        found = poly_documents(now).get(request.path)
        return Answer(status=404) if found is None else Answer(found, kind="application/json")

    def _knows(self, body: bytes) -> bool:
        try:
            given = json.loads(body)
        except ValueError:
            return False
        known = isinstance(given, dict) and f"{given.get('user')}:{given.get('password')}"
        return self.credential is None or known == self.credential


async def talk(room: WebRoom, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one request, or keep silent until the other side has had enough."""
    try:
        with suppress(OSError, EOFError, TimeoutError, ValueError, asyncio.LimitOverrunError):
            async with asyncio.timeout(PATIENCE_S):
                answer = room.answer(await _request(reader), time.time())
                if answer is None:
                    await reader.read(1)
                else:
                    writer.write(answer.octets())
                    await writer.drain()
    except asyncio.CancelledError:
        pass  # the simulation ends; a handler's task has nobody who waits for it
    finally:
        writer.close()


async def _request(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    method, path, _version = first.split(" ")
    named = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _colon, value in named}
    length = int(headers.get("content-length", "0"))
    if not 0 <= length <= MOST_OCTETS:
        raise ValueError("a body that is too long")
    return Request(method, path, headers, await reader.readexactly(length))
