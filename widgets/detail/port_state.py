"""How a port stands, as a state and as words. No Qt."""

from console.language import N_, _
from console.model.snapshot import PortView
from console.model.states import State

_WORDS = {
    "up": N_("up"),
    "down": N_("no signal"),
    "testing": N_("testing"),
    "unknown": N_("unknown"),
    "dormant": N_("dormant"),
    "notPresent": N_("not present"),
    "lowerLayerDown": N_("lower layer down"),
}
_STATES = {
    "up": State.UP,
    "testing": State.DEGRADED,
    "dormant": State.DEGRADED,
    "unknown": State.UNKNOWN,
}


def is_off(port: PortView) -> bool:
    """Whether somebody switched the port off."""
    return port.admin == "down"


def port_state(port: PortView) -> State:
    """Return the port's state; one that is switched off is neither well nor broken: unknown."""
    return State.UNKNOWN if is_off(port) else _STATES.get(port.oper, State.DOWN)


def port_word(port: PortView) -> str:
    """Return the port's state in words."""
    return _("switched off") if is_off(port) else _(_WORDS.get(port.oper, port.oper))
