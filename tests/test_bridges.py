"""Bridges over a real HTTP server, in every state; the documents are of our own writing."""

import hashlib
import json

import pytest

from console.model.observation import RoomFacts
from console.model.states import Outcome
from console.probes.rooms import table
from tests.web_peers import Reply, means, question, serving


async def told(kind, pages, credential=None, tail=""):
    """Ask a server that has `pages` by their path, without a query."""

    def respond(heard):
        page = pages.get(heard.path.partition("?")[0], Reply(status=404))
        page = page(heard) if callable(page) else page
        return page if isinstance(page, Reply) else Reply(page)

    async with serving(respond) as server, means() as by:
        url = f"http://127.0.0.1:{server.port}{tail}"
        return await table.ask(kind, by, question(url, credential)), server.heard


def pexip(conferences=(), participants=(), alarms=(), total=None):
    def page(objects):
        meta = {"total_count": len(objects) if total is None else total}
        return json.dumps({"meta": meta, "objects": list(objects)})

    root = "/api/admin/status/v1"
    lists = {"conference": conferences, "participant": participants, "alarm": alarms}
    return {f"{root}/{name}/": page(objects) for name, objects in lists.items()}


async def test_pexip_idle():
    answer, heard = await told("pexip", pexip(), "admin:secret")
    assert answer.facts == RoomFacts(in_call=False, calls=0, participants=0)
    assert {h.credential for h in heard} == {"admin:secret"}


async def test_pexip_in_a_conference():
    legs = [
        {"call_quality": "1_good", "rx_bandwidth": 2000, "tx_bandwidth": 1000},
        {"call_quality": "4_terrible", "rx_bandwidth": 500, "tx_bandwidth": 200},
        {"call_quality": "bad"},
    ]
    alarms = [{"name": "capacity_exhausted", "level": "error"}, {"name": "ntp", "level": "warning"}]
    answer, _heard = await told("pexip", pexip([{"name": "L"}], legs, alarms))
    assert answer.facts == RoomFacts(
        **{"in_call": True, "calls": 1, "participants": 3},
        **{"receive_bps": 2_500_000, "transmit_bps": 1_200_000},
        findings=("bridge_alarm:capacity_exhausted", "bridge_notice:ntp", "call_quality:2"),
    )


async def test_pexip_counts_what_is_on_other_pages():
    answer, _heard = await told("pexip", pexip([{"name": "L"}], total=61))
    assert answer.facts is not None
    assert answer.facts.calls == 61


CALLS = '<?xml version="1.0"?><calls total="2"><call id="1"/><call id="2"/></calls>'
LEGS = '<?xml version="1.0"?><callLegs total="24"><callLeg id="1"/></callLegs>'
STATUS = "<status><softwareVersion>3.9</softwareVersion><uptimeSeconds>60</uptimeSeconds></status>"


async def test_cisco_meeting_server():
    pages = {"/api/v1/calls": CALLS, "/api/v1/callLegs": LEGS}
    known = RoomFacts(in_call=True, calls=2, participants=24)
    answer, heard = await told("cms", pages, "api:secret")
    assert answer.facts == known
    assert {h.credential for h in heard} == {"api:secret"}
    answer, _heard = await told("cms", {**pages, "/api/v1/system/status": STATUS})
    assert answer.facts is not None
    assert (answer.facts.software, answer.facts.uptime_s) == ("3.9", 60.0)


async def test_cisco_meeting_server_without_calls():
    pages = {"/api/v1/calls": '<calls total="0"></calls>', "/api/v1/callLegs": "<callLegs/>"}
    answer, _heard = await told("cms", pages)
    assert answer.facts == RoomFacts(in_call=False, calls=0, participants=0)


MEETINGS = """<response><returncode>SUCCESS</returncode><meetings>
<meeting><participantCount>5</participantCount></meeting>
<meeting><participantCount>0</participantCount></meeting></meetings></response>"""
NONE_ON = "<response><returncode>SUCCESS</returncode><meetings/><messageKey>noMeetings</messageKey>\
</response>"
FAILED = "<response><returncode>FAILED</returncode><messageKey>{}</messageKey></response>"


def greenlight(known, answer=MEETINGS):
    """A server that knows one checksum and the secret s3cret."""
    right = hashlib.new(known, b"getMeetingss3cret").hexdigest()

    def respond(heard):
        is_right = heard.path.endswith(f"checksum={right}")
        return answer if is_right else FAILED.format("checksumError")

    return {"/bigbluebutton/api/getMeetings": respond}


