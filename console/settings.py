"""The program's settings: one table, from which file, dialog and help are made."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from console import paths
from console.errors import OperatorError
from console.language import N_, _


@dataclass(frozen=True, slots=True)
class Setting:
    """One row. `choices` are (value, label), none: free text. `shown`: it is in the dialog."""

    key: str
    default: str
    label: str
    help: str
    choices: tuple[tuple[str, str], ...] = ()
    shown: bool = True


TABLE = (
    Setting(
        "language",
        "inventory",
        N_("Language"),
        N_("Language of the window. Takes effect at the next start."),
        (
            ("inventory", N_("As the inventory says")),
            ("system", N_("As the system")),
            ("de", "Deutsch"),
            ("en", "English"),
        ),
    ),
    Setting(
        "theme",
        "system",
        N_("Appearance"),
        N_("Dark or light colours."),
        (("system", N_("As the system")), ("dark", N_("Dark")), ("light", N_("Light"))),
    ),
    Setting(
        "clock",
        "network",
        N_("Times are shown"),
        N_("Whose clock the window shows. Takes effect at the next start."),
        (("network", N_("in the network's time zone")), ("utc", N_("in UTC"))),
    ),
    Setting("inventory", "", N_("Inventory"), N_("The network configured last."), shown=False),
    Setting("history", "", N_("History"), N_("The history of that network."), shown=False),
)
_BY_KEY = {row.key: row for row in TABLE}


class Settings:
    """The values in force. Reading a missing file gives the defaults."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)

    def __getitem__(self, key: str) -> str:
        return self._values.get(key, _BY_KEY[key].default)

    def changed(self, **changes: str) -> "Settings":
        """Return the same settings with some values changed; refuse unknown keys and values."""
        return Settings({**self._values, **_checked(changes)})

    def save(self, path: Path | None = None) -> None:
        """Write what differs from the defaults, all at once."""
        path = path or paths.settings_file()
        text = yaml.safe_dump(self._values, allow_unicode=True, sort_keys=True)
        new = path.with_suffix(".new")
        try:
            paths.made(path.parent)
            new.write_text(text if self._values else "", encoding="utf-8")
            os.replace(new, path)  # noqa: PTH105 - replaces on Windows too
        except OSError as error:
            raise OperatorError(
                _("The settings cannot be written to {path}: {error}.").format(
                    path=path, error=error.strerror
                )
            ) from error


def load(path: Path | None = None) -> Settings:
    """Read the settings; raise OperatorError where the file is not what it should be."""
    path = path or paths.settings_file()
    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings({})
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        raise OperatorError(
            _("The settings in {path} cannot be read; correct or delete the file.").format(
                path=path
            )
        ) from error
    if read is not None and not isinstance(read, dict):
        raise OperatorError(
            _("The settings in {path} cannot be read; correct or delete the file.").format(
                path=path
            )
        )
    return Settings(_checked({str(key): str(value) for key, value in (read or {}).items()}))


def _checked(values: Mapping[str, str]) -> Mapping[str, str]:
    for key, value in values.items():
        row = _BY_KEY.get(key)
        if row is None:
            raise OperatorError(
                _("There is no setting “{key}”. Known are: {known}.").format(
                    key=key, known=", ".join(_BY_KEY)
                ),
                exit_code=2,
            )
        allowed = [choice for choice, _label in row.choices]
        if allowed and value not in allowed:
            raise OperatorError(
                _("The setting “{key}” cannot be “{value}”. Allowed are: {allowed}.").format(
                    key=key, value=value, allowed=", ".join(allowed)
                ),
                exit_code=2,
            )
    return values
