"""Net-snmp's snmpd by SNMPv1 and SNMPv3, read by this manager and by three others: one truth."""

import subprocess
from dataclasses import replace

import pysnmp.hlapi.v3arch.asyncio as pysnmp
import pytest
from gufo.snmp import user as gufo
from gufo.snmp.aio.client import SnmpSession

from console.model.states import Outcome
from console.probes.interfaces import InterfaceProbe
from console.probes.port_names import IF_ENTRY, IF_X_ENTRY
from console.snmp import ber
from console.snmp.errors import SnmpError
from console.snmp.keys import AUTH_PROTOCOLS, User
from console.snmp.manager import Manager
from console.snmp.messages import VERSION_1
from console.snmp.target import Target
from tests.peers import require, snmpd

NET_SNMP_AUTH = {name: name.replace("SHA-1", "SHA") for name in AUTH_PROTOCOLS}
NET_SNMP_PRIV = {**{"DES": "DES", "AES-128": "AES"}, **{"AES-192": "AES-192", "AES-256": "AES-256"}}
PYSNMP_AUTH = {
    **{"MD5": pysnmp.USM_AUTH_HMAC96_MD5, "SHA-1": pysnmp.USM_AUTH_HMAC96_SHA},
    **{"SHA-224": pysnmp.USM_AUTH_HMAC128_SHA224, "SHA-256": pysnmp.USM_AUTH_HMAC192_SHA256},
    **{"SHA-384": pysnmp.USM_AUTH_HMAC256_SHA384, "SHA-512": pysnmp.USM_AUTH_HMAC384_SHA512},
}
PYSNMP_PRIV = {
    **{None: pysnmp.USM_PRIV_NONE, "DES": pysnmp.USM_PRIV_CBC56_DES},
    **{"AES-128": pysnmp.USM_PRIV_CFB128_AES, "AES-192": pysnmp.USM_PRIV_CFB192_AES_BLUMENTHAL},
    "AES-256": pysnmp.USM_PRIV_CFB256_AES_BLUMENTHAL,
}
GUFO_AUTH = {
    **{"MD5": gufo.Md5Key, "SHA-1": gufo.Sha1Key, "SHA-224": gufo.Sha224Key},
    **{"SHA-256": gufo.Sha256Key, "SHA-384": gufo.Sha384Key, "SHA-512": gufo.Sha512Key},
}
GUFO_PRIV = {
    **{"DES": gufo.DesKey, "AES-128": gufo.Aes128Key},
    **{"AES-192": gufo.Aes192Key, "AES-256": gufo.Aes256Key},
}


def user(auth, priv):
    name = f"{auth}_{priv}".replace("-", "")
    return User(name, auth, "auth key 1", priv, "priv key 1" if priv else "")


USERS = [user(auth, priv) for auth in NET_SNMP_AUTH for priv in (None, *NET_SNMP_PRIV)]
SOME = [USERS[0], user("SHA-1", "DES"), user("SHA-256", "AES-128"), user("SHA-512", "AES-256")]
STILL = [
    *((*IF_ENTRY, c) for c in (1, 2, 3, 4, 5, 6, 7, 8, 13, 19)),
    *((*IF_X_ENTRY, c) for c in (1, 15, 16, 17, 18, 19)),
]
SYSTEM = [ber.parse_oid(f"1.3.6.1.2.1.1.{n}.0") for n in (1, 2, 4, 5, 6)]


def lines(who):
    create = f'createUser {who.name} {NET_SNMP_AUTH[who.auth]} "{who.auth_key}"'
    if who.priv:
        create += f' {NET_SNMP_PRIV[who.priv]} "{who.priv_key}"'
    return create, f"rouser {who.name} {'priv' if who.priv else 'auth'}"


@pytest.fixture(scope="module")
def agent(tmp_path_factory):
    config = [line for who in USERS for line in lines(who)]
    config += ["createUser open", "rouser open noauth"]
    with snmpd(tmp_path_factory.mktemp("snmpd"), *config) as running:
        yield running


@pytest.fixture
async def manager():
    opened = Manager()
    await opened.open()
    yield opened
    await opened.close()


async def cells(manager, target, columns):
    """The table's cells by OID, as this manager reads them."""
    table = await manager.table(target, columns)
    return {
        (*column, *index): value
        for column, values in zip(columns, table.columns, strict=True)
        for index, value in zip(table.indexes, values, strict=True)
        if value is not None
    }


