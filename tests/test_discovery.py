"""Walks over real sockets on loopback."""

import pytest

from console.commands import discover_text
from console.discovery.access import Access, access_of
from console.discovery.discover import Discovered, Wanted, discover
from console.discovery.document import Header, document, flow, written_rate
from console.discovery.merging import merged
from console.discovery.scope import may_ask, networks_of, usual_networks
from console.discovery.walk import Bounds
from console.errors import OperatorError
from console.model import inventory_file
from console.model.inventory import Inventory, Polling
from tests.lldp_agents import local_port
from tests.lldp_networks import answering_all, device, heard, host, network

ACCESS = access_of("2c,community=${env:DISCOVERY_COMMUNITY}", None, lambda name: (name, name))
QUICK = Polling(timeout_s=0.3, retries=0)
NAMES = {"mz-r1": 1, "mz-r2": 2, "tr-r1": 3, "ko-r1": 4}
CABLES = [
    *(("mz-r1", 1, "mz-r2", 1), ("mz-r1", 2, "mz-r2", 2), ("mz-r2", 3, "tr-r1", 1)),
    *(("tr-r1", 2, "ko-r1", 1), ("ko-r1", 2, "mz-r1", 3)),
]


@pytest.fixture(autouse=True)
def _community(monkeypatch):
    monkeypatch.setenv("DISCOVERY_COMMUNITY", "public")


def ignore(_news: object) -> None:
    pass


async def walk(
    port: int, inventory: Inventory | None = None, access: Access = ACCESS, **bounds: float
) -> Discovered:
    seeds = (f"{host(1)}:{port}",)
    wanted = Wanted(seeds, access, inventory, None, Bounds(**bounds), QUICK)
    return await discover(wanted, ignore)


def text_of(done: Discovered) -> str:
    header = Header("Net", "en", ACCESS.name, ACCESS.written, ("found",))
    return document(header, done.walk, done.draft)


def read(text: str) -> Inventory:
    return inventory_file.parse(text, "net.yaml")


def ends(inventory: Inventory) -> set[frozenset[tuple[str, str]]]:
    return {
        frozenset(((x.a.device, x.a.interface), (x.b.device, x.b.interface)))
        for x in inventory.links
    }


def cables(of: list[tuple[str, int, str, int]]) -> set[frozenset[tuple[str, str]]]:
    return {frozenset(((a, f"Gi0/{p}"), (b, f"Gi0/{q}"))) for a, p, b, q in of}


async def test_a_ring_is_found_from_one_seed():
    async with answering_all(network(NAMES, CABLES, {"tr-r1": "Trier"})) as port:
        done = await walk(port)
    found = read(text_of(done))
    assert {d.id: d.address for d in found.devices} == {
        name: f"{host(number)}:{port}" for name, number in NAMES.items()
    }
    assert ends(found) == cables(CABLES)
    assert {link.capacity_bps for link in found.links} == {1e9}
    assert {d.id: d.site for d in found.devices}["mz-r2"] == "mz"
    assert done.walk.silent == ()
    assert done.walk.cut == ()


async def test_one_that_does_not_answer_is_named_with_who_hears_it():
    cells = network(NAMES, CABLES)
    del cells[4]
    async with answering_all(cells) as port:
        done = await walk(port)
    (silent,) = done.walk.silent
    assert (silent.address, silent.name, silent.reason) == (
        *(f"{host(4)}:{port}", "ko-r1", "snmp_timeout"),
    )
    assert silent.heard_at in ("mz-r1 Gi0/3", "tr-r1 Gi0/2")
    assert "ko-r1" in "\n".join(discover_text.summary(done))
    assert "# no answer:" in text_of(done)


async def test_a_device_at_two_addresses_is_one():
    cells = network({"a": 1, "b": 2}, [("a", 1, "b", 1)])
    cells[1] |= heard(2, "b", 2, 2)
    cells[3] = cells[2]
    async with answering_all(cells) as port:
        seeds = tuple(f"{host(number)}:{port}" for number in (2, 1, 3))
        done = await discover(Wanted(seeds, ACCESS, polling=QUICK), ignore)
    assert [found.label for found in done.walk.found] == ["a", "b"]
    assert len(done.draft.links) == 2


