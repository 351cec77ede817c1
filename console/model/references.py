"""How a secret is referred to instead of written: `${env:NAME}`, `${keyring:NAME}`, `${file:NAME}`.

`file` is the credentials file in the program's home.
"""

import re

from console.language import _

REFERENCE = re.compile(r"\$\{(?P<kind>env|keyring|file):(?P<name>[^{}\s]+)\}")
_ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NAME = re.compile(r"[^{}\s]{1,200}")


def reference_problem(text: str) -> str | None:
    """Return what is wrong with the references in a text, None where all is well.

    The sentence never repeats the text: beside a broken reference it may hold a secret.
    """
    rest = REFERENCE.sub("", text)
    if "${" in rest:
        return _("a reference is written ${env:NAME}, ${keyring:NAME} or ${file:NAME}")
    for match in REFERENCE.finditer(text):
        if match["kind"] == "env" and not _ENV_NAME.fullmatch(match["name"]):
            return _("the name of an environment variable consists of letters, digits and “_”")
    return None


def is_reference(text: str) -> bool:
    """Tell whether the text is nothing but one reference."""
    return REFERENCE.fullmatch(text) is not None and reference_problem(text) is None


def is_name(text: str) -> bool:
    """Tell whether a secret can be called so."""
    return _NAME.fullmatch(text) is not None
