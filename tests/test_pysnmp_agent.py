"""Pysnmp's agent: every hash with every cipher, Cisco's key expansion among them."""

import subprocess
import sys

import pytest

from console.snmp import ber
from console.snmp.keys import AUTH_PROTOCOLS, PRIV_PROTOCOLS
from console.snmp.manager import Manager
from console.snmp.target import Target
from tests.peers import free_udp_port
from tests.pysnmp_agent import USERS

SYS_DESCR = ber.parse_oid("1.3.6.1.2.1.1.1.0")
START_S = 20


@pytest.fixture(scope="module")
def port():
    free = free_udp_port()
    with subprocess.Popen([sys.executable, "-m", "tests.pysnmp_agent", str(free)]) as process:
        try:
            yield free
        finally:
            process.terminate()


@pytest.fixture
async def manager():
    opened = Manager()
    await opened.open()
    yield opened
    await opened.close()


async def test_every_protocol_of_pysnmp_is_spoken(manager, port):
    assert {(user.auth, user.priv) for user in USERS} == {
        (auth, priv) for auth in AUTH_PROTOCOLS for priv in PRIV_PROTOCOLS
    }
    for user in USERS:
        # Long enough for the agent's start.
        target = Target("127.0.0.1", port, timeout_s=0.5, retries=2 * START_S, user=user)
        found = await manager.get(target, [SYS_DESCR])
        assert found[0].value.startswith(b"PySNMP engine"), user
