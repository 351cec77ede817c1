"""What pydantic found wrong with an inventory, as plain sentences that say what is allowed.

Never repeats a value that could be secret.
"""

import difflib
import re
from collections.abc import Callable, Hashable, Iterator
from typing import Any, get_args

from annotated_types import Ge, Gt, Le
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from console.language import N_, _
from console.model.inventory import Inventory
from console.model.marked_yaml import Marked, Problem

SECRET_KEYS = frozenset({"community", "auth_key", "priv_key", "credential"})
Place = tuple[Hashable, ...]

_PATTERNS = {
    r"^\w[\w.-]*$": N_("an id consists of letters, digits, “_”, “.” and “-”, without spaces"),
    r"^\d{5}$": N_("the official county key has five digits, such as 07235"),
}
_LIMIT_WORDS: dict[type, str] = {
    Ge: N_("from {limit}"),
    Gt: N_("more than {limit}"),
    Le: N_("up to {limit}"),
}
_QUOTED = re.compile(r"'([^']*)'")


def problems_of(error: ValidationError, marked: Marked) -> list[Problem]:
    """Return one problem for each place that is wrong, in the order of the file."""
    found: dict[Place, list[ErrorDetails]] = {}
    for detail in error.errors(include_url=False):
        found.setdefault(_place(detail, marked.data), []).append(detail)
    inner = {place[:i] for place in found for i in range(len(place))}
    return [
        Problem(marked.line_of(place), f"{name_of(place, marked.data)}{_sentence(place, details)}")
        for place, details in found.items()
        if place not in inner or details[0]["type"] in _OF_CONTAINER
    ]


def _place(detail: ErrorDetails, data: Any) -> Place:
    """Return where it is in the file: pydantic's place without its names of union members."""
    place: list[Hashable] = []
    for part in detail["loc"]:
        if _has(data, part):
            data = data[part]
        elif detail["type"] != "missing" or part != detail["loc"][-1]:
            continue
        place.append(part)
    return tuple(place)


def _has(data: Any, part: Hashable) -> bool:
    return part in data if isinstance(data, dict) else isinstance(data, list) and type(part) is int


def name_of(place: Place, data: Any) -> str:
    """Write a place as a reader of the file would: `devices[tr-r1].address: `."""
    text = ""
    for part in place:
        if isinstance(data, list) and isinstance(part, int):
            data = data[part]
            text += f"[{_id_of(data, part)}]"
            continue
        text += f".{part}" if text else str(part)
        data = data.get(part) if isinstance(data, dict) else None
    return f"{text}: " if text else ""


def _id_of(entry: Any, number: int) -> str:
    named = entry.get("id") if isinstance(entry, dict) else None
    return str(named) if isinstance(named, (str, int)) else str(number + 1)


def did_you_mean(wrong: object, known: list[str]) -> str:
    """Return ` Did you mean “…”?`, or nothing where nothing is near."""
    begun = [word for word in known if len(str(wrong)) > 1 and word.startswith(str(wrong))]
    near = begun or difflib.get_close_matches(str(wrong), known, n=1, cutoff=0.6)
    return " " + _("Did you mean “{near}”?").format(near=near[0]) if near else ""


def _sentence(place: Place, details: list[ErrorDetails]) -> str:
    if len(details) > 1:
        return _("{value} is not allowed; allowed are {allowed}").format(
            value=_shown(place, details[0]["input"]),
            allowed=", ".join(dict.fromkeys(word for d in details for word in _allowed(d))),
        )
    say = _SENTENCES.get(details[0]["type"], _as_pydantic_says)
    return say(place, details[0])


def _allowed(detail: ErrorDetails) -> list[str]:
    """Name what one member of a union would have taken."""
    if detail["type"] == "literal_error":
        return _QUOTED.findall(detail["ctx"]["expected"])
    if detail["type"] == "tuple_type":
        return [_("a list [a, b]")]
    if detail["type"].startswith("int"):
        return [_("a whole number")]
    return [_range(detail)]


def _shown(place: Place, value: object) -> str:
    """Show a wrong value, unless it may be secret or is a whole section."""
    if value is None:
        return _("“nothing”")
    if isinstance(value, (dict, list)) or SECRET_KEYS.intersection(place):
        return _("this")
    text = str(value)
    return _("“{value}”").format(value=f"{text[:60]}…" if len(text) > 60 else text)


def _missing(place: Place, _detail: ErrorDetails) -> str:
    return _("is missing")


def _unknown_key(place: Place, detail: ErrorDetails) -> str:
    model = _model_at(detail["loc"][:-1])
    known = [] if model is None else [f.alias or name for name, f in model.model_fields.items()]
    sentence = _("this key is unknown.") + did_you_mean(place[-1], known)
    return sentence + " " + _("Allowed are {allowed}").format(allowed=", ".join(known))


def _needs_text(place: Place, detail: ErrorDetails) -> str:
    value = detail["input"]
    if isinstance(value, (int, float)) and not SECRET_KEYS.intersection(place):
        sentence = _('text is needed; put it in quotes: "{value}"')
        return sentence.format(value=str(value).lower() if isinstance(value, bool) else value)
    return _("text is needed; put it in quotes if it looks like a number")


