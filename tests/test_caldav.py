"""CalDAV against a real server, and against one that means harm."""

import datetime as dt
import ipaddress
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from console.calendars import question as asked
from console.calendars.child import answer_to
from console.calendars.question import Answer, Question
from console.calendars.reading import read
from tests import radicale_server
from tests.calendar_texts import WEEKLY, calendar
from tests.peers import free_tcp_port
from tests.radicale_server import CREDENTIAL, Radicale
from tests.test_calendars import FROM_S, TO_S, starts


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    with radicale_server.running(tmp_path_factory.mktemp("radicale")) as running:
        yield running


def ask(url: str, credential: str | None = CREDENTIAL, **rest: str | None) -> Answer:
    return answer_to(Question(url, "Europe/Berlin", FROM_S, TO_S, 3600.0, credential, **rest))


def test_recurring_conferences_across_the_change_of_clocks(server: Radicale) -> None:
    moved = """UID:weekly
RECURRENCE-ID;TZID=Europe/Berlin:20261029T100000
DTSTART;TZID=Europe/Berlin:20261030T140000
DTEND;TZID=Europe/Berlin:20261030T150000"""
    server.put("weekly", calendar(f"{WEEKLY}\nEXDATE;TZID=Europe/Berlin:20261105T100000", moved))
    server.put("once", calendar("UID:once\nDTSTART:20261201T090000Z\nDTEND:20261201T100000Z"))
    server.put("old", calendar("UID:old\nDTSTART:20250101T090000Z\nDTEND:20250101T100000Z"))
    first = ask(server.url)
    whole = Question(server.url, "Europe/Berlin", FROM_S, TO_S, 3600.0, CREDENTIAL)
    assert read(whole) == first  # in a process of its own, as the collector does it
    assert first.problem is None
    assert starts(first) == [
        *("10-08 08:00", "10-15 08:00", "10-22 08:00"),
        *("10-30 13:00", "11-12 09:00", "12-01 09:00"),
    ]
    assert first.tag
    assert ask(server.url, tag=first.tag) == Answer(None, None, first.tag)
    server.delete("once")
    second = ask(server.url, tag=first.tag)
    assert starts(second) == starts(first)[:-1]
    assert second.tag != first.tag


@pytest.mark.parametrize("credential", [None, "noc:wrong", "somebody:else"])
def test_a_server_that_refuses(server: Radicale, credential: str | None) -> None:
    assert ask(server.url, credential) == Answer(None, asked.REFUSED)


def test_what_is_not_a_calendar(server: Radicale) -> None:
    assert ask(server.url.replace("konferenzen/", "")) == Answer(None, asked.UNREADABLE)
    assert ask(server.url.replace("konferenzen", "gone")).problem in (
        asked.MISSING,
        asked.UNREADABLE,
    )


def test_nobody_there() -> None:
    url = f"http://127.0.0.1:{free_tcp_port()}/noc/konferenzen/"
    assert ask(url) == Answer(None, asked.UNREACHABLE)


def test_a_certificate_is_checked_and_an_own_authority_trusted(tmp_path: Path) -> None:
    certificate = _certificate(tmp_path)
    with radicale_server.running(tmp_path, certificate) as server:
        server.put("weekly", calendar(WEEKLY))
        assert ask(server.url) == Answer(None, asked.CERTIFICATE)
        assert len(starts(ask(server.url, ca=str(certificate[0])))) == 6


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that is signed by nobody else."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "kommunal")])
    now = dt.datetime.now(dt.UTC)
    host = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(host, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "server.pem", folder / "server.key"
    files[0].write_bytes(built.public_bytes(serialization.Encoding.PEM))
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, *private))
    return files


class _Harm(BaseHTTPRequestHandler):
    """Answers every question with what its path asks for; remembers who came with a password."""

    seen: list[tuple[str, str | None]]

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        type(self).seen.append((self.path, self.headers.get("Authorization")))
        status, headers, body = _HARM[self.path.strip("/")]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    do_PROPFIND = do_REPORT = do_GET = _answer

    def log_message(self, *_words: object) -> None:
        pass


_ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
_XML = {"Content-Type": "text/xml"}
_HARM = {
    "bomb": (207, _XML, f'<!DOCTYPE x [<!ENTITY e0 "x">{_ENTITIES}]><x>&e11;</x>'.encode()),
    "huge": (207, _XML, b"<x>" + b"<y/>" * 2_000_000),
    "file": (
        *(207, _XML),
        b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>',
    ),
    "away": (302, {"Location": "http://127.0.0.2:9/other"}, b""),
    "round": (302, {"Location": "/round"}, b""),
    "ill": (500, {}, b""),
    "html": (200, {"Content-Type": "text/html"}, b"<html><p>Hello"),
}


@contextmanager
def harmful() -> Iterator[str]:
    _Harm.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Harm)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize(
    ("what", "problem"),
    [
        ("bomb", asked.UNREADABLE),
        ("huge", asked.TOO_LARGE),
        ("file", asked.UNREADABLE),
        ("away", asked.UNREACHABLE),
        ("round", asked.UNREACHABLE),
        ("ill", asked.UNREACHABLE),
        ("html", asked.UNREADABLE),
    ],
)
def test_a_server_that_means_harm(what: str, problem: str) -> None:
    with harmful() as url:
        question = Question(url + what, "Europe/Berlin", FROM_S, TO_S, 3600.0, CREDENTIAL)
        assert read(question) == Answer(None, problem)
    assert {path for path, _password in _Harm.seen} <= {f"/{what}"}
