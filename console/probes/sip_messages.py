"""SIP's OPTIONS and what answers it (RFC 3261), octets in and out. Opens nothing."""

import re
import secrets
from dataclasses import dataclass

from console import __version__

SIP_PORT, SIPS_PORT = 5060, 5061
_COOKIE = "z9hG4bK"  # begins every branch of RFC 3261
_URI = re.compile(
    r"(?P<scheme>sips?):(?:(?P<user>[^@\s]+)@)?"
    r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<host>[^\s:;?\[\]]+))(?::(?P<port>\d{1,5}))?(?:[;?]\S*)?"
)
_STATUS = re.compile(r"SIP/2\.0 ([1-6]\d\d)(?: |$)")
_BRANCH = re.compile(r";\s*branch\s*=\s*([^;,\s]+)", re.IGNORECASE)
_COMPACT = {"v": "via", "i": "call-id", "l": "content-length"}
_CHALLENGES = ("www-authenticate", "proxy-authenticate")


def sip_address(uri: str, transport: str = "udp") -> tuple[str, int]:
    """Return host and port of a SIP URI; raise ValueError for anything else."""
    match = _URI.fullmatch(uri)
    if not match:
        raise ValueError("a SIP address looks like sip:room@host:5060")
    is_secure = transport == "tls" or match["scheme"] == "sips"
    usual = SIPS_PORT if is_secure else SIP_PORT
    return match["v6"] or match["host"], int(match["port"] or usual)


@dataclass(frozen=True, slots=True)
class Answer:
    """The part of a response that matters here; `challenges` are what 401 and 407 ask for."""

    status: int
    branch: str
    call_id: str
    challenges: tuple[str, ...] = ()


def headers_of(head: bytes) -> tuple[str, list[tuple[str, str]]]:
    """Return the first line of a message and its headers, names in lower case and long."""
    lines = re.sub(r"\r\n[ \t]+", " ", head.decode("utf-8", "replace")).split("\r\n")
    found = []
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon:
            word = name.strip().lower()
            found.append((_COMPACT.get(word, word), value.strip()))
    return lines[0], found


def read_answer(message: bytes) -> Answer | None:
    """Return the response in a message, None where it is none that can be read."""
    first, headers = headers_of(message.partition(b"\r\n\r\n")[0])
    status = _STATUS.match(first)
    named = dict(reversed(headers))  # of several the first counts
    branch = _BRANCH.search(named.get("via", ""))
    if not status or not branch or "call-id" not in named:
        return None
    challenges = tuple(value for name, value in headers if name in _CHALLENGES)
    return Answer(int(status[1]), branch[1], named["call-id"], challenges)


@dataclass(frozen=True, slots=True)
class Options:
    """A question: one Call-ID and tag, however often it is put. `number` is its CSeq."""

    uri: str
    call_id: str
    tag: str
    branch: str
    number: int = 1
    authorization: str | None = None

    def message(self, transport: str, own: tuple[str, int]) -> bytes:
        """Return the request; `own` is where this host hears the answer."""
        host = f"[{own[0]}]" if ":" in own[0] else own[0]
        way = "" if transport == "udp" else f";transport={transport}"
        lines = [
            f"OPTIONS {self.uri} SIP/2.0",
            f"Via: SIP/2.0/{transport.upper()} {host}:{own[1]};branch={self.branch};rport",
            "Max-Forwards: 70",
            f"From: <sip:leitstand@{host}>;tag={self.tag}",
            f"To: <{self.uri}>",
            f"Call-ID: {self.call_id}",
            f"CSeq: {self.number} OPTIONS",
            f"Contact: <sip:leitstand@{host}:{own[1]}{way}>",
            "Accept: application/sdp",
            f"User-Agent: Leitstand/{__version__}",
            *([self.authorization] if self.authorization else []),
            "Content-Length: 0",
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


def new_branch() -> str:
    """Return a branch that no other question has."""
    return _COOKIE + secrets.token_hex(8)


def new_options(uri: str) -> Options:
    """Return a question of its own."""
    return Options(uri, secrets.token_hex(8), secrets.token_hex(4), new_branch())
