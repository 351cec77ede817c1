"""The credentials file in the home: `NAME: value` a line, readable by its owner only.

No sentence of this module repeats what stands in the file.
"""

import os
from pathlib import Path

import yaml

from console import paths
from console.errors import OperatorError
from console.language import _

_OTHERS = 0o077
_MOST_OCTETS = 1_000_000


class CredentialsError(OperatorError):
    """The file cannot be used as it is. `exposed`: others than its owner may read it."""

    def __init__(self, sentence: str, exposed: bool = False) -> None:
        super().__init__(sentence)
        self.exposed = exposed


def read(path: Path | None = None) -> dict[str, str]:
    """Return the secrets by name, none where there is no file; raise CredentialsError."""
    path = path or paths.credentials_file()
    try:
        with path.open("rb") as file:
            _refuse_exposed(path, os.fstat(file.fileno()).st_mode)
            content = file.read(_MOST_OCTETS)
    except FileNotFoundError:
        return {}
    except OSError as error:
        sentence = _("The secrets in {path} cannot be read: {reason}.")
        raise CredentialsError(sentence.format(path=path, reason=error.strerror)) from error
    return _parsed(path, content)


def _refuse_exposed(path: Path, mode: int) -> None:
    if os.name == "posix" and mode & _OTHERS:
        sentence = _("{path} is open to others than its owner; close it: chmod 600 {path}")
        raise CredentialsError(sentence.format(path=path), exposed=True)


def _parsed(path: Path, content: bytes) -> dict[str, str]:
    line = 1
    try:
        found = yaml.load(content.decode("utf-8-sig"), yaml.BaseLoader)  # every value stays text
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        found = ()
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        found = ()
    if found is None:
        return {}
    if isinstance(found, dict) and all(isinstance(value, str) for value in found.values()):
        return found
    # Not chained: what YAML says of a line shows the line.
    sentence = _("{path}:{line}: this file consists of lines “name: secret”; correct it.")
    raise CredentialsError(sentence.format(path=path, line=line)) from None
