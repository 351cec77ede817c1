import os
import subprocess
import sys
from pathlib import Path

import pytest

from console.commands import entry
from main import Program, program

ROOT = Path(__file__).parent.parent
NAMES = [*Program.modules, "review"]


@pytest.mark.parametrize("name", NAMES)
def test_every_command_explains_itself_with_an_example(name, capsys):
    assert entry.run(program, [name, "--help"]) == 0
    told = capsys.readouterr().out
    assert "Example: python main.py " + name in " ".join(told.split())
    assert "--home" in told


def test_all_commands_are_listed_without_loading_them():
    script = (
        "import sys; from console.commands.entry import run; from main import program\n"
        "run(program, ['--help'])\n"
        "print([m for m in sys.modules if m.split('.')[0] in ('PySide6','numpy','pydantic')])"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert told.endswith("[]\n")
    for name in NAMES:
        assert f"\n  {name}  " in told


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["fly"], 2, "There is no command “fly”"),
        (["status", "--fast"], 2, "There is no option --fast"),
        (["check"], 2, "INVENTORY' is missing"),
        (["series", "x", "--step", "0"], 2, "'--step': “0” is not allowed; allowed are 1 to"),
        (["check", "no-such.yaml"], 1, "no-such.yaml"),
        (["status", "--history", "no-such.db"], 1, "no-such.db"),
    ],
)
def test_what_a_person_can_act_on_is_one_line(arguments, code, words, capsys):
    assert entry.run(program, arguments) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert "Traceback" not in err
    assert len(err.strip().split("\n")) == 1


def test_home_moves_what_a_command_reads(tmp_path, capsys):
    assert entry.run(program, ["status", "--home", str(tmp_path / "elsewhere")]) == 1
    assert "elsewhere" in capsys.readouterr().err


def test_help_texts_are_in_the_systems_language():
    told = subprocess.run(
        [sys.executable, "main.py", "status", "--help"],
        cwd=ROOT,
        env={**os.environ, "LC_ALL": "de_DE.UTF-8"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    assert "Beispiel: python main.py status" in told
