"""Which findings about rooms and bridges make them degraded, and which only tell. A table.

The codes are those of `RoomFacts.findings`; some carry an argument after a colon.
"""

from collections.abc import Iterable
from enum import StrEnum

from console.model.observation import RoomFacts


class Severity(StrEnum):
    """How much a reason weighs. Only an error makes a room or bridge degraded."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


FINDINGS = {
    "registration_failed": Severity.ERROR,
    "registration_pending": Severity.WARNING,
    "diagnostics_critical": Severity.ERROR,
    "diagnostics_error": Severity.ERROR,
    "diagnostics_warning": Severity.WARNING,
    "microphone_failed": Severity.ERROR,
    "microphone_muted": Severity.INFO,
    "camera_failed": Severity.ERROR,
    "camera_none": Severity.WARNING,
    "hardware_failed": Severity.ERROR,
    "network_failed": Severity.ERROR,
    "peripheral_lost": Severity.WARNING,
    "part_down": Severity.WARNING,
    "reboot_needed": Severity.WARNING,
    "bridge_unwell": Severity.ERROR,
    "bridge_busy": Severity.WARNING,
    "bridge_alarm": Severity.ERROR,
    "bridge_notice": Severity.WARNING,
    "call_quality": Severity.WARNING,
    "ping_only": Severity.INFO,
    "not_asked": Severity.INFO,
}
_RANK = tuple(Severity)


def severity(code: str) -> Severity:
    """Weigh a reason by its code; what the table does not name is why something does not work."""
    return FINDINGS.get(code, Severity.ERROR)


def severity_of(reason: str) -> Severity:
    """Weigh a reason spelled as a code or code:argument."""
    return severity(reason.partition(":")[0])


def findings_of(facts: Iterable[RoomFacts]) -> tuple[str, ...]:
    """Return what rooms' facts tell, each once, the gravest first."""
    told = dict.fromkeys(finding for known in facts for finding in known.findings)
    return tuple(sorted(told, key=lambda finding: _RANK.index(severity_of(finding))))
