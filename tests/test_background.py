import threading

from widgets.background import LatestOnly


def test_of_one_kind_only_the_newest_waits(qtbot):
    runner = LatestOnly()
    gate, begun = threading.Event(), threading.Event()
    got = []
    runner.done.connect(lambda kind, result: got.append((kind, result)))
    runner.request("a", lambda: (begun.set(), gate.wait(5), "first")[-1])
    assert begun.wait(5)
    for number in range(50):
        runner.request("a", lambda number=number: number)
    gate.set()
    qtbot.waitUntil(lambda: len(got) == 2)
    assert got == [("a", "first"), ("a", 49)]
    runner.close()


def test_kinds_do_not_cancel_each_other_and_the_urgent_goes_first(qtbot):
    runner = LatestOnly(urgent=("snapshot",))
    gate, begun = threading.Event(), threading.Event()
    order = []
    runner.done.connect(lambda kind, _result: order.append(kind))
    runner.request("series", lambda: (begun.set(), gate.wait(5))[-1])
    assert begun.wait(5)
    for kind in ("density", "incidents", "snapshot"):
        runner.request(kind, lambda: None)
    gate.set()
    qtbot.waitUntil(lambda: len(order) == 4)
    assert order == ["series", "snapshot", "density", "incidents"]
    runner.close()


def test_everything_runs_on_one_thread_that_is_not_the_main_one(qtbot):
    runner = LatestOnly()
    seen = set()
    for number in range(20):
        with qtbot.waitSignal(runner.done):
            runner.request(str(number), lambda: seen.add(threading.get_ident()))
    assert len(seen) == 1
    assert seen != {threading.get_ident()}
    runner.close()


def test_a_failure_reaches_the_main_thread_and_the_next_request_runs(qtbot):
    runner = LatestOnly()
    with qtbot.waitSignal(runner.failed) as failed:
        runner.request("a", lambda: 1 / 0)
    assert failed.args[0] == "a"
    assert isinstance(failed.args[1], ZeroDivisionError)
    with qtbot.waitSignal(runner.done) as done:
        runner.request("a", lambda: 7)
    assert done.args == ["a", 7]
    runner.close()


def test_closing_drops_what_waits_and_runs_the_last_work(qtbot):
    runner = LatestOnly()
    gate, begun = threading.Event(), threading.Event()
    ran = []
    runner.request("a", lambda: (begun.set(), gate.wait(5)))
    assert begun.wait(5)
    runner.request("b", lambda: ran.append("dropped"))
    threading.Timer(0.05, gate.set).start()
    runner.close(lambda: ran.append("last"))
    assert ran == ["last"]
