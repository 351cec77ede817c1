import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.model.addresses import (
    checked_address,
    checked_host,
    checked_http,
    checked_https,
    checked_sip,
    split_address,
)

HOSTS = st.ip_addresses() | st.from_regex(r"[a-z][a-z0-9]{0,10}(\.[a-z]{2,5})?", fullmatch=True)


@given(HOSTS, st.integers(1, 65535) | st.none())
def test_host_and_port_come_back(host, port):
    bracketed = f"[{host}]" if isinstance(host, ipaddress.IPv6Address) else str(host)
    text = bracketed if port is None else f"{bracketed}:{port}"
    assert split_address(text, 161) == (str(host), port or 161)
    assert checked_address(text) == text


def test_a_bare_v6_address_has_the_default_port():
    assert split_address("2001:db8::7", 161) == ("2001:db8::7", 161)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a b",
        "h:",
        "h:0",
        "h:65536",
        "h:x",
        "[::1",
        "300.1.1.1",
        "1.2.3",
        "::1::",
        "-a",
        "u@h",
    ],
)
def test_bad_addresses_are_refused(text):
    with pytest.raises(ValueError, match=r"."):
        checked_address(text)


@pytest.mark.parametrize("text", ["a" * 64, "a..b", "a_b/c", "x" * 60 + ".x" * 100])
def test_bad_hosts_are_refused(text):
    with pytest.raises(ValueError, match="host"):
        checked_host(text)


@pytest.mark.parametrize(
    "text", ["http://h", "http://h:8080/a?b", "https://[::1]:8443/", "http://u:p@h/"]
)
def test_urls(text):
    assert checked_http(text) == text


@pytest.mark.parametrize(
    "text", ["h", "ftp://h/", "http://", "http://h:x/", "http://h:99999/", "http://[::1/"]
)
def test_bad_urls_are_refused(text):
    with pytest.raises(ValueError, match="URL"):
        checked_http(text)


def test_https_wants_https():
    with pytest.raises(ValueError, match="https"):
        checked_https("http://h/")


@pytest.mark.parametrize(
    "text", ["sip:h", "sip:u@h", "sip:u@127.0.0.1:15060", "sips:u@h;transport=tls"]
)
def test_sip(text):
    assert checked_sip(text) == text


@pytest.mark.parametrize(
    "text", ["u@h", "sip:", "sip:u@", "sip:a b@h", "sip:u@h:99999", "http://h"]
)
def test_bad_sip_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        checked_sip(text)
