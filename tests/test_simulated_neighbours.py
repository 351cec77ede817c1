"""What simulated devices announce, read by the console's own probes: as the inventory says."""

import time

from console.model.inventory import Inventory
from console.model.inventory_file import examine
from console.model.observation import ChassisFacts, Neighbour
from console.probes.entity import read_chassis
from console.probes.neighbours import read_neighbours
from console.probes.port_names import NAME_COLUMNS, facts_of
from console.snmp.manager import Manager
from console.snmp.target import Target
from tests.peers import free_udp_port
from tests.test_agent import served

RING = """
network: Ring
snmp: {PROFILES}
sites: [{id: s, name: S, lat: 50.0, lon: 7.0}]
devices:
  - {id: a, site: s, address: "127.0.0.1:PORT", snmp: a, role: core}
  - {id: b, site: s, address: "127.0.0.1:PORT", snmp: b}
  - {id: c, site: s, address: "127.0.0.1:PORT", snmp: c}
links:
  - {id: ab, a: {device: a, interface: xe-0/0/0}, b: {device: b, interface: xe-0/0/1}}
  - {id: bc, a: {device: b, interface: xe-0/0/0}, b: {device: c, interface: 7}}
  - {id: ca, a: {device: c, interface: 9}, b: {device: a, interface: xe-0/0/1}}
  - {id: ca2, a: {device: c, interface: 12}, b: {device: a, interface: xe-0/0/2}}
"""
Told = tuple[tuple[Neighbour, ...], ChassisFacts | None]


def ring(port: int) -> Inventory:
    profiles = ", ".join(f"{name}: {{version: 2c, community: {name}}}" for name in "abc")
    found = examine(RING.replace("PORT", str(port)).replace("PROFILES", profiles), "ring.yaml")
    assert found.inventory is not None, found.problems
    return found.inventory


async def test_the_simulation_knows_what_a_collector_makes_of_it() -> None:
    """The written past has it from there."""
    port = free_udp_port()
    async with served(ring(port)) as simulation:
        found = await read(port)
    for name, (heard, chassis) in found.items():
        _booted_at_s, layout = simulation.script.boot(name, time.time())
        assert heard == simulation.announcements.heard(name, layout)
        assert chassis == simulation.announcements.chassis(name)


async def told() -> dict[str, Told]:
    port = free_udp_port()
    async with served(ring(port)):
        return await read(port)


async def read(port: int) -> dict[str, Told]:
    found: dict[str, Told] = {}
    manager = Manager()
    await manager.open()
    for name in "abc":
        target = Target("127.0.0.1", port, name)
        ports = facts_of(await manager.table(target, NAME_COLUMNS))
        heard = await read_neighbours(manager, target, ports)
        found[name] = heard, await read_chassis(manager, target)
    await manager.close()
    return found


async def test_everybody_hears_whom_the_inventory_says_where_it_says() -> None:
    found = await told()
    heard = {
        name: {(n.port, n.name, n.remote_port_descr) for n in neighbours}
        for name, (neighbours, _) in found.items()
    }
    assert heard == {
        "a": {
            *(("xe-0/0/0", "b", "xe-0/0/1"), ("xe-0/0/1", "c", "port9")),
            ("xe-0/0/2", "c", "port12"),
        },
        "b": {("xe-0/0/1", "a", "xe-0/0/0"), ("xe-0/0/0", "c", "port7")},
        "c": {
            *(("port7", "b", "xe-0/0/0"), ("port9", "a", "xe-0/0/1")),
            ("port12", "a", "xe-0/0/2"),
        },
    }
    assert all(n.port_key == f"name:{n.port}" for heard, _ in found.values() for n in heard)


async def test_makers_differ_in_what_they_call_a_port() -> None:
    found = await told()
    ids = {n.name: n.remote_port for heard, _ in found.values() for n in heard}
    assert ids["c"].startswith("xe-") or ids["c"].startswith("port")
    assert ids["b"].startswith("02:00:00:02:00:")


async def test_the_chassis_has_a_serial_of_its_own() -> None:
    found = await told()
    chassis = [facts for _, facts in found.values()]
    assert [facts.model for facts in chassis if facts] == ["LS-4800 Core", *["LS-1200 Edge"] * 2]
    assert len({facts.serial for facts in chassis if facts}) == 3
