"""Pysnmp's agent on loopback, for what snmpd does not know: `python -m tests.pysnmp_agent PORT`."""

import asyncio
import sys

from pysnmp.carrier.asyncio.dgram import udp
from pysnmp.entity import config, engine
from pysnmp.entity.rfc3413 import cmdrsp, context

from console.snmp.keys import User

AUTH = {
    **{"MD5": config.USM_AUTH_HMAC96_MD5, "SHA-1": config.USM_AUTH_HMAC96_SHA},
    **{"SHA-224": config.USM_AUTH_HMAC128_SHA224, "SHA-256": config.USM_AUTH_HMAC192_SHA256},
    **{"SHA-384": config.USM_AUTH_HMAC256_SHA384, "SHA-512": config.USM_AUTH_HMAC384_SHA512},
}
PRIV = {
    **{"DES": config.USM_PRIV_CBC56_DES, "AES-128": config.USM_PRIV_CFB128_AES},
    **{"AES-192": config.USM_PRIV_CFB192_AES_BLUMENTHAL, "AES-192-C": config.USM_PRIV_CFB192_AES},
    **{"AES-256": config.USM_PRIV_CFB256_AES_BLUMENTHAL, "AES-256-C": config.USM_PRIV_CFB256_AES},
}
USERS = [
    User(f"{auth}/{priv}", auth, "auth key 1", priv, "priv key 1") for auth in AUTH for priv in PRIV
]


def serve(port: int) -> None:
    """Answer GET, GETNEXT and GETBULK about pysnmp itself until killed."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    agent = engine.SnmpEngine()
    opened = udp.UdpTransport(loop=loop).open_server_mode(("127.0.0.1", port))
    config.add_transport(agent, udp.DOMAIN_NAME, opened)
    for user in USERS:
        auth, priv = (AUTH[user.auth], user.auth_key), (PRIV[user.priv], user.priv_key)
        config.add_v3_user(agent, user.name, *auth, *priv)
        config.add_vacm_user(agent, 3, user.name, "authPriv", (1, 3, 6), (1, 3, 6))
    known = context.SnmpContext(agent)
    for responder in (cmdrsp.GetCommandResponder, cmdrsp.BulkCommandResponder):
        responder(agent, known)
    agent.transport_dispatcher.job_started(1)
    agent.open_dispatcher()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
