"""One module a protocol: asks one thing and returns what it saw."""
