"""How a secret is referred to instead of written: `${env:NAME}`, `${keyring:NAME}`."""

import re

from console.language import _

REFERENCE = re.compile(r"\$\{(?P<kind>env|keyring):(?P<name>[^{}\s]+)\}")
_ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def reference_problem(text: str) -> str | None:
    """Return what is wrong with the references in a text, None where all is well.

    The sentence never repeats the text: beside a broken reference it may hold a secret.
    """
    rest = REFERENCE.sub("", text)
    if "${" in rest:
        return _("a reference is written ${env:NAME} or ${keyring:NAME}")
    for match in REFERENCE.finditer(text):
        if match["kind"] == "env" and not _ENV_NAME.fullmatch(match["name"]):
            return _("the name of an environment variable consists of letters, digits and “_”")
    return None
