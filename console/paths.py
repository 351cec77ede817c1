"""Where the program keeps what it writes: one folder, the home."""

import os
from pathlib import Path

import platformdirs

VARIABLE = "LEITSTAND_HOME"


def home() -> Path:
    """Return the home: $LEITSTAND_HOME, else the system's place for data of programs."""
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    return platformdirs.user_data_path("leitstand", appauthor=False)


def use_home(folder: Path) -> None:
    """Move everything this process and its children write to `folder` (the option --home)."""
    os.environ[VARIABLE] = str(folder.expanduser().absolute())


def made(folder: Path) -> Path:
    """Return `folder`, made if need be and readable by its owner only."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def history_file() -> Path:
    """Return the history that commands read and write unless told otherwise."""
    return home() / "history.db"


def demo_folder() -> Path:
    """Return the folder of the simulated network: its inventory and its history."""
    return home() / "demo"


def settings_file() -> Path:
    """Return the settings a person may edit."""
    return home() / "settings.yaml"


def credentials_file() -> Path:
    """Return the secrets of `${file:NAME}`, which only their owner may read."""
    return home() / "credentials.yaml"


def secret_names_file() -> Path:
    """Return the names, and only the names, of what the program put into the keyring."""
    return home() / "secret-names.yaml"


def arrangement_file() -> Path:
    """Return where the window remembers how its panels were placed."""
    return home() / "arrangement.ini"


def log_file(name: str) -> Path:
    """Return the log of the process `name`, such as `window` or `collector`."""
    return home() / "logs" / f"{name}.log"
