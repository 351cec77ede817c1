"""The one exception a person can act on."""


class OperatorError(Exception):
    """One translated sentence: what happened and what to do.

    `exit_code` follows the contract: 1 for the environment (file, network, permission), 2 for
    wrong input. Anything that is not an OperatorError is a bug and keeps its traceback.
    """

    def __init__(self, sentence: str, exit_code: int = 1) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code
