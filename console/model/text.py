"""Text from the network, cleaned on entry: nothing that moves a cursor or turns a line around."""

import re

MOST_CHARACTERS = 255
# Control characters (C0, DEL, C1), line and paragraph separators, bidirectional controls.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def clean_text(raw: bytes | str) -> str:
    """Return at most 255 safe characters; octets are UTF-8 or, where they are not, Latin-1."""
    text = raw if isinstance(raw, str) else _decoded(raw)
    return _UNSAFE.sub("\ufffd", text[:MOST_CHARACTERS])


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
