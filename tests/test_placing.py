"""Where the demo's inventory goes, and what it does when ports are taken.

The ports are above all that a demo takes, and each run of the tests has others: demos and tests
beside this one are in nobody's way.
"""

import os
import socket
from contextlib import suppress
from pathlib import Path

from console.demo.placing import STEP, TRIES, addresses, place_inventory, web_addresses

FIRST = TRIES + os.getpid() % 15
SHIFT = FIRST * STEP


def test_taken_ports_move_all_of_them(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        with suppress(OSError):  # taken already serves as well
            taken.bind(("127.0.0.1", 16107 + SHIFT))
        path, inventory = place_inventory(tmp_path, FIRST)
    found = addresses(inventory)
    assert ("127.0.0.1", 16107 + SHIFT) not in found
    assert len(found) == 80
    shift = inventory.devices[0].endpoint[1] - 16101
    assert shift > SHIFT
    assert shift % STEP == 0
    assert f"127.0.0.1:{15060 + shift}" in path.read_text(encoding="utf-8")


def test_a_taken_tcp_port_moves_all_of_them_too(tmp_path: Path) -> None:
    with socket.socket() as taken:
        with suppress(OSError):  # taken already serves as well
            taken.bind(("127.0.0.1", 18203 + SHIFT))
        _path, inventory = place_inventory(tmp_path, FIRST)
    found = web_addresses(inventory)
    assert ("127.0.0.1", 18203 + SHIFT) not in found
    assert len(found) == 4
    assert inventory.devices[0].endpoint[1] > 16101 + SHIFT
