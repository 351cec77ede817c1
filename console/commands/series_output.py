"""A link's series as JSON by the contract, as CSV, and as a table for people."""

import csv
import io
import json
import math
from typing import Any

from console.commands.instants import iso
from console.commands.tables import table
from console.language import _, format_moment, format_rate
from console.model.series import LinkSeries

_FIELDS = ("a_to_b_bps", "b_to_a_bps", "a_to_b_max_bps", "b_to_a_max_bps")


def json_text(series: LinkSeries) -> str:
    """Return what `series --json` prints; what is not known is null."""
    told = {
        "link": series.link,
        "capacity_bps": series.capacity_bps,
        "step_s": series.step_s,
        "points": [
            {"at": iso(at_s), **dict(zip(_FIELDS, values, strict=True))}
            for at_s, values in _points(series)
        ],
        "p95": {"a_to_b_bps": series.p95_a_to_b_bps, "b_to_a_bps": series.p95_b_to_a_bps},
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def csv_text(series: LinkSeries) -> str:
    """Return what `series --csv` prints; what is not known is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("at", *_FIELDS))
    for at_s, values in _points(series):
        writer.writerow((iso(at_s), *("" if value is None else value for value in values)))
    return text.getvalue().rstrip("\n")


def plain_text(series: LinkSeries) -> str:
    """Return a table with the network's own times."""
    rows = [
        (format_moment(at_s), *(format_rate(value) for value in values))
        for at_s, values in _points(series)
    ]
    headers = (_("Time"), _("a to b"), _("b to a"), _("a to b, max"), _("b to a, max"))
    last = _("95th percentile"), format_rate(series.p95_a_to_b_bps)
    rows.append((*last, format_rate(series.p95_b_to_a_bps), "", ""))
    head = f"{series.link} · {format_rate(series.capacity_bps)}"
    return f"{head}\n\n{table(headers, rows, 'lrrrr')}"


def _points(series: LinkSeries) -> list[tuple[float, tuple[float | None, ...]]]:
    columns = [getattr(series, field) for field in _FIELDS]
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [
        (at_s, tuple(_known(value) for value in row))
        for at_s, row in zip(series.at_s.tolist(), rows, strict=True)
    ]


def _known(value: Any) -> float | None:
    return None if math.isnan(value) else float(value)
