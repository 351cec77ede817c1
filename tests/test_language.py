import pytest
from babel import numbers
from hypothesis import given
from hypothesis import strategies as st

from console import language


@given(st.floats(-1e12, 1e12), st.integers(0, 3))
@pytest.mark.parametrize("code", language.LANGUAGES)
def test_numbers_are_written_as_babel_writes_them(code, value, digits):
    language._Current.language = code
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    exact = float(f"{value:.{digits}f}")  # both round; what is left is how it is written
    expected = numbers.format_decimal(exact, format=pattern, locale=code)
    assert language.format_number(exact, digits) == expected


def test_what_is_not_known_is_a_dash_never_zero():
    assert language.format_number(None) == "–"
    assert language.format_rate(None) == "–"
    assert language.format_ratio(None) == "–"
    assert language.format_span(None) == "–"


@pytest.mark.parametrize(
    ("rate_bps", "text"),
    [(7.81e9, "7.81 Gbit/s"), (52.4e6, "52.4 Mbit/s"), (920e6, "920 Mbit/s"), (12, "12 bit/s")],
)
def test_rates_have_three_figures_and_a_decimal_unit(rate_bps, text):
    assert language.format_rate(rate_bps) == text
