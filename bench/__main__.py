"""Runs every measurement, or those named: `python -m bench [name …]`."""

import os
import pkgutil
import sys
import time
from importlib import import_module

import click

import bench

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def main(wanted: list[str]) -> None:
    """Run the measurements one after the other; a line appears as soon as it is known."""
    names = [module.name for module in pkgutil.iter_modules(bench.__path__)]
    for name in names:
        if name.startswith("_") or (wanted and name not in wanted):
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
    main(sys.argv[1:])
