"""Places that a sysLocation names, by the shipped table of counties and towns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.analysis.discovered import draft
from console.analysis.site_positions import KnownPlace, find_place, spread
from console.discovery.discover import known_places
from console.model.found import Found, Walk
from console.model.observation import SystemFacts

MAINZ, TRIER, KOBLENZ = ((50.0, 8.3), (49.8, 6.7), (50.3, 7.6))


@pytest.mark.parametrize(
    ("location", "where"),
    [
        *(("Mainz", MAINZ), ("Mainz, Rathaus", MAINZ), ("Rathaus ;  MAINZ", MAINZ)),
        *(("Rathaus - Trier", TRIER), ("Trier-Nord, Keller", TRIER), ("Keller (Trier)", TRIER)),
        *(("Trier, Landkreis Trier-Saarburg", TRIER), ("Koblenz – Kreishaus", KOBLENZ)),
    ],
)
def test_a_part_of_a_location_names_a_place(location, where):
    found = find_place(location, known_places())
    assert found is not None
    assert (found.lat, found.lon) == pytest.approx(where, abs=0.15)


def test_a_county_is_not_taken_for_the_town_its_name_begins_with():
    places = known_places()
    assert find_place("Mainz-Bingen, Kreishaus", places) == places["mainz-bingen"]


@pytest.mark.parametrize(
    "location", ["", "Rathaus", "Serverraum 3, Keller", "Mainzer Straße 7", "Mainz-Koblenz", ",;-"]
)
def test_what_names_no_place_or_two_far_apart_is_not_placed(location):
    assert find_place(location, known_places()) is None


@given(st.text(max_size=80))
def test_a_hostile_location_is_no_fault(location):
    find_place(location, known_places())


def test_sites_of_one_town_lie_beside_each_other_in_it():
    town = KnownPlace("07315", 49.99, 8.24)
    placed = spread(dict.fromkeys(map(str, range(30)), town))
    assert placed["0"] == town
    assert len({(place.lat, place.lon) for place in placed.values()}) == 30
    assert all(abs(place.lat - 49.99) < 0.04 for place in placed.values())


def test_a_discovery_puts_the_town_halls_where_their_towns_are():
    locations = ("Mainz, Rathaus", "Trier, Rathaus", "Rathaus")
    found = [
        Found(f"192.0.2.{n}", SystemFacts(f"sw{n}", "", "", location, None), ())
        for n, location in enumerate(locations)
    ]
    made = draft(Walk(tuple(found), (), frozenset()), "lab", None, known_places())
    at = {site.name: (site.lat, site.lon) for site in made.sites}
    assert at["Mainz, Rathaus"] == pytest.approx(MAINZ, abs=0.15)
    assert at["Trier, Rathaus"] == pytest.approx(TRIER, abs=0.15)
    assert [site.ags for site in made.sites[:2]] == ["07315", "07211"]
    assert made.guessed == {made.sites[2].id}
