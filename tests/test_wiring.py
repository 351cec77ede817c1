import pytest

from console.analysis.wiring import WiredEnd, check_wiring, is_device
from console.model.observation import PortFacts
from console.model.snapshot import NeighbourView
from console.model.states import Wired

PORTS = tuple(
    PortFacts(f"name:xe{n}", 500 + n, f"xe{n}", f"Ethernet {n}", f"to site {n}", 6, 1e10)
    for n in range(3)
)


def heard(name="b.example", port="xe1", descr="", chassis="", addresses=()) -> NeighbourView:
    return NeighbourView(
        "a", 7, "xe0", "lldp", name or chassis, port, descr, chassis, "", tuple(addresses)
    )


def end(device: str, port: int | None, *told: NeighbourView, **known) -> WiredEnd:
    known = {"sys_name": f"{device}.example", "address": "192.0.2.1"} | known
    return WiredEnd(
        *(device, known["sys_name"], known["address"]),
        *(None if port is None else PORTS[port], PORTS, told),
    )


def state(*told: NeighbourView, port: int | None = 1, **known) -> Wired:
    return check_wiring(end("a", 0, *told), end("b", port, **known)).state


@pytest.mark.parametrize("name", ["b", "B.Example", "b.example", "b(FOC1)", "b.example(FOC1)"])
def test_a_neighbour_is_known_by_its_name(name):
    assert state(heard(name)) is Wired.AGREES


@pytest.mark.parametrize(
    "port", ["xe1", "Ethernet 1", "to site 1", "501", "00:1b:2c:3d:4e:5f", "?"]
)
def test_a_port_by_any_of_its_words_agrees_and_so_does_what_nobody_knows(port):
    assert state(heard(port=port)) is Wired.AGREES


def test_a_description_tells_the_port_where_the_id_does_not():
    assert state(heard(port="00:1b:2c:3d:4e:5f", descr="xe1")) is Wired.AGREES
    assert state(heard(port="00:1b:2c:3d:4e:5f", descr="xe2")) is Wired.WRONG_PORT


@pytest.mark.parametrize("port", ["xe2", "Ethernet 2", "to site 2"])
def test_another_port_of_the_right_neighbour(port):
    wrong = heard(port=port)
    found = check_wiring(end("a", 0, wrong), end("b", 1))
    assert (found.state, found.heard) == (Wired.WRONG_PORT, wrong)


def test_a_number_may_be_lldps_own_and_contradicts_nothing():
    assert state(heard(port="502")) is Wired.AGREES


def test_another_neighbour():
    assert state(heard("c.example")) is Wired.WRONG_NEIGHBOUR


def test_nothing_is_sure_before_the_device_told_its_name_or_where_the_neighbour_has_none():
    assert state(heard("c.example"), sys_name=None) is Wired.NOT_TOLD
    assert state(heard("", chassis="00:1b:2c:3d:4e:5f")) is Wired.NOT_TOLD
    assert state() is Wired.NOT_TOLD


def test_a_neighbour_is_known_by_its_address_or_chassis():
    assert state(heard("", chassis="00:1b:2c:3d:4e:5f", addresses=["192.0.2.1"])) is Wired.AGREES
    assert state(heard("", chassis="b")) is Wired.AGREES
    assert is_device(heard("x", addresses=["2001:db8::1"]), "b", None, "2001:db8::1")


def test_a_loopback_address_is_everybodys():
    assert state(heard("c.example", addresses=["127.0.0.1"]), address="127.0.0.1") is (
        Wired.WRONG_NEIGHBOUR
    )


def test_of_several_heard_one_that_is_right_is_enough():
    assert state(heard("c.example"), heard()) is Wired.AGREES
    assert state(heard("c.example"), heard(port="xe2")) is Wired.WRONG_PORT


def test_either_end_contradicts():
    right, wrong = heard(), heard("c.example")
    assert check_wiring(end("a", 0, right), end("b", 1, wrong)).state is Wired.WRONG_NEIGHBOUR
    assert check_wiring(end("a", 0), end("b", 1, heard("a", "xe0"))).state is Wired.AGREES
    assert check_wiring(end("a", 0), end("b", 1)).state is Wired.NOT_TOLD


def test_a_link_without_a_known_port_agrees_with_its_neighbour():
    assert state(heard(), port=None) is Wired.AGREES
