"""The selected thing in full: its load over time, its numbers, its facts. Opens no file."""
