"""Asks over HTTP and HTTPS: bounded in time and size, certificates verified, nobody else asked.

Connects to the address that was looked up, under the name that was asked for. Every question has a
connection of its own: a connection whose certificate was for one name must not serve another.
"""

import asyncio
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urljoin

import httpx

from console import __version__
from console.model.states import Outcome
from console.probes.failure import ProbeError
from console.probes.trust import certificate_problem

MOST_OCTETS = 1 << 20
MOST_LEADS = 3  # redirections that are followed, on the same server
_ACCESS = (401, 403)
_LEADS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask; `address` is the numeric address of the URL's host.

    `credential` ("user:password") is sent as basic authentication. `accepted`: statuses that are
    an answer besides 2xx.
    """

    url: str
    address: str
    credential: str | None = field(default=None, repr=False)
    method: str = "GET"
    body: bytes | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    accepted: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """An answer. `rtt_us` is how long it took to connect: one round trip, no thinking."""

    status: int
    body: bytes
    headers: httpx.Headers
    rtt_us: int | None


class Web:
    """A client for many servers; `close` it in the end."""

    def __init__(self, context: ssl.SSLContext) -> None:
        nothing_kept = CookieJar(DefaultCookiePolicy(allowed_domains=()))
        self._client = httpx.AsyncClient(
            verify=context,
            trust_env=False,
            timeout=None,  # `fetch` bounds the whole question
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
            cookies=nothing_kept,
            headers={"User-Agent": f"Leitstand/{__version__}", "Accept-Encoding": "identity"},
        )

    async def close(self) -> None:
        """Close what is still open."""
        await self._client.aclose()

    async def fetch(self, request: Request, timeout_s: float) -> Page:
        """Return the answer; raise ProbeError where there is none that can be used.

        Redirections are followed on the same server only, or from HTTP to HTTPS of the same host.
        """
        try:
            async with asyncio.timeout(timeout_s):
                page = await self._follow(request)
        except TimeoutError:
            raise ProbeError(Outcome.TIMEOUT, "http_timeout") from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            raise _problem(error) from None
        if page.status in _ACCESS:
            raise ProbeError(Outcome.REFUSED, f"http_access:{page.status}")
        if not 200 <= page.status < 300 and page.status not in request.accepted:
            raise ProbeError(Outcome.REFUSED, f"http_status:{page.status}")
        return page

    async def _follow(self, request: Request) -> Page:
        url = httpx.URL(request.url)
        for _lead in range(MOST_LEADS + 1):
            page = await self._send(request, url)
            if page.status not in _LEADS or "location" not in page.headers:
                return page
            there = httpx.URL(urljoin(str(url), page.headers["location"]))
            if request.method != "GET" or not _same_server(url, there):
                break
            url = there
        raise ProbeError(Outcome.REFUSED, "http_redirect")

    async def _send(self, request: Request, url: httpx.URL) -> Page:
        watch = _Watch()
        auth = None
        if request.credential is not None:
            user, _colon, password = request.credential.partition(":")
            auth = httpx.BasicAuth(user, password)
        asked = self._client.build_request(
            request.method,
            url.copy_with(host=request.address, userinfo=b""),
            content=request.body,
            headers={**request.headers, "Host": url.netloc.decode("ascii").rpartition("@")[2]},
            extensions={"sni_hostname": url.raw_host.decode("ascii"), "trace": watch.note},
        )
        answer = await self._client.send(asked, auth=auth, stream=True)
        try:
            body = await _body(answer)
        finally:
            await answer.aclose()
        return Page(answer.status_code, body, answer.headers, watch.connect_us)


class _Watch:
    """Takes the time that connecting takes."""

    def __init__(self) -> None:
        self.connect_us: int | None = None
        self._began_s = 0.0

    async def note(self, event: str, _info: object) -> None:
        """Hear what httpx is at."""
        if event == "connection.connect_tcp.started":
            self._began_s = time.perf_counter()
        elif event == "connection.connect_tcp.complete":
            self.connect_us = max(1, round((time.perf_counter() - self._began_s) * 1e6))


async def _body(answer: httpx.Response) -> bytes:
    """Read the body as it is; what is packed although nobody asked for that is not unpacked."""
    if answer.headers.get("content-encoding", "identity").lower() != "identity":
        raise ProbeError(Outcome.GARBLED, "http_garbled")
    parts: list[bytes] = []
    size = 0
    async for part in answer.aiter_raw():
        size += len(part)
        if size > MOST_OCTETS:
            raise ProbeError(Outcome.GARBLED, "http_too_large")
        parts.append(part)
    return b"".join(parts)


def below(target: str, path: str) -> str:
    """Return the URL of a path on the server of `target`, below its own path where it has one."""
    base = target.partition("?")[0].partition("#")[0].rstrip("/")
    return base if base.endswith(path.rstrip("/")) else base + path


def _same_server(here: httpx.URL, there: httpx.URL) -> bool:
    if here.host != there.host:
        return False
    if here.scheme == there.scheme:
        return _port(here) == _port(there)
    return (here.scheme, there.scheme) == ("http", "https")


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


def _problem(error: Exception) -> ProbeError:
    if isinstance(error, (httpx.RemoteProtocolError, httpx.DecodingError, httpx.InvalidURL)):
        return ProbeError(Outcome.GARBLED, "http_garbled")
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return ProbeError(Outcome.REFUSED, certificate_problem(cause))
        if isinstance(cause, ssl.SSLError):
            return ProbeError(Outcome.GARBLED, "tls_failed")
        if isinstance(cause, ConnectionRefusedError):
            return ProbeError(Outcome.ERROR, "port_closed")
    if isinstance(error, httpx.ConnectError):
        return ProbeError(Outcome.ERROR, "network")
    return ProbeError(Outcome.ERROR, "connection_lost")


def _causes(error: BaseException) -> list[BaseException]:
    """Return the error and what led to it, groups of several gone through."""
    found: list[BaseException] = [error]
    for known in found:
        inner = known.exceptions if isinstance(known, BaseExceptionGroup) else ()
        for cause in (known.__cause__, known.__context__, *inner):
            if cause is not None and cause not in found:
                found.append(cause)
    return found
