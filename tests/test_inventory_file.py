import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from console import language
from console.model import inventory_file, inventory_messages
from console.model.inventory_file import MAX_SHOWN, InventoryError, examine, parse
from tests.builders import DEMO_INVENTORY

SMALL = """\
network: Test
snmp:
  lab: {version: 2c, community: sesam-open}
sites:
  - {id: a, name: A, lat: 50, lon: 7}
  - {id: b, name: B, lat: 50.1, lon: 7.1}
devices:
  - {id: a-r1, site: a, address: "127.0.0.1:16101", snmp: lab}
  - {id: b-r1, site: b, address: "[::1]:16102", snmp: lab}
links:
  - {id: a-b, a: {device: a-r1, interface: 1}, b: {device: b-r1, interface: xe-0}, capacity: 10G}
"""


def only_problem(text: str) -> str:
    examined = examine(text, "net.yaml")
    assert examined.inventory is None
    (problem,) = examined.problems
    return problem


def test_a_small_inventory():
    found = parse(SMALL, "net.yaml")
    assert found.by_id["a-b"].capacity_bps == 10e9
    assert found.by_id["a-b"].a.interface == "1"
    assert found.by_id["b-r1"].endpoint == ("::1", 16102)


def test_the_demo_inventory_is_in_order():
    examined = examine(DEMO_INVENTORY.read_text(encoding="utf-8"), "demo")
    assert examined.inventory is not None
    assert examined.hints == ()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "network:",
            "netwrok:",
            "net.yaml:1: netwrok: this key is unknown. Did you mean “network”?",
        ),
        (
            "lat: 50,",
            "lat: 95,",
            "net.yaml:5: sites[a].lat: “95” is out of range; allowed is from -90",
        ),
        ("lat: 50,", "lat: x,", "net.yaml:5: sites[a].lat: “x” is not allowed; a number"),
        (
            "name: A,",
            "name: 1,",
            'net.yaml:5: sites[a].name: text is needed; put it in quotes: "1"',
        ),
        ("name: A,", "", "net.yaml:5: sites[a].name: is missing"),
        ("id: b,", "id: a b,", "an id consists of letters"),
        ("2c", "4", "net.yaml:3: snmp.lab: an SNMP profile needs “version”: 1, 2c or 3"),
        ("127.0.0.1:16101", "127.0.0.1:0", "a port is a number from 1 to 65535"),
        ("10G", "10X", "a rate is a positive number"),
        (
            "16102",
            '16102", role: "r", snpm: "x',
            "devices[b-r1].snpm: this key is unknown. Did you mean “snmp”?",
        ),
    ],
)
def test_one_thing_wrong(old, new, problem):
    examined = examine(SMALL.replace(old, new, 1), "net.yaml")
    assert any(problem in found for found in examined.problems), examined.problems


def test_everything_wrong_is_said_at_once_in_the_order_of_the_file():
    text = SMALL.replace("name: A,", "nam: A,").replace("site: b,", "site: c,") + "  - 17\n"
    problems = examine(text, "net.yaml").problems
    assert [problem.split(":")[1] for problem in problems] == ["5", "5", "9", "12"]


def test_text_that_is_no_yaml():
    assert only_problem("network: a\n\tsites: b") == (
        "net.yaml:2: a tab before the text; only spaces are allowed there"
    )


@pytest.mark.parametrize("text", ["", "- a\n", "text", "42"])
def test_text_that_is_no_inventory(text):
    assert "an inventory consists of “key: value”" in only_problem(text)


def test_empty_sections_are_as_good_as_left_out():
    assert parse(SMALL + "rooms:\nservices:\n", "net.yaml").rooms == ()


def test_a_key_twice():
    assert only_problem(SMALL + "network: again\n").startswith("net.yaml:12: “network” stands here")


def test_secrets_are_never_repeated():
    text = SMALL.replace("sesam-open", "[sesam-open]") + (
        "rooms:\n"
        "  - {id: r, site: a, name: R, probes: [{cisco: 'ftp://u:sesam-open@h/'}]}\n"
        "  - {id: s, site: a, name: S, probes: [{http: 'http://h', credential: '${sesam-open'}]}\n"
    )
    problems = examine(text, "net.yaml").problems
    assert len(problems) == 3
    assert "sesam" not in "".join(problems)


def test_secrets_are_not_shown_by_the_inventory():
    assert "sesam" not in repr(parse(SMALL, "net.yaml"))


def test_a_reference_is_kept_as_it_is(monkeypatch):
    monkeypatch.setenv("NOC", "sesam")
    found = parse(SMALL.replace("sesam-open", '"${env:NOC}"'), "net.yaml")
    assert found.snmp["lab"].community == "${env:NOC}"


def test_the_error_carries_all_and_shows_the_first():
    text = SMALL + "".join(f"  - {number}\n" for number in range(MAX_SHOWN + 7))
    with pytest.raises(InventoryError) as caught:
        parse(text, "net.yaml")
    assert caught.value.exit_code == 2
    assert len(caught.value.problems) == MAX_SHOWN + 7
    assert str(caught.value).endswith("and 7 more")


def test_messages_are_in_the_language_in_use(monkeypatch):
    monkeypatch.setattr(inventory_file, "_", str.upper)
    assert "AN INVENTORY CONSISTS" in only_problem("")
    assert language.language() == "en"


@given(st.data())
def test_a_damaged_file_is_read_or_refused_with_lines(data):
    lines = SMALL.splitlines(keepends=True)
    at = data.draw(st.integers(0, len(lines) - 1))
    column = data.draw(st.integers(0, len(lines[at])))
    junk = data.draw(
        st.sampled_from(["{", "}", "[", "]", ":", "- ", "x", "0", "null", "*", "&", '"', "\n"])
    )
    lines[at] = lines[at][:column] + junk + lines[at][column:]
    examined = examine("".join(lines), "net.yaml")
    assert (examined.inventory is None) == bool(examined.problems)
    assert all(problem.split(":")[1].isdigit() for problem in examined.problems)


SECTIONS = [
    "network",
    "snmp",
    "polling",
    "sites",
    "devices",
    "links",
    "rooms",
    "services",
    "profiles",
    "conferences",
]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "site",
                    "a",
                    "b",
                    "device",
                    "probes",
                    "probe",
                    "version",
                    "rooms",
                    "lat",
                    "lon",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(SECTIONS), ANYTHING))
def test_whatever_stands_where_problems_are_found_not_bugs(data):
    examined = examine(yaml.safe_dump(data), "net.yaml")
    assert examined.problems


def test_a_word_that_is_only_begun_is_guessed():
    known = ["DES", "AES-128", "AES-192"]
    assert inventory_messages.did_you_mean("AES", known) == " Did you mean “AES-128”?"
    assert inventory_messages.did_you_mean("A", known) == ""


def test_an_id_taken_twice_is_offered_once():
    text = """network: X
snmp: {lab: {version: 2c, community: public}}
sites: [{id: a, name: A, lat: 50, lon: 7}]
devices:
  - {id: d, site: a, address: 192.0.2.1, snmp: lab}
  - {id: d, site: a, address: 192.0.2.2, snmp: lab}
links:
  - {id: l, a: {device: zzz, interface: p}, b: {device: d, interface: q}}
"""
    told = inventory_file.examine(text, "net.yaml").problems
    assert [line for line in told if "zzz" in line] == [
        "net.yaml:8: links[l].a.device: “zzz” is not in “devices”. Allowed are d"
    ]
