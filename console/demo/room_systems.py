"""Cisco and Poly rooms of the simulation: what they tell over HTTP at a moment. No sockets.

What is told is our own; its shape is that of status.xml and of Poly's REST interface.
"""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from console.demo.demands import in_call
from console.demo.noise import stream
from console.demo.simulation import Simulation
from console.model.inventory import Bridge, Room
from console.model.observation import RoomFacts
from console.probes.documents import read_json, read_xml
from console.probes.rooms import cisco, poly

KINDS = ("cisco", "poly")
_DAY_S = 86400
_AWAKE_H = (7, 19)  # local hours; outside of them a room sleeps unless it is in a call
_RATE_KBPS = 3072


@dataclass(frozen=True, slots=True)
class RoomMoment:
    """How a room stands; `serial` and `up_s` are its own."""

    serial: str
    in_call: bool
    standby: bool
    up_s: float


def moment(simulation: Simulation, room: Room | Bridge, at_s: float) -> RoomMoment:
    """Return how a room that answers stands at a moment."""
    talking = isinstance(room, Room) and in_call(simulation.demands, room, at_s)
    return moment_when(simulation, room, at_s, talking)


def moment_when(
    simulation: Simulation, room: Room | Bridge, at_s: float, talking: bool
) -> RoomMoment:
    """Return the same where it is known whether the room is in a call."""
    number = stream(simulation.seed, "room", room.id)
    zone = ZoneInfo(simulation.inventory.timezone)
    hour = datetime.fromtimestamp(at_s, UTC).astimezone(zone).hour
    asleep = not talking and not _AWAKE_H[0] <= hour < _AWAKE_H[1]
    # Started anew every sixty days, each room on its own day.
    up_s = (at_s + number % (60 * _DAY_S)) % (60 * _DAY_S)
    return RoomMoment(f"LST{number % 10**8:08d}", talking, asleep, up_s)


def status_xml(now: RoomMoment) -> str:
    """Return what a Cisco room tells at /status.xml."""
    call = (
        '<Call item="1"><AnswerState>Answered</AnswerState><Encryption><Type>AES-256</Type>'
        f"</Encryption><ReceiveCallRate>{_RATE_KBPS}</ReceiveCallRate><Status>Connected</Status>"
        f"<TransmitCallRate>{_RATE_KBPS}</TransmitCallRate></Call>"
    )
    return f"""<?xml version="1.0"?>
<Status product="Cisco Codec" version="ce11.14.2.3" apiVersion="4">
  <Audio><Microphones><Mute>Off</Mute></Microphones></Audio>
  {call if now.in_call else ""}
  <Cameras><Camera item="1"><Connected>True</Connected></Camera></Cameras>
  <Diagnostics/>
  <H323><Gatekeeper><Status>Inactive</Status></Gatekeeper></H323>
  <SIP><Registration item="1"><Status>Registered</Status></Registration></SIP>
  <Standby><State>{"Standby" if now.standby else "Off"}</State></Standby>
  <SystemUnit>
    <Hardware><Module><SerialNumber>{escape(now.serial)}</SerialNumber></Module></Hardware>
    <ProductId>Cisco Room Kit (simulation)</ProductId>
    <Software><Version>ce11.14.2.3</Version></Software>
    <State><NumberOfActiveCalls>{int(now.in_call)}</NumberOfActiveCalls></State>
    <Uptime>{round(now.up_s)}</Uptime>
  </SystemUnit>
  <Video><Output>
    <Connector item="1"><Connected>True</Connected></Connector>
    <Connector item="2"><Connected>True</Connected></Connector>
  </Output></Video>
</Status>
"""


def poly_documents(now: RoomMoment) -> dict[str, str]:
    """Return what a Poly room tells, by path."""
    leg = {"state": "CONNECTED", "rate": _RATE_KBPS}
    system = {
        "model": "Studio X50 (simulation)",
        "serialNumber": now.serial,
        "softwareVersion": "4.1.0",
        "state": "ASLEEP" if now.standby else "READY",
        "uptime": round(now.up_s),
        "rebootNeeded": False,
    }
    parts = {"ipnetwork": "up", "sipserver": "up", "gatekeeper": "off"}
    parts |= {"mr.audio": "all_up", "mr.camera": "all_up"}
    status = [{"name": f"system.status.{n}", "stateList": [word]} for n, word in parts.items()]
    conferences = [{"isActive": True, "isMute": False, "connections": [leg]}] if now.in_call else []
    documents = {"": system, "/status": status}
    found = {f"/rest/system{tail}": json.dumps(told) for tail, told in documents.items()}
    return {**found, "/rest/conferences": json.dumps(conferences)}


def facts(kind: str, now: RoomMoment) -> RoomFacts:
    """Return what the collector reads out of what a room of a kind tells."""
    return replace(_facts(kind, replace(now, up_s=0.0)), uptime_s=float(round(now.up_s)))


@cache
def _facts(kind: str, now: RoomMoment) -> RoomFacts:
    if kind == "cisco":
        return cisco.facts_of(read_xml(status_xml(now).encode(), "Status"))
    documents = poly_documents(now)
    paths = ("/rest/system", "/rest/system/status", "/rest/conferences")
    return poly.facts_of(*(read_json(documents[path].encode()) for path in paths))
