from pathlib import Path

import pytest

from console import inventory
from console.errors import OperatorError
from console.model.inventory import parse_rate
from tests.builders import DEMO_INVENTORY


def test_load():
    assert inventory.load(DEMO_INVENTORY).network == "Kommunalnetz Rheinland-Pfalz"


@pytest.mark.parametrize("path", [Path("not-there.yaml"), Path(__file__).parent])
def test_a_file_that_cannot_be_read_is_the_environments_fault(path):
    with pytest.raises(OperatorError, match="cannot be read") as caught:
        inventory.load(path)
    assert caught.value.exit_code == 1


def test_another_encoding_is_named_with_its_line(tmp_path):
    path = tmp_path / "net.yaml"
    path.write_bytes("network: Kreis\nnote: Südwestpfalz\n".encode("latin-1"))
    with pytest.raises(OperatorError, match=r"net\.yaml:2: not UTF-8") as caught:
        inventory.load(path)
    assert caught.value.exit_code == 2


def test_a_byte_order_mark_does_no_harm(tmp_path):
    path = tmp_path / "net.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + DEMO_INVENTORY.read_bytes())
    assert inventory.load(path) == inventory.load(DEMO_INVENTORY)


@pytest.mark.parametrize(
    ("text", "rate_bps"), [("10G", 1e10), ("4M", 4e6), ("64k", 64e3), ("2.5G", 2.5e9), (1000, 1e3)]
)
def test_rates(text, rate_bps):
    assert parse_rate(text) == rate_bps


@pytest.mark.parametrize(
    "text", ["", "0", "-1", "10 Gbit", "1e9", "9" * 400, True, None, float("nan")]
)
def test_what_is_no_rate(text):
    with pytest.raises(ValueError, match="a rate is"):
        parse_rate(text)


def test_the_example_of_the_readme_is_in_order(tmp_path):
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    example = readme.split("```yaml\n")[1].split("```")[0]
    path = tmp_path / "net.yaml"
    path.write_text(
        f"network: Mine\nsites: [{{id: mainz, name: Mainz, lat: 50, lon: 8}}]\n{example}",
        encoding="utf-8",
    )
    loaded = inventory.load(path)
    assert loaded.traps is not None
    assert loaded.traps.endpoint == ("0.0.0.0", 162)
    assert [device.endpoint for device in loaded.devices] == [("10.0.0.1", 161), ("fd00::2", 1161)]
    assert [device.other_source for device in loaded.devices] == [False, True]
