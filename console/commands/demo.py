"""`demo`: the simulated county network, live, with a window or without."""

import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import click

from console.commands.demo_network import Child, DemoNetwork, running
from console.commands.numbers import Number, seconds
from console.demo.simulation import DEFAULT_SEED
from console.language import N_

LOOK_S = 0.2
DEFAULT_DAYS = 14


@dataclass(frozen=True, slots=True)
class WindowOrder:
    """What the window of a demo is to show, for how long (None: until closed).

    With `screenshots` it draws off screen, leaves one picture per perspective there and ends.
    """

    inventory: Path
    history: Path
    for_s: float | None
    screenshots: Path | None
    simulation: Child

    def check(self) -> None:
        """Raise OperatorError when the simulated network has ended by itself."""
        self.simulation.check()


@dataclass(frozen=True, slots=True)
class Window:
    """The window as this command may know it: main.py, which may know both, brings them together.

    `check` gets the folder for screenshots, and raises OperatorError where no window can be.
    `open` returns the exit code.
    """

    check: Callable[[Path | None], None]
    open: Callable[[WindowOrder], int]


def headless(network: DemoNetwork, for_s: float | None) -> None:
    """Run without a window until told to stop, or for `for_s`; then print the status table."""
    from console.commands.past import opened
    from console.commands.status_text import status_text

    stop = threading.Event()

    def told(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, told) for number in (signal.SIGTERM, signal.SIGINT)}
    ends_s = None if for_s is None else time.monotonic() + for_s
    try:
        while not stop.wait(LOOK_S) and (ends_s is None or time.monotonic() < ends_s):
            network.check()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    with opened(network.history) as reader:
        click.echo(status_text(reader.snapshot_at(None)))


@click.command(
    "demo",
    help=N_("The simulated county network, live: agents, a collector and the window."),
    epilog=N_("Example: python main.py demo --days 2 --headless --for 60"),
)
@click.option(
    "--days",
    type=Number(0, 400, N_("days")),
    default=DEFAULT_DAYS,
    show_default=True,
    help=N_("So many days of past are written first, if there is no history yet."),
)
@click.option("--headless", "no_window", is_flag=True, help=N_("No window; the status at the end."))
@click.option(
    "--for",
    "for_s",
    type=seconds(0),
    metavar="S",
    help=N_("End after so many seconds."),
)
@click.option(
    "--screenshots",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help=N_("Draw off screen, leave one picture per perspective there, and end."),
)
@click.option(
    "--seed", type=int, default=DEFAULT_SEED, help=N_("Which of many possible courses to play.")
)
@click.pass_obj
def command(
    window: Callable[[], Window],
    days: float,
    no_window: bool,
    for_s: float | None,
    screenshots: Path | None,
    seed: int,
) -> int:
    """Run on the command line; the context's object brings the window."""
    if no_window:
        with running(days, seed) as network:
            headless(network, for_s)
        return 0
    shown = window()
    shown.check(screenshots)
    with running(days, seed) as network:
        files = (network.inventory, network.history)
        return shown.open(WindowOrder(*files, for_s, screenshots, network.simulation))
