"""The load of a link or a port: figures, graph, numbers, facts."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from console.language import _, format_moment
from console.model.series import LinkSeries, PortSeries
from console.model.snapshot import LinkView, PortView, Snapshot
from console.texts import sentence, state_word
from widgets import times
from widgets.detail.curves import Curves, Statistics, of_link, of_port, statistics
from widgets.detail.graph import LoadGraph
from widgets.detail.number_table import NumberRow, NumberTable
from widgets.detail.parts import (
    FactList,
    Figure,
    Figures,
    Heading,
    RangeBar,
    per_second,
)
from widgets.detail.port_state import port_state, port_word
from widgets.detail.things import Thing, ThingList
from widgets.detail.what_if_button import WhatIfButton
from widgets.detail.wiring import wiring_text
from widgets.detail.wish import SeriesWish
from widgets.wording import age_text, end_names, link_name, port_of, speed_text

_NOTHING = Statistics(None, None, None, None)


class Page(QScrollArea):
    """One kind of thing in full; scrolls where the panel is too low."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body = QWidget()
        self.body.setObjectName("detailBody")
        self.lines = QVBoxLayout(self.body)
        self.lines.setContentsMargins(12, 10, 12, 12)
        self.lines.setSpacing(12)
        self.setWidget(self.body)
        self.viewport().setAutoFillBackground(False)
        self.body.setAutoFillBackground(False)
        self.heading = Heading()
        self.lines.addWidget(self.heading)


class LoadPage(Page):
    """What links and ports have in common.

    Signals:
        range_chosen: a key of wish.RANGES.
    """

    range_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.figures, self.ranges, self.graph = Figures(), RangeBar(), LoadGraph()
        self.numbers, self.facts = NumberTable(), FactList()
        for part in (self.figures, self.ranges, self.graph, self.numbers, self.facts):
            self.lines.addWidget(part, 1 if part is self.graph else 0)
        self.lines.addStretch(0)
        self.ranges.range_chosen.connect(self.range_chosen)
        self._names = ("", "")
        self._now: tuple[float | None, float | None] = (None, None)
        self._sums = (_NOTHING, _NOTHING)

    def show_loading(self) -> None:
        """Say that the curves are being read; those of something else go."""
        self._sums = (_NOTHING, _NOTHING)
        self._show_numbers()
        self.graph.show_message(_("Loading …"))

    def show_series(
        self, wish: SeriesWish, series: LinkSeries | PortSeries | None, live: bool
    ) -> None:
        """Show the series of the wished range; `live`: it ends now."""
        curves = self.curves_of(series)
        if curves is None:
            self.graph.show_message(_("Nothing is recorded of this time."))
            return
        self._sums = statistics(curves)
        self._show_numbers()
        self.graph.show_curves(curves, wish.from_s, wish.to_s, self._names, live)

    def curves_of(self, series: LinkSeries | PortSeries | None) -> Curves | None:
        """Make curves of the page's kind of series; None of any other."""
        raise NotImplementedError

    def _show_directions(self, up: Figure, down: Figure) -> None:
        self._names = (up.name, down.name)
        self._now = (up.rate_bps, down.rate_bps)
        self.figures.show_figures(up, down)
        self._show_numbers()

    def _show_numbers(self) -> None:
        rows = [
            NumberRow(name, (now, sums.mean_bps, sums.min_bps, sums.p95_bps, sums.peak_bps))
            for name, now, sums in zip(self._names, self._now, self._sums, strict=True)
        ]
        self.numbers.show_rows(*rows)


class LinkPage(LoadPage):
    """A link in full.

    Signals:
        what_if_wanted: the link's id.
    """

    what_if_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.what_if = WhatIfButton()
        self.what_if.what_if_wanted.connect(self.what_if_wanted)
        self.lines.insertWidget(self.lines.count() - 1, self.what_if, 0, Qt.AlignmentFlag.AlignLeft)

    def show_link(self, snapshot: Snapshot, link: LinkView) -> None:
        """Show how the link stands."""
        self.what_if.show_subject(link.id)
        reasons = tuple(sentence(reason) for reason in link.reasons)
        since = times.since(link.since_s, snapshot.at_s)
        self.heading.show_thing(link_name(snapshot, link), link.state, since, reasons)
        a, b = end_names(snapshot, link)
        self._show_directions(
            Figure(f"→ {b}", link.a_to_b_bps, link.a_to_b_load, up=True),
            Figure(f"→ {a}", link.b_to_a_bps, link.b_to_a_load, up=False),
        )
        ends = (
            port_of(snapshot, link.a_device, link.a_port),
            port_of(snapshot, link.b_device, link.b_port),
        )
        show = self.facts.show_fact
        show(_("Capacity"), speed_text(link.capacity_bps))
        show(_("Errors · discarded"), _faults_text(*ends))
        names = (_end_text(link.a_device, ends[0]), _end_text(link.b_device, ends[1]))
        show(_("Ends"), "\n".join(names))
        show(_("Neighbour by LLDP"), wiring_text(link.wiring))
        show(_("Value"), age_text(link.age_s))
        show(_("In this state since"), "" if link.since_s is None else times.minute(link.since_s))

    def curves_of(self, series: LinkSeries | PortSeries | None) -> Curves | None:
        """Make the curves of the link's series."""
        return of_link(series) if isinstance(series, LinkSeries) else None


class PortPage(LoadPage):
    """A port in full. Received is drawn upwards, sent downwards.

    Signals:
        device_chosen: back to its device.
    """

    device_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._speed_bps: float | None = None
        self.devices = ThingList(_("Device"))
        self.lines.insertWidget(self.lines.count() - 1, self.devices)
        self.devices.chosen.connect(self.device_chosen)

    def show_port(self, snapshot: Snapshot, port: PortView) -> None:
        """Show how the port stands."""
        self._speed_bps = port.speed_bps
        below = " · ".join(x for x in (port.alias, port_word(port)) if x)
        title = f"{port.device} · {port.name}"
        self.heading.show_thing(title, port_state(port), below)
        self._show_directions(
            Figure(_("← received"), port.in_bps, _load(port.in_bps, port), up=True),
            Figure(_("→ sent"), port.out_bps, _load(port.out_bps, port), up=False),
        )
        show = self.facts.show_fact
        show(_("Speed"), speed_text(port.speed_bps))
        show(_("Errors · discarded"), _faults_text(port))
        show(_("In this state since"), format_moment(port.last_change_s))
        show(_("Index"), str(port.if_index))
        show(_("Value"), age_text(port.age_s))
        device = snapshot.devices.get(port.device)
        self.devices.show_things(
            [Thing(device.id, device.id, device.state, state_word(device.state))] if device else []
        )

    def curves_of(self, series: LinkSeries | PortSeries | None) -> Curves | None:
        """Make the curves of the port's series."""
        return of_port(series, self._speed_bps) if isinstance(series, PortSeries) else None


def _load(rate_bps: float | None, port: PortView) -> float | None:
    return rate_bps / port.speed_bps if rate_bps is not None and port.speed_bps else None


def _end_text(device: str, port: PortView | None) -> str:
    return f"{device} {port.name}" if port else device


def _faults_text(*ports: PortView | None) -> str:
    """Errors and discards a second of all ends together; a dash where no end tells."""
    errors = _sum([x for p in ports if p for x in (p.in_errors_ps, p.out_errors_ps)])
    discards = _sum([x for p in ports if p for x in (p.in_discards_ps, p.out_discards_ps)])
    return f"{per_second(errors)} · {per_second(discards)} /s"


def _sum(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
