"""From profiles of the inventory to whom SNMP asks."""

import pytest
from pydantic import TypeAdapter

from console.collector.lookups import Names, Secrets
from console.collector.targets import find_target
from console.model.inventory import Device, Polling, SnmpProfile
from console.model.observation import DevicePoll
from console.model.states import Outcome
from console.snmp.keys import AUTH_PRIV, AUTH_PROTOCOLS, PRIV_PROTOCOLS, User
from console.snmp.messages import VERSION_1, VERSION_2C
from console.snmp.target import Target
from console.texts import reason_of, sentence

PROFILES: TypeAdapter[SnmpProfile] = TypeAdapter(SnmpProfile)
SECURE = {
    **{"version": 3, "user": "noc", "auth": "SHA-256", "auth_key": "${env:NOC_AUTH}"},
    **{"priv": "AES-256-C", "priv_key": "${env:NOC_PRIV}"},
}


async def target_of(profile, address="192.0.2.7:16101", **device):
    entry = {"id": "tr-r1", "site": "trier", "address": address, "snmp": "secure", "role": "router"}
    return await find_target(
        Device.model_validate(entry | device),
        PROFILES.validate_python(profile),
        Polling(timeout_s=2.0, retries=3),
        Names(),
        Secrets(),
    )


@pytest.mark.parametrize(("version", "number"), [(1, VERSION_1), ("2c", VERSION_2C)])
async def test_a_community(version, number):
    target = await target_of({"version": version, "community": "public"}, other_source=True)
    assert target == Target("192.0.2.7", 16101, "public", 2.0, 3, True, number)


async def test_a_user_with_keys_from_where_they_are_kept(monkeypatch):
    monkeypatch.setenv("NOC_AUTH", "auth key 1")
    monkeypatch.setenv("NOC_PRIV", "priv key 1")
    target = await target_of(SECURE, "[2001:db8::1]")
    user = User("noc", "SHA-256", "auth key 1", "AES-256-C", "priv key 1")
    assert (target.host, target.port, target.user) == ("2001:db8::1", 161, user)
    assert target.user.level == AUTH_PRIV
    assert target.context == ""
    assert (await target_of({**SECURE, "context": "vlan-10"})).context == "vlan-10"


@pytest.mark.parametrize("value", [None, ""])
async def test_without_its_key_a_user_is_not_asked_for_under_less(monkeypatch, caplog, value):
    monkeypatch.setenv("NOC_AUTH", "auth key 1")
    if value is not None:
        monkeypatch.setenv("NOC_PRIV", value)
    assert await target_of(SECURE) == "secret_missing:${env:NOC_PRIV}"
    assert "auth key 1" not in caplog.text


async def test_a_community_that_is_nowhere(caplog):
    profile = {"version": "2c", "community": "${env:NO_SUCH_COMMUNITY}"}
    assert await target_of(profile) == "secret_missing:${env:NO_SUCH_COMMUNITY}"
    assert caplog.text.count("NO_SUCH_COMMUNITY") <= 1


async def test_a_name_that_does_not_resolve():
    assert await target_of({"version": 1, "community": "x"}, "no-such-host.invalid") == "dns"


def test_every_protocol_of_the_inventory_is_spoken():
    for auth in AUTH_PROTOCOLS:
        for priv in PRIV_PROTOCOLS:
            PROFILES.validate_python(SECURE | {"auth": auth, "priv": priv})


@pytest.mark.parametrize("code", ["snmp_access", "snmp_auth", "snmp_user", "snmp_privacy"])
def test_a_refusal_names_the_profile(code):
    poll = DevicePoll("tr-r1", 1, 0, Outcome.REFUSED, detail=f"{code}:secure")
    assert "profile secure" in sentence(reason_of(poll.detail))


def test_a_wrong_key_in_words():
    said = sentence(reason_of("snmp_auth:secure"))
    assert said == "SNMP authentication refused: check user and key of profile secure"
