"""Numbers on the command line: finite ones within limits, refused in words that name these."""

import math

import click

from console.language import N_, _, format_number

YEAR_S = 366 * 86400.0


class Number(click.ParamType[float]):
    """A number from `least` to `most`, both allowed. `unit` follows it in the sentence."""

    name = "number"

    def __init__(self, least: float, most: float, unit: str = N_("seconds")) -> None:
        self.least = least
        self.most = most
        self._unit = unit

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number; what is none, not finite or beyond the limits is wrong input."""
        try:
            number = float(str(value))
        except ValueError:
            number = math.nan
        if self.least <= number <= self.most:
            return number
        text = _("“{value}” is not allowed; allowed are {least} to {most} {unit}.")
        limits = [format_number(limit) for limit in (self.least, self.most)]
        sentence = text.format(value=value, least=limits[0], most=limits[1], unit=_(self._unit))
        raise click.BadParameter(sentence, ctx, param)


def seconds(least: float) -> Number:
    """Return the type of a length of time from `least` seconds to a year."""
    return Number(least, YEAR_S)
