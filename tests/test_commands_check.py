import pytest

from console.commands.check import check
from console.commands.schema import schema
from console.model.inventory_file import InventoryError
from tests.builders import DEMO_INVENTORY


def test_check_says_what_is_in_it(capsys):
    check(DEMO_INVENTORY)
    out, err = capsys.readouterr()
    assert "24 rooms" in out
    assert err == ""


def test_check_names_file_and_line(tmp_path):
    path = tmp_path / "net.yaml"
    path.write_text(
        DEMO_INVENTORY.read_text(encoding="utf-8").replace(
            "snmp: lab, role: core", "snmp: lap, role: core", 1
        ),
        encoding="utf-8",
    )
    with pytest.raises(InventoryError) as caught:
        check(path)
    (problem,) = caught.value.problems
    line = next(
        n
        for n, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "lap" in text
    )
    assert (
        problem
        == f"{path}:{line}: devices[mz-r1].snmp: “lap” is not in “snmp”. Did you mean “lab”?"
    )


def test_hints_go_to_standard_error(tmp_path, capsys):
    path = tmp_path / "net.yaml"
    path.write_text(
        "network: N\nsnmp: {lab: {version: 2c, community: public}}\n"
        "sites: [{id: s, name: S, lat: 0, lon: 0}]\n"
        "devices: [{id: d, site: s, address: h, snmp: lab}]\n"
    )
    check(path)
    assert f"{path}:3: sites[s].lat: 0/0 lies in the sea" in capsys.readouterr().err


def test_a_calendar_that_is_not_there_is_a_hint(tmp_path, capsys):
    path = tmp_path / "net.yaml"
    path.write_text(DEMO_INVENTORY.read_text(encoding="utf-8"), encoding="utf-8")
    check(path)
    err = capsys.readouterr().err
    assert "conferences[it-leiter].calendar: there is no file it-leiter.ics (a hint" in err


def test_the_schema_knows_the_keys_of_the_file():
    found = schema()
    assert "capacity" in found["$defs"]["Link"]["properties"]
    assert found["$defs"]["Link"]["additionalProperties"] is False
    assert {"required": ["sip"]} in found["$defs"]["Probe"]["oneOf"]
