"""Passwords and keys that stand in URLs: taken out wherever one is stored, shown or logged."""

import re

_REMOVED = "removed"
# The password of a URL or a SIP URI, up to the last @ before its path.
_PASSWORD = re.compile(r"^([A-Za-z][\w+.-]*://|sips?:)([^/@:?\s]*):[^/?#\s]*@")
_QUERY = re.compile(r"(?i)([?&](?:token|key|secret|password|pw|auth)[\w-]*=)[^&#]*")


def without_secrets(text: str) -> str:
    """Return a URL without password, and without values of its query that are called like keys.

    Any other text is returned as it is.
    """
    return _QUERY.sub(r"\1" + _REMOVED, _PASSWORD.sub(r"\1\2@", text))
