"""Octets that went wrong on the way, and agents that send them."""

import asyncio
import random
from contextlib import asynccontextmanager
from functools import partial

from console.snmp.manager import Manager
from console.snmp.target import Target


def mutate(chance: random.Random, message: bytes) -> bytes:
    """Change a message: a bit, an octet, a piece cut out, put in or doubled, or its end."""
    changed = bytearray(message)
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        place = chance.randrange(len(changed) + 1)
        kind = chance.randrange(6)
        if kind == 0 and place < len(changed):
            changed[place] ^= 1 << chance.randrange(8)
        elif kind == 1 and place < len(changed):
            changed[place] = chance.choice((0, 1, 0x7F, 0x80, 0x84, 0xFF, chance.randrange(256)))
        elif kind == 2:
            del changed[place : place + chance.randrange(9)]
        elif kind == 3:
            changed[place:place] = chance.randbytes(chance.randrange(9))
        elif kind == 4:
            changed[place:place] = changed[place : place + chance.randrange(30)]
        else:
            del changed[place:]
    return bytes(changed)


class Several(asyncio.DatagramProtocol):
    """Answers with as many datagrams as `answers` makes of one, from `sender` if there is one."""

    def __init__(self, answers, sender=None):
        self.answers, self.sender = answers, sender

    def connection_made(self, transport):
        self.sender = self.sender or transport

    def datagram_received(self, data, address):
        for answer in self.answers(data):
            self.sender.sendto(answer, address)


@asynccontextmanager
async def served(answers, elsewhere=False, **target):
    """A manager and a target whose datagrams `answers` makes, from another port if `elsewhere`."""
    loop = asyncio.get_running_loop()
    sender = None
    if elsewhere:
        sender, _ = await loop.create_datagram_endpoint(
            asyncio.DatagramProtocol, local_addr=("127.0.0.1", 0)
        )
    transport, _ = await loop.create_datagram_endpoint(
        partial(Several, answers, sender), local_addr=("127.0.0.1", 0)
    )
    manager = Manager()
    await manager.open()
    port = transport.get_extra_info("sockname")[1]
    try:
        yield manager, Target("127.0.0.1", port, **{"timeout_s": 0.2, "retries": 0, **target})
    finally:
        await manager.close()
        for opened in (transport, sender):
            if opened is not None:
                opened.close()
