"""Where the demo's inventory goes, and what it does when ports are taken."""

import socket
from contextlib import suppress
from pathlib import Path

from console.demo.placing import TCP, addresses, is_free, place_inventory, web_addresses


def test_taken_ports_move_all_of_them(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        with suppress(OSError):  # taken already serves as well
            taken.bind(("127.0.0.1", 16107))
        path, inventory = place_inventory(tmp_path)
        found = addresses(inventory)
        assert ("127.0.0.1", 16107) not in found
        assert len(found) == 80
        assert all(is_free(address) for address in found)
    shift = inventory.devices[0].endpoint[1] - 16101
    assert shift % 200 == 0
    assert f"127.0.0.1:{15060 + shift}" in path.read_text(encoding="utf-8")


def test_a_taken_tcp_port_moves_all_of_them_too(tmp_path: Path) -> None:
    with socket.socket() as taken:
        with suppress(OSError):  # taken already serves as well
            taken.bind(("127.0.0.1", 18203))
        _path, inventory = place_inventory(tmp_path)
        found = web_addresses(inventory)
        assert ("127.0.0.1", 18203) not in found
        assert len(found) == 4
        assert all(is_free(address, TCP) for address in found)
