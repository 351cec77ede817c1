"""The real collector process against sipp and the system's own answers to ping."""

import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from console.model.snapshot import RoomView
from console.model.states import RoomState, State
from console.probes.icmp import allowed_pinger
from tests import peers
from tests.certificates import authority
from tests.end2end.running import device, program, status, wait_for, write_inventory
from tests.peers import free_udp_port
from tests.sip_peer import baresip, sipp
from tests.test_cisco import PLAIN, STATUS

needs_ping = pytest.mark.skipif(allowed_pinger() is None, reason="this system allows no pings")


@pytest.fixture
def history(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


def room(name: str, *probes: dict[str, str]) -> dict[str, object]:
    return {"id": name, "site": "here", "name": name.title(), "probes": list(probes)}


def test_rooms_stand_as_their_user_agents_say(tmp_path, history):
    nowhere = device("r1", f"127.0.0.1:{free_udp_port()}")
    with sipp(tmp_path, 200) as idle, sipp(tmp_path, 486) as busy, sipp(tmp_path, 403) as no:
        rooms = [
            room("idle", {"sip": f"sip:idle@127.0.0.1:{idle}"}),
            room("busy", {"sip": f"sip:busy@127.0.0.1:{busy}"}),
            room("no", {"sip": f"sip:no@127.0.0.1:{no}"}),
            room("gone", {"sip": f"sip:gone@127.0.0.1:{free_udp_port()}"}),
        ]
        inventory = write_inventory(tmp_path / "net.yaml", devices=[nowhere], rooms=rooms)
        with program("collect", inventory, "--history", history) as running:
            found = wait_for(history, lambda s: s.rooms["gone"].state is RoomState.DOWN)
            assert running.stop()[0] == 0
    states = {name: view.state for name, view in found.rooms.items()}
    assert states == {
        "idle": RoomState.IDLE,
        "busy": RoomState.IN_CALL,
        "no": RoomState.DEGRADED,
        "gone": RoomState.DOWN,
    }
    assert (found.rooms["no"].reasons[0].code, found.rooms["no"].reasons[0].argument) == (
        "sip_refused",
        "403",
    )
    assert found.rooms["idle"].rtt_ms is not None


@needs_ping
def test_a_device_that_only_pings_is_degraded_and_a_room_only_idle(tmp_path, history):
    (tmp_path / "agent").mkdir()
    with peers.snmpd(tmp_path / "agent") as agent:
        inventory = write_inventory(
            tmp_path / "net.yaml",
            polling={"ping_s": 1},
            devices=[device("r1", agent.address)],
            rooms=[room("saal", {"icmp": "127.0.0.1"})],
        )
        with program("collect", inventory, "--history", history) as running:
            up = wait_for(
                history,
                lambda s: (
                    s.devices["r1"].state is State.UP and s.rooms["saal"].state is RoomState.IDLE
                ),
            )
            agent.pause()
            ill = wait_for(history, lambda s: s.devices["r1"].state is State.DEGRADED)
            assert running.stop()[0] == 0
    assert [reason.code for reason in up.rooms["saal"].reasons] == ["ping_only"]
    assert [reason.code for reason in ill.devices["r1"].reasons] == ["snmp_timeout"]
    assert ill.devices["r1"].loss == 0.0


@contextmanager
def web_server(context: ssl.SSLContext, pages: Mapping[str, str]) -> Iterator[int]:
    """Serve pages over HTTPS to who says noc:secret; give the port on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            right = self.headers["Authorization"] == "Basic bm9jOnNlY3JldA=="
            body = pages.get(self.path, "").encode()
            self.send_response((200 if body else 404) if right else 401)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


def told_why(view: RoomView) -> bool:
    return bool(view.reasons) and view.reasons[0].code != "not_asked"


def test_what_rooms_tell_of_themselves_decides_and_is_shown(tmp_path, history):
    own = authority(tmp_path)
    asleep = STATUS.format(**{**PLAIN, "standby": "Standby", "mute": "On"})
    unregistered = STATUS.format(**{**PLAIN, "sip": "Failed", "active": "1"})
    pages = {"/a/status.xml": asleep, "/b/status.xml": unregistered}
    with (
        web_server(own.server("127.0.0.1"), pages) as port,
        baresip(tmp_path, own.pem("127.0.0.1")) as sip,
    ):

        def cisco(path: str, credential: str = "noc:secret") -> dict[str, str]:
            return {"cisco": f"https://127.0.0.1:{port}/{path}", "credential": credential}

        tls = {"sip": f"sip:tr-saal@127.0.0.1:{sip + 1}", "transport": "tls"}
        rooms = [
            room("asleep", cisco("a"), tls),
            room("unregistered", cisco("b")),
            room("locked", cisco("a", "noc:wrong"), tls),
            room("unasked", cisco("a", "${env:LEITSTAND_TEST_NO_SUCH_SECRET}")),
        ]
        inventory = write_inventory(
            tmp_path / "net.yaml",
            devices=[device("r1", f"127.0.0.1:{free_udp_port()}")],
            rooms=rooms,
            ca=own.path.name,
        )
        with program("collect", inventory, "--history", history) as running:
            wait_for(history, lambda s: all(told_why(v) for v in s.rooms.values()))
            told = {entry["id"]: entry for entry in status(history)["rooms"]}
            assert running.stop()[0] == 0
    seen = {
        name: (entry["state"], entry["registered"], [r["code"] for r in entry["reasons"]])
        for name, entry in told.items()
    }
    assert seen == {
        "asleep": ("standby", True, ["microphone_muted"]),
        "unregistered": ("degraded", False, ["registration_failed"]),
        "locked": ("degraded", None, ["http_access"]),
        "unasked": ("unknown", None, ["secret_missing"]),
    }
    assert [reason["severity"] for reason in told["asleep"]["reasons"]] == ["info"]
    assert told["unregistered"]["call"]["calls"] == 1
    assert b"noc:secret" not in history.read_bytes()
