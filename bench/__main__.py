"""Runs every measurement, or those named: `python -m bench [name …]`."""

import os
import pkgutil
import time
from importlib import import_module

import click

import bench

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def names() -> tuple[str, ...]:
    """Return the modules of this package; some only serve the measurements."""
    found = (module.name for module in pkgutil.iter_modules(bench.__path__))
    return tuple(name for name in found if not name.startswith("_"))


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("wanted", nargs=-1, metavar="[NAME]...", type=click.Choice(names()))
def main(wanted: tuple[str, ...]) -> None:
    """Run the measurements NAME..., all of them without any; a line appears as soon as it is known.

    Names are the modules of bench/ that have a `run()`.
    """
    for name in names():
        if wanted and name not in wanted:
            continue
        run = getattr(import_module(f"bench.{name}"), "run", None)
        if run is None:  # serves the measurements
            continue
        began = time.perf_counter()
        click.echo(f"{name}")
        for line in run() or ():
            click.echo(f"  {line}")
        click.echo(f"  ({time.perf_counter() - began:.0f} s)")


if __name__ == "__main__":
    main(prog_name="python -m bench")
