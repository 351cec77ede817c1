"""Asks a CalDAV calendar (RFC 4791) for its events: one host, a few redirects, bounded answers."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import caldav
import requests
from caldav.lib import error as dav
from requests.adapters import HTTPAdapter

from console.calendars.question import (
    CERTIFICATE,
    MISSING,
    MOST_OCTETS,
    REFUSED,
    TOO_LARGE,
    UNREACHABLE,
    UNREADABLE,
    CalendarError,
    Question,
)
from console.probes.trust import AuthorityError, tls_context

TIMEOUT_S = 10  # for one packet; for all together see `reading`
_CHUNK = 65536
_PROPERTIES = """<?xml version="1.0" encoding="utf-8"?>
<D:propfind xmlns:D="DAV:" xmlns:S="http://calendarserver.org/ns/"><D:prop>
<D:resourcetype/><S:getctag/><D:sync-token/></D:prop></D:propfind>"""
_IS_CALENDAR = "{urn:ietf:params:xml:ns:caldav}calendar"
_TAGS = ("{http://calendarserver.org/ns/}getctag", "{DAV:}sync-token")
_GONE = (404, 410)


def texts_and_tag(question: Question) -> tuple[list[bytes] | None, str | None]:
    """Return the calendar's events and its tag, None and the tag where it is the question's.

    Raise CalendarError.
    """
    try:
        with _client(question) as client:
            tag = _tag(client, question.place)
            if tag is not None and tag == question.tag:
                return None, tag
            return _texts(client, question), tag
    except dav.AuthorizationError as error:
        raise CalendarError(REFUSED) from error
    except dav.NotFoundError as error:
        raise CalendarError(MISSING) from error
    except requests.exceptions.SSLError as error:
        raise CalendarError(CERTIFICATE) from error
    except (requests.exceptions.RequestException, OSError) as error:
        raise CalendarError(UNREACHABLE) from error


def _client(question: Question) -> caldav.DAVClient:
    user, _colon, password = (question.credential or "").partition(":")
    client = caldav.DAVClient(
        question.place, username=user or None, password=password or None, timeout=TIMEOUT_S
    )
    session = client.session
    session.trust_env = False  # no .netrc: it would go before the credential
    session.max_redirects = 3
    session.adapters.clear()  # no other host than this one, whatever the answers say
    parts = urlsplit(question.place)
    session.mount(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/", _Bounded(question.ca))
    return client


def _tag(client: caldav.DAVClient, url: str) -> str | None:
    """Return what changes with the calendar's content, None where the server offers nothing."""
    response = client.propfind(url, _PROPERTIES, 0)
    if response.status in _GONE:
        raise CalendarError(MISSING)
    if response.status >= 500:
        raise CalendarError(UNREACHABLE)
    tree = response.tree
    if tree is None or next(tree.iter(_IS_CALENDAR), None) is None:
        raise CalendarError(UNREADABLE)
    found = (tree.findtext(f".//{name}") for name in _TAGS)
    return next((text.strip() for text in found if text and text.strip()), None)


def _texts(client: caldav.DAVClient, question: Question) -> list[bytes]:
    begin, end = (datetime.fromtimestamp(at, UTC) for at in (question.from_s, question.to_s))
    calendar = caldav.Calendar(client, question.place)
    try:
        found: list[caldav.Event] = calendar.search(event=True, start=begin, end=end)
        return [str(event.data).encode() for event in found]
    except (dav.AuthorizationError, dav.NotFoundError):
        raise
    except dav.DAVError as error:
        raise CalendarError(UNREADABLE) from error


class _Bounded(HTTPAdapter):
    """Believes the system's certificates and `ca`; reads at most MOST_OCTETS of an answer."""

    def __init__(self, ca: str | None) -> None:
        try:
            self._context = tls_context(None if ca is None else Path(ca))
        except AuthorityError:  # the collector says so; the system's are believed all the same
            self._context = tls_context()
        super().__init__()

    def init_poolmanager(self, *sizes: Any, **settings: Any) -> None:
        super().init_poolmanager(*sizes, ssl_context=self._context, **settings)

    def cert_verify(self, conn: Any, *_settings: Any) -> None:
        """Leave the context as it is: by default a list of authorities of its own is added."""
        conn.cert_reqs = "CERT_REQUIRED"

    def send(self, request: Any, *_stream: Any, **settings: Any) -> requests.Response:
        response = super().send(request, **{**settings, "stream": True})
        response._content = _bounded(response)
        return response


def _bounded(response: requests.Response) -> bytes:
    content = bytearray()
    until_s = time.monotonic() + 2 * TIMEOUT_S
    for chunk in response.iter_content(_CHUNK):
        content += chunk
        if len(content) > MOST_OCTETS:
            raise CalendarError(TOO_LARGE)
        if time.monotonic() > until_s:
            raise CalendarError(UNREACHABLE)
    return bytes(content)
