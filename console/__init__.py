"""Leitstand without its window: model, analysis, history, collector, demo. Knows no Qt."""

__version__ = "0.1.0"
