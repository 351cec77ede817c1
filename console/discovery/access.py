"""Which SNMP profile a walk uses, and how it is written: with secrets, and without.

A profile is that of an inventory by its name, or described: `2c`, or `3,user=noc,auth=SHA-256,
priv=AES-128`, with `context=`, and with `community=`, `auth_key=` and `priv_key=` as references,
else asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from console.errors import OperatorError
from console.language import _
from console.model.inventory import Inventory, SnmpProfile
from console.model.references import is_reference

NAME = "discovered"
_KEYS = ("user", "auth", "priv", "context", "community", "auth_key", "priv_key")
_SECRETS = ("community", "auth_key", "priv_key")
_PROFILE: TypeAdapter[SnmpProfile] = TypeAdapter(SnmpProfile)


@dataclass(frozen=True, slots=True)
class Access:
    """A profile to ask with, and to be written: the latter holds references only."""

    name: str
    used: SnmpProfile
    written: SnmpProfile
    new: bool


def access_of(
    text: str, inventory: Inventory | None, ask: Callable[[str], tuple[str, str]]
) -> Access:
    """Return the access that --snmp means.

    `ask` takes the name of a secret that is left out and returns it and a reference to it.
    """
    if inventory is not None and text in inventory.snmp:
        profile = inventory.snmp[text]
        return Access(text, profile, profile, new=False)
    given = _given(text, inventory)
    written, used = dict(given), dict(given)
    for key in _needed(given):
        reference = given.get(key)
        if reference is not None and not is_reference(reference):
            raise OperatorError(_plain_secret(key), exit_code=2)
        if reference is None:
            used[key], written[key] = ask(f"{NAME}/{key}")
    name = NAME
    while inventory is not None and name in inventory.snmp:
        name += "-2"
    return Access(name, _checked(used), _checked(written), new=True)


def _given(text: str, inventory: Inventory | None) -> dict[str, str]:
    version, *parts = text.split(",")
    pairs = [part.partition("=") for part in parts]
    known = all(key.strip() in _KEYS and value.strip() for key, _equals, value in pairs)
    if version.strip() not in ("1", "2c", "3") or not known:
        raise OperatorError(_unknown(inventory), exit_code=2)
    return {"version": version.strip(), **{k.strip(): v.strip() for k, _equals, v in pairs}}


def _needed(given: dict[str, str]) -> list[str]:
    """Return which secrets such a profile has."""
    if given["version"] != "3":
        return ["community"]
    return [f"{kind}_key" for kind in ("auth", "priv") if kind in given]


def _checked(profile: dict[str, str]) -> SnmpProfile:
    fits = "priv" not in profile or "auth" in profile
    keys = {"version", "user", "auth", "priv", "context", *_needed(profile)}
    if fits and profile.keys() <= keys:
        try:
            return _PROFILE.validate_python(profile)
        except ValidationError:
            pass  # its words name parts of the model, and no part of the command line
    raise OperatorError(
        _(
            "This SNMP profile cannot be. Examples: 2c · 3,user=noc,auth=SHA-256,priv=AES-128;"
            " auth is MD5, SHA-1, SHA-224, SHA-256, SHA-384 or SHA-512, priv is DES, AES-128,"
            " AES-192 or AES-256, with -C appended for Cisco's key expansion."
        ),
        exit_code=2,
    )


def _plain_secret(key: str) -> str:
    return _(
        "{key} stands on the command line, where everyone can read it. Leave it out and it is"
        " asked for, or name where it is kept: {key}=${{env:NAME}}."
    ).format(key=key)


def _unknown(inventory: Inventory | None) -> str:
    """The text itself is not repeated: it may be a community."""
    if inventory is not None:
        sentence = _("The inventory has no such SNMP profile. It has: {names}.")
        return sentence.format(names=", ".join(inventory.snmp))
    return _(
        "Without an inventory an SNMP profile is described: 2c, or 3,user=noc,auth=SHA-256,"
        "priv=AES-128. Secrets are asked for."
    )
