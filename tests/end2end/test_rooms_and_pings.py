"""The real collector process against sipp and the system's own answers to ping."""

from pathlib import Path

import pytest

from console.model.states import RoomState, State
from console.probes.icmp import allowed_pinger
from tests import peers
from tests.end2end.running import device, program, wait_for, write_inventory
from tests.peers import free_udp_port
from tests.sip_peer import sipp

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
