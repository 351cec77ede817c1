"""Work that is done in steps, so that whoever has other things to do can go on in between."""

from collections.abc import Generator
from typing import TypeVar

Result = TypeVar("Result")
Steps = Generator[None, None, Result]


def whole(steps: Steps[Result]) -> Result:
    """Do all of it at once."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            result: Result = done.value
            return result
