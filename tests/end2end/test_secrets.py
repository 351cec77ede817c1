"""Secrets go nowhere: the real programs run with canaries, and every trace is searched for them."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from console import inventory as inventories
from console.model.states import State
from tests.end2end.running import ROOT, device, program, status, wait_for, write_inventory
from tests.keyrings import VARIABLE
from tests.peers import Snmpd, free_udp_port, snmpd

COMMUNITY, AUTH_KEY, PRIV_KEY = "canary-community-7", "canary-auth-key-7", "canary-priv-key-7"
KEPT = "canary-in-the-keyring-7"
IN_URL = "canary-in-a-url-7"
CANARIES = (COMMUNITY, AUTH_KEY, PRIV_KEY, KEPT, IN_URL)
PROFILES = {
    "plain": {"version": "2c", "community": "${env:CANARY_COMMUNITY}"},
    "secure": {
        **{"version": 3, "user": "noc", "auth": "SHA-256", "auth_key": "${file:noc/auth}"},
        **{"priv": "AES-128", "priv_key": "${env:CANARY_PRIV}"},
    },
    "wrong": {
        **{"version": 3, "user": "noc", "auth": "SHA-256", "auth_key": "${env:CANARY_PRIV}"},
        **{"priv": "AES-128", "priv_key": "${file:noc/auth}"},
    },
    "written": {"version": "2c", "community": COMMUNITY},
}


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Snmpd]:
    folder = tmp_path / "agent"
    folder.mkdir()
    with snmpd(
        folder,
        f'createUser noc SHA-256 "{AUTH_KEY}" AES "{PRIV_KEY}"',
        "rouser noc priv",
        f"rocommunity {COMMUNITY}",
    ) as running:
        yield running


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("LEITSTAND_HOME", str(folder))
    monkeypatch.setenv("CANARY_COMMUNITY", COMMUNITY)
    monkeypatch.setenv("CANARY_PRIV", PRIV_KEY)
    file = folder / "credentials.yaml"
    file.write_text(f"noc/auth: {AUTH_KEY}\n")
    file.chmod(0o600)
    return folder


def found_in(folder: Path) -> list[tuple[str, str]]:
    """Every file below a folder in which a canary stands, but for the one that keeps it."""
    return [
        (str(path), canary)
        for path in folder.rglob("*")
        if path.is_file() and path.name != "credentials.yaml"
        for canary in CANARIES
        if canary.encode() in path.read_bytes()
    ]


def in_command_lines() -> list[str]:
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(path.read_bytes().decode(errors="replace"))
        except OSError:
            continue
    return [line for line in lines if any(canary in line for canary in CANARIES)]


def shown(*texts: str) -> list[str]:
    return [canary for canary in CANARIES if any(canary in text for text in texts)]


def test_collecting_leaves_no_trace(tmp_path: Path, agent: Snmpd, home: Path) -> None:
    devices = [device(name, agent.address, snmp=name) for name in PROFILES]
    inventory = write_inventory(tmp_path / "net.yaml", snmp=PROFILES, devices=devices)
    history = home / "history.db"
    with program("collect", inventory) as collector:
        seen = wait_for(
            history,
            lambda s: (
                s.devices["wrong"].state is State.DEGRADED
                and all(s.devices[d].state is State.UP for d in ("plain", "secure", "written"))
            ),
        )
        assert in_command_lines() == []
        told = json.dumps(status(history))
        collector.process.terminate()
        said = "".join(collector.process.communicate(timeout=10))
    assert shown(told, said, repr(seen)) == []
    assert found_in(home) == []


def test_a_password_in_a_url_leaves_no_trace(tmp_path: Path, agent: Snmpd, home: Path) -> None:
    """It is asked with, by whatever protocol there is; and pointed out as better kept elsewhere."""
    host = f"127.0.0.1:{free_udp_port()}"
    url, secure_url = f"http://noc:{IN_URL}@{host}/", f"https://noc:{IN_URL}@{host}/"
    urls = [*("cisco", "poly", "http", "pexip", "cms", "bigbluebutton", "jitsi")]
    probes = [{protocol: url} for protocol in urls]
    probes += [{"https": secure_url}]
    probes += [{"cisco": f"http://{host}/", "credential": f"noc:{IN_URL}"}]
    probes += [{"cisco": f"http://{host}/?token={IN_URL}"}]
    inventory = write_inventory(
        tmp_path / "net.yaml",
        devices=[device("r", agent.address)],
        rooms=[{"id": "room", "site": "here", "name": "Room", "probes": probes}],
        bridges=[
            {"id": "mcu", "site": "here", "name": "Bridge", "probes": [{"https": secure_url}]}
        ],
        services=[
            *(
                {"id": f"s{n}", "name": "S", "provider": "here", "probe": {scheme: f"{text}x"}}
                for n, (scheme, text) in enumerate([("http", url), ("https", secure_url)])
            ),
        ],
    )
    out, err = _checked(inventory)
    assert shown(out, err) == []
    assert "a password in a URL" in out + err
    history = home / "history.db"
    with program("collect", inventory) as collector:
        seen = wait_for(history, lambda s: s.devices["r"].state is State.UP and s.rooms)
        time.sleep(2.5)  # two rounds of the rooms
        assert in_command_lines() == []
        told = json.dumps(status(history))
        collector.process.terminate()
        said = "".join(collector.process.communicate(timeout=10))
    assert shown(told, said, repr(seen), repr(inventories.load(inventory))) == []
    assert found_in(home) == []


def _checked(inventory: Path) -> tuple[str, str]:
    with program("check", inventory) as running:
        out, err = running.process.communicate(timeout=30)
    assert running.process.returncode == 0, err
    return out, err


def test_a_discovery_leaves_no_trace(tmp_path: Path, agent: Snmpd, home: Path) -> None:
    target = home / "net.yaml"
    for profile in (
        "2c",
        "2c,community=${env:CANARY_COMMUNITY}",
        "3,user=noc,auth=SHA-256,priv=AES-128,auth_key=${file:noc/auth},priv_key=${env:CANARY_PRIV}",
    ):
        arguments = ("discover", agent.address, "--snmp", profile, "--output", target)
        with program(*arguments, "--overwrite", stdin=subprocess.PIPE) as discovery:
            assert in_command_lines() == []
            out, err = discovery.process.communicate(COMMUNITY + "\n", timeout=30)
        assert discovery.process.returncode == 0, err
        assert shown(out, err) == []
        assert "Found: 1 device" in err
        assert found_in(home) == []


def test_broken_inventories_are_explained_without_their_secrets(tmp_path: Path, home: Path) -> None:
    broken = tmp_path / "net.yaml"
    for line in (
        f"lab: {{version: 2c, community: [{COMMUNITY}]}}",
        f"lab: {{version: 2c, community: {COMMUNITY}, extra: 1}}",
        f"lab: {{version: 2c, community: {COMMUNITY}",
        f"lab: {{version: 2c, community: '{COMMUNITY}",
        f"lab: {{version: 7, community: {COMMUNITY}}}",
        f"lab: {{version: 3, user: noc, auth: {AUTH_KEY[:6]}, auth_key: {AUTH_KEY}}}",
        f"lab: {{version: 2c, community: '{COMMUNITY}${{vault:x}}'}}",
    ):
        broken.write_text(f"network: N\nsnmp:\n  {line}\ndevices: []\n")
        for arguments in (("check", broken), ("collect", broken, "--for", "1")):
            with program(*arguments) as running:
                out, err = running.process.communicate(timeout=30)
            assert running.process.returncode == 2
            assert "Traceback" not in err
            assert shown(out, err) == []


CRASHES = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from console import inventory, secrets
from console.model.inventory import Inventory
from widgets import application
run = application._run
def crash():
    loaded = inventory.load(Path(sys.argv[1]))
    key = secrets.resolve(loaded.snmp["plain"].community)
    profile = {"version": "2c", "community": [key]}
    try:
        Inventory.model_validate({"network": 1, "snmp": {"x": profile}})
    except ValueError as error:
        raise RuntimeError(f"a fault with {loaded!r} and {loaded.snmp!r}") from error
def watched(qt, session):
    QTimer.singleShot(1500, crash)
    QTimer.singleShot(3000, session.window.close)
    return run(qt, session)
application._run = watched
sys.exit(application.run_window(Path(sys.argv[1]), Path(sys.argv[2])))
"""


