"""The plane, the camera, the outlines."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.map_networks import demo
from widgets.map import outlines
from widgets.map.projection import Box, Camera, box_of, project
from widgets.map.topology import short_name, topology_of

FINITE = st.floats(-1000, 1000)
SCALE = st.floats(0.01, 100)


@given(FINITE, FINITE, SCALE, SCALE, FINITE, FINITE)
def test_zooming_keeps_the_point_under_the_pointer(x, y, scale, new_scale, dx, dy):  # type: ignore[no-untyped-def]
    before = Camera(x, y, scale)
    after = before.zoomed(new_scale, dx, dy)
    assert after.x + dx / new_scale == pytest.approx(x + dx / scale, abs=1e-6)
    assert after.y + dy / new_scale == pytest.approx(y + dy / scale, abs=1e-6)


@given(FINITE, FINITE, SCALE, FINITE, FINITE)
def test_panning_moves_everything_by_as_many_pixels(x, y, scale, dx, dy):  # type: ignore[no-untyped-def]
    before = Camera(x, y, scale)
    after = before.panned(dx, dy)
    moved = np.subtract(after.offset(800, 600), before.offset(800, 600))
    assert moved == pytest.approx((dx, dy), abs=1e-5)


def test_north_is_up_east_is_right_and_the_poles_do_not_break_it():
    koblenz, mainz, pole = project([50.36, 49.97, 90.0], [7.58, 8.26, 0.0])
    assert koblenz[1] < mainz[1]
    assert koblenz[0] < mainz[0]
    assert np.isfinite(pole).all()


@given(FINITE, FINITE, FINITE, FINITE)
def test_boxes_that_overlap_share_an_area(x, y, a, b):  # type: ignore[no-untyped-def]
    one, other = Box(x, y, x + 50, y + 20), Box(a, b, a + 30, b + 60)
    assert one.overlaps(other) == (one.shared(other) > 0)
    assert one.united(other).encloses(one)


def test_every_county_of_the_demo_lies_within_the_outlines():
    topology = topology_of(demo())
    found = outlines.behind(topology.site_xy)
    assert found is not None
    assert len(found.counties) == 36
    assert sum(county.is_city for county in found.counties) == 12
    assert found.box.encloses(box_of(topology.site_xy))


def test_networks_elsewhere_have_no_outlines_behind():
    assert outlines.behind(project([48.1], [11.6])) is None


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Landkreis Trier-Saarburg", "Trier-Saarburg"),
        ("Donnersbergkreis", "Donnersbergkreis"),
        ("Koblenz (Kern)", "Koblenz (Kern)"),
        ("  two\nlines ", "two lines"),
    ],
)
def test_names_lose_only_the_word_that_all_carry(name, short):
    assert short_name(name) == short


def test_the_core_is_where_core_devices_are():
    topology = topology_of(demo())
    core = [site for site, is_core in zip(topology.sites, topology.core, strict=True) if is_core]
    assert core == ["mainz", "koblenz", "rechenzentrum"]


def test_equal_inventories_have_equal_keys_and_others_do_not():
    first, again = topology_of(demo()), topology_of(demo())
    fewer = topology_of(demo().model_copy(update={"links": demo().links[1:]}))
    assert first.key == again.key
    assert first.key != fewer.key
