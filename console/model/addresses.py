"""How addresses are written: hosts, host and port, URLs, SIP URIs. Nothing is looked up.

The checks return the text as it is, or raise ValueError with a sentence marked for translation.
"""

import ipaddress
import re
from urllib.parse import urlsplit

from console.language import N_

_ENDPOINT = re.compile(
    r"(?:\[(?P<v6>[0-9A-Fa-f:.]+(?:%[\w.-]+)?)\]|(?P<host>[^\s:/\[\]@]+))(?::(?P<port>[0-9]{1,5}))?"
)
_BARE_V6 = re.compile(r"[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(?:%[\w.-]+)?")
_NAME = re.compile(r"(?!-)[\w-]{1,63}(?<!-)(?:\.(?!-)[\w-]{1,63}(?<!-))*\.?")
_DIGITS = re.compile(r"[0-9.]+")
_SIP = re.compile(r"sips?:(?:[^\s@:]+@)?(?P<at>[^\s@;?]+)(?:;[^\s?]*)?")
_ANY_PORT = 1


def split_address(text: str, default_port: int) -> tuple[str, int]:
    """Split `host`, `host:port`, `v6` or `[v6]:port`; raise ValueError for anything else."""
    if _BARE_V6.fullmatch(text):
        return text, default_port
    match = _ENDPOINT.fullmatch(text)
    if not match:
        raise ValueError(N_("an address is host, host:port or [IPv6]:port"))
    port = int(match["port"] or default_port)
    if not 1 <= port <= 65535:
        raise ValueError(N_("a port is a number from 1 to 65535"))
    return match["v6"] or match["host"], port


def checked_host(text: str) -> str:
    """Check a name or an IPv4 or IPv6 address without a port."""
    if ":" in text or _DIGITS.fullmatch(text):
        _check_ip(text)
    elif not _NAME.fullmatch(text) or len(text) > 253:
        raise ValueError(N_("a host is a name such as r1.example.org, or an IP address"))
    return text


def _check_ip(text: str) -> None:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        raise ValueError(
            N_("this IP address cannot be; one looks like 192.0.2.7 or 2001:db8::7")
        ) from None


def checked_address(text: str) -> str:
    """Check `host`, `host:port`, `v6` or `[v6]:port`."""
    checked_host(split_address(text, _ANY_PORT)[0])
    return text


def checked_http(text: str) -> str:
    """Check a URL that begins with http:// or https://."""
    return _checked_url(text, ("http", "https"))


def checked_https(text: str) -> str:
    """Check a URL that begins with https://."""
    return _checked_url(text, ("https",))


def _checked_url(text: str, schemes: tuple[str, ...]) -> str:
    sentence = (
        N_("a URL such as https://host/path is needed")
        if schemes == ("https",)
        else N_("a URL such as http://host:8080/path is needed")
    )
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError(sentence) from None
    if parts.scheme not in schemes or not host or port == 0 or re.search(r"\s", text):
        raise ValueError(sentence)
    checked_host(host)
    return text


def checked_sip(text: str) -> str:
    """Check a SIP URI (RFC 3261): sip:user@host:port, user and port optional."""
    match = _SIP.fullmatch(text)
    if not match:
        raise ValueError(N_("a SIP address is sip:user@host or sip:user@host:port"))
    checked_address(match["at"])
    return text
