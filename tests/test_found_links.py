from console.analysis.found_links import MOST_AT_PORT, match_links
from console.model.found import Found
from console.model.observation import Neighbour, PortFacts, SystemFacts


def port(number: int) -> PortFacts:
    return PortFacts(f"name:p{number}", number, f"p{number}", f"port {number}", "", 6, 1e9)


def hears(at: int, name: str, remote: str, descr: str = "", protocol: str = "lldp") -> Neighbour:
    return Neighbour(
        *(protocol, f"name:p{at}", f"p{at}", name, f"chassis of {name}", remote, descr, "", ())
    )


def device(name: str, *neighbours: Neighbour, macs: bool = False) -> Found:
    own = {f"00:00:{name}:0{n}": f"name:p{n}" for n in range(1, 7)} if macs else {}
    return Found(
        address=name,
        system=SystemFacts(name, "", "", "", None),
        ports=tuple(map(port, range(1, 7))),
        neighbours=neighbours,
        chassis=f"chassis of {name}",
        own_ports=own,
    )


def links(*devices: Found) -> list[tuple[str, str, bool]]:
    found, _halves = match_links(devices)
    return [(text(devices, x.a), text(devices, x.b), x.both) for x in found]


def text(devices, end) -> str:
    return f"{devices[end.device].system.name} {end.key.removeprefix('name:')}"


def test_one_link_seen_from_both_ends_is_one():
    a = device("a", hears(1, "b", "p2"), hears(1, "b", "p2", protocol="cdp"))
    assert links(a, device("b", hears(2, "a", "p1"))) == [("a p1", "b p2", True)]


def test_parallel_links_are_kept_apart():
    a = device("a", hears(1, "b", "p2"), hears(3, "b", "p4"))
    b = device("b", hears(2, "a", "p1"), hears(4, "a", "p3"))
    assert links(a, b) == [("a p1", "b p2", True), ("a p3", "b p4", True)]


def test_seen_from_one_end_only():
    assert links(device("a", hears(1, "b", "p2")), device("b")) == [("a p1", "b p2", False)]


def test_what_both_ends_say_beats_what_one_says():
    a = device("a", hears(1, "b", "p2"))
    b = device("b", hears(2, "a", "p1"))
    stale = device("c", hears(3, "b", "p2"))
    assert links(a, b, stale) == [("a p1", "b p2", True)]


def test_a_port_goes_by_mac_by_description_by_index():
    b = device("b", macs=True)
    for told, descr in (("00:00:b:02", ""), ("??", "p2"), ("??", "port 2"), ("2", "")):
        assert links(device("a", hears(1, "b", told, descr)), b) == [("a p1", "b p2", False)]


def test_ports_that_cannot_be_named_are_joined_where_only_one_can_be_meant():
    a = device("a", hears(1, "b", "??"))
    b = device("b", hears(2, "a", "??"))
    assert links(a, b) == [("a p1", "b p2", True)]
    two = device("a", hears(1, "b", "??"), hears(3, "b", "!!"))
    found, halves = match_links((two, b))
    assert found == []
    assert len(halves) == 3


def test_devices_of_one_name_are_told_apart_by_chassis():
    a = device("a", hears(1, "b", "p2"))
    b, twin = device("b", hears(2, "a", "p1")), device("b")
    twin = Found(twin.address, twin.system, twin.ports, (), "another")
    assert links(a, b, twin) == [("a p1", "b p2", True)]


def test_a_device_that_hears_itself_has_no_link():
    assert links(device("a", hears(1, "a", "p2"), hears(2, "a", "p1"))) == []


def test_a_port_that_hears_everybody_is_bounded():
    others = [device(f"d{n}") for n in range(100)]
    hub = device("hub", *(hears(1, f"d{n}", "p1") for n in range(100)))
    assert len(links(hub, *others)) == MOST_AT_PORT
