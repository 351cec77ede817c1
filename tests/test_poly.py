"""A Poly room over a real HTTP server; the documents are of our own writing."""

import json

import pytest

from console.model.observation import RoomFacts
from console.model.states import Outcome
from console.probes.rooms import table
from tests.web_peers import Reply, means, question, serving

SYSTEM = {
    **{"model": "Studio X50", "serialNumber": "8L1", "softwareVersion": "4.1", "state": "READY"},
    **{"uptime": 3600.5, "rebootNeeded": False},
}
WELL = {
    **{"ipnetwork": "up", "sipserver": "up", "gatekeeper": "off", "mr.audio": "all_up"},
    **{"mr.camera": "all_up", "provisioning": "off"},
}
IN_CALL = [
    {
        **{"isActive": True, "isMute": True},
        "connections": [
            {"state": "CONNECTED", "rate": 1920},
            {"state": "CONNECTED", "rate": 128},
        ],
    },
    {"isActive": False, "connections": [{"state": "RINGING", "rate": 64}]},
]


class Room:
    """Wants a login at `login`, unless there is none; forgets it when told to."""

    def __init__(self, login="/rest/session", newer=True, **parts):
        self.login = login
        self.cookie = "session_id=abc"
        self.system, self.conferences = dict(SYSTEM), []
        words, tag = ("stateList", "langtag") if newer else ("state", "languageTag")
        self.status = [
            {"name": f"system.status.{name}", tag: "X", words: [word]}
            for name, word in {**WELL, **parts}.items()
        ]
        self.logins = 0

    def __call__(self, heard):
        if heard.method == "POST":
            return self._log_in(heard)
        if self.login and heard.headers.get("cookie") != self.cookie:
            return Reply(status=401)
        found = {
            "/rest/system": self.system,
            "/rest/system/status": self.status,
            "/rest/conferences": self.conferences,
        }[heard.path]
        return Reply(json.dumps(found))

    def _log_in(self, heard):
        if heard.path != self.login:
            return Reply(status=404)
        self.logins += 1
        given = json.loads(heard.body)
        is_right = (given["user"], given["password"]) == ("admin", "secret")
        cookie = {"Set-Cookie": f"{self.cookie}; Path=/; HttpOnly"} if is_right else {}
        return Reply(json.dumps({"success": is_right}), headers=cookie)


async def told(room, credential="admin:secret", turns=1):
    async with serving(room) as server, means() as by:
        asked = question(f"http://127.0.0.1:{server.port}/", credential)
        for _turn in range(turns):
            answer = await table.ask("poly", by, asked)
    return answer


@pytest.mark.parametrize("login", ["/rest/session", "/rest/current/session"])
@pytest.mark.parametrize("newer", [True, False])
async def test_an_idle_room(login, newer):
    room = Room(login, newer)
    answer = await told(room, turns=2)
    assert answer.facts == RoomFacts(
        **{"registered": True, "in_call": False, "standby": False, "calls": 0, "participants": 0},
        **{"microphones": "on", "camera": "connected", "model": "Studio X50", "serial": "8L1"},
        **{"software": "4.1", "uptime_s": 3600.5},
    )
    assert room.logins == 1


async def test_a_session_that_ended_is_begun_anew():
    room = Room()
    async with serving(room) as server, means() as by:
        asked = question(f"http://127.0.0.1:{server.port}", "admin:secret")
        await table.ask("poly", by, asked)
        room.cookie = "session_id=def"
        answer = await table.ask("poly", by, asked)
    assert (answer.outcome, room.logins) == (Outcome.OK, 2)


async def test_a_room_without_status_and_conferences():
    def respond(heard):
        is_system = heard.path == "/rest/system"
        return Reply(json.dumps(SYSTEM)) if is_system else Reply(status=404)

    known = (await told(respond, None)).facts
    assert known is not None
    assert (known.model, known.registered, known.in_call, known.calls) == (
        "Studio X50",
        *[None] * 3,
    )


async def test_a_wrong_credential():
    answer = await told(Room(), "admin:wrong")
    assert (answer.outcome, answer.detail) == (Outcome.REFUSED, "poly_access")


async def test_a_room_that_needs_no_login_gets_none():
    room = Room(login="")
    answer = await told(room, None)
    assert (answer.outcome, room.logins) == (Outcome.OK, 0)


async def test_a_call():
    room = Room()
    room.conferences = IN_CALL
    known = (await told(room)).facts
    assert known is not None
    assert (known.in_call, known.calls, known.participants) == (True, 1, 2)
    assert (known.receive_bps, known.microphones) == (2_048_000, "muted")
    assert known.findings == ("microphone_muted",)


async def test_asleep():
    room = Room()
    room.system["state"] = "ASLEEP"
    known = (await told(room)).facts
    assert known is not None
    assert known.standby is True


@pytest.mark.parametrize(
    ("parts", "finding"),
    [
        ({"sipserver": "down"}, "registration_failed:SIP"),
        ({"gatekeeper": "down"}, "registration_failed:H.323"),
        ({"ipnetwork": "down"}, "network_failed"),
        ({"mr.audio": "none_up"}, "microphone_failed"),
        ({"mr.camera": "down"}, "camera_failed"),
        ({"provisioning": "down"}, "part_down:provisioning"),
    ],
)
async def test_what_does_not_work(parts, finding):
    known = (await told(Room(**parts))).facts
    assert known is not None
    assert known.findings == (finding,)
    assert known.registered is (not finding.startswith("registration"))


async def test_nothing_tells_of_registration():
    known = (await told(Room(sipserver="unknown", gatekeeper="off"))).facts
    assert known is not None
    assert known.registered is None


@pytest.mark.parametrize("body", ["", "<html/>", "[]", "{}", '{"model": 7', "null"])
async def test_something_else_answers(body):
    answer = await told(lambda _heard: Reply(body), None)
    assert (answer.outcome, answer.detail) == (Outcome.GARBLED, "poly_garbled")
