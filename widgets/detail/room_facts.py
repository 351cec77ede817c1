"""What a room or bridge tells of itself, as rows of names and values for people."""

from collections.abc import Iterator

from console.language import N_, _, format_number, format_rate, format_span, ngettext
from console.model.observation import RoomFacts

_MICROPHONES = {
    "on": N_("on"),
    "muted": N_("muted"),
    "none": N_("none"),
    "failed": N_("out of order"),
}
_CAMERA = {
    "connected": N_("connected"),
    "none": N_("none"),
    "failed": N_("out of order"),
}


def room_rows(facts: RoomFacts) -> Iterator[tuple[str, str]]:
    """Yield every row there can be; the value is "" where the room does not tell."""
    yield _("Registration"), _registration(facts.registered)
    yield _("Call"), _call(facts)
    yield _("Media"), _media(facts)
    yield _("Microphones"), _word(_MICROPHONES, facts.microphones)
    yield _("Camera"), _word(_CAMERA, facts.camera)
    yield _("Displays connected"), "" if facts.displays is None else str(facts.displays)
    yield _("Model"), facts.model or ""
    yield _("Serial number"), facts.serial or ""
    yield _("Software"), facts.software or ""
    yield _("Running for"), "" if facts.uptime_s is None else format_span(facts.uptime_s)


def _registration(registered: bool | None) -> str:
    if registered is None:
        return ""
    return _("registered") if registered else _("not registered")


def _word(words: dict[str, str], told: str | None) -> str:
    return "" if told is None else _(words[told]) if told in words else told


def _call(facts: RoomFacts) -> str:
    """Return how many calls and participants, or that there is none."""
    parts = []
    if facts.calls:
        parts.append(ngettext("{n} call", "{n} calls", facts.calls).format(n=facts.calls))
    elif facts.in_call is not None:
        parts.append(_("in a call") if facts.in_call else _("no call"))
    if facts.participants:
        text = ngettext("{n} participant", "{n} participants", facts.participants)
        parts.append(text.format(n=facts.participants))
    return " · ".join(parts)


def _media(facts: RoomFacts) -> str:
    """Return rates, loss and encryption of the calls."""
    parts = []
    for sign, rate_bps in (("↓", facts.receive_bps), ("↑", facts.transmit_bps)):
        if rate_bps is not None:
            parts.append(f"{sign} {format_rate(rate_bps)}")
    if facts.loss is not None:
        loss = format_number(100 * facts.loss, 1)
        parts.append(_("loss {loss} %").format(loss=loss))
    if facts.encryption is not None:
        parts.append(_("encryption {kind}").format(kind=facts.encryption))
    return " · ".join(parts)
