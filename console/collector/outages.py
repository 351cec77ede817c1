"""Tells the log of an outage: once when it starts and once when it ends."""

import logging
from collections.abc import Iterable, Mapping

from console.history.recording import NOT_WELL
from console.language import _
from console.model.observation import Transition
from console.texts import reason_of, sentence, state_word

log = logging.getLogger("leitstand.collector")


class OutageLog:
    """Remembers what is not well; `stood` is how everything stood before."""

    def __init__(self, stood: Mapping[str, Transition]) -> None:
        self._not_well = {s for s, known in stood.items() if known.state in NOT_WELL}

    def tell(self, transitions: Iterable[Transition]) -> None:
        """Log what starts or ends with these transitions."""
        for change in transitions:
            was_well = change.subject not in self._not_well
            if change.state not in NOT_WELL:
                self._not_well.discard(change.subject)
                if not was_well and change.state != "unknown":
                    log.info(_("%s is well again"), change.subject)
            elif was_well:
                self._not_well.add(change.subject)
                why = "; ".join(sentence(reason_of(reason)) for reason in change.reasons)
                log.warning("%s: %s (%s)", change.subject, state_word(change.state), why)
