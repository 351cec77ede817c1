"""A Cisco room over a real HTTP server, in every state; the documents are of our own writing."""

import pytest

from console.model.observation import RoomFacts
from console.model.states import Outcome
from console.probes.rooms import table
from tests.web_peers import Reply, means, question, serving

STATUS = """<?xml version="1.0"?>
<Status product="Cisco Codec" version="ce11.9" apiVersion="4">
  <Audio><Microphones><Mute>{mute}</Mute></Microphones></Audio>
  {calls}
  <Cameras><Camera item="1"><Connected>{camera}</Connected></Camera></Cameras>
  <Diagnostics>{diagnostics}</Diagnostics>
  <H323><Gatekeeper><Status>{h323}</Status></Gatekeeper></H323>
  {media}
  <Peripherals>{peripherals}</Peripherals>
  <SIP><Registration item="1"><Status>{sip}</Status></Registration></SIP>
  <Standby><State>{standby}</State></Standby>
  <SystemUnit>
    <ProductId>Cisco Room Kit</ProductId>
    <Hardware><Module><SerialNumber>FOC1</SerialNumber></Module></Hardware>
    <Software><Version>ce11.9</Version></Software>
    <State><NumberOfActiveCalls>{active}</NumberOfActiveCalls></State>
    <Uptime>86400</Uptime>
  </SystemUnit>
  <Video>
    <Input><Connector item="1"><Connected>True</Connected><Type>HDMI</Type></Connector></Input>
    <Output>
      <Connector item="1"><Connected>True</Connected></Connector>
      <Connector item="2"><Connected>False</Connected></Connector>
    </Output>
  </Video>
</Status>"""
PLAIN = {
    **{"mute": "Off", "calls": "", "camera": "True", "diagnostics": "", "h323": "Inactive"},
    **{"media": "", "peripherals": "", "sip": "Registered", "standby": "Off", "active": "0"},
}
CALL = """<Call item="7"><Status>Connected</Status><AnswerState>Answered</AnswerState>
<Encryption><Type>AES-256</Type></Encryption><ReceiveCallRate>3072</ReceiveCallRate>
<TransmitCallRate>1536</TransmitCallRate></Call><Call item="6" ghost="True"/>"""
CHANNELS = """<MediaChannels><Call item="7">
<Channel item="1"><Direction>Incoming</Direction><Netstat><Loss>2</Loss><Packets>98</Packets>
</Netstat></Channel><Channel item="2"><Direction>Outgoing</Direction><Netstat><Loss>50</Loss>
<Packets>50</Packets></Netstat></Channel></Call></MediaChannels>"""


def message(level, kind):
    return f"<Message><Level>{level}</Level><Type>{kind}</Type></Message>"


async def told(body, **asked):
    reply = Reply(body, status=asked.pop("status", 200))
    async with serving(reply) as server, means() as by:
        url = f"http://127.0.0.1:{server.port}"
        answer = await table.ask("cisco", by, question(url, **asked))
    return answer, server.heard


async def facts(**changes):
    answer, _heard = await told(STATUS.format(**{**PLAIN, **changes}))
    assert answer.outcome is Outcome.OK
    assert answer.facts is not None
    return answer.facts


async def test_an_idle_room_tells_what_it_is():
    answer, heard = await told(STATUS.format(**PLAIN), credential="noc:secret")
    assert answer.facts == RoomFacts(
        **{
            "registered": True,
            "in_call": False,
            "standby": False,
            "calls": 0,
            "camera": "connected",
        },
        **{"microphones": "on", "displays": 1, "model": "Cisco Room Kit", "serial": "FOC1"},
        **{"software": "ce11.9", "uptime_s": 86400.0},
    )
    assert answer.rtt_us is not None
    assert [(h.path, h.credential) for h in heard] == [("/status.xml", "noc:secret")]


async def test_a_room_in_a_call_tells_of_the_call():
    known = await facts(active="1", calls=CALL, media=CHANNELS)
    assert (known.in_call, known.calls) == (True, 1)
    assert (known.receive_bps, known.transmit_bps) == (3_072_000, 1_536_000)
    assert (known.encryption, known.loss) == ("AES-256", 0.02)


@pytest.mark.parametrize(
    ("word", "asleep"),
    [("Standby", True), ("EnteringStandby", True), ("Halfwake", False), ("Off", False)],
)
async def test_standby(word, asleep):
    assert (await facts(standby=word)).standby is asleep


@pytest.mark.parametrize(
    ("sip", "h323", "registered", "findings"),
    [
        ("Registered", "Registered", True, ()),
        ("Inactive", "Registered", True, ()),
        ("Inactive", "Inactive", None, ()),
        ("Failed", "Inactive", False, ("registration_failed:SIP",)),
        ("Registered", "Rejected", False, ("registration_failed:H.323",)),
        ("Registering", "Inactive", False, ("registration_pending:SIP",)),
        ("Something new", "", None, ()),
    ],
)
async def test_registration(sip, h323, registered, findings):
    known = await facts(sip=sip, h323=h323)
    assert (known.registered, known.findings) == (registered, findings)


async def test_findings():
    told_of = "".join(
        [
            message("Critical", "Fan"),
            message("Error", "TCPMediaFallback"),
            message("Warning", "NTP"),
        ]
    )
    lost = (
        "<ConnectedDevice><Name>Touch\u202e</Name><Status>LostConnection</Status></ConnectedDevice>"
    )
    known = await facts(diagnostics=told_of, mute="On", camera="False", peripherals=lost)
    assert known.findings == (
        *("diagnostics_critical:Fan", "diagnostics_error:TCPMediaFallback"),
        *("diagnostics_warning:NTP", "peripheral_lost:Touch\ufffd"),
        *("camera_none", "microphone_muted"),
    )
    assert (known.microphones, known.camera) == ("muted", "none")


async def test_a_thousand_messages_are_not_all_told():
    many = "".join(message("Error", f"Kind{number}") for number in range(1000))
    assert len((await facts(diagnostics=many)).findings) == 20


async def test_what_it_does_not_tell_is_unknown():
    answer, _heard = await told("<Status/>")
    assert answer.facts == RoomFacts()


@pytest.mark.parametrize("body", ["", "<html/>", "{}", "<Status>", "<!DOCTYPE Status><Status/>"])
async def test_something_else_answers(body):
    answer, _heard = await told(body)
    assert (answer.outcome, answer.detail) == (Outcome.GARBLED, "cisco_garbled")


async def test_a_wrong_credential():
    answer, _heard = await told("", status=401, credential="noc:wrong")
    assert (answer.outcome, answer.detail) == (Outcome.REFUSED, "http_access:401")


async def test_a_room_that_is_off_and_comes_back():
    async with serving(Reply(STATUS.format(**PLAIN))) as server:
        port = server.port
    async with means() as by:
        url = f"http://127.0.0.1:{port}"
        gone = await table.ask("cisco", by, question(url))
        assert (gone.outcome, gone.detail) == (Outcome.ERROR, "port_closed")
        async with serving(Reply(STATUS.format(**PLAIN))) as back:
            again = await table.ask("cisco", by, question(f"http://127.0.0.1:{back.port}"))
    assert again.outcome is Outcome.OK
