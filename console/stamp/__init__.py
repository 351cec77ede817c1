"""STAMP, RFC 8762: test packets, their sender and their reflector. Knows no inventory."""
