from console.snmp.engines import LAST_BOOTS, WINDOW_S, OwnEngine, RemoteEngine
from console.snmp.keys import User, keys_of


def engine(*moments):
    """A remote engine of which these authentic moments were seen: boots, time, when."""
    remote = RemoteEngine(b"engine", keys_of(User("noc"), b"engine"))
    return remote, [remote.believes(*moment) for moment in moments]


def test_the_first_authentic_moment_is_taken():
    remote, believed = engine((4, 1000, 50.0))
    assert believed == [True]
    assert remote.moment(60.0) == (4, 1010)


def test_a_guess_serves_to_send_and_confirms_nothing():
    remote, _ = engine()
    remote.guess(9, 500, 0.0)
    assert remote.moment(1.5) == (9, 501)
    assert remote.believes(4, 1000, 2.0)
    assert remote.moment(2.0) == (4, 1000)


def test_what_is_older_than_the_window_is_not_believed():
    _, believed = engine((4, 1000, 0.0), (4, 1000 - WINDOW_S, 0.0), (4, 999 - WINDOW_S, 0.0))
    assert believed == [True, True, False]


def test_time_passes_between_messages():
    _, believed = engine((4, 1000, 0.0), (4, 1000, WINDOW_S), (4, 1000, WINDOW_S + 1.0))
    assert believed == [True, True, False]


def test_a_reboot_is_followed_and_what_was_before_is_past():
    remote, believed = engine((4, 1000, 0.0), (5, 3, 1.0), (4, 1002, 2.0))
    assert believed == [True, True, False]
    assert remote.moment(2.0) == (5, 4)


def test_a_clock_that_runs_ahead_is_followed():
    remote, believed = engine((4, 1000, 0.0), (4, 5000, 1.0))
    assert believed == [True, True]
    assert remote.moment(1.0) == (4, 5000)


def test_an_engine_without_boots_left_is_not_believed():
    _, believed = engine((LAST_BOOTS, 1000, 0.0))
    assert believed == [False]


def test_our_own_window_is_narrow_on_both_sides():
    own = OwnEngine(b"own", 3, began_s=100.0)
    assert own.moment(110.5) == (3, 10)
    seen = [own.believes(*m, 300.0) for m in ((3, 200), (3, 50), (3, 350), (3, 351), (2, 200))]
    assert seen == [True, True, True, False, False]
    assert not own.believes(4, 200, 300.0)
