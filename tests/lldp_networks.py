"""Networks of agents that hear each other by LLDP, on loopback addresses of their own."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager

from bench.agents import Agent, Cell, Endpoint, switch
from console.snmp import ber
from console.snmp.ber import Oid
from tests.lldp_agents import local_port, remote, remote_address, text
from tests.peers import free_udp_port

SYSTEM = ber.parse_oid("1.3.6.1.2.1.1")
LLDP_OWN = ber.parse_oid("1.0.8802.1.1.2.1.3")
Cells = dict[Oid, Cell]
Cable = tuple[str, int, str, int]  # device and port at both ends


def chassis(number: int) -> bytes:
    return bytes((2, 0, 0, 0, number >> 8, number & 255))


def host(number: int) -> str:
    return f"127.20.{number >> 8}.{number & 255}"


def device(name: str, number: int, location: str = "", ports: int = 6) -> Cells:
    """An agent with a name, a chassis and its ports; it hears nobody yet."""
    cells = switch(ports) | {(*SYSTEM, 5, 0): text(name), (*SYSTEM, 6, 0): text(location)}
    cells |= {(*LLDP_OWN, 1, 0): (ber.INTEGER, 4), (*LLDP_OWN, 2, 0): text(chassis(number))}
    for port in range(1, ports + 1):
        cells |= local_port(port, 5, f"Gi0/{port}")
    return cells


def heard(port: int, name: str, number: int, there: int, nth: int = 1) -> Cells:
    """What is added to an agent that hears another one; `nth` neighbour at that port."""
    cells = remote(port, name, (5, f"Gi0/{there}"), (4, chassis(number)), (0, nth))
    address = ((*oid[:-7], nth, *oid[-6:]) for oid in remote_address(port, 1, 4, *_octets(number)))
    return cells | dict.fromkeys(address, (ber.INTEGER, 2))


def _octets(number: int) -> Iterable[int]:
    return map(int, host(number).split("."))


def network(
    names: Mapping[str, int], cables: Iterable[Cable], locations: Mapping[str, str] | None = None
) -> dict[int, Cells]:
    """The cells of every device by its number."""
    places = locations or {}
    cells = {number: device(name, number, places.get(name, "")) for name, number in names.items()}
    for a, a_port, b, b_port in cables:
        cells[names[a]] |= heard(a_port, b, names[b], b_port)
        cells[names[b]] |= heard(b_port, a, names[a], a_port)
    return cells


@asynccontextmanager
async def answering_all(
    cells: Mapping[int, Cells], community: str = "public"
) -> AsyncIterator[int]:
    """Let every device answer at its host, all at one port, which is yielded."""
    loop = asyncio.get_running_loop()
    port, opened = free_udp_port(), []
    try:
        for number, of_device in cells.items():
            agent = Agent(of_device, community)
            transport, _protocol = await loop.create_datagram_endpoint(
                lambda agent=agent: Endpoint(agent), local_addr=(host(number), port)
            )
            opened.append(transport)
        yield port
    finally:
        for transport in opened:
            transport.close()
