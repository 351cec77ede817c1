"""One question at a time, and no answer to an older one."""

from widgets.detail.wish import Subject, WishDesk

LINK = Subject("link", "mz-tr")
AT_S = 1_000_000.0


def test_the_range_ends_at_the_cursor():
    wish = WishDesk().next(LINK, "1h", AT_S, 0.0)
    assert (wish.kind, wish.id, wish.from_s, wish.to_s) == ("link", "mz-tr", AT_S - 3600, AT_S)


def test_nothing_is_asked_while_an_answer_is_due():
    desk = WishDesk()
    wish = desk.next(LINK, "1h", AT_S, 0.0)
    assert desk.next(LINK, "1h", AT_S + 600, 1.0) is None
    assert desk.accepts(wish)
    assert desk.next(LINK, "1h", AT_S + 600, 1.0).to_s == AT_S + 600


def test_a_lost_answer_is_asked_for_again():
    desk = WishDesk()
    desk.next(LINK, "1h", AT_S, 0.0)
    assert desk.next(LINK, "1h", AT_S, 2.5) is not None


def test_another_subject_or_range_is_asked_at_once_and_makes_the_old_wish_outdated():
    desk = WishDesk()
    old = desk.next(LINK, "1h", AT_S, 0.0)
    port = desk.next(Subject("port", 7), "1h", AT_S, 0.0)
    day = desk.next(Subject("port", 7), "24h", AT_S, 0.0)
    assert port is not None
    assert not desk.accepts(old)
    assert not desk.accepts(port)
    assert desk.accepts(day)
    assert not desk.accepts(day)


def test_movement_below_a_pixel_is_not_worth_a_question():
    desk = WishDesk()
    desk.accepts(desk.next(LINK, "24h", AT_S, 0.0))
    assert desk.next(LINK, "24h", AT_S + 60, 10.0) is None
    assert desk.next(LINK, "24h", AT_S + 300, 10.0) is not None


def test_movement_is_followed_a_few_times_a_second_at_most():
    desk = WishDesk()
    desk.accepts(desk.next(LINK, "1h", AT_S, 0.0))
    assert desk.next(LINK, "1h", AT_S - 7200, 0.1) is None
    assert desk.next(LINK, "1h", AT_S - 7200, 0.3) is not None
