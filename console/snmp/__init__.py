"""The SNMP manager: BER, messages, session, tables. Knows no inventory."""
