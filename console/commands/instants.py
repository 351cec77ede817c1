"""Moments on the command line: as people write them, and as scripts read them."""

import math
import re
import time
from datetime import UTC, datetime

from console import language
from console.errors import OperatorError
from console.language import _

_AGO = re.compile(r"-(\d+(?:\.\d+)?)\s*(s|min|m|h|d|w)")
_UNIT_S = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "w": 604800}
_LATEST_S = datetime(9999, 1, 1, tzinfo=UTC).timestamp()  # later none has a local time
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")


def iso(at_s: float | None) -> str | None:
    """Return UTC seconds as ISO 8601 with Z and milliseconds."""
    if at_s is None:
        return None
    moment = datetime.fromtimestamp(round(at_s, 3), UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse(text: str, now_s: float | None = None) -> float:
    """Return UTC seconds for ISO 8601, for a time on the network's clock, or for one such as -2h.

    A date alone is its midnight, a time alone is today's; without an offset both are local to the
    network. Raises OperatorError for anything else, and for years before 1970 or after 9998.
    """
    moment_s = _read(text.strip(), text, time.time() if now_s is None else now_s)
    if 0 <= moment_s < _LATEST_S:
        return moment_s
    raise OperatorError(
        _("“{text}” is too far away; moments from 1970 to 9998 are allowed.").format(text=text),
        exit_code=2,
    )


def _read(words: str, text: str, now_s: float) -> float:
    ago = _AGO.fullmatch(words)
    if ago:
        return now_s - float(ago[1]) * _UNIT_S[ago[2]]
    if words == "now":
        return now_s
    zone = language.local(now_s).tzinfo
    if _CLOCK.fullmatch(words):
        words = f"{language.local(now_s):%Y-%m-%d}T{words.zfill(5 if words.count(':') == 1 else 8)}"
    try:
        moment = datetime.fromisoformat(words)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp()
    except OverflowError:
        return math.inf
    except ValueError as error:
        raise OperatorError(
            _(
                "“{text}” is no moment; write 2026-11-22T08:00:00Z, 2026-11-22 09:00 in local"
                " time, or -2h."
            ).format(text=text),
            exit_code=2,
        ) from error
