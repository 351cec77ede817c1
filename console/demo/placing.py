"""Puts the shipped inventory where the demo works with it, on ports that are free."""

import re
import socket
from importlib import resources
from ipaddress import ip_address
from pathlib import Path

from console import inventory as inventories
from console.demo.room_systems import KINDS
from console.demo.serve import web_address
from console.errors import OperatorError
from console.language import _
from console.model.inventory import Bridge, Inventory, Room
from console.probes.sip import sip_address

SHIPPED = "kommunalnetz-rlp.yaml"
CALENDARS = ("it-leiter.ics",)
STEP = 200
TRIES = 40
TCP = socket.SOCK_STREAM
_LOOPBACK_PORT = re.compile(r"(127\.0\.0\.1:)(\d+)")

Address = tuple[str, int]


def place_inventory(folder: Path, first: int = 0) -> tuple[Path, Inventory]:
    """Write the shipped inventory into `folder`; where its ports are taken, on ports further up.

    The first ones looked at lie `first` steps above those of the inventory.
    """
    text = (resources.files("data") / SHIPPED).read_text(encoding="utf-8")
    path = folder / SHIPPED
    for calendar in CALENDARS:
        (folder / calendar).write_bytes((resources.files("data") / calendar).read_bytes())
    for number in range(first, first + TRIES):
        path.write_text(moved(text, number * STEP), encoding="utf-8")
        inventory = inventories.load(path)
        datagrams = all(is_free(address) for address in addresses(inventory))
        if datagrams and all(is_free(address, TCP) for address in web_addresses(inventory)):
            return path, inventory
    raise OperatorError(
        _("The demo finds no free ports on loopback; end another program that simulates devices.")
    )


def moved(text: str, shift: int) -> str:
    """Return the text of an inventory with every loopback port moved by `shift`."""
    return _LOOPBACK_PORT.sub(lambda found: f"{found[1]}{int(found[2]) + shift}", text)


def addresses(inventory: Inventory) -> set[Address]:
    """Return the loopback UDP addresses at which the simulation has to answer."""
    found = {device.endpoint for device in inventory.devices}
    found |= {reflector.endpoint for reflector in inventory.reflectors}
    rooms: list[Room | Bridge] = [*inventory.rooms, *inventory.bridges]
    for room in rooms:
        found |= {sip_address(probe.sip) for probe in room.probes if probe.sip}
    return found


def web_addresses(inventory: Inventory) -> set[Address]:
    """Return the loopback TCP addresses at which the simulation has to answer."""
    rooms: list[Room | Bridge] = [*inventory.rooms, *inventory.bridges]
    probes = [probe for room in rooms for probe in room.probes]
    return {web_address(probe.target) for probe in probes if probe.protocol in KINDS}


def is_free(address: Address, kind: socket.SocketKind = socket.SOCK_DGRAM) -> bool:
    """Tell if nobody listens at a UDP or TCP address right now."""
    family = socket.AF_INET6 if ip_address(address[0]).version == 6 else socket.AF_INET
    with socket.socket(family, kind) as probe:
        if kind is TCP:  # connections that ended lately are in nobody's way
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError:
            return False
    return True