@pytest.mark.parametrize("who", [*USERS, User("open")], ids=lambda who: who.name)
async def test_every_protocol_of_snmpd_is_spoken(manager, agent, who):
    target = Target("127.0.0.1", agent.port, user=who)
    assert (await manager.get(target, [SYSTEM[3]]))[0].value == b"tester"


LOCATION = ber.parse_oid("1.3.6.1.2.1.1.6")
CONTEXTS = [USERS[0], user("SHA-256", "AES-128")]


@pytest.fixture(scope="module")
def proxy(tmp_path_factory):
    """An snmpd that answers in the context “behind” as another one, and as itself without."""
    with snmpd(tmp_path_factory.mktemp("behind"), "sysLocation behind") as behind:
        config = ["view all included .1"]
        for who in CONTEXTS:
            level = "priv" if who.priv else "auth"
            config += [lines(who)[0], f"group noc usm {who.name}"]
            config += [
                f"access noc {context} usm {level} exact all none none"
                for context in ('""', "behind")
            ]
        config += [f"proxy -Cn behind -v 2c -c public {behind.address} .1.3"]
        with snmpd(tmp_path_factory.mktemp("proxy"), *config) as running:
            yield running


@pytest.mark.parametrize("who", CONTEXTS, ids=lambda who: who.name)
async def test_a_context_is_asked_in_and_its_answer_is_that_of_net_snmp(manager, proxy, who):
    own = Target("127.0.0.1", proxy.port, user=who)
    inner = replace(own, context="behind")
    read = {}
    for target, context in ((own, ()), (inner, ("-n", "behind")), (own, ())):
        read[target.context] = found = await cells(manager, target, [LOCATION])
        theirs = by_net_snmp(proxy, [*options_of(who), *context], LOCATION)
        assert {oid: as_net_snmp_prints(value) for oid, value in found.items()} == theirs
    assert read["behind"] == {(*LOCATION, 0): b"behind"}
    assert read[""] != read["behind"]


async def test_a_context_that_the_agent_does_not_have_is_refused(manager, proxy):
    target = Target("127.0.0.1", proxy.port, user=CONTEXTS[0], context="nowhere")
    with pytest.raises(SnmpError) as refused:
        await manager.get(target, [SYSTEM[3]])
    assert refused.value.outcome is Outcome.REFUSED


