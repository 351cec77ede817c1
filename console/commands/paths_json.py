"""Measured paths as the JSON of `status --json`."""

from collections.abc import Iterable
from typing import Any

from console.model.path_view import PathView


def paths_json(views: Iterable[PathView]) -> list[dict[str, Any]]:
    """Return the newest window of each; of one that is too old only what it is and its age."""
    return [_path(view) for view in views]


def _path(view: PathView) -> dict[str, Any]:
    values = {
        "rtt_ms": view.rtt_ms,
        "jitter_ms": view.jitter_ms,
        "loss": view.loss,
        "loss_there": view.loss_there,
        "loss_back": view.loss_back,
    }
    return {
        "subject": view.window.subject,
        "site": view.site,
        "path": view.window.path,
        "from": view.origin,
        **(values if view.fresh else dict.fromkeys(values)),
        "age_s": round(view.age_s, 3),
    }
