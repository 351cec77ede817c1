import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.analysis.found_names import Ids, place_of, prefix_of, slug
from console.analysis.site_positions import place_sites
from console.model.found import Found
from console.model.observation import SystemFacts


def found(name: str, location: str = "") -> Found:
    return Found("192.0.2.1", SystemFacts(name, "", "", location, None), ())


@pytest.mark.parametrize(
    ("location", "name", "lat", "lon"),
    [
        ("Trier", "Trier", None, None),
        ("Mainz, Keller [49.9929, 8.2473]", "Mainz, Keller", 49.9929, 8.2473),
        ("Mainz (Kern)", "Mainz (Kern)", None, None),
        ("Koblenz (50.3569,7.5890)", "Koblenz", 50.3569, 7.589),
        ("Koblenz 50.3569 N 7.5890 E", "Koblenz", 50.3569, 7.589),
        ("N50.3569 E7.5890", "50.3569, 7.5890", 50.3569, 7.589),
        ("lat=50.3569 lon=-7.5890", "50.3569, -7.5890", 50.3569, -7.589),
        ("geo:50.3569,7.5890", "50.3569, 7.5890", 50.3569, 7.589),
        ("Sydney 33.8688 S, 151.2093 E", "Sydney", -33.8688, 151.2093),
        ('"Rathaus" ', "Rathaus", None, None),
        ("Rack 3.14, 99.2.7.1", "Rack 3.14, 99.2.7.1", None, None),
        ("Nowhere 99.5, 7.1", "Nowhere", None, None),
    ],
)
def test_a_location_tells_name_and_position(location, name, lat, lon):
    place = place_of(found("mz-r1", location))
    if lat is None:
        assert (place.lat, place.lon) == (None, None)
        assert place.name.startswith(name.split(" 9")[0])
    else:
        assert (place.name, place.lat, place.lon) == (name, lat, lon)


@pytest.mark.parametrize(
    "location", ["", "  ", "Unknown", "Sitting on the Dock of the Bay", "unknown (edit /etc/x)"]
)
def test_without_a_location_the_name_tells(location):
    place = place_of(found("mz-r1.example.org", location))
    assert (place.name, place.from_location) == ("mz", False)


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        *(("mz-r1", "mz"), ("sw-mainz-3", "mainz"), ("Trier_Core1", "Trier"), ("r1", "r1")),
        *(("192.0.2.7", "192.0.2.7"), ("core-sw01.kob.example", "core-sw01")),
    ],
)
def test_what_names_of_one_place_share(name, prefix):
    assert prefix_of(name) == prefix


@given(st.text(max_size=300))
def test_a_slug_is_an_id(text):
    assert re.fullmatch(r"\w[\w.-]{0,63}", slug(text, "device"))


@given(st.lists(st.sampled_from(["a", "b", "a-2", "a-3"])))
def test_ids_come_once(wishes):
    ids = Ids(["a"])
    given_out = [ids.new(wish) for wish in wishes]
    assert len({*given_out, "a"}) == len(given_out) + 1


@given(
    st.dictionaries(
        st.integers(0, 30).map(str),
        st.none() | st.tuples(st.floats(-80, 80), st.floats(-170, 170)),
    ),
    st.lists(st.tuples(st.integers(0, 30).map(str), st.integers(0, 30).map(str))),
)
def test_every_site_gets_a_place_of_its_own(known, joined):
    joined = [(a, b) for a, b in joined if a in known and b in known and a != b]
    placed = place_sites(known, joined)
    assert placed.keys() == {site for site, position in known.items() if position is None}
    assert all(-90 <= lat <= 90 and -180 <= lon <= 180 for lat, lon in placed.values())
    assert placed == place_sites(known, joined)


def test_a_site_lies_near_what_it_is_joined_to():
    known = {"far": (52.0, 13.0), "near": (49.0, 8.0), "new": None}
    lat, lon = place_sites(known, [("new", "near")])["new"]
    assert abs(lat - 49.0) < 0.5
    assert abs(lon - 8.0) < 0.8
