import asyncio
import threading

import pytest

from console import paths
from console.collector import lookups
from console.collector.lookups import Cached, Names, Secrets, off_loop
from console.model.states import Outcome


async def test_numbers_need_no_lookup():
    names = Names()
    for address in ("192.0.2.7", "2001:db8::1"):
        assert await names.get(address) == address


async def test_names():
    names = Names()
    assert await names.get("localhost") in ("127.0.0.1", "::1")
    assert await names.get("no-such-host.invalid") is None


def two(_name):
    return ("192.0.2.1", "192.0.2.2")


async def after(names, *outcomes, use="snmp 161"):
    """The address that is asked next, after these outcomes of the one asked before."""
    for outcome in outcomes:
        await names.get("r1", use)
        names.heard("r1", use, outcome)
    return await names.get("r1", use)


async def test_of_several_addresses_the_next_is_asked_after_three_misses_in_a_row():
    names = Names(two)
    assert await after(names, Outcome.TIMEOUT, Outcome.TIMEOUT) == "192.0.2.1"
    assert await after(names, Outcome.OK, Outcome.TIMEOUT, Outcome.ERROR) == "192.0.2.1"
    assert await after(names, Outcome.TIMEOUT) == "192.0.2.2"
    assert await after(names, Outcome.OK, Outcome.REFUSED, Outcome.GARBLED) == "192.0.2.2"
    assert await after(names, *[Outcome.TIMEOUT] * 3) == "192.0.2.1"


async def test_one_use_of_a_name_does_not_move_another():
    names = Names(two)
    assert await after(names, *[Outcome.TIMEOUT] * 3, use="snmp 161") == "192.0.2.2"
    assert await after(names, use="snmp 1161") == "192.0.2.1"
    assert await after(names, *[Outcome.TIMEOUT] * 3, use="snmp 161") == "192.0.2.1"


async def test_who_has_no_use_of_a_name_yet_asks_where_others_were_answered():
    names = Names(two)
    assert await names.get("r1") == "192.0.2.1"
    assert await after(names, *[Outcome.TIMEOUT] * 3, Outcome.OK) == "192.0.2.2"
    assert await names.get("r1") == await names.get("r1", "snmp 1161") == "192.0.2.2"


async def test_the_address_that_answers_is_kept_though_names_come_in_another_order(monkeypatch):
    monkeypatch.setattr(lookups, "HOLDS_S", -1.0)
    turns = iter([("192.0.2.1", "192.0.2.2"), ("192.0.2.2", "192.0.2.1"), ("192.0.2.9",)])
    names = Names(lambda _name: next(turns))
    found = [await names.get("r1", "snmp 161") for _turn in range(3)]
    assert found == ["192.0.2.1", "192.0.2.1", "192.0.2.9"]


async def test_a_host_of_one_address_is_asked_there_however_long_it_is_silent():
    names = Names(lambda _name: ("192.0.2.1",))
    assert await after(names, *[Outcome.TIMEOUT] * 7) == "192.0.2.1"
    assert await names.all("2001:db8::1") == ("2001:db8::1",)


async def test_secrets(monkeypatch, caplog):
    monkeypatch.setenv("NOC_COMMUNITY", "s3cret")
    found = Secrets()
    assert await found.get("public") == "public"
    assert await found.get("${env:NOC_COMMUNITY}") == "s3cret"
    assert await found.get("a-${env:NO_SUCH_SECRET}") is None
    assert found.missing("a-${env:NO_SUCH_SECRET}") == "secret_missing:${env:NO_SUCH_SECRET}"
    (record,) = caplog.records
    assert "NO_SUCH_SECRET is not set" in record.getMessage()


async def test_a_file_of_secrets_that_others_may_read_is_refused_and_said_once(caplog):
    file = paths.made(paths.home()) / "credentials.yaml"
    file.write_text("noc: s3cret\n")
    file.chmod(0o640)
    found = Secrets()
    for text in ("${file:noc}", "${file:noc}"):
        assert await found.get(text) is None
        assert found.missing(text) == "secret_exposed:${file:noc}"
    (record,) = caplog.records
    assert "chmod 600" in record.getMessage()


async def test_one_lookup_serves_all_who_ask_and_the_loop_goes_on():
    asked: list[str] = []
    gate = threading.Event()

    def look_up(name: str) -> str:
        asked.append(name)
        gate.wait(5)
        return name.upper()

    cached = Cached(look_up)
    waiting = [asyncio.create_task(cached.get("a")) for _ in range(10)]
    await asyncio.sleep(0.05)
    assert not any(task.done() for task in waiting)
    gate.set()
    assert await asyncio.gather(*waiting) == ["A"] * 10
    assert await cached.get("a") == "A"
    assert asked == ["a"]


async def test_what_fails_off_the_loop_is_raised_on_it():
    def fail() -> None:
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        await off_loop(fail)
