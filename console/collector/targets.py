"""From the inventory to whom SNMP asks: addresses looked up, secrets resolved."""

from dataclasses import replace

from console.collector.lookups import Names, Secrets
from console.model.inventory import Device, Polling, SnmpProfile, SnmpUser
from console.snmp.keys import User
from console.snmp.messages import VERSION_1, VERSION_2C
from console.snmp.target import Target

# Refusals that the device's profile is to blame for; recorded with its name.
ABOUT_CREDENTIALS = frozenset(("snmp_access", "snmp_auth", "snmp_user", "snmp_privacy"))


async def find_target(
    device: Device, profile: SnmpProfile, polling: Polling, names: Names, secrets: Secrets
) -> Target | str:
    """Return whom to ask and how, or the reason why nobody can be asked."""
    agent = await find_agent(device.endpoint, profile, polling, names, secrets)
    return agent if isinstance(agent, str) else replace(agent, other_source=device.other_source)


async def find_agent(
    endpoint: tuple[str, int],
    profile: SnmpProfile,
    polling: Polling,
    names: Names,
    secrets: Secrets,
) -> Target | str:
    """Return how to ask the agent at host and port, or the reason why it cannot be asked."""
    user = await find_user(profile, secrets) if isinstance(profile, SnmpUser) else None
    if isinstance(user, str):
        return user
    community, version, context = "", VERSION_2C, ""
    if isinstance(profile, SnmpUser):
        context = profile.context or ""
    else:
        version = VERSION_1 if profile.version == "1" else VERSION_2C
        known = await secrets.get(profile.community)
        if known is None:
            return secrets.missing(profile.community)
        community = known
    host, port = endpoint
    address = await names.get(host, use_of(port))
    if address is None:
        return "dns"
    return Target(
        *(address, port, community, polling.timeout_s, polling.retries, False),
        *(version, user, context),
    )


def use_of(port: int) -> str:
    """Return under which use of its name an agent at this port is asked."""
    return f"snmp {port}"


async def find_user(profile: SnmpUser, secrets: Secrets) -> User | str:
    """Return the user with keys, or which of them is missing: weaker is not asked."""
    keys: list[str] = []
    for protocol, key in ((profile.auth, profile.auth_key), (profile.priv, profile.priv_key)):
        known = await secrets.get(key) if key else None
        if protocol and not known:
            return secrets.missing(key or "")
        keys.append(known or "" if protocol else "")
    return User(profile.user, profile.auth, keys[0], profile.priv, keys[1])
