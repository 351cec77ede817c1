"""Answers SIP OPTIONS (RFC 3261, section 11) for rooms and bridges: octets in, octets out."""

import re
from collections.abc import Callable, Mapping

Answer = Callable[[float], int | None]  # the status at a moment, None: silence

_REASONS = {200: "OK", 404: "Not Found", 405: "Method Not Allowed", 486: "Busy Here"}
_USER = re.compile(r"sips?:(?:([^@;>\s]*)@)?", re.IGNORECASE)
_LONG = {"v": "via", "f": "from", "t": "to", "i": "call-id"}
_COPIED = ("via", "from", "to", "call-id", "cseq")


def user_of(uri: str) -> str:
    """Return the user part of a SIP address, empty where it has none."""
    match = _USER.match(uri)
    return (match[1] or "") if match else ""


def respond(data: bytes, answers: Mapping[str, Answer], at_s: float) -> bytes | None:
    """Return the response to a request; None for what is no request, or for silence.

    `answers` are told apart by the user part of their SIP address.
    """
    head = data.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
    first, *lines = head.split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or words[2] != "SIP/2.0" or words[0] == "ACK":
        return None
    answer = answers.get(user_of(words[1]))
    status = answer(at_s) if answer else 404
    if status is None:
        return None
    return _response(status if words[0] == "OPTIONS" else 405, lines)


def _response(status: int, lines: list[str]) -> bytes:
    kept = [f"SIP/2.0 {status} {_REASONS[status]}"]
    for line in lines:
        name, _, value = line.partition(":")
        word = _LONG.get(name.strip().lower(), name.strip().lower())
        if word in _COPIED:
            tag = ";tag=leitstand" if word == "to" and ";tag=" not in value else ""
            kept.append(f"{name.strip()}: {value.strip()}{tag}")
    kept += ["Allow: OPTIONS", "Accept: application/sdp", "Content-Length: 0", "", ""]
    return "\r\n".join(kept).encode()
