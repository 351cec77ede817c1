"""Asks for secrets: hidden at a terminal, else from standard input. Never shows one."""

import sys

import click

from console.errors import OperatorError
from console.language import _

_MOST_CHARACTERS = 4096


def ask_secret(what: str, twice: bool = False) -> str:
    """Return what was typed, or the next line of standard input; refuse nothing and oddities."""
    if sys.stdin.isatty():
        again = _("The same again") if twice else False
        value = str(click.prompt(what, hide_input=True, confirmation_prompt=again, err=True))
    else:
        value = _next_line(what)
    if not value.isprintable() or len(value) > _MOST_CHARACTERS:
        sentence = _("{what}: a secret consists of printable characters, {most} at most.")
        raise OperatorError(sentence.format(what=what, most=_MOST_CHARACTERS), exit_code=2)
    return value


def _next_line(what: str) -> str:
    try:
        line = sys.stdin.readline(_MOST_CHARACTERS + 2)
    except UnicodeDecodeError:
        line = "\0"  # refused like any other control character
    if not line.rstrip("\r\n"):
        sentence = _("{what}: nothing came on standard input; give it in a line of its own.")
        raise OperatorError(sentence.format(what=what), exit_code=2)
    return line.rstrip("\r\n")
