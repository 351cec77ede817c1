"""Secrets named in an inventory, resolved only where they are used. Never logged, never stored."""

import os
import re

import keyring
from keyring.errors import KeyringError

from console.errors import OperatorError
from console.language import _

KEYRING_SERVICE = "leitstand"
_REFERENCE = re.compile(r"\$\{(env|keyring):([^}]+)\}")


class SecretMissingError(OperatorError):
    """A reference leads nowhere; `name` is what is missing, never a value."""

    def __init__(self, sentence: str, name: str) -> None:
        super().__init__(sentence)
        self.name = name


def resolve(text: str) -> str:
    """Replace `${env:NAME}` and `${keyring:NAME}` in `text` by what they stand for.

    May block while the system's keyring is asked: not for an event loop.
    """
    return _REFERENCE.sub(lambda found: _value(found[1], found[2].strip()), text)


def references(text: str) -> str:
    """Return the references in `text`, without anything else of it."""
    return ", ".join(found[0] for found in _REFERENCE.finditer(text))


def _value(place: str, name: str) -> str:
    value = os.environ.get(name) if place == "env" else _from_keyring(name)
    if value is None:
        raise SecretMissingError(
            _("The environment variable {name} is not set; set it and start again.").format(
                name=name
            )
            if place == "env"
            else _("The keyring has no “{name}” for leitstand; add it and start again.").format(
                name=name
            ),
            name,
        )
    return value


def _from_keyring(name: str) -> str | None:
    try:
        return keyring.get_password(KEYRING_SERVICE, name)
    except KeyringError:
        return None
