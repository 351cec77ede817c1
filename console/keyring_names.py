"""Keeps secrets in the system's keyring, and beside it an index of their names.

A keyring cannot be asked what it holds; the index never holds a value.
"""

import os

import keyring
import yaml
from keyring.errors import KeyringError, NoKeyringError, PasswordDeleteError

from console import paths
from console.errors import OperatorError
from console.language import _
from console.model.references import is_name
from console.secrets import KEYRING_SERVICE, no_keyring


def names() -> list[str]:
    """Return the names of what was kept, in order."""
    path = paths.secret_names_file()
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, UnicodeError, yaml.YAMLError):
        found = ""
    if found is not None and not isinstance(found, list):
        sentence = _("The list of names in {path} cannot be read; correct or delete the file.")
        raise OperatorError(sentence.format(path=path))
    return sorted(name for name in found or () if isinstance(name, str))


def keep(name: str, value: str) -> None:
    """Put a secret into the keyring; raise OperatorError, which never shows it."""
    checked_name(name)
    known = names()
    try:
        keyring.set_password(KEYRING_SERVICE, name, value)
        kept = keyring.get_password(KEYRING_SERVICE, name) == value
    except NoKeyringError:
        raise OperatorError(no_keyring()) from None
    except KeyringError:
        kept = False
    if not kept:
        sentence = _("The keyring did not keep “{name}”; unlock it and try again.")
        raise OperatorError(sentence.format(name=name))
    _save({*known, name})


def forget(name: str) -> None:
    """Take a secret out of the keyring; raise OperatorError where there is none."""
    checked_name(name)
    known = names()
    try:
        keyring.delete_password(KEYRING_SERVICE, name)
    except NoKeyringError:
        raise OperatorError(no_keyring()) from None
    except PasswordDeleteError:
        _save(set(known) - {name})
        sentence = _("The keyring has no “{name}” for leitstand.")
        raise OperatorError(sentence.format(name=name)) from None
    except KeyringError:
        sentence = _("The keyring does not hand out “{name}”; unlock it and start again.")
        raise OperatorError(sentence.format(name=name)) from None
    _save(set(known) - {name})


def checked_name(name: str) -> str:
    """Return the name; raise OperatorError where no secret can be called so."""
    if not is_name(name):
        sentence = _("A secret's name has no spaces and no braces, such as noc/auth.")
        raise OperatorError(sentence, exit_code=2)
    return name


def _save(known: set[str]) -> None:
    path = paths.secret_names_file()
    if not known and not path.exists():
        return
    new = path.with_suffix(".new")
    paths.made(path.parent)
    new.write_text(yaml.safe_dump(sorted(known), allow_unicode=True), encoding="utf-8")
    os.replace(new, path)  # noqa: PTH105 - replaces on Windows too
