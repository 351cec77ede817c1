"""Reason codes as sentences, for commands and panels alike."""

from console.language import N_, _
from console.model.snapshot import Reason
from console.model.states import RoomState, State
from console.texts_rooms import SENTENCES as OF_ROOMS

# `{0}` stands for the reason's argument: a device, a link, a port, a status code.
_SENTENCES = {
    "snmp_timeout": N_("No answer over SNMP"),
    "snmp_refused": N_("SNMP access refused"),
    "snmp_access": N_("SNMP access refused: check what profile {0} may read on the device"),
    "snmp_auth": N_("SNMP authentication refused: check user and key of profile {0}"),
    "snmp_user": N_("SNMP user unknown to the device: check the user of profile {0}"),
    "snmp_privacy": N_("SNMP encryption refused: check cipher and key of profile {0}"),
    "snmp_garbled": N_("SNMP answer cannot be read"),
    "snmp_table": N_("The ports cannot be read: the device's SNMP agent repeats itself"),
    "snmp_slow": N_("The device answers SNMP too slowly: its ports cannot be read in time"),
    "snmp_status": N_("The device answers SNMP with an error"),
    "snmp_error": N_("SNMP question could not be sent"),
    "snmp_unsupported": N_("SNMP version {0} cannot be polled; give the device a v2c profile"),
    "no_snmp_answer": N_("No answer over SNMP"),
    "ping_timeout": N_("No answer to ping"),
    "ping_error": N_("Ping could not be sent"),
    "ping_only": N_("Answers to ping; nothing more is known"),
    "dns": N_("Name does not resolve"),
    "network": N_("No way to the address from here"),
    "secret_missing": N_("Secret {0} is missing; set it and start the collector again"),
    "secret_exposed": N_("The file of {0} is open to others than its owner: chmod 600"),
    "behind": N_("Cut off behind {0}"),
    "port_down": N_("Port down: {0}"),
    "port_off": N_("Port switched off: {0}"),
    "port_faults": N_("Errors or discards on {0}"),
    "speed_mismatch": N_("The two ends have different speeds"),
    "lldp_port": N_("Neighbour at another port than in the inventory: {0}"),
    "lldp_neighbour": N_("Another neighbour than in the inventory: {0}"),
    "sip_timeout": N_("No answer over SIP"),
    "sip_refused": N_("SIP refused with status {0}"),
    "sip_garbled": N_("SIP answer cannot be read"),
    "sip_error": N_("SIP question could not be sent"),
    "no_port": N_("No port {0} on the device; check the inventory"),
    "calendar_missing": N_("There is no calendar where the inventory says"),
    "calendar_unreadable": N_("The calendar cannot be read; check that it is an iCalendar file"),
    "calendar_too_large": N_("The calendar is larger than 5 MB or 5,000 dates"),
    "calendar_partly": N_("Entries of the calendar that cannot be read are left out"),
    "calendar_refused": N_("The calendar's server refuses; check the credential"),
    "calendar_certificate": N_("The certificate of the calendar's server is not trusted"),
    "calendar_unreachable": N_("The calendar's server does not answer"),
    "stale": N_("Last value is too old"),
    **OF_ROOMS,
}

_STATES = {
    State.UP: N_("in operation"),
    State.DEGRADED: N_("degraded"),
    State.DOWN: N_("down"),
    State.UNREACHABLE: N_("unreachable"),
    State.UNKNOWN: N_("unknown"),
    State.MAINTENANCE: N_("maintenance"),
    RoomState.IDLE: N_("ready"),
    RoomState.IN_CALL: N_("in a call"),
    RoomState.STANDBY: N_("standby"),
}


def sentence(reason: Reason) -> str:
    """Return the reason in words; a code this version does not know is shown as it is."""
    known = _SENTENCES.get(reason.code)
    if known is None:
        return f"{reason.code} {reason.argument}".strip()
    return _(known).format(reason.argument or "?")


def reason_of(text: str) -> Reason:
    """Read a reason as probes and judgements spell it: a code, or code:argument."""
    code, _colon, argument = text.partition(":")
    return Reason(code, argument)


def state_word(state: State | RoomState | str) -> str:
    """Return the state in the reader's language."""
    return _(_STATES[state])  # type: ignore[index]  # both enums are strings
