"""German and English for commands and window alike: texts by gettext, times by Babel.

The source language is English. `_` translates when called, so never call it while a module is
being imported; mark texts in tables with `N_` and translate them where they are shown.
"""

import gettext
import locale
import os
from datetime import datetime
from importlib import resources
from zoneinfo import ZoneInfo

from babel import dates

LANGUAGES = ("de", "en")
UNKNOWN = "–"
_GERMAN = str.maketrans(",.", ".,")
_UNITS = ((1e12, "Tbit/s"), (1e9, "Gbit/s"), (1e6, "Mbit/s"), (1e3, "kbit/s"))


class _Current:
    """What was chosen at start; one a process."""

    language = "en"
    texts: gettext.NullTranslations = gettext.NullTranslations()
    zone = ZoneInfo("Europe/Berlin")


def use(language: str, timezone: str = "Europe/Berlin") -> None:
    """Speak `de`, `en` or the system's language; show times in `timezone`."""
    code = system_language() if language == "system" else language
    _Current.language = code
    _Current.zone = ZoneInfo(timezone)
    if code == "en":
        _Current.texts = gettext.NullTranslations()
        return
    folder = resources.files("resources") / "translations"
    with (folder / code / "LC_MESSAGES" / "leitstand.mo").open("rb") as file:
        _Current.texts = gettext.GNUTranslations(file)


def system_language() -> str:
    """Return the first of LANGUAGES that the system's settings name, else English."""
    named = [os.environ.get(key, "") for key in ("LC_ALL", "LC_MESSAGES", "LANG")]
    named.append(locale.getlocale()[0] or "")
    first = next((text for text in named if text), "")
    return "de" if first.lower().startswith(("de", "german")) else "en"


def language() -> str:
    """Return the language in use, `de` or `en`."""
    return _Current.language


def _(text: str) -> str:
    """Translate."""
    return _Current.texts.gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """Translate by number."""
    return _Current.texts.ngettext(one, many, count)


def N_(text: str) -> str:
    """Mark for translation; translate with `_` where it is shown."""
    return text


def format_number(value: float | None, digits: int = 0) -> str:
    """Format with exactly `digits` decimals, in the language's way."""
    if value is None:
        return UNKNOWN
    text = f"{value:,.{digits}f}"  # Babel's own takes fifty times as long; windows write many
    return text.translate(_GERMAN) if _Current.language == "de" else text


def format_rate(rate_bps: float | None) -> str:
    """Format bit/s with three figures and a decimal unit: 7,81 Gbit/s."""
    if rate_bps is None:
        return UNKNOWN
    scale, unit = next(((s, u) for s, u in _UNITS if abs(rate_bps) >= s), (1.0, "bit/s"))
    value = rate_bps / scale
    digits = 0 if value >= 100 or scale == 1.0 else 1 if value >= 10 else 2
    return f"{format_number(value, digits)} {unit}"


def format_ratio(ratio: float | None) -> str:
    """Format 0.78 as 78 %."""
    return UNKNOWN if ratio is None else f"{format_number(ratio * 100)} %"


def format_span(seconds: float | None) -> str:
    """Format a length of time by its largest fitting unit: 40 s, 4 min, 3 h, 12 d."""
    if seconds is None:
        return UNKNOWN
    for size, unit in ((86400, _("d")), (3600, _("h")), (60, _("min"))):
        if seconds >= 2 * size:
            return f"{format_number(seconds // size)} {unit}"
    return f"{format_number(seconds)} s"


def local(at_s: float) -> datetime:
    """Return the moment in the network's time zone."""
    return datetime.fromtimestamp(at_s, _Current.zone)


def format_moment(at_s: float | None, pattern: str = "EEE dd.MM.yyyy · HH:mm:ss") -> str:
    """Format a moment by a CLDR pattern in the network's time zone."""
    if at_s is None:
        return UNKNOWN
    text = dates.format_datetime(local(at_s), pattern, locale=_Current.language)
    return str(text).replace(".,", ",")
