"""How packets fare in the simulated network, by where they go and what is broken."""

import numpy as np
import pytest

from console.demo.fabric import ALL_WELL, Outage
from console.demo.path_quality import PathQuality, Quality
from tests.simulated import WORKDAY_S, simulation

SITES = ("rechenzentrum", "mainz-bingen", "vulkaneifel", "mayen-koblenz")


def quality(outage: Outage = ALL_WELL, *, back: bool = False, times: int = 3) -> Quality:
    at_s = WORKDAY_S + 15.0 * np.arange(times)
    curves = simulation().traffic.curves(WORKDAY_S, WORKDAY_S + 60)
    return PathQuality(simulation(), SITES).along(curves, outage, at_s, back)


def test_what_is_farther_takes_longer() -> None:
    delay_us = quality().delay_us[:, 0]
    assert list(delay_us[:3]) == sorted(delay_us[:3])
    assert delay_us[0] < 200
    # Over Koblenz it is some 160 km of the straight line: more than light needs for that.
    assert 160 * 5 < delay_us[2] < 5000


def test_without_trouble_nothing_is_lost_and_everyone_is_reached() -> None:
    found = quality()
    assert found.delay_us.shape == found.queue_us.shape == found.loss.shape == (4, 3)
    assert found.reached.all()
    assert (found.loss == 0).all()
    assert (found.queue_us > 0).all()


@pytest.mark.parametrize("back", [False, True])
def test_who_is_cut_off_is_not_reached_and_a_way_round_is_longer(back: bool) -> None:
    broken = Outage(links=frozenset(("ko-myk", "mz-bin")))
    healthy, found = quality(back=back), quality(broken, back=back)
    assert found.reached[:, 0].tolist() == [True, True, True, False]
    assert found.delay_us[1, 0] > healthy.delay_us[1, 0]
    assert found.delay_us[2, 0] == healthy.delay_us[2, 0]
