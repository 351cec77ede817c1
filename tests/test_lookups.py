import asyncio
import threading

import pytest

from console import paths
from console.collector.lookups import Cached, Names, Secrets, off_loop


async def test_numbers_need_no_lookup():
    names = Names()
    for address in ("192.0.2.7", "2001:db8::1"):
        assert await names.get(address) == address


async def test_names():
    names = Names()
    assert await names.get("localhost") in ("127.0.0.1", "::1")
    assert await names.get("no-such-host.invalid") is None


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