@pytest.mark.parametrize("known", ["sha256", "sha1"])
@pytest.mark.parametrize("tail", ["", "/bigbluebutton/", "/bigbluebutton/api"])
async def test_bigbluebutton(known, tail):
    answer, heard = await told("bigbluebutton", greenlight(known), "s3cret", tail)
    assert answer.facts == RoomFacts(in_call=True, calls=1, participants=5)
    assert "s3cret" not in str(heard)


@pytest.mark.parametrize(
    ("secret", "reply", "outcome"),
    [
        ("s3cret", NONE_ON, (Outcome.OK, None)),
        ("wrong", NONE_ON, (Outcome.REFUSED, "bigbluebutton_access")),
        ("s3cret", FAILED.format("other"), (Outcome.REFUSED, "bigbluebutton_failed")),
        ("s3cret", "<response/>", (Outcome.GARBLED, "bigbluebutton_garbled")),
    ],
)
async def test_bigbluebutton_says(secret, reply, outcome):
    answer, _heard = await told("bigbluebutton", greenlight("sha256", reply), secret)
    assert (answer.outcome, answer.detail) == outcome


async def test_bigbluebutton_without_a_secret_is_only_asked_whether_it_lives():
    answer, heard = await told("bigbluebutton", {"/bigbluebutton/api": NONE_ON})
    assert (answer.outcome, answer.facts) == (Outcome.OK, None)
    assert [h.path for h in heard] == ["/bigbluebutton/api"]


STATS = {
    **{"conferences": 2, "participants": 30, "bit_rate_download": 50_000, "stress_level": 0.3},
    **{"bit_rate_upload": 90_000, "loss_rate_download": 0.01, "version": "2.3"},
}


@pytest.mark.parametrize(
    ("status", "stress", "findings"),
    [(200, 0.3, ()), (500, 0.3, ("bridge_unwell",)), (200, 0.9, ("bridge_busy",))],
)
async def test_jitsi(status, stress, findings):
    stats = json.dumps({**STATS, "stress_level": stress})
    pages = {"/about/health": Reply(status=status), "/colibri/stats": stats}
    answer, _heard = await told("jitsi", pages)
    assert answer.facts == RoomFacts(
        **{"in_call": True, "calls": 2, "participants": 30, "loss": 0.01, "software": "2.3"},
        **{"receive_bps": 5e7, "transmit_bps": 9e7, "findings": findings},
    )


async def test_a_bridge_that_shows_only_a_part():
    answer, _heard = await told("jitsi", {"/about/health": Reply()})
    assert (answer.outcome, answer.facts) == (Outcome.OK, RoomFacts())
    answer, _heard = await told("jitsi", {"/colibri/stats": json.dumps(STATS)})
    assert answer.facts is not None
    assert answer.facts.calls == 2
    answer, _heard = await told("jitsi", {})
    assert (answer.outcome, answer.detail) == (Outcome.GARBLED, "jitsi_garbled")
    conferences = dict(list(pexip([{"name": "L"}]).items())[:1])
    answer, _heard = await told("pexip", conferences)
    assert answer.facts == RoomFacts(in_call=True, calls=1)


PATHS = {
    "pexip": [f"/api/admin/status/v1/{x}/" for x in ("conference", "participant", "alarm")],
    "cms": ["/api/v1/calls", "/api/v1/callLegs"],
    "bigbluebutton": ["/bigbluebutton/api/getMeetings"],
    "jitsi": ["/about/health", "/colibri/stats"],
}


@pytest.mark.parametrize("kind", list(PATHS))
@pytest.mark.parametrize("body", ["", "<html></html>", "[]", '{"objects": 1}', "<calls>", "7"])
async def test_something_else_answers(kind, body):
    answer, _heard = await told(kind, dict.fromkeys(PATHS[kind], body), "s3cret")
    assert (answer.outcome, answer.detail) == (Outcome.GARBLED, f"{kind}_garbled")


@pytest.mark.parametrize("kind", list(PATHS))
async def test_a_bridge_that_refuses(kind):
    pages = dict.fromkeys(PATHS[kind], Reply(status=403))
    answer, _heard = await told(kind, pages, "s3cret")
    assert (answer.outcome, answer.detail) == (Outcome.REFUSED, "http_access:403")