def by_net_snmp(agent, options, oid):
    """The values below an OID as snmpbulkwalk or snmpwalk prints them, by numeric OID."""
    program = require("snmpwalk" if "-v1" in options else "snmpbulkwalk")
    text = subprocess.run(
        [program, *options, *("-Onet", "-OU", "-Oq", "-Ox"), agent.address, ber_text(oid)],
        env={"MIBS": "", "SNMP_PERSISTENT_DIR": str(agent.folder)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = [line.partition(" ") for line in text.splitlines() if line.startswith(".")]
    return {ber.parse_oid(name): value for name, _, value in found}


def ber_text(oid):
    return ".".join(map(str, oid))


def as_net_snmp_prints(value):
    if isinstance(value, int):
        return str(value)
    return '"' + "".join(f"{octet:02X} " for octet in value) + '"' if value else '""'


def options_of(who):
    options = ["-v3", "-u", who.name, "-l", "authPriv" if who.priv else "authNoPriv"]
    options += ["-a", NET_SNMP_AUTH[who.auth], "-A", who.auth_key]
    return options + (["-x", NET_SNMP_PRIV[who.priv], "-X", who.priv_key] if who.priv else [])


@pytest.mark.parametrize("who", SOME, ids=lambda who: who.name)
async def test_the_tables_are_what_snmpbulkwalk_reads(manager, agent, who):
    found = await cells(manager, Target("127.0.0.1", agent.port, user=who), STILL)
    theirs = {}
    for column in STILL:
        theirs |= by_net_snmp(agent, options_of(who), column)
    assert found
    assert {oid: as_net_snmp_prints(value) for oid, value in found.items()} == theirs


async def test_version_1_reads_the_tables_as_snmpwalk_does(manager, agent):
    found = await cells(manager, Target("127.0.0.1", agent.port, version=VERSION_1), STILL)
    theirs = {}
    for column in STILL:
        theirs |= by_net_snmp(agent, ["-v1", "-c", "public"], column)
    assert found
    assert {oid: as_net_snmp_prints(value) for oid, value in found.items()} == theirs


@pytest.mark.parametrize("who", SOME, ids=lambda who: who.name)
async def test_the_system_is_what_pysnmp_reads(manager, agent, who):
    engine = pysnmp.SnmpEngine()
    keys = pysnmp.UsmUserData(
        who.name,
        who.auth_key,
        who.priv_key or None,
        authProtocol=PYSNMP_AUTH[who.auth],
        privProtocol=PYSNMP_PRIV[who.priv],
    )
    error, status, _, varbinds = await pysnmp.get_cmd(
        engine,
        keys,
        await pysnmp.UdpTransportTarget.create(("127.0.0.1", agent.port), timeout=2),
        pysnmp.ContextData(),
        *(pysnmp.ObjectType(pysnmp.ObjectIdentity(oid)) for oid in SYSTEM),
        lookupMib=False,
    )
    engine.close_dispatcher()
    found = await manager.get(Target("127.0.0.1", agent.port, user=who), SYSTEM)
    assert not error
    assert not status
    assert [as_pysnmp_has(v) for v in found] == [
        tuple(v) if n == 1 else bytes(v) for n, (_, v) in enumerate(varbinds)
    ]


def as_pysnmp_has(varbind):
    return ber.decode_oid(varbind.value) if varbind.tag == 6 else varbind.value


@pytest.mark.parametrize("who", SOME, ids=lambda who: who.name)
async def test_the_tables_are_what_gufo_snmp_reads(manager, agent, who):
    found = await cells(manager, Target("127.0.0.1", agent.port, user=who), STILL)
    keys = gufo.User(
        who.name,
        auth_key=GUFO_AUTH[who.auth](who.auth_key.encode(), key_type=gufo.KeyType.Password),
        priv_key=GUFO_PRIV[who.priv](who.priv_key.encode(), key_type=gufo.KeyType.Password)
        if who.priv
        else None,
    )
    theirs = {}
    async with SnmpSession("127.0.0.1", port=agent.port, user=keys, timeout=2.0) as session:
        for column in STILL:
            async for name, value in session.getbulk(ber_text(column)):
                theirs[ber.parse_oid(name)] = value
    assert found == theirs


@pytest.mark.parametrize(
    ("who", "detail"),
    [
        (User("nobody", "SHA-1", "auth key 1"), "snmp_user"),
        (User("SHA1_AES128", "SHA-1", "wrong key 1", "AES-128", "priv key 1"), "snmp_auth"),
        (User("SHA1_AES128", "SHA-1", "auth key 1", "AES-128", "wrong key 1"), "snmp_privacy"),
        (User("SHA1_None", "SHA-1", "auth key 1", "AES-128", "priv key 1"), "snmp_privacy"),
        (User("SHA1_AES128", "SHA-1", "auth key 1"), "snmp_access"),
    ],
    ids=["user", "auth key", "priv key", "level too high", "level too low"],
)
async def test_what_does_not_fit_is_a_reason_not_an_exception(manager, agent, who, detail):
    target = Target("127.0.0.1", agent.port, user=who, timeout_s=0.2, retries=0)
    with pytest.raises(SnmpError) as failed:
        await manager.get(target, SYSTEM)
    assert (failed.value.outcome, failed.value.detail) == (Outcome.REFUSED, detail)
    poll = await InterfaceProbe(manager, "pc", target).poll(1, int)
    assert (poll.outcome, poll.detail) == (Outcome.REFUSED, detail)


@pytest.mark.parametrize("version_1", [True, False], ids=["v1", "v3"])
async def test_a_probe_finds_the_kernels_ports(manager, agent, version_1):
    which = {"version": VERSION_1} if version_1 else {"user": SOME[2]}
    probe = InterfaceProbe(manager, "pc", Target("127.0.0.1", agent.port, **which))
    polls = [await probe.poll(number, int) for number in (1, 2)]
    assert [poll.outcome.alive for poll in polls] == [True, True]
    assert polls[0].system.name == "tester"
    assert "name:lo" in {port.key for port in polls[1].ports}


async def test_snmpd_started_anew_and_replaced_is_polled_on(manager, tmp_path):
    """Always at the same port: once with more boots, once as another engine."""
    who = SOME[2]
    port, polls = 0, []
    probe = None
    for folder in ("one", "one", "two"):
        (tmp_path / folder).mkdir(exist_ok=True)
        with snmpd(tmp_path / folder, *lines(who), f"engineID {folder}", port=port) as running:
            port = running.port
            target = Target("127.0.0.1", port, user=who)
            probe = probe or InterfaceProbe(manager, "pc", target)
            polls += [await probe.poll(len(polls), int) for _ in range(2)]
    assert [poll.outcome.alive for poll in polls] == [True] * 6
