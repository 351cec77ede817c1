"""Opens the sockets of a simulated network, on loopback only, and answers until told to stop."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from ipaddress import ip_address
from typing import cast
from urllib.parse import urlsplit

from console import secrets
from console.demo.agent import Agent, Moment
from console.demo.far_paths import FarPaths
from console.demo.mib import View
from console.demo.reflectors import LivePaths, SimulatedReflector
from console.demo.room_systems import KINDS, RoomMoment, moment
from console.demo.simulation import DeviceMoment, Simulation
from console.demo.sip import Answer, respond, user_of
from console.demo.web import WebRoom, talk
from console.errors import OperatorError
from console.language import _
from console.model.inventory import Bridge, Device, Probe, Room, SnmpCommunity
from console.probes.sip import sip_address

Address = tuple[str, int]
Respond = Callable[[bytes, float], bytes | None]


@dataclass(slots=True)
class Endpoints:
    """What listens where, and what of the inventory this simulation has no answer for."""

    agents: dict[Address, dict[bytes, Moment]] = field(default_factory=dict)
    sip: dict[Address, dict[str, Answer]] = field(default_factory=dict)
    reflectors: list[SimulatedReflector] = field(default_factory=list)
    web: dict[Address, WebRoom] = field(default_factory=dict)
    rooms: set[str] = field(default_factory=set)  # and bridges, that answer in some way
    left_out: list[str] = field(default_factory=list)


def endpoints_of(simulation: Simulation) -> Endpoints:
    """Return the endpoints of an inventory; raise OperatorError for addresses of other hosts.

    Resolves secrets, so it may block.
    """
    found = Endpoints()
    for device in simulation.inventory.devices:
        profile = simulation.inventory.snmp[device.snmp]
        if isinstance(profile, SnmpCommunity):
            community = secrets.resolve(profile.community).encode()
            agents = found.agents.setdefault(_own(device.endpoint, device.address), {})
            agents[community] = _moments(simulation, device)
        else:
            found.left_out.append(device.id)
    rooms: list[Room | Bridge] = [*simulation.inventory.rooms, *simulation.inventory.bridges]
    for room in rooms:
        for probe in room.probes:
            _add_probe(found, simulation, room, probe)
    paths, far = LivePaths(simulation), FarPaths(simulation)
    for entry in simulation.inventory.reflectors:
        address = _own(entry.endpoint, entry.address)
        how = paths, simulation.seed, far.fill_of(entry.id)
        found.reflectors.append(SimulatedReflector(entry, address, *how))
    return found


def _add_probe(found: Endpoints, simulation: Simulation, room: Room | Bridge, probe: Probe) -> None:
    if probe.sip is not None and probe.transport == "udp":
        address = _own(sip_address(probe.sip), probe.sip)
        answers = found.sip.setdefault(address, {})
        answers[user_of(probe.sip)] = partial(simulation.sip_status, room)
        found.rooms.add(room.id)
    elif probe.protocol in KINDS and probe.target.startswith("http://"):
        credential = secrets.resolve(probe.credential) if probe.credential else None
        address = _own(web_address(probe.target), probe.target)
        now = partial(_room_moment, simulation, room)
        found.web[address] = WebRoom(probe.protocol, now, credential)
        found.rooms.add(room.id)
    elif probe.icmp is None and room.id not in found.left_out:
        found.left_out.append(room.id)


def _room_moment(simulation: Simulation, room: Room | Bridge, at_s: float) -> RoomMoment | None:
    return None if simulation.silent(room, at_s) else moment(simulation, room, at_s)


def web_address(url: str) -> Address:
    """Return host and port of an HTTP URL."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or 80


def _moments(simulation: Simulation, device: Device) -> Moment:
    """Return the function that tells what a device is at a moment."""
    site = next((s for s in simulation.inventory.sites if s.id == device.site), None)
    ports = simulation.ports[device.id].ports
    told = simulation.announcements
    views = [View(device, site, ports, layout, told) for layout in range(len(ports[0].numbers))]

    def moment(at_s: float) -> tuple[View, DeviceMoment] | None:
        now = simulation.device(device.id, at_s)
        return None if now is None else (views[now.layout], now)

    return moment


def _own(address: Address, written: str) -> Address:
    host = "127.0.0.1" if address[0] == "localhost" else address[0]
    try:
        loopback = ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        sentence = _(
            "{address} is not on this machine's loopback; the simulation answers at"
            " 127.0.0.1 and the like only. Change the address in the inventory."
        )
        raise OperatorError(sentence.format(address=written), 2)
    return host, address[1]


class _Responder(asyncio.DatagramProtocol):
    """One socket: hands a datagram to the function that answers."""

    def __init__(self, answer: Respond) -> None:
        self._answer = answer
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """Answer, or stay silent."""
        response = self._answer(data, time.time())
        if response is not None and self._transport is not None:
            self._transport.sendto(response, addr)

    def error_received(self, exc: Exception) -> None:
        """Pass over what ICMP says of an answer nobody waits for any more."""


async def serve(
    endpoints: Endpoints, stop: asyncio.Event, ready: Callable[[], None] | None = None
) -> None:
    """Answer at all endpoints until `stop` is set; call `ready` once all of them listen."""
    opened: list[asyncio.BaseTransport | asyncio.Server | SimulatedReflector] = []
    try:
        for address, answer in _responders(endpoints):
            opened.append(await _open(address, answer))
        for reflector in endpoints.reflectors:
            with _refused(reflector.address):
                await reflector.open()
            opened.append(reflector)
        for address, room in endpoints.web.items():
            with _refused(address):
                opened.append(await asyncio.start_server(partial(talk, room), *address))
        if ready is not None:
            ready()
        await stop.wait()
    finally:
        for transport in opened:
            transport.close()


def _responders(endpoints: Endpoints) -> Iterator[tuple[Address, Respond]]:
    for address, devices in endpoints.agents.items():
        yield address, Agent(devices).answer
    for address, answers in endpoints.sip.items():
        yield address, partial(_sip, answers)


def _sip(answers: dict[str, Answer], data: bytes, at_s: float) -> bytes | None:
    return respond(data, answers, at_s)


async def _open(address: Address, answer: Respond) -> asyncio.BaseTransport:
    loop = asyncio.get_running_loop()
    with _refused(address):
        transport, _protocol = await loop.create_datagram_endpoint(
            partial(_Responder, answer), local_addr=address
        )
    return transport


@contextmanager
def _refused(address: Address) -> Iterator[None]:
    """Say what to do where the system lets nobody listen."""
    try:
        yield
    except OSError as error:
        sentence = _(
            "The simulation cannot listen at {host} port {port}: {reason}."
            " End the program that uses it, or change the address in the inventory."
        )
        reason = error.strerror or str(error)
        raise OperatorError(
            sentence.format(host=address[0], port=address[1], reason=reason)
        ) from error
