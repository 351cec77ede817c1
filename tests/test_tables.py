from console.commands.tables import table


def test_columns_are_as_wide_as_needed():
    text = table(("Name", "Load"), [("a", "5 %"), ("longer", "100 %")], "lr")
    assert text.split("\n") == ["Name     Load", "a         5 %", "longer  100 %"]


def test_wide_letters_take_two_places():
    assert table(("N", "x"), [("駅", "y")], "ll").split("\n") == ["N   x", "駅  y"]


def test_no_rows():
    assert table(("Name",), [], "l") == "Name"
