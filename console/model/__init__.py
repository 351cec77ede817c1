"""Frozen values that travel between the parts. No clock, no database, no network."""
