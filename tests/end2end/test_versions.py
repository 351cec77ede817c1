"""One snmpd, asked by SNMPv1 and SNMPv3: the collector, from the inventory to `status`."""

from console.model.states import State
from tests import peers
from tests.end2end.running import device, program, status, wait_for, write_inventory

CREATE = 'createUser noc SHA-256 "auth key 1" AES "priv key 1"'
USER = {"version": 3, "user": "noc", "auth": "SHA-256", "priv": "AES-128"}
KEYS = {"auth_key": "${env:NOC_AUTH}", "priv_key": "${env:NOC_PRIV}"}


def test_devices_are_polled_as_their_profiles_say(tmp_path, monkeypatch):
    monkeypatch.setenv("NOC_AUTH", "auth key 1")
    monkeypatch.setenv("NOC_PRIV", "priv key 1")
    profiles = {
        "old": {"version": 1, "community": "public"},
        "secure": USER | KEYS,
        "wrong": USER | KEYS | {"auth_key": "another key"},
        "unset": USER | KEYS | {"priv_key": "${env:NOC_NO_SUCH}"},
    }
    history = tmp_path / "history.db"
    (tmp_path / "agent").mkdir()
    with peers.snmpd(tmp_path / "agent", CREATE, "rouser noc priv") as agent:
        devices = [device(name, agent.address, snmp=name) for name in profiles]
        inventory = write_inventory(tmp_path / "net.yaml", snmp=profiles, devices=devices)
        with program("collect", inventory, "--history", history) as running:
            wait_for(history, lambda s: all(s.devices[n].reasons for n in ("wrong", "unset")))
            wait_for(history, lambda s: s.devices["old"].state is State.UP)
            wait_for(history, lambda s: s.devices["secure"].state is State.UP)
            told = {entry["id"]: entry for entry in status(history)["devices"]}
            _code, err = running.stop()
    assert told["secure"]["sys_name"] == told["old"]["sys_name"] == "tester"
    assert [reason["text"] for reason in told["wrong"]["reasons"]] == [
        "SNMP authentication refused: check user and key of profile wrong"
    ]
    assert [(reason["code"], reason["argument"]) for reason in told["unset"]["reasons"]] == [
        ("secret_missing", "${env:NOC_NO_SUCH}")
    ]
    everything = err + str(told) + history.read_bytes().decode("latin-1")
    for secret in ("auth key 1", "priv key 1", "another key"):
        assert secret not in everything
