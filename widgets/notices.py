"""Which sentences the banner shows: what stands between the operator and the live truth. No Qt."""

from dataclasses import dataclass

from console.language import N_, _, format_span
from console.model.snapshot import Snapshot
from console.model.states import CollectorState
from widgets import times
from widgets.banner import Notice

LIVE = "live"
RESTART = "restart"
_WAITING = N_("Waiting for the first answers of the network …")


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the banner depends on. `review`: the name of the file, "" when the network is live.

    `ended`: the last words of a collector that died, None while there is nothing to say;
    `unreadable`: why the history cannot be read, "" when it can; `trouble`: what else went wrong.
    """

    snapshot: Snapshot | None = None
    cursor_s: float | None = None
    last_s: float | None = None
    review: str = ""
    ended: str | None = None
    unreadable: str = ""
    trouble: str = ""


def notices(situation: Situation) -> tuple[Notice, ...]:
    """Return what to show, the gravest first."""
    found = [
        *(_ended(situation), _sentence(situation.trouble), _sentence(situation.unreadable)),
        *(_review(situation), _past(situation)),
    ]
    if situation.ended is None and not situation.review:
        found.append(_collector(situation))
    return tuple(notice for notice in found if notice is not None)


def _ended(situation: Situation) -> Notice | None:
    if situation.ended is None:
        return None
    words = situation.ended or _("it left no message")
    text = _("The collector has ended: {words}").format(words=words)
    return Notice("down", text, RESTART, _("Start again"))


def _sentence(text: str) -> Notice | None:
    return Notice("down", text) if text else None


def _review(situation: Situation) -> Notice | None:
    if not situation.review or situation.cursor_s is None:
        return None
    at_end = situation.last_s is not None and situation.cursor_s >= situation.last_s
    text = _("Review of {file}: you see {time}").format(
        file=situation.review, time=times.minute(situation.cursor_s)
    )
    if at_end:
        text += " – " + _("the recording ends here")
    return Notice("accent", text)


def _past(situation: Situation) -> Notice | None:
    if situation.review or situation.cursor_s is None:
        return None
    text = _("You see {time} – not live").format(time=times.minute(situation.cursor_s))
    return Notice("accent", text, LIVE, _("Back to live"))


def _collector(situation: Situation) -> Notice | None:
    """Return what the collector's silence means; only the present is told about."""
    if situation.cursor_s is not None:
        return None
    if situation.snapshot is None:
        return None if situation.unreadable else Notice("accent", _(_WAITING))
    collector = situation.snapshot.collector
    silent = format_span(collector.heartbeat_age_s)
    if collector.state == CollectorState.SILENT:
        text = _("The collector has been silent for {span}: everything is shown as unknown")
        return Notice("down", text.format(span=silent))
    if collector.state == CollectorState.STOPPED:
        text = _("The collector was stopped {span} ago: everything is shown as unknown")
        return Notice("warning", text.format(span=silent))
    if collector.state == CollectorState.NEVER:
        return Notice("accent", _(_WAITING))
    return None