def test_a_crash_of_the_window_shows_none(tmp_path: Path, agent: Snmpd, home: Path) -> None:
    devices = [device(name, agent.address, snmp=name) for name in PROFILES]
    inventory = write_inventory(tmp_path / "net.yaml", snmp=PROFILES, devices=devices)
    ended = subprocess.run(
        [sys.executable, "-c", CRASHES, inventory, home / "history.db"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    log = (home / "logs" / "window.log").read_text()
    assert "RuntimeError: a fault with" in log
    assert "Field required" in log
    assert shown(ended.stdout, ended.stderr) == []
    assert found_in(home) == []


@pytest.fixture
def keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "keyring.json"
    monkeypatch.setenv(VARIABLE, str(path))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.keyrings.FileKeyring")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return path


def run(*arguments: object, typed: str = "") -> tuple[int, str, str]:
    with program(*arguments, stdin=subprocess.PIPE) as running:
        out, err = running.process.communicate(typed, timeout=30)
    return running.process.returncode, out, err


def test_a_secret_is_kept_named_and_taken_out(home: Path, keyring: Path) -> None:
    code, out, err = run("secret", "set", "noc/auth", typed=KEPT + "\n")
    assert (code, out) == (0, "")
    assert "${keyring:noc/auth}" in err
    assert KEPT in keyring.read_text()
    assert run("secret", "list") == (0, "noc/auth\n", "")
    assert shown(out, err) == []
    assert found_in(home) == []
    assert run("secret", "delete", "noc/auth")[0] == 0
    assert run("secret", "list") == (0, "", "")
    code, _out, err = run("secret", "delete", "noc/auth")
    assert (code, err) == (1, "The keyring has no “noc/auth” for leitstand.\n")


def test_what_cannot_be_a_secret_is_refused(home: Path, keyring: Path) -> None:
    for name, typed in (("a b", KEPT), ("noc", ""), ("noc", "\n"), ("noc", f"{KEPT}\x07\n")):
        code, out, err = run("secret", "set", name, typed=typed)
        assert code == 2
        assert err.count("\n") == 1
        assert shown(out, err) == []
    assert not keyring.exists()
    code, _out, err = run("secret", "set", "noc", KEPT, typed=KEPT)
    assert (code, shown(err)) == (2, [])
    assert run("secret", "list") == (0, "", "")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo terminal")
def test_at_a_terminal_it_is_asked_twice_and_hidden(home: Path, keyring: Path) -> None:
    import pty

    leader, follower = pty.openpty()
    with program("secret", "set", "noc", stdin=follower, start_new_session=True) as running:
        for _ in range(2):
            time.sleep(1.0)
            os.write(leader, f"{KEPT}\n".encode())
        out, err = running.process.communicate(timeout=30)
    os.close(follower)
    os.close(leader)
    assert running.process.returncode == 0, err
    assert shown(out, err) == []
    assert KEPT in keyring.read_text()


def test_without_a_keyring_one_sentence_names_the_alternatives(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    code, _out, err = run("secret", "set", "noc", typed=KEPT + "\n")
    assert code == 1
    assert "${env:NAME}" in err
    assert f"{home / 'credentials.yaml'}, ${{file:NAME}}" in err
    assert err.count("\n") == 1
