"""Traps and informs as pysnmp writes them."""

from pyasn1.codec.ber import encoder
from pysnmp.proto import api, rfc1902

from console.snmp import traps

LINK_DOWN = "1.3.6.1.6.3.1.1.5.3"
IF_INDEX = "1.3.6.1.2.1.2.2.1.1.7"
IF_DESCR = "1.3.6.1.2.1.2.2.1.2.7"


def message_v2(varbinds, inform=False, community="public", uptime=True, trap=LINK_DOWN):
    """A v2c notification as pysnmp writes it."""
    v2c = api.PROTOCOL_MODULES[api.SNMP_VERSION_2C]
    pdu = v2c.InformRequestPDU() if inform else v2c.SNMPv2TrapPDU()
    v2c.apiTrapPDU.set_defaults(pdu)
    head = [(traps.UPTIME, rfc1902.TimeTicks(4711))] if uptime else []
    if trap:
        head.append((traps.TRAP_OID, rfc1902.ObjectIdentifier(trap)))
    v2c.apiTrapPDU.set_varbinds(
        pdu, [(rfc1902.ObjectName(oid), value) for oid, value in [*head, *varbinds]]
    )
    return wrapped(v2c, pdu, community)


def message_v1(generic, varbinds=(), specific=0, agent="10.1.2.3", enterprise="1.3.6.1.4.1.9"):
    """A v1 trap as pysnmp writes it."""
    v1 = api.PROTOCOL_MODULES[api.SNMP_VERSION_1]
    pdu = v1.TrapPDU()
    v1.apiTrapPDU.set_defaults(pdu)
    v1.apiTrapPDU.set_enterprise(pdu, enterprise)
    v1.apiTrapPDU.set_agent_address(pdu, agent)
    v1.apiTrapPDU.set_generic_trap(pdu, generic)
    v1.apiTrapPDU.set_specific_trap(pdu, specific)
    v1.apiTrapPDU.set_varbinds(pdu, [(v1.ObjectIdentifier(oid), value) for oid, value in varbinds])
    return wrapped(v1, pdu, "public")


def wrapped(module, pdu, community):
    message = module.Message()
    module.apiMessage.set_defaults(message)
    module.apiMessage.set_community(message, community)
    module.apiMessage.set_pdu(message, pdu)
    return encoder.encode(message)
