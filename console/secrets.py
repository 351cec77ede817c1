"""Secrets named in an inventory, resolved only where they are used. Never logged, never stored."""

import os

import keyring
from keyring.backends import fail, null
from keyring.errors import KeyringError, NoKeyringError

from console import credentials, paths
from console.credentials import CredentialsError
from console.errors import OperatorError
from console.language import _
from console.model.references import REFERENCE

KEYRING_SERVICE = "leitstand"


class SecretMissingError(OperatorError):
    """A reference leads nowhere; `name` is what is missing, never a value. `code`: the reason."""

    def __init__(self, sentence: str, name: str, code: str = "secret_missing") -> None:
        super().__init__(sentence)
        self.name = name
        self.code = code


def resolve(text: str) -> str:
    """Replace the references in `text` by what they stand for; raise SecretMissingError.

    May block while the system's keyring is asked: not for an event loop.
    """
    return REFERENCE.sub(lambda found: _value(found["kind"], found["name"]), text)


def references(text: str) -> str:
    """Return the references in `text`, without anything else of it."""
    return ", ".join(found[0] for found in REFERENCE.finditer(text))


def no_keyring() -> str:
    """Say that this system has no keyring, and what else there is."""
    sentence = _(
        "This system offers no keyring. Give the secret in the environment, ${{env:NAME}}, or in"
        " {path}, ${{file:NAME}}, which only you may read."
    )
    return sentence.format(path=paths.credentials_file())


def has_keyring() -> bool:
    """Tell whether the system has a keyring that keeps anything."""
    return not isinstance(keyring.get_keyring(), (fail.Keyring, null.Keyring))


def _value(kind: str, name: str) -> str:
    value = _PLACES[kind](name)
    if not _is_text(value):
        sentence = _("The secret “{name}” is not UTF-8; set it anew and start again.")
        raise SecretMissingError(sentence.format(name=name), name)
    return value


def _is_text(value: str) -> bool:
    """Tell whether this can be sent; what is not UTF-8 in the environment cannot."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _from_environment(name: str) -> str:
    value = os.environ.get(name)
    if value is None:
        sentence = _("The environment variable {name} is not set; set it and start again.")
        raise SecretMissingError(sentence.format(name=name), name)
    return value


def _from_keyring(name: str) -> str:
    try:
        value = keyring.get_password(KEYRING_SERVICE, name)
    except NoKeyringError:
        raise SecretMissingError(no_keyring(), name) from None
    except KeyringError:
        sentence = _("The keyring does not hand out “{name}”; unlock it and start again.")
        raise SecretMissingError(sentence.format(name=name), name) from None
    if value is None:
        sentence = _(
            "The keyring has no “{name}” for leitstand; add it with: main.py secret set {name},"
            " and start again."
        )
        raise SecretMissingError(sentence.format(name=name), name)
    return value


def _from_file(name: str) -> str:
    try:
        value = credentials.read().get(name)
    except CredentialsError as error:
        code = "secret_exposed" if error.exposed else "secret_missing"
        raise SecretMissingError(str(error), name, code) from error
    if value is None:
        sentence = _("There is no “{name}” in {path}; add it and start again.")
        path = paths.credentials_file()
        raise SecretMissingError(sentence.format(name=name, path=path), name)
    return value


_PLACES = {"env": _from_environment, "keyring": _from_keyring, "file": _from_file}
