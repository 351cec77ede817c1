import gc
import threading
import weakref

from widgets.background import LatestOnly


class Knot:
    """Something that only the garbage collector can free."""

    def __init__(self, freed_on):
        self.itself = self
        weakref.finalize(self, lambda: freed_on.add(threading.get_ident()))


def test_what_the_worker_leaves_is_freed_on_the_main_thread(qtbot):
    freed_on = set()
    runner = LatestOnly()
    assert not gc.isenabled()

    def litter():
        for _number in range(20000):
            Knot(freed_on)

    with qtbot.waitSignal(runner.done):
        runner.request("litter", litter)
    qtbot.waitUntil(lambda: bool(freed_on))
    assert freed_on == {threading.get_ident()}
    runner.close()
    assert gc.isenabled()


def test_collection_is_given_back_by_the_last_user_only(qtbot):
    one, two = LatestOnly(), LatestOnly()
    one.close()
    one.close()
    assert not gc.isenabled()
    two.close()
    assert gc.isenabled()
