"""The inventory as the history keeps it: whole, but without a single secret."""

import json
from typing import Any

from console.model.inventory import Inventory
from console.model.url_secrets import without_secrets

_REMOVED = "removed"  # stands for a community, which a profile cannot be without
_SECRET_KEYS = ("auth_key", "priv_key", "credential", "key")


def dump(inventory: Inventory) -> str:
    """Return the inventory as JSON without secrets; the same inventory gives the same text."""
    content = inventory.model_dump(mode="json", by_alias=True)
    return json.dumps(clean(content), ensure_ascii=False, sort_keys=True)


def load(content: str) -> Inventory:
    """Return the stored inventory; secrets in it are None or placeholders."""
    return Inventory.model_validate_json(content)


def clean(value: Any) -> Any:
    """Return JSON without the secrets in it."""
    if isinstance(value, dict):
        return {key: _clean_entry(key, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [clean(inner) for inner in value]
    return without_secrets(value) if isinstance(value, str) else value


def _clean_entry(key: str, value: Any) -> Any:
    if key in _SECRET_KEYS:
        return None
    if key == "community":
        return _REMOVED
    return clean(value)
