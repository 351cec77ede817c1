"""The window: everything that is Qt. Knows the history only through its readers."""
