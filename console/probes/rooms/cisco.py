"""Cisco CE and RoomOS: everything is in one document, status.xml."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from console.model.observation import RoomFacts
from console.model.states import Outcome
from console.probes.documents import read_xml, whole, xml_number, xml_text
from console.probes.rooms.protocol import MOST_FINDINGS, Means, Question, Told, fetch, named

_ASLEEP = ("Standby", "EnteringStandby", "On")
_LEVELS = {"critical", "error", "warning"}
# Where a registration is told, what it is called, and what its words mean.
_REGISTRATIONS = (
    ("SIP/Registration", "SIP"),
    ("SIP/Profile/Registration", "SIP"),  # older software
    ("H323/Gatekeeper", "H.323"),
    ("Webex", "Webex"),
)
_REGISTERED = {"Registered"}
_FAILED = {"Failed", "Rejected", "Error"}
_PENDING = {"Registering", "Deregister", "Discovering", "Discovered", "Authenticating"}


async def ask(means: Means, question: Question) -> Told:
    """Read status.xml."""
    page = await fetch(means, question, "/status.xml")
    return Told(Outcome.OK, page.rtt_us, facts=facts_of(read_xml(page.body, "Status")))


def facts_of(status: Element) -> RoomFacts:
    """Return what the document tells."""
    words = dict(_registrations(status))
    calls = [call for call in _there(status, "Call") if xml_text(call, "Status") != "Disconnecting"]
    active = whole(xml_number(status, "SystemUnit/State/NumberOfActiveCalls"))
    if active is None and calls:
        active = sum(xml_text(call, "Status") == "Connected" for call in calls)
    asleep = xml_text(status, "Standby/State") or xml_text(status, "Standby/Active")
    return RoomFacts(
        registered=_registered(set(words.values())),
        in_call=None if active is None else active > 0,
        standby=None if asleep is None else asleep in _ASLEEP,
        calls=active,
        receive_bps=_rate(calls, "ReceiveCallRate"),
        transmit_bps=_rate(calls, "TransmitCallRate"),
        loss=_loss(status),
        encryption=next((t for call in calls if (t := xml_text(call, "Encryption/Type"))), None),
        microphones=_microphones(status),
        camera=_camera(status),
        displays=_displays(status),
        model=xml_text(status, "SystemUnit/ProductId"),
        serial=xml_text(status, "SystemUnit/Hardware/Module/SerialNumber")
        or xml_text(status, "SystemUnit/Hardware/SerialNumber"),
        software=xml_text(status, "SystemUnit/Software/Version"),
        uptime_s=xml_number(status, "SystemUnit/Uptime"),
        findings=tuple(dict.fromkeys(_findings(status, words)))[:MOST_FINDINGS],
    )


def _there(element: Element, path: str) -> list[Element]:
    """Return the elements at a path, without those that are gone already."""
    return [found for found in element.findall(path) if found.get("ghost") != "True"]


def _registrations(status: Element) -> Iterator[tuple[str, str]]:
    for path, name in _REGISTRATIONS:
        for number, entry in enumerate(_there(status, path), 1):
            word = xml_text(entry, "Status")
            if word:
                yield (name if number == 1 else f"{name} {number}"), word


def _registered(words: set[str]) -> bool | None:
    """Tell whether it is registered everywhere it tries to be; None where it does not try."""
    if words & (_FAILED | _PENDING):
        return False
    return True if words & _REGISTERED else None


def _rate(calls: list[Element], path: str) -> float | None:
    """Return the sum of the calls' rates, which are told in kbit/s."""
    known = [rate for call in calls if (rate := xml_number(call, path)) is not None]
    return 1000 * sum(known) if known else None


def _loss(status: Element) -> float | None:
    """Return the share of packets of incoming media that were lost, over all calls."""
    lost = received = 0.0
    for channel in status.findall("MediaChannels/Call/Channel"):
        if xml_text(channel, "Direction") == "Incoming":
            lost += xml_number(channel, "Netstat/Loss") or 0.0
            received += xml_number(channel, "Netstat/Packets") or 0.0
    return lost / (lost + received) if lost + received else None


def _microphones(status: Element) -> str | None:
    muted = xml_text(status, "Audio/Microphones/Mute")
    return None if muted is None else ("muted" if muted == "On" else "on")


def _camera(status: Element) -> str | None:
    cameras = [xml_text(c, "Connected") for c in _there(status, "Cameras/Camera")]
    inputs = _there(status, "Video/Input/Connector")
    cameras += [xml_text(c, "Connected") for c in inputs if xml_text(c, "Type") == "Camera"]
    known = [word for word in cameras if word is not None]
    return None if not known else ("connected" if "True" in known else "none")


def _displays(status: Element) -> int | None:
    outputs = [xml_text(c, "Connected") for c in _there(status, "Video/Output/Connector")]
    known = [word for word in outputs if word is not None]
    return known.count("True") if known else None


def _findings(status: Element, registrations: dict[str, str]) -> Iterator[str]:
    for name, word in registrations.items():
        if word in _FAILED:
            yield f"registration_failed:{name}"
        elif word in _PENDING:
            yield f"registration_pending:{name}"
    yield from _diagnostics(status)
    if _camera(status) == "none":
        yield "camera_none"
    if _microphones(status) == "muted":
        yield "microphone_muted"


def _diagnostics(status: Element) -> Iterator[str]:
    for message in _there(status, "Diagnostics/Message"):
        level = (xml_text(message, "Level") or "").lower()
        if level in _LEVELS:
            yield named(f"diagnostics_{level}", xml_text(message, "Type"))
    for device in _there(status, "Peripherals/ConnectedDevice"):
        if xml_text(device, "Status") == "LostConnection":
            yield named("peripheral_lost", xml_text(device, "Name") or xml_text(device, "Type"))
