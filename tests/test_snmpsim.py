"""Recordings of real devices, played by snmpsim: what is read is what was recorded."""

import asyncio
import grp
import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import snmpsim

from console.model.states import Outcome
from console.probes.interfaces import InterfaceProbe
from console.probes.port_names import IF_ENTRY, IF_X_ENTRY
from console.snmp import ber
from console.snmp.manager import Manager
from console.snmp.messages import VERSION_1, VERSION_2C
from console.snmp.target import Target
from tests.peers import free_udp_port

RECORDED = Path(snmpsim.__file__).parent / "data" / "recorded"
DEVICES = ["linux-full-walk", "winxp-full-walk"]
COLUMNS = [*((*IF_ENTRY, c) for c in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 16, 19, 20))]
COLUMNS += [(*IF_X_ENTRY, c) for c in (1, 6, 10, 15, 18, 19)]
ADDRESSES = [(1, 3, 6, 1, 2, 1, 4, 20, 1, c) for c in (1, 2, 3)]
SYSTEM = [ber.parse_oid(f"1.3.6.1.2.1.1.{n}.0") for n in (1, 2, 3, 4, 5, 6)]
# Of pysmi, which it does not install, snmpsim wants to know the version only.
LAUNCH = """
import sys, types
sys.modules["pysmi"] = types.SimpleNamespace(__version__="none")
from snmpsim.commands.responder import main
sys.exit(main())
"""
ASK_S = 2.0
START_S = 20.0


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    folder = tmp_path_factory.mktemp("snmpsim")
    (folder / "data").mkdir()
    for name in DEVICES:
        shutil.copy(RECORDED / f"{name}.snmprec", folder / "data")
    free = free_udp_port()
    options = [f"--data-dir={folder / 'data'}", f"--cache-dir={folder / 'cache'}"]
    options += [f"--agent-udpv4-endpoint=127.0.0.1:{free}", "--logging-method=null"]
    # Without these snmpsim refuses to run as root.
    options += [f"--process-user={pwd.getpwuid(os.getuid()).pw_name}"]
    options += [f"--process-group={grp.getgrgid(os.getgid()).gr_name}"]
    log = (folder / "log").open("wb")
    with (
        log,
        subprocess.Popen(
            [sys.executable, "-c", LAUNCH, *options], stdout=log, stderr=log
        ) as process,
    ):
        try:
            asyncio.run(wait_until_ready(free))
            yield free
        finally:
            process.terminate()


async def wait_until_ready(port):
    manager = Manager()
    await manager.open()
    target = Target("127.0.0.1", port, DEVICES[0], timeout_s=0.2, retries=round(START_S / 0.2))
    try:
        await manager.get(target, SYSTEM[:1])
    finally:
        await manager.close()


@pytest.fixture
async def manager():
    opened = Manager()
    await opened.open()
    yield opened
    await opened.close()


def recorded(name):
    """What the device said, by OID: tag and value as this manager has them."""
    found = {}
    for line in (RECORDED / f"{name}.snmprec").read_text().splitlines():
        oid, tag, text = line.split("|", 2)
        value = bytes.fromhex(text) if tag.endswith("x") else text.encode()
        number = int(tag.rstrip("x"))
        if number in (2, 65, 66, 67, 70):
            value = int(text)
        elif number == 6:
            value = ber.encode_oid(ber.parse_oid(text))
        found[ber.parse_oid(oid)] = value
    return found


@pytest.mark.parametrize("name", DEVICES)
@pytest.mark.parametrize("version", [VERSION_1, VERSION_2C], ids=["v1", "v2c"])
async def test_what_is_read_is_what_was_recorded(manager, port, name, version):
    device = recorded(name)
    target = Target("127.0.0.1", port, name, timeout_s=ASK_S, version=version)
    found = await manager.get(target, SYSTEM)
    assert [varbind.value for varbind in found] == [device.get(oid) for oid in SYSTEM]
    for columns in (COLUMNS, ADDRESSES):
        table = await manager.table(target, columns)
        cells = {
            (*column, *index): value
            for column, values in zip(columns, table.columns, strict=True)
            for index, value in zip(table.indexes, values, strict=True)
            if value is not None
        }
        assert cells == {
            oid: value
            for oid, value in device.items()
            if any(oid[: len(column)] == column for column in columns)
            and not (version == VERSION_1 and oid[:11] in ((*IF_X_ENTRY, 6), (*IF_X_ENTRY, 10)))
        }


@pytest.mark.parametrize("name", DEVICES)
@pytest.mark.parametrize("version", [VERSION_1, VERSION_2C], ids=["v1", "v2c"])
async def test_a_recorded_device_has_the_ports_it_had(manager, port, name, version):
    target = Target("127.0.0.1", port, name, timeout_s=ASK_S, version=version)
    probe = InterfaceProbe(manager, name, target)
    first, second = [await probe.poll(number, int) for number in (1, 2)]
    device = recorded(name)
    indexes = [value for oid, value in device.items() if oid[:-1] == (*IF_ENTRY, 1)]
    assert (first.outcome, second.outcome) == (Outcome.OK, Outcome.REPEATED)
    assert [facts.if_index for facts in first.port_facts] == indexes
    assert len(second.ports) == len(indexes)