def _needs_choice(place: Place, detail: ErrorDetails) -> str:
    allowed = _QUOTED.findall(detail["ctx"]["expected"])
    sentence = _("{value} is not allowed; allowed are {allowed}").format(
        value=_shown(place, detail["input"]), allowed=", ".join(allowed)
    )
    guess = did_you_mean(detail["input"], allowed)
    return sentence + ("." + guess if guess else "")


def _version(_place: Place, _detail: ErrorDetails) -> str:
    return _("an SNMP profile needs “version”: 1, 2c or 3")


def _pattern(place: Place, detail: ErrorDetails) -> str:
    rule = _PATTERNS.get(detail["ctx"]["pattern"])
    sentence = _(rule) if rule else _("this must match {pattern}").format(**detail["ctx"])
    return f"{_shown(place, detail['input'])}: {sentence}"


def _own_words(place: Place, detail: ErrorDetails) -> str:
    return f"{_shown_address(place, detail['input'])}{_(str(detail['ctx']['error']))}"


def _shown_address(place: Place, value: object) -> str:
    """A URL may carry a password."""
    return "" if "@" in str(value) or "//" in str(value) else f"{_shown(place, value)}: "


def _bounds(place: Place, detail: ErrorDetails) -> str:
    return _("{value} is out of range; allowed is {allowed}").format(
        value=_shown(place, detail["input"]), allowed=_range(detail)
    )


def _range(detail: ErrorDetails) -> str:
    """Name both limits of a number in words."""
    rules = list(_rules(_field_at(detail["loc"])))
    return " ".join(
        _(text).format(limit=getattr(rule, kind.__name__.lower()))
        for kind, text in _LIMIT_WORDS.items()
        for rule in rules
        if isinstance(rule, kind)
    )


def _rules(field: FieldInfo | None) -> Iterator[Any]:
    if field is None:
        return
    yield from field.metadata
    for part in get_args(field.annotation):
        for rule in getattr(part, "__metadata__", ()):
            yield from rule.metadata if isinstance(rule, FieldInfo) else (rule,)


def _too_long(_place: Place, detail: ErrorDetails) -> str:
    return _("at most {max_length} characters are allowed").format(**detail["ctx"])


def _as_pydantic_says(_place: Place, detail: ErrorDetails) -> str:
    return detail["msg"]


def _constant(text: str) -> Callable[[Place, ErrorDetails], str]:
    def say(place: Place, detail: ErrorDetails) -> str:
        return _(text).format(value=_shown(place, detail["input"]))

    return say


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _walk(place: Place) -> Iterator[tuple[type[BaseModel], FieldInfo | None]]:
    """Follow the model along a place of pydantic's; yields each model and the field taken."""
    choices: list[type[BaseModel]] = [Inventory]
    for part in place:
        named = [model for model in choices if model.__name__ == part]
        choices = named or choices
        if named or len(choices) != 1:
            continue
        fields = {f.alias or name: f for name, f in choices[0].model_fields.items()}
        field = fields.get(str(part))
        if field is not None:
            yield choices[0], field
            choices = list(_models(field.annotation))
    if len(choices) == 1:
        yield choices[0], None


def _model_at(place: Place) -> type[BaseModel] | None:
    return [model for model, _field in _walk(place)][-1]


def _field_at(place: Place) -> FieldInfo | None:
    return next((field for _model, field in reversed(list(_walk(place))) if field), None)


_MAPPING = _constant(N_("{value} is not allowed; entries “key: value” are needed"))
_LIST = _constant(N_("{value} is not allowed; a list is needed, one entry a line after “- ”"))
_WHOLE = _constant(N_("{value} is not allowed; a whole number is needed"))
_NUMBER = _constant(N_("{value} is not allowed; a number is needed"))
_YES_NO = _constant(N_("{value} is not allowed; allowed are true, false"))
_MOMENT = _constant(N_("{value} is not allowed; a moment looks like “2026-12-03T10:00”"))

_SENTENCES: dict[str, Callable[[Place, ErrorDetails], str]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "string_type": _needs_text,
    "string_too_short": _constant(N_("text is needed, this is empty")),
    "string_too_long": _too_long,
    "string_pattern_mismatch": _pattern,
    "literal_error": _needs_choice,
    "union_tag_not_found": _version,
    "union_tag_invalid": _version,
    "value_error": _own_words,
    **dict.fromkeys(
        ("greater_than_equal", "less_than_equal", "greater_than", "less_than"), _bounds
    ),
    **dict.fromkeys(("model_type", "model_attributes_type", "dict_type"), _MAPPING),
    **dict.fromkeys(("tuple_type", "list_type"), _LIST),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), _WHOLE),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), _NUMBER),
    **dict.fromkeys(("bool_type", "bool_parsing"), _YES_NO),
    **dict.fromkeys(
        (
            *("datetime_type", "datetime_parsing", "datetime_from_date_parsing"),
            *("datetime_object_invalid", "timezone_naive"),
        ),
        _MOMENT,
    ),
}
_OF_CONTAINER = frozenset({"missing", "extra_forbidden"})
