"""How a question ends without a usable answer."""

from console.model.states import Outcome


class ProbeError(Exception):
    """A question without a usable answer. `detail` is a reason's code, never a peer's text."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail
