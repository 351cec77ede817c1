import copy

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from console.model import inventory_check
from console.model.inventory_check import findings

BASE = yaml.safe_load("""
network: Test
timezone: Europe/Berlin
snmp:
  lab: {version: "2c", community: public}
  secure: {version: "3", user: noc, auth: SHA-256, auth_key: "${keyring:noc/auth}", priv: AES-128,
           priv_key: "${env:NOC_PRIV}"}
sites:
  - {id: a, name: A, lat: 50.0, lon: 7.0}
  - {id: b, name: B, lat: 50.1, lon: 7.1}
  - {id: c, name: C, lat: 49.9, lon: 7.2}
devices:
  - {id: a-r1, site: a, address: h1, snmp: lab}
  - {id: b-r1, site: b, address: h2, snmp: secure}
links:
  - {id: a-b, a: {device: a-r1, interface: x}, b: {device: b-r1, interface: x}}
bridges: [{id: mcu, site: a, name: M, probes: [{sip: "sip:m@h"}]}]
rooms:
  - {id: a-room, site: a, name: R, probes: [{icmp: h}, {poly_snmp: h, snmp: lab}]}
  - {id: b-room, site: b, name: R}
services:
  - {id: mail, name: Mail, provider: a, consumers: all, probe: {smtp: "h:25", starttls: required}}
  - {id: web, name: Web, provider: a, consumers: [b], probe: {proxy: "http://h", fetch: "http://h"}}
profiles: {hd: {up: 4M, down: 8M}}
conferences:
  - {id: conf, bridge: mcu, rooms: all, profile: hd, start: "2026-12-03T10:00",
     repeat: "RRULE:FREQ=MONTHLY;BYDAY=1TH", quorum: 2}
traps: {listen: h, profiles: [lab]}
""")


def changed(path, value):
    data = copy.deepcopy(BASE)
    *way, last = path
    part = data
    for key in way:
        part = part[key]
    if value is None:
        del part[last]
    else:
        part[last] = value
    return data


def test_what_fits_together_is_not_complained_about():
    assert list(findings(BASE)) == []


@pytest.mark.parametrize(
    ("path", "value", "place", "says"),
    [
        (
            ("devices", 0, "site"),
            "x",
            ("devices", 0, "site"),
            "“x” is not in “sites”. Allowed are a, b, c",
        ),
        (("devices", 0, "snmp"), "labb", ("devices", 0, "snmp"), "Did you mean “lab”?"),
        (("links", 0, "a", "device"), "zz", ("links", 0, "a", "device"), "not in “devices”"),
        (
            ("rooms", 0, "probes", 1, "snmp"),
            "zz",
            ("rooms", 0, "probes", 1, "snmp"),
            "not in “snmp”",
        ),
        (
            ("services", 1, "consumers"),
            ["b", "zz"],
            ("services", 1, "consumers", 1),
            "not in “sites”",
        ),
        (("conferences", 0, "bridge"), "a-room", ("conferences", 0, "bridge"), "not in “bridges”"),
        (
            ("conferences", 0, "rooms"),
            ["zz", "b-room"],
            ("conferences", 0, "rooms", 0),
            "not in “rooms”",
        ),
        (("traps", "profiles"), ["zz"], ("traps", "profiles", 0), "not in “snmp”"),
        (("rooms", 0, "id"), "a-r1", ("rooms", 0, "id"), "taken already, in “devices”"),
        (("links", 0, "b"), {"device": "a-r1", "interface": "x"}, ("links", 0), "same port"),
        (("bridges", 0, "probes", 0, "icmp"), "h", ("bridges", 0, "probes", 0), "names icmp, sip;"),
        (("bridges", 0, "probes", 0), {}, ("bridges", 0, "probes", 0), "one of icmp, sip, cisco"),
        (
            ("rooms", 0, "probes", 1, "snmp"),
            None,
            ("rooms", 0, "probes", 1),
            "“poly_snmp” needs “snmp”",
        ),
        (("services", 1, "probe", "fetch"), None, ("services", 1, "probe"), "belong together"),
        (("timezone",), "Europe/Berlim", ("timezone",), "Did you mean “Europe/Berlin”?"),
        (("timezone",), "../etc/passwd", ("timezone",), "there is no time zone"),
        (("snmp", "secure", "auth_key"), None, ("snmp", "secure"), "“auth” and “auth_key” belong"),
        (("snmp", "secure", "priv_key"), "short", ("snmp", "secure", "priv_key"), "8 characters"),
        (("snmp", "lab", "community"), "${env}", ("snmp", "lab", "community"), "${env:NAME}"),
        (
            ("snmp", "lab", "community"),
            "${env:1-A}",
            ("snmp", "lab", "community"),
            "letters, digits",
        ),
        (("conferences", 0, "quorum"), 3, ("conferences", 0, "quorum"), "only 2 take part"),
        (
            ("conferences", 0, "calendar"),
            "x.ics",
            ("conferences", 0),
            "either “start” or “calendar”",
        ),
        (
            ("conferences", 0, "repeat"),
            "FREQ=SECONDLY",
            ("conferences", 0, "repeat"),
            "DAILY, WEEKLY",
        ),
    ],
)
def test_what_does_not_fit(path, value, place, says):
    (finding,) = findings(changed(path, value))
    assert finding.place == place
    assert says in finding.text
    assert not finding.hint


def test_encryption_needs_a_signature():
    data = changed(("snmp", "secure", "auth"), None)
    del data["snmp"]["secure"]["auth_key"]
    assert ["“priv” needs “auth”" in finding.text for finding in findings(data)] == [True]


def test_a_rule_needs_a_first_time():
    texts = [finding.text for finding in findings(changed(("conferences", 0, "start"), None))]
    assert texts == [
        "a conference has either “start” or “calendar”",
        "“repeat” needs “start”, the first time",
    ]


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("sites", 2, "lat"), 7.2, "far"),
        (("devices", 1), {"id": "d", "site": "a", "address": "h1", "snmp": "lab"}, "same address"),
        (("polling",), {"interfaces_s": 2, "timeout_s": 1, "retries": 1}, "waiting"),
        (("rooms", 0, "probes", 0, "transport"), "tcp", "“sip” only"),
        (("rooms", 0, "probes", 0), {"cisco": "http://noc:canary@h/"}, "password in a URL"),
        (("services", 0, "probe"), {"http": "http://h/?token=canary"}, "password in a URL"),
    ],
)
def test_hints_forbid_nothing(path, value, says):
    data = changed(path, value)
    if says == "far":
        data["sites"][2]["lon"], says = 49.9, "swapped"
    hints = [finding for finding in findings(data) if says in finding.text]
    assert hints
    assert all(finding.hint and "canary" not in finding.text for finding in hints)


def test_the_gulf_of_guinea_is_pointed_out():
    data = changed(("sites", 0), {"id": "a", "name": "A", "lat": 0, "lon": 0})
    (finding,) = findings(data)
    assert finding.hint
    assert "0/0" in finding.text


def test_a_port_at_two_links_is_pointed_out():
    data = changed(("links",), [*BASE["links"], {**BASE["links"][0], "id": "again"}])
    assert [finding.place for finding in findings(data)] == [("links", 1, "a"), ("links", 1, "b")]


@given(st.lists(st.sampled_from("abcd"), max_size=6))
def test_as_many_complaints_as_ids_are_repeated(ids):
    data = {"sites": [{"id": name} for name in ids]}
    taken = [finding for finding in findings(data) if "taken" in finding.text]
    assert len(taken) == len(ids) - len(set(ids))


def test_guesses_end_but_complaints_do_not():
    devices = [{"id": f"d{i}", "site": "aa"} for i in range(inventory_check.MAX_GUESSES + 5)]
    texts = [
        finding.text
        for finding in findings({"sites": [{"id": "a"}, {"id": "aab"}], "devices": devices})
    ]
    assert len(texts) == len(devices)
    assert sum("Did you mean" in text for text in texts) == inventory_check.MAX_GUESSES


@pytest.mark.parametrize(
    ("entry", "place", "says"),
    [
        ({"key": "demo", "toward": ["refl-c"]}, ("toward", 0), "not in “reflectors”"),
        ({"toward": ["refl-b"]}, ("toward",), "“toward” needs “key”"),
        ({"key": "demo", "toward": ["refl-a"]}, ("toward",), "not measure to itself"),
    ],
)
def test_where_a_reflector_measures_to(entry, place, says):
    others = [{"id": "refl-b", "site": "b", "address": "h"}]
    data = {**BASE, "reflectors": [{"id": "refl-a", "site": "a", "address": "h", **entry}, *others]}
    (finding,) = findings(data)
    assert finding.place == ("reflectors", 0, *place)
    assert says in finding.text
    good = {**data["reflectors"][0], "key": "demo", "toward": ["refl-b"]}
    assert list(findings({**data, "reflectors": [good, *others]})) == []
