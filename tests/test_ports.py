import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.analysis.ports import find_port, port_keys
from console.model.observation import PortFacts


def test_a_port_is_known_by_its_name_where_that_is_unique():
    ports = [
        (1, "ge-0", "Uplink"),
        (2, "port", "slot 1"),
        (3, "port", "slot 2"),
        (4, "port", "slot 2"),
        (5, "", "console"),
        (6, "", ""),
    ]
    assert port_keys(ports) == (
        *("name:ge-0", "descr:slot 1", "index:3", "index:4", "descr:console", "index:6"),
    )


NAMES = st.sampled_from(("", "1", "2", "eth0", "port", "index:3"))


@given(st.lists(st.tuples(NAMES, NAMES), max_size=8))
def test_keys_are_unique_and_survive_a_renumbering(named):
    ports = [(index, name, descr) for index, (name, descr) in enumerate(named, 1)]
    keys = port_keys(ports)
    assert len(set(keys)) == len(ports)
    renumbered = port_keys([(index + 100, name, descr) for index, name, descr in ports])
    pairs = list(zip(keys, renumbered, strict=True))
    assert all(old == new for old, new in pairs if not old.startswith("index:"))


def port(if_index, name, descr="", alias=None):
    return PortFacts("", if_index, name, descr, alias, 6, None)


PORTS = (
    port(1, "xe-0/0/0", "10GigE 0", "Mainz"),
    port(2, "xe-0/0/1", "10GigE 1", "Trier"),
    port(3, "2", "10GigE 2", "Trier"),
    port(17, "lag", "lag", None),
    port(18, "lag", "lag B", ""),
)


@pytest.mark.parametrize(
    ("interface", "if_index"),
    [
        ("xe-0/0/1", 2),
        ("10GigE 0", 1),
        ("Mainz", 1),
        ("17", 17),
        ("2", 3),
        ("1", 1),
        ("Trier", None),
        ("lag", 17),
        ("", None),
        ("xe-9", None),
    ],
    ids=[
        *("name", "descr", "alias", "index", "a name before an index", "index", "two aliases"),
        *("two names, one descr", "nothing", "none"),
    ],
)
def test_find_port(interface, if_index):
    found = find_port(PORTS, interface)
    assert (found.if_index if found else None) == if_index
