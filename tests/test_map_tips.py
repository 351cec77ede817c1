"""What cards and screen readers are told."""

import dataclasses

from console.model.states import State
from tests.builders import healthy_snapshot, with_device, with_link
from tests.map_networks import demo
from widgets.map.spots import Kind, Spot
from widgets.map.tips import summary, tip_of


def test_a_link_tells_both_directions_and_its_capacity():
    snapshot = with_link(
        healthy_snapshot(demo()), "mz-kl", a_to_b_bps=7.81e9, a_to_b_load=0.781, b_to_a_bps=None
    )
    tip = tip_of(snapshot, Spot(Kind.LINK, "mz-kl"))
    assert tip.title == "Mainz (Kern) – Kaiserslautern"
    assert tip.spark
    assert [(r.label, r.value) for r in tip.rows] == [
        ("→ Kaiserslautern", "7.81 Gbit/s"),
        ("→ Mainz (Kern)", "–"),
        ("Capacity", "10.0 Gbit/s"),
    ]
    assert tip.rows[0].load_text == "78 %"


def test_what_is_not_well_says_since_when():
    snapshot = healthy_snapshot(demo())
    down = with_link(snapshot, "mz-kl", state=State.DOWN, since_s=snapshot.at_s - 600)
    assert tip_of(down, Spot(Kind.LINK, "mz-kl")).state_text == "down · since 09:50"


def test_a_site_lists_its_devices_and_rooms():
    snapshot = with_device(healthy_snapshot(demo()), "kus-r1", state=State.DOWN)
    tip = tip_of(snapshot, Spot(Kind.SITE, "kusel"))
    assert [(row.label, row.value) for row in tip.rows] == [
        ("kus-r1", "down"),
        ("Sitzungssaal", "ready"),
    ]


def test_a_site_with_many_devices_counts_the_rest():
    inventory = demo()
    more = [inventory.devices[0].model_copy(update={"id": f"x{i}"}) for i in range(9)]
    snapshot = healthy_snapshot(inventory.model_copy(update={"devices": tuple(more), "links": ()}))
    tip = tip_of(snapshot, Spot(Kind.SITE, "mainz"))
    assert tip.rows[-1].label == "4 more"


def test_a_device_tells_where_it_is_and_how_it_answers():
    tip = tip_of(healthy_snapshot(demo()), Spot(Kind.DEVICE, "mz-r1"))
    rows = {row.label: row.value for row in tip.rows}
    assert rows == {"Site": "Mainz (Kern)", "Round trip": "2.5 ms", "Running for": "10 d"}
    assert tip.as_sentence().startswith("mz-r1, in operation, Site Mainz (Kern)")


def test_of_what_the_snapshot_does_not_know_there_is_no_card():
    empty = dataclasses.replace(healthy_snapshot(demo()), sites={}, devices={}, links={})
    for kind in Kind:
        assert tip_of(empty, Spot(kind, "kusel")) is None


def test_the_summary_counts_what_is_wrong_and_names_the_busiest_link():
    snapshot = with_link(healthy_snapshot(demo()), "ps-kl", a_to_b_load=1.2)
    snapshot = with_link(snapshot, "mz-kl", state=State.DOWN, a_to_b_load=None, b_to_a_load=None)
    text = summary(snapshot)
    assert text.startswith(f"27 sites, {len(snapshot.links)} links, 1 down")
    assert "highest load 120 % on Südwestpfalz – Kaiserslautern" in text
