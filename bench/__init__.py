"""Measurements: each module has `run()`, which yields the lines to print."""