async def test_bounds():
    names = {f"n{number}": number for number in range(1, 8)}
    chain = [(f"n{n}", 1, f"n{n + 1}", 2) for n in range(1, 7)]
    async with answering_all(network(names, chain)) as port:
        shallow = await walk(port, depth=2)
        few = await walk(port, devices=4)
    assert (len(shallow.walk.found), shallow.walk.cut) == (3, ("depth",))
    assert (len(few.walk.found), few.walk.cut) == (4, ("devices",))


async def test_a_walk_ends_when_its_time_is_over():
    cells = network({"a": 1, "b": 2}, [("a", 1, "b", 1)])
    del cells[2]
    async with answering_all(cells) as port:
        done = await walk(port, time_s=0.1)
    assert [found.label for found in done.walk.found] == ["a"]
    assert done.walk.cut == ("time",)


async def test_a_thousand_that_are_not_there_stay_bounded():
    cells = network({"mz-r1": 1}, [])
    cells[1] = device("mz-r1", 1, ports=40)
    for number in range(1, 1001):
        cells[1] |= heard(number % 40 + 1, f"fake{number}", number + 1000, 1, nth=number)
    async with answering_all(cells) as port:
        done = await walk(port, devices=20, time_s=20)
    assert [found.label for found in done.walk.found] == ["mz-r1"]
    assert len(done.walk.silent) <= 80
    assert "devices" in done.walk.cut
    read(text_of(done))


async def test_names_that_are_no_names_do_no_harm():
    evil = "x\n- {id: evil}\x1b[31m# \u202e: '\"}"
    cells = network({"mz-r1": 1, "mz-r2": 2}, [("mz-r1", 1, "mz-r2", 1)])
    cells[2] = device(evil, 2, evil) | local_port(1, 7, evil) | heard(1, "mz-r1", 1, 1)
    cells[1] |= heard(3, evil, 99, 1)
    async with answering_all(cells) as port:
        done = await walk(port)
    text = text_of(done)
    found = read(text)
    assert len(found.devices) == 2
    assert "evil" not in {device.id for device in found.devices}
    said = text + "\n".join(discover_text.summary(done))
    assert not {"\x1b", "\u202e"} & set(said)


async def test_a_wrong_community_is_said():
    async with answering_all(network({"a": 1}, []), community="other") as port:
        done = await walk(port)
    assert done.walk.found == ()
    assert [silent.reason for silent in done.walk.silent] == ["snmp_timeout"]


async def test_addresses_outside_are_not_asked():
    cells = network({"a": 1, "b": 300}, [("a", 1, "b", 1)])
    async with answering_all(cells) as port:
        wanted = Wanted((f"{host(1)}:{port}",), ACCESS, None, networks_of(["127.20.0.0/24"]))
        done = await discover(wanted, ignore)
    assert [silent.reason for silent in done.walk.silent] == ["outside"]


def test_digits_stay_text():
    assert flow({"ags": "07339", "lat": 1.5}) == "{ags: '07339', lat: 1.5}"
    assert flow({"capacity": written_rate(2.5e9)}) == "{capacity: 2.5G}"


def test_what_lies_where():
    usual = usual_networks(["198.51.100.1", "2001:db8::1"])
    for inside in ("10.1.2.3", "198.51.7.1", "2001:db8:0:9::1", "fd00::1"):
        assert may_ask(inside, usual)
    for outside in ("203.0.113.1", "127.0.0.1", "2001:db9::1"):
        assert may_ask(outside, usual) is False
    for nothing in ("224.0.0.1", "fe80::1", "0.0.0.0", "r1"):
        assert may_ask(nothing, usual) is None
    with pytest.raises(OperatorError, match="is no network"):
        networks_of(["10.0.0.0/99"])


INVENTORY = """\
# ours
network: Net
language: en
snmp:
  lab: {version: 2c, community: public}
polling: {timeout_s: 0.3, retries: 0}
sites:
  - {id: mz, name: Mainz, lat: 50.0, lon: 8.2}   # the capital
devices:
  - {id: core, site: mz, address: "127.20.0.1:PORT", snmp: lab}
  # second
  - {id: mz-r2, site: mz, address: "127.20.0.99:PORT", snmp: lab}
  - id: gone
    site: mz
    address: 127.20.0.98:PORT
    snmp: lab
links:
  - {id: one, a: {device: core, interface: Gi0/1}, b: {device: mz-r2, interface: Gi0/1}, cost: 7}
  - id: two
    a: {device: mz-r2, interface: Gi0/5}
    b: {device: core, interface: GigabitEthernet0/2}
    capacity: 10G

# the rooms come later
"""


