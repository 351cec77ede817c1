import click
import pytest

from console.commands import entry
from console.commands.numbers import YEAR_S, Number, seconds
from main import program
from tests.histories_small import write_cycles


@pytest.mark.parametrize(("text", "value"), [("1", 1.0), ("2.5", 2.5), (" 1e3 ", 1000.0)])
def test_a_number_within_its_limits(text, value):
    assert seconds(1).convert(text, None, None) == value
    assert seconds(1).convert(YEAR_S, None, None) == YEAR_S


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "0", "-5", "1e300", "much", ""])
def test_what_is_not_allowed_is_told_with_what_is(text):
    with pytest.raises(click.BadParameter) as error:
        Number(1, 1000, "days").convert(text, None, None)
    assert error.value.message == f"“{text}” is not allowed; allowed are 1 to 1,000 days."


@pytest.mark.parametrize(
    "arguments",
    [
        *(["series", "a-b", "--step", step] for step in ("nan", "inf", "0", "-5", "1e300", "x")),
        *(["series", "a-b", part, "0001-01-01"] for part in ("--from", "--to")),
        *(
            ["status", "--at", at]
            for at in ("0001-01-01", "9999-12-31T23:59:59Z", "-99999999d", "99999-01-01", "24:61")
        ),
        ["demo", "--days", "nan"],
        ["demo", "--days", "401"],
        ["collect", "x.yaml", "--for", "nan"],
        ["simulate", "x.yaml", "--for", "inf"],
        ["discover", "192.0.2.1", "--snmp", "lab", "--for", "nan"],
    ],
)
def test_a_wrong_number_or_moment_is_one_sentence(arguments, tmp_path, capsys):
    history = tmp_path / "history.db"
    write_cycles(history, 3)
    more = ["--history", str(history)] if arguments[0] in ("series", "status") else []
    assert entry.run(program, [*arguments, *more, "--home", str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.strip().split("\n")) == 1
    assert "allowed" in err or "is no moment" in err


def test_a_range_beyond_the_recorded_is_read(tmp_path, capsys):
    history = tmp_path / "history.db"
    write_cycles(history, 3)
    asked = ["series", "a-b", "--history", str(history), "--step", str(YEAR_S)]
    assert entry.run(program, [*asked, "--from", "2020-01-01", "--to", "2028-01-01"]) == 0
    assert capsys.readouterr().err == ""
    assert entry.run(program, [*asked, "--from", "1970-01-02", "--to", "9998-12-31"]) == 2
    assert "a million values" in capsys.readouterr().err
