"""Digest authentication: the examples of the standards, and peers that check what they get."""

import hashlib
import re

import pytest

from console.model.states import Outcome
from console.probes import sip_digest
from console.probes.sip import SipClient
from console.probes.sip_digest import authorization
from tests.test_sip import answer, client, listening  # noqa: F401 - fixtures

HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


def fields(line: str) -> dict[str, str]:
    return {n: a or b for n, a, b in re.findall(r'(\w+)=(?:"([^"]*)"|([\w-]+))', line)}


def test_the_example_of_rfc_7616(monkeypatch):
    own = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    monkeypatch.setattr(sip_digest.secrets, "token_hex", lambda _octets: own)
    rest = 'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", qop="auth, auth-int"'
    for algorithm, response in (
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
    ):
        challenge = f'Digest realm="http-auth@example.org", {rest}, algorithm={algorithm}'
        uri = "/dir/index.html"
        line = authorization(401, [challenge], "Mufasa:Circle of Life", uri, "GET")
        assert line is not None
        assert line.startswith("Authorization: Digest ")
        assert fields(line)["response"] == response


def test_the_better_algorithm_is_chosen_and_what_is_unknown_left_out():
    challenge = 'Digest realm="r", nonce="n", algorithm='
    offered = [f"{challenge}{name}" for name in ("MD5", "SHA-512-256", "SHA-256", "SHA-256-sess")]
    line = authorization(407, offered, "u:p", "sip:r@h")
    assert line is not None
    assert line.startswith("Proxy-Authorization: ")
    assert "algorithm=SHA-256," in line


@pytest.mark.parametrize(
    "challenge",
    [
        "",
        'Basic realm="r"',
        'Digest realm="r"',
        'Digest nonce="n"',
        'Digest realm="r", nonce="n", qop="auth-int"',
        'Digest realm="r", nonce="n", algorithm=AKAv1-MD5',
        'Digest realm="r\n\nX: y", nonce="n"',
    ],
)
def test_what_cannot_be_answered(challenge):
    assert authorization(401, [challenge], "u:p", "sip:r@h") is None


def test_the_password_is_not_in_the_line():
    line = authorization(401, ['Digest realm="r", nonce="n"'], 'us"er:pass:word', "sip:r@h")
    assert line is not None
    assert "pass" not in line
    assert 'username="us\\"er"' in line


class Guard:
    """A user agent that answers only who knows the password of `room`."""

    def __init__(self, algorithm: str, qop: str, status: str = "401 Unauthorized") -> None:
        self.algorithm, self.qop, self.status = algorithm, qop, status
        self.asked = 0

    def __call__(self, request: bytes) -> list[bytes]:
        self.asked += 1
        kind = "Proxy-Auth" if self.status.startswith("407") else "WWW-Auth"
        line = re.search(r"\r\n(?:Proxy-)?Authorization: (.*)\r\n", request.decode())
        if line and self._is_right(fields(line[1])):
            return [answer(request, "486 Busy Here")]
        challenge = f'{kind}enticate: Digest realm="saal", nonce="n{self.asked}", opaque="o"'
        challenge += f", algorithm={self.algorithm}{self.qop}"
        refusal = answer(request, self.status).decode().replace("\r\n\r\n", "")
        return [f"{refusal}\r\n{challenge}\r\n\r\n".encode()]

    def _is_right(self, given: dict[str, str]) -> bool:
        def digest(text: str) -> str:
            return HASHES[self.algorithm](text.encode()).hexdigest()

        secret, what = digest("room:saal:geheim"), digest(f"OPTIONS:{given['uri']}")
        middle = f"{given['nonce']}:"
        if self.qop:
            middle += f"{given['nc']}:{given['cnonce']}:{given['qop']}:"
        known = (given["username"], given["opaque"]) == ("room", "o")
        return known and given["response"] == digest(f"{secret}:{middle}{what}")


@pytest.mark.parametrize("algorithm", list(HASHES))
@pytest.mark.parametrize("qop", ["", ', qop="auth"'])
@pytest.mark.parametrize("status", ["401 Unauthorized", "407 Proxy Authentication Required"])
async def test_a_peer_that_wants_to_know_who_asks(client, listening, algorithm, qop, status):  # noqa: F811
    guard = Guard(algorithm, qop, status)
    peer = await listening(guard)
    call = await client.ask(peer.uri, "127.0.0.1", 1.0, credential="room:geheim")
    assert (call.outcome, call.detail, guard.asked) == (Outcome.BUSY, None, 2)
    first, second = (dict(re.findall(r"(.+?): (.+)\r", m.decode())) for m in peer.heard)
    assert first["Call-ID"] == second["Call-ID"]
    assert (first["CSeq"], second["CSeq"]) == ("1 OPTIONS", "2 OPTIONS")
    assert first["Via"] != second["Via"]


@pytest.mark.parametrize(
    ("credential", "detail", "asked"),
    [("room:falsch", "sip_access", 2), (None, "sip_refused:401", 1)],
)
async def test_who_does_not_know_the_password(client, listening, credential, detail, asked):  # noqa: F811
    guard = Guard("SHA-256", ', qop="auth"')
    peer = await listening(guard)
    call = await client.ask(peer.uri, "127.0.0.1", 1.0, credential=credential)
    assert (call.outcome, call.detail, guard.asked) == (Outcome.REFUSED, detail, asked)


async def test_a_challenge_that_cannot_be_answered(client: SipClient, listening):  # noqa: F811
    guard = Guard("MD5", ', qop="auth-int"')
    peer = await listening(guard)
    call = await client.ask(peer.uri, "127.0.0.1", 1.0, credential="room:geheim")
    assert (call.outcome, call.detail, guard.asked) == (Outcome.REFUSED, "sip_access", 1)
