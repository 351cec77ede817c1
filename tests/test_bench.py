"""The measurements' command line: asking for help measures nothing."""

import pytest
from click.testing import CliRunner

from bench import poll
from bench.__main__ import main


@pytest.mark.parametrize("arguments", [["--help"], ["poll", "--help"], ["-h"]])
def test_help_measures_nothing(arguments, monkeypatch):
    ran = []
    monkeypatch.setattr(poll, "run", lambda: ran.append("poll"))
    told = CliRunner().invoke(main, arguments)
    assert (told.exit_code, ran) == (0, [])
    assert "Usage:" in told.output


def test_what_is_named_is_measured_and_nothing_else(monkeypatch):
    monkeypatch.setattr(poll, "run", lambda: ["so many a second"])
    told = CliRunner().invoke(main, ["poll"])
    assert told.output.splitlines()[:2] == ["poll", "  so many a second"]


def test_an_unknown_measurement_is_refused():
    assert CliRunner().invoke(main, ["pol"]).exit_code == 2
