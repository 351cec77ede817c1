"""Answers a SIP peer's challenge by digest authentication (RFC 3261, 7616, 8760)."""

import hashlib
import re
import secrets
from collections.abc import Callable, Iterable

_PARAMETER = re.compile(r'([A-Za-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
_SCHEME = re.compile(r"\s*digest\s+", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_WORSE_LAST = ("SHA-256", "MD5")
PROXY = 407


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


_HASHES: dict[str, Callable[[str], str]] = {"SHA-256": _sha256, "MD5": _md5}


def authorization(
    status: int,
    challenges: Iterable[str],
    credential: str,
    uri: str,
    method: str = "OPTIONS",
) -> str | None:
    """Return the header line that answers the best of the challenges, None where none can be.

    `credential` is "user:password".
    """
    read = [_read(challenge) for challenge in challenges]
    known = {challenge["algorithm"]: challenge for challenge in reversed(read) if challenge}
    chosen = next((known[name] for name in _WORSE_LAST if name in known), None)
    if chosen is None:
        return None
    user, _colon, password = credential.partition(":")
    header = "Proxy-Authorization" if status == PROXY else "Authorization"
    fields = _fields(chosen, user, password, uri, method)
    return f"{header}: Digest {', '.join(fields)}"


def _read(challenge: str) -> dict[str, str] | None:
    """Return a challenge's parameters, None for one that this program cannot answer."""
    scheme = _SCHEME.match(challenge)
    if scheme is None or _CONTROL.search(challenge):
        return None
    found = {
        name.lower(): quoted or plain
        for name, quoted, plain in _PARAMETER.findall(challenge[scheme.end() :])
    }
    found["algorithm"] = found.get("algorithm", "MD5").upper()
    offered = found.get("qop")
    qop_known = offered is None or "auth" in (word.strip() for word in offered.split(","))
    is_whole = "realm" in found and "nonce" in found and found["algorithm"] in _HASHES
    return found if is_whole and qop_known else None


def _fields(
    challenge: dict[str, str], user: str, password: str, uri: str, method: str
) -> list[str]:
    digest = _HASHES[challenge["algorithm"]]
    realm, nonce = challenge["realm"], challenge["nonce"]
    secret = digest(f"{user}:{_plain(realm)}:{password}")
    what = digest(f"{method}:{uri}")
    name = user.replace("\\", "\\\\").replace('"', '\\"')
    fields = [f'username="{name}"', f'realm="{realm}"', f'nonce="{nonce}"', f'uri="{uri}"']
    fields.append(f"algorithm={challenge['algorithm']}")
    if "qop" in challenge:
        own, count = secrets.token_hex(8), "00000001"
        response = digest(f"{secret}:{_plain(nonce)}:{count}:{own}:auth:{what}")
        fields += ["qop=auth", f"nc={count}", f'cnonce="{own}"']
    else:
        response = digest(f"{secret}:{_plain(nonce)}:{what}")
    fields.append(f'response="{response}"')
    if "opaque" in challenge:
        fields.append(f'opaque="{challenge["opaque"]}"')
    return fields


def _plain(quoted: str) -> str:
    return re.sub(r"\\(.)", r"\1", quoted)
