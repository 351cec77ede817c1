"""Says that there is no such id, and which are similar."""

import difflib
from collections.abc import Iterable

from console.errors import OperatorError
from console.language import _

_MOST = 5


def refuse(sentence: str, asked: str, known: Iterable[str]) -> OperatorError:
    """Return the error; `sentence` holds {asked} and {known}, the ids most like it."""
    ids = list(known)
    if not ids:
        said = _("Nothing of the kind is recorded up to that time; choose a later one with --at.")
        return OperatorError(said, exit_code=2)
    alike = difflib.get_close_matches(asked, ids, n=_MOST, cutoff=0.5) or ids[:_MOST]
    return OperatorError(sentence.format(asked=asked, known=", ".join(alike)), exit_code=2)
