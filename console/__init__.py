"""Leitstand without its window: model, analysis, history, collector, demo. Nothing in here knows Qt."""

__version__ = "0.1.0"
