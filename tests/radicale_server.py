"""A real CalDAV server: Radicale on loopback, with a password and, if wanted, a certificate."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.peers import free_tcp_port

USER, PASSWORD = "noc", "geheim:Ä1"
CREDENTIAL = f"{USER}:{PASSWORD}"
_START_S = 15.0
_CALENDAR = """<?xml version="1.0" encoding="utf-8"?>
<C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>
<D:displayname>Konferenzen</D:displayname></D:prop></D:set></C:mkcalendar>"""


@dataclass(frozen=True, slots=True)
class Radicale:
    """A running server with one calendar at `url`."""

    url: str
    verify: str | bool

    def request(self, method: str, path: str, body: str = "") -> None:
        """Send a request as the owner and insist that it works."""
        done = requests.request(
            *(method, self.url + path),
            data=body.encode(),
            auth=(USER.encode(), PASSWORD.encode()),
            headers={"Content-Type": "text/calendar; charset=utf-8"} if body else {},
            verify=self.verify,
            timeout=10,
        )
        done.raise_for_status()

    def put(self, name: str, content: str) -> None:
        """Put an event into the calendar."""
        self.request("PUT", f"{name}.ics", content)

    def delete(self, name: str) -> None:
        """Take one out again."""
        self.request("DELETE", f"{name}.ics")


@contextmanager
def running(folder: Path, certificate: tuple[Path, Path] | None = None) -> Iterator[Radicale]:
    """Run one while inside; `certificate`: its file and that of its key."""
    port = free_tcp_port()
    users = folder / "users"
    users.write_text(f"{USER}:{PASSWORD}\n", encoding="utf-8")
    command = [sys.executable, "-m", "radicale", "--config", "", "--hosts", f"127.0.0.1:{port}"]
    command += ["--auth-type", "htpasswd", "--auth-htpasswd-filename", str(users)]
    command += ["--auth-htpasswd-encryption", "plain", "--auth-delay", "0"]
    command += ["--storage-filesystem-folder", str(folder / "storage")]
    if certificate is not None:
        command += ["--server-ssl", "--server-certificate", str(certificate[0])]
        command += ["--server-key", str(certificate[1])]
    with (folder / "radicale.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        _wait(process, port)
        scheme, verify = ("https", str(certificate[0])) if certificate else ("http", True)
        server = Radicale(f"{scheme}://127.0.0.1:{port}/{USER}/konferenzen/", verify)
        server.request("MKCALENDAR", "", _CALENDAR)
        yield server
    finally:
        process.terminate()
        process.wait(10)


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    until_s = time.monotonic() + _START_S
    while time.monotonic() < until_s:
        assert process.poll() is None, "Radicale ended"
        with socket.socket() as tcp:
            if tcp.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("Radicale does not listen")
