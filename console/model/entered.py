"""Whether a conference entered beside the inventory fits it: the inventory's own checks."""

from collections.abc import Iterable

from console.language import _
from console.model import inventory_check
from console.model.inventory import Conference, Inventory


def sentences(entry: Conference, inventory: Inventory) -> tuple[str, ...]:
    """Return what is wrong with it, nothing where it fits."""
    if isinstance(inventory.by_id.get(entry.id), Conference):
        sentence = _(
            "“{id}” stands in the inventory file: change it there, the collector reads it."
        )
        return (sentence.format(id=entry.id),)
    if entry.start is None or entry.calendar is not None:
        return (_("a conference entered in the window has a time of its own, and no calendar"),)
    known = _ids(inventory)
    conference = entry.model_dump(mode="json", by_alias=True, exclude_none=True)
    place = ("conferences", len(known["conferences"]))
    known["conferences"].append(conference)
    data = {**known, "profiles": {name: {} for name in inventory.profiles}}
    found = inventory_check.findings(data)
    return tuple(one.text for one in found if one.place[:2] == place and not one.hint)


def _ids(inventory: Inventory) -> dict[str, list[dict[str, object]]]:
    sections = ("sites", "devices", "links", "bridges", "rooms", "reflectors", "services")
    return {name: [{"id": one.id} for one in getattr(inventory, name)] for name in sections} | {
        "conferences": [
            {"id": one.id, "start": "", "bridge": one.bridge, "profile": one.profile}
            for one in inventory.conferences
        ]
    }


def free_id(name: str, taken: Iterable[str]) -> str:
    """Return an id made from a name, one that nothing has yet."""
    plain = name.casefold().translate(_SPELLED)
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in plain).split()
    stem = "-".join(words)[:48].strip("-") or "conference"
    used = set(taken)
    numbered = (f"{stem}-{number}" for number in range(2, len(used) + 3))
    return stem if stem not in used else next(one for one in numbered if one not in used)


_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
