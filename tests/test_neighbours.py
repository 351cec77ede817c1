import pytest

from bench.agents import Agent, switch
from console.model.observation import Neighbour, PortFacts
from console.probes.neighbours import read_neighbours
from console.probes.port_names import NAME_COLUMNS, facts_of
from console.snmp.errors import Timeout
from tests.lldp_agents import MAC, called, cdp, local_port, remote, remote_address
from tests.snmp_agents import Deaf, Endless, Failing, Garbling, Stuck, answering


async def heard(agent: Agent, **target: object) -> tuple[Neighbour, ...]:
    async with answering(agent, **target) as (manager, asked):
        ports = facts_of(await manager.table(asked, NAME_COLUMNS))
        return await read_neighbours(manager, asked, ports)


async def heard_at(*cells: dict, base: dict | None = None) -> list[tuple[str | None, str]]:
    """Local port key and name of what is heard."""
    every = dict(switch(4) if base is None else base)
    for some in cells:
        every |= some
    return [(n.port_key, n.port) for n in await heard(Agent(every))]


async def test_a_neighbour_is_told_whole():
    cells = switch(4) | local_port(9, 5, "Gi0/3") | remote(9, "mz-r1", (5, "xe-0/0/1"))
    cells |= remote_address(9, 1, 4, 192, 0, 2, 7) | remote_address(9, 1, 4, 192, 0, 2, 8)
    assert await heard(Agent(cells)) == (
        Neighbour(
            protocol="lldp",
            port_key="name:Gi0/3",
            port="Gi0/3",
            name="mz-r1",
            chassis="00:1b:2c:3d:4e:5f",
            remote_port="xe-0/0/1",
            remote_port_descr="its port",
            descr="its system",
            addresses=("192.0.2.7", "192.0.2.8"),
        ),
    )


@pytest.mark.parametrize(
    ("local", "changes", "port"),
    [
        (local_port(9, 5, "Gi0/3"), {}, "Gi0/3"),
        (local_port(9, 5, "GigabitEthernet0/3"), {}, "Gi0/3"),
        (local_port(9, 5, b"Gi0/3\0\0"), {}, "Gi0/3"),
        (local_port(9, 1, "to Trier"), {"alias": "to Trier"}, "Gi0/3"),
        (local_port(9, 7, "Gi0/3"), {}, "Gi0/3"),
        (local_port(9, 7, "3"), {}, "Gi0/3"),
        (local_port(9, 7, "1", "GigabitEthernet0/3"), {}, "Gi0/3"),
        (local_port(9, 3, MAC), {"mac": MAC}, "Gi0/3"),
        (local_port(9, 3, "00-1B-2C-3D-4E-5F"), {"mac": MAC}, "Gi0/3"),
        (local_port(9, 3, b"\1\1\1\1\1\1", "Gi0/3"), {"mac": MAC}, "Gi0/3"),
        (local_port(9, 2, "slot 1", "to Trier"), {"alias": "to Trier"}, "Gi0/3"),
    ],
    ids=[
        *("ifName", "ifDescr", "padded", "alias", "local", "local ifIndex", "local number"),
        *("MAC", "MAC spelled", "unknown MAC", "description"),
    ],
)
async def test_the_local_port_is_matched_by_its_id(local, changes, port):
    base = called(switch(4), 3, **changes)
    assert await heard_at(local, remote(9), base=base) == [(f"name:{port}", port)]


async def test_the_number_is_the_if_index_where_nothing_else_is_told():
    assert await heard_at(remote(2)) == [("name:Gi0/2", "Gi0/2")]


async def test_the_number_is_not_believed_where_another_port_is_that_interface():
    """Numbers 1 and 2 are ports 2 and 7: what number 2 hears is not heard at ifIndex 2."""
    cells = local_port(1, 5, "Gi0/2") | local_port(2, 5, "Gi0/7")
    found = await heard_at(cells, remote(1), remote(2))
    assert found == [("name:Gi0/2", "Gi0/2"), (None, "Gi0/7")]


async def test_a_shared_mac_address_tells_no_port():
    base = called(called(switch(4), 3, mac=MAC), 4, mac=MAC)
    local = local_port(9, 3, MAC)
    assert await heard_at(local, remote(9), base=base) == [(None, "00:1b:2c:3d:4e:5f")]
    local = local_port(9, 3, MAC, "Gi0/4")
    assert await heard_at(local, remote(9), base=base) == [("name:Gi0/4", "Gi0/4")]


