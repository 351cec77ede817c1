"""`readiness` and `impact` on a real history of the shipped network."""

import json
from pathlib import Path

import pytest

from console.commands.entry import run
from console.commands.instants import iso
from console.history.writer import HistoryWriter
from console.model.observation import Batch, Transition
from main import program
from tests.histories import write_demo_history
from tests.simulated import WORKDAY_S

NOW_S = WORKDAY_S - 3600


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two hours, at whose end the bridge fails."""
    path = write_demo_history(tmp_path_factory.mktemp("past") / "history.db", 2, NOW_S)
    with HistoryWriter.open(path, "1") as writer:
        cycle = writer.begin_cycle(NOW_S + 1)
        failed = Transition("mcu-mainz", cycle, 0, "down", ("sip_timeout",))
        writer.store(Batch(cycle, NOW_S + 2, transitions=(failed,)))
    return path


def command(history: Path, *words: str, at_s: float = NOW_S) -> int:
    return run(program, [*words, "--history", str(history), "--at", iso(at_s) or ""])


def test_the_exit_code_is_the_verdict(history, capsys) -> None:
    verdicts = {0: "ready", 10: "ready_not_n1", 20: "not_ready", 30: "unknown"}
    for at_s, expected in ((NOW_S, (0, 10)), (NOW_S + 3, (20,)), (NOW_S + 600, (30,))):
        code = command(history, "readiness", "landraetekonferenz", "--json", at_s=at_s)
        told = json.loads(capsys.readouterr().out)
        assert code in expected
        assert told["verdict"] == verdicts[code]
        assert told["assessed_at"] == iso(at_s)
    assert told["start"] == "2026-12-03T09:00:00.000Z"
    assert {"reasons", "participants", "links", "single_failures", "advice"} < told.keys()
    assert len(told["participants"]) == 24


def test_what_is_wrong_is_told_with_what_to_do_and_whom_to_call(history, capsys) -> None:
    assert command(history, "readiness", "landraetekonferenz", at_s=NOW_S + 3) == 20
    told = capsys.readouterr().out
    assert "Konferenzbrücke" in told
    assert "06131 555-0310" in told
    assert "Trier-Saarburg" in told


def test_where_nobody_measures_any_more_that_is_said_first(history, capsys) -> None:
    assert command(history, "readiness", "landraetekonferenz", at_s=NOW_S + 600) == 30
    head = capsys.readouterr().out.partition("\n\n")[0]
    assert "Der Sammler ist seit 9 min stumm" in head


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("readiness", "landratskonferenz"), "landraetekonferenz"),
        (("impact", "mz-k"), "mz-ko-1"),
        (("readiness", "it-leiter"), "landraetekonferenz"),  # its calendar was never read
    ],
)
def test_an_unknown_id_is_answered_with_similar_ones(history, capsys, words, part) -> None:
    assert command(history, *words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert part in err
    assert len(err.splitlines()) == 1


def test_before_anything_was_recorded(history, capsys) -> None:
    for words in (("readiness", "landraetekonferenz"), ("impact", "mz-tr")):
        assert command(history, *words, at_s=NOW_S - 86400) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1


def test_the_failure_of_a_device_in_words_and_as_json(history, capsys) -> None:
    assert command(history, "impact", "tr-r1", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["cut_off_sites"] == ["trier-saarburg"]
    assert told["rooms"] == ["tr-saal"]
    assert [one["id"] for one in told["conferences"]] == [
        *("landraetekonferenz", "katastrophenschutz", "sozialdezernate")
    ]
    assert command(history, "impact", "tr-r1") == 0
    assert "Trier-Saarburg" in capsys.readouterr().out
