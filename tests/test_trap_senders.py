"""Whom a trap comes from, where devices share addresses and relays speak for others."""

import pytest

from console.collector.lookups import Names, Secrets
from console.collector.trap_senders import (
    MOST_SHARING,
    Identity,
    find_access,
    find_senders,
    plain,
)
from tests.histories_small import small_inventory

OTHER = {"version": "2c", "community": "other"}


def device(name, address, snmp="lab"):
    return {"id": name, "site": "a", "address": address, "snmp": snmp}


async def senders(*devices):
    inventory = small_inventory(
        snmp={"lab": {"version": "2c", "community": "public"}, "other": OTHER},
        devices=list(devices),
        **{"links": [], "rooms": [], "bridges": []},
    )
    return await find_senders(inventory, Names())


async def test_a_device_is_known_by_its_address_whatever_the_port():
    found = await senders(device("a1", "10.0.0.1"), device("b1", "[2001:DB8::0:1]:1161"))
    assert found.find(("10.0.0.1", 50000), None, ("lab",)) == ("a1",)
    assert found.find((plain("2001:db8::1%eth0"), 1), None, ()) == ("b1",)
    assert found.find((plain("::ffff:10.0.0.1"), 1), None, ()) == ("a1",)
    assert found.find(("10.0.0.2", 1), None, ("lab",)) == ()


async def test_a_device_is_known_by_every_address_of_its_name():
    inventory = small_inventory(
        devices=[device("a1", "r1.test", "lab")], **{"links": [], "rooms": [], "bridges": []}
    )
    found = await find_senders(inventory, Names(lambda _name: ("10.0.0.1", "2001:db8::1")))
    for address in ("10.0.0.1", "2001:db8::1"):
        assert found.find((address, 50000), None, ("lab",)) == ("a1",)


async def test_a_relay_names_the_device_if_it_is_one_of_ours():
    found = await senders(device("relay", "10.0.0.1"), device("b1", "10.0.0.2"))
    assert found.find(("10.0.0.1", 1), "10.0.0.2", ()) == ("b1",)
    assert found.find(("10.0.0.1", 1), "192.0.2.7", ()) == ("relay",)


async def test_a_device_is_known_by_its_engine_wherever_it_sends_from():
    found = (await senders(device("a1", "10.0.0.1"), device("b1", "10.0.0.2"))).identified(
        [Identity("a1", b"engine a"), Identity("b1", b"engine b")]
    )
    assert found.find(("192.0.2.7", 1), None, ("lab",), b"engine a") == ("a1",)
    assert found.find(("10.0.0.2", 1), None, ("lab",), b"engine a") == ("a1",)
    assert found.find(("192.0.2.7", 1), None, ("lab",), b"engine c") == ()
    assert found.find(("192.0.2.7", 1), None, ("lab",)) == ()
    assert found.find(("10.0.0.1", 1), "10.0.0.2", ("lab",), b"engine a") == ("b1",)


async def test_a_device_is_known_by_its_own_addresses():
    found = (await senders(device("a1", "10.0.0.1"), device("b1", "10.0.0.2"))).identified(
        [Identity("a1", None, frozenset(("10.0.1.1", "10.0.0.2"))), Identity("b1")]
    )
    assert found.knows("10.0.1.1")
    assert found.find(("10.0.1.1", 1), None, ("lab",)) == ("a1",)
    assert found.find(("192.0.2.7", 1), "10.0.1.1", ()) == ("a1",)
    assert found.find(("10.0.0.2", 1), None, ("lab",)) == ("b1",)  # its entry comes first


async def test_what_two_devices_claim_tells_nothing():
    both = frozenset(("10.0.1.1",))
    found = (await senders(device("a1", "10.0.0.1"), device("b1", "10.0.0.2"))).identified(
        [Identity("a1", b"cloned", both), Identity("b1", b"cloned", both), Identity("gone", b"x")]
    )
    assert found.find(("10.0.1.1", 1), None, ("lab",), b"cloned") == ()
    assert found.find(("10.0.0.2", 1), None, ("lab",), b"cloned") == ("b1",)
    assert found.find(("192.0.2.7", 1), None, ("lab",), b"x") == ()


async def test_devices_that_share_an_address_are_told_apart_by_port_then_profile():
    found = await senders(
        device("a1", "10.0.0.1:16101"),
        device("b1", "10.0.0.1:16102"),
        device("c1", "10.0.0.1:16103", "other"),
    )
    assert found.find(("10.0.0.1", 16102), None, ("lab",)) == ("b1",)
    assert found.find(("10.0.0.1", 1), None, ("other",)) == ("c1",)
    assert found.find(("10.0.0.1", 1), None, ("lab",)) == ("a1", "b1")


async def test_where_very_many_share_an_address_nobody_is_asked():
    found = await senders(*(device(f"d{n}", f"10.0.0.1:{n + 1}") for n in range(MOST_SHARING + 1)))
    assert found.find(("10.0.0.1", 50000), None, ()) == ()
    assert found.find(("10.0.0.1", 3), None, ()) == ("d2",)


@pytest.mark.parametrize(
    ("profiles", "known"), [(["other"], {b"other"}), ([], {b"other", b"public"})]
)
async def test_the_profiles_of_the_receiver_are_let_in_or_all(profiles, known, caplog):
    inventory = small_inventory(
        snmp={
            "lab": {"version": "2c", "community": "public"},
            "other": OTHER,
            "gone": {"version": "1", "community": "${env:NO_SUCH_SECRET}"},
        },
        traps={"profiles": profiles},
    )
    access = await find_access(inventory, Secrets())
    assert access.communities.keys() == known
    assert access.missing == (() if profiles else ("gone",))