@pytest.mark.parametrize(
    ("port", "words"),
    [
        ((3, MAC), "00:1b:2c:3d:4e:5f"),
        ((3, b"012345"), "30:31:32:33:34:35"),
        ((3, "00:1B:2C:3D:4E:5F"), "00:1b:2c:3d:4e:5f"),
        ((3, "001b.2c3d.4e5f"), "00:1b:2c:3d:4e:5f"),
        ((4, b"\1\xc0\0\2\1"), "192.0.2.1"),
        ((4, b"\2" + bytes.fromhex("20010db8") + bytes(11) + b"\1"), "2001:db8::1"),
        ((4, b"\1\xc0\0"), "01:c0:00"),
        ((7, MAC), "00:1b:2c:3d:4e:5f"),
        ((7, "Gerät"), "Gerät"),
        ((7, "517"), "517"),
        ((5, "eth\x1b[0m\u202e"), "eth\ufffd[0m\ufffd"),
        ((5, b"ge-0/0/1\0"), "ge-0/0/1"),
        ((5, b"Ger\xe4t"), "Gerät"),
        ((1, "x" * 300), "x" * 255),
        ((99, "?"), "?"),
        ((5, b""), ""),
    ],
)
async def test_port_ids_in_words(port, words):
    (found,) = await heard(Agent(switch(4) | remote(1, port=port)))
    assert found.remote_port == words


@pytest.mark.parametrize(
    ("chassis", "words"),
    [
        ((4, MAC), "00:1b:2c:3d:4e:5f"),
        ((5, b"\1\xc0\0\2\1"), "192.0.2.1"),
        ((7, "mz-r1"), "mz-r1"),
        ((6, "lo0"), "lo0"),
    ],
)
async def test_a_neighbour_without_a_name_is_called_by_its_chassis(chassis, words):
    (found,) = await heard(Agent(switch(4) | remote(1, name="", chassis=chassis)))
    assert (found.name, found.chassis, found.remote_name) == ("", words, words)


async def test_a_row_under_a_newer_time_mark_replaces_the_older():
    cells = remote(1, "old", index=(100, 1)) | remote(1, "new", index=(200, 1))
    found = await heard(Agent(switch(4) | cells | remote(1, "second", index=(150, 2))))
    assert sorted(n.name for n in found) == ["new", "second"]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ((1, 4, 192, 0, 2, 7), ("192.0.2.7",)),
        ((1, 192, 0, 2, 7), ("192.0.2.7",)),
        ((2, 16, 0x20, 1, 0xD, 0xB8, *[0] * 11, 1), ("2001:db8::1",)),
        ((6, 6, *MAC), ()),
        ((1, 4, 0, 0, 0, 0), ()),
        ((1, 4, 999, 0, 2, 7), ()),
        ((1,), ()),
    ],
)
async def test_management_addresses(address, words):
    (found,) = await heard(Agent(switch(4) | remote(1) | remote_address(1, *address)))
    assert found.addresses == words


async def test_cdp_tells_its_interface_by_if_index():
    cells = switch(4) | cdp(4, "sw2(FOC1234)", "GigabitEthernet1/0/1", bytes((192, 0, 2, 9)))
    (found,) = await heard(Agent(cells))
    assert (found.protocol, found.port_key, found.port) == ("cdp", "name:Gi0/4", "Gi0/4")
    assert (found.remote_name, found.remote_port) == ("sw2(FOC1234)", "GigabitEthernet1/0/1")
    assert (found.addresses, found.descr) == (("192.0.2.9",), "cisco X")


async def test_a_cdp_device_id_that_is_a_mac_address():
    (found,) = await heard(Agent(switch(4) | cdp(77, MAC, "Port 1")))
    assert (found.port_key, found.port, found.remote_name) == (None, "77", "00:1b:2c:3d:4e:5f")


async def test_neighbours_are_in_the_order_of_the_ports():
    cells = switch(12) | remote(12) | remote(2) | cdp(2, "x", "y") | remote(1) | remote(99)
    found = [(n.port, n.protocol) for n in await heard(Agent(cells))]
    assert found == [*(("Gi0/1", "lldp"), ("Gi0/2", "cdp")), ("Gi0/2", "lldp"), ("Gi0/12", "lldp"),
                     ("99", "lldp")]  # fmt: skip


async def test_a_device_that_tells_none_has_none():
    assert await heard(Agent(switch(4))) == ()


PORTS = (PortFacts("name:a", 1, "a", "a", "", 6, 1e9),)


@pytest.mark.parametrize("kind", [Garbling, Failing, Endless])
async def test_what_cannot_be_read_tells_nothing(kind):
    async with answering(kind(switch(4) | remote(1)), timeout_s=0.3) as (manager, target):
        assert await read_neighbours(manager, target, PORTS) == ()


async def test_an_agent_stuck_at_bulk_requests_is_read_row_by_row():
    async with answering(Stuck(switch(4) | remote(1)), timeout_s=0.3) as (manager, target):
        (only,) = await read_neighbours(manager, target, PORTS)
    assert only.port_key == "name:a"


async def test_silence_is_raised():
    agent = Deaf(switch(4))
    agent.misses = 99
    async with answering(agent, timeout_s=0.03) as (manager, target):
        with pytest.raises(Timeout):
            await read_neighbours(manager, target, PORTS)


async def test_more_neighbours_than_can_be_are_cut():
    cells = switch(4)
    for other in range(1100):
        cells |= remote(1, f"n{other}", index=(0, other + 1))
    assert len(await heard(Agent(cells), timeout_s=2.0)) == 1024