async def test_an_inventory_is_compared_and_kept():
    async with answering_all(network(NAMES, CABLES)) as port:
        text = INVENTORY.replace("PORT", str(port))
        access = access_of("lab", read(text), lambda name: (name, name))
        done = await walk(port, read(text), access)
    assert done.proposal is not None
    lines = list(discover_text.differences(done.proposal))
    assert lines == [
        "+ site ko (ko)",
        "+ site tr (tr)",
        f"+ device ko-r1: {host(4)}:{port}, ko",
        f"+ device tr-r1: {host(3)}:{port}, tr",
        *(line for line in lines if line.startswith("+ link")),
        f"~ device mz-r2: 127.20.0.99:{port} → {host(2)}:{port}",
        "~ link two: mz-r2 Gi0/5 → mz-r2 Gi0/2, core GigabitEthernet0/2 → core Gi0/2, 10G → 1G",
        f"- device gone: 127.20.0.98:{port}, No answer over SNMP",
    ]
    result = merged(text, done.proposal, done.draft.guessed, access)
    for kept in ("# ours", "# the capital", "# second", "cost: 7", "capacity: 1G", "# the rooms"):
        assert kept in result
    assert "  # not found by discovery\n  - id: gone\n" in result
    inventory = read(result)
    names = [
        (a.replace("mz-r1", "core"), p, b.replace("mz-r1", "core"), q) for a, p, b, q in CABLES
    ]
    assert ends(inventory) == cables(names)
    assert len(inventory.links) == len(CABLES)


async def test_the_merged_file_differs_no_more():
    async with answering_all(network(NAMES, CABLES)) as port:
        text = INVENTORY.replace("PORT", str(port))
        for _ in range(2):
            access = access_of("lab", read(text), lambda name: (name, name))
            done = await walk(port, read(text), access)
            assert done.proposal is not None
            text = merged(text, done.proposal, done.draft.guessed, access)
    assert text.count("# not found by discovery") == 1
    assert [line[0] for line in discover_text.differences(done.proposal)] == ["-"]


FLOW = """\
{network: Net, language: en, snmp: {lab: {version: 2c, community: public}},
 polling: {timeout_s: 0.3, retries: 0},
 sites: [{id: mz, name: Mainz, lat: 50, lon: 8}],
 devices: [{id: mz-r1, site: mz, address: "127.20.0.1:PORT", snmp: lab}], links: []}
"""


async def test_an_inventory_in_brackets_is_worked_into():
    async with answering_all(network(NAMES, CABLES)) as port:
        text = FLOW.replace("PORT", str(port))
        access = access_of("lab", read(text), lambda name: (name, name))
        done = await walk(port, read(text), access)
    assert done.proposal is not None
    with pytest.raises(OperatorError, match="by hand"):
        merged(text, done.proposal, done.draft.guessed, access)


def test_profiles():
    asked: list[str] = []

    def ask(name: str) -> tuple[str, str]:
        asked.append(name)
        return "s3cret-community", f"${{keyring:{name}}}"

    plain = access_of("2c", None, ask)
    assert asked == ["discovered/community"]
    assert "s3cret" not in f"{plain} {plain.written.model_dump()}"
    secure = access_of("3,user=noc,auth=SHA-256,priv=AES-128", None, ask)
    assert asked[1:] == ["discovered/auth_key", "discovered/priv_key"]
    assert secure.written.model_dump()["auth_key"] == "${keyring:discovered/auth_key}"
    assert access_of("3,user=noc", None, ask).written.model_dump()["auth"] is None


@pytest.mark.parametrize(
    "text",
    [
        *("s3cret", "2c,community=s3cret", "2c,s3cret", "3,user=noc,auth=s3cret", "3"),
        *("3,user=noc,priv=AES-128", "2c,user=s3cret", "3,user=noc,auth=MD5,auth_key=s3cret"),
        "2c,community=s3cret${env:A}",
    ],
)
def test_a_profile_that_cannot_be_is_refused_and_not_repeated(text):
    with pytest.raises(OperatorError) as refused:
        access_of(text, None, lambda name: ("long-enough", f"${{env:{name}}}"))
    assert refused.value.exit_code == 2
    assert "s3cret" not in f"{refused.value!r}"
    assert "s3cret" not in f"{refused.value.__cause__!r} {refused.value.__context__!r}"
