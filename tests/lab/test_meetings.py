"""A conference goes as `readiness` said: in the whole network, and with a cable cut."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.lab.cables import Quality
from tests.lab.meetings import BRIDGE, UP_BPS, Case, Hall, hall, random_case
from tests.lab.routed import LINKS

AMPLE = Quality(rate_bps=30e6)
TO_WW = LINKS.index(("ko-r1", "ww-r1"))
TO_KIB = LINKS.index(("mz-r1", "kib-r1"))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with hall(tmp_path_factory.mktemp("hall")) as built:
        yield built


def case(failure: int, **qualities: Quality) -> Case:
    """All cables ample but those named by their number, such as l9."""
    cables = tuple(qualities.get(f"l{n}", AMPLE) for n in range(1, len(LINKS) + 1))
    return Case(cables, {}, 8, failure)


def test_what_was_ready_but_not_under_every_failure(place: Hall) -> None:
    whole, cut = place.play(case(TO_WW))
    assert (whole.said_ready, len(whole.well)) == (True, 8)
    assert cut.said_ready is False
    assert cut.well == set(place.rooms) - {"ww-r1", "ww-r2"}


def test_what_a_narrow_and_a_lossy_link_do_to_the_rooms_behind_them(place: Hall) -> None:
    narrow, lossy = replace(AMPLE, rate_bps=UP_BPS), replace(AMPLE, loss=0.08)
    whole, cut = place.play(case(TO_KIB, l10=narrow, l4=lossy, l11=AMPLE, l5=lossy))
    said_well = {room for room, verdict in whole.rooms.items() if verdict == "ready"}
    assert whole.well == said_well
    assert {"ww-r2", "kus-r1"}.isdisjoint(whole.well)
    assert (whole.said_ready, cut.said_ready) == (False, False)
    assert len(cut.well) <= len(whole.well)


def test_random_cases_repeat_and_leave_something_to_cut() -> None:
    assert random_case(7) == random_case(7)
    for seed in range(200):
        made = random_case(seed)
        assert not made.qualities[made.failure].cut
        assert all(rate_bps > 0 for rate_bps in made.everyday_bps.values())
        assert BRIDGE in LINKS[0]
