"""How good a path is for media, by its newest window. Pure."""

from console.analysis.conference_report import quality
from console.analysis.evidence import of_windows
from console.model.path_view import PathView
from console.model.report import Quality


def path_quality(view: PathView) -> Quality | None:
    """Judge a path by the limits of conference reports; None where it is not known by now."""
    if not view.fresh:
        return None
    return quality([of_windows([view.window], view.age_s, fresh=True)])
