"""SIP over TCP and TLS (RFC 3261, section 18): one connection for one question."""

import asyncio
import ssl
import time
from dataclasses import dataclass

from console.model.states import Outcome
from console.probes.failure import ProbeError
from console.probes.sip_messages import Answer, Options, headers_of, read_answer
from console.probes.trust import certificate_problem

MOST_OCTETS = 1 << 16
_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Line:
    """To whom and how: a numeric address, and for TLS whose certificate is expected."""

    address: str
    port: int
    transport: str
    name: str
    context: ssl.SSLContext | None = None


async def ask_over(line: Line, options: Options) -> tuple[Answer, int]:
    """Return the final answer and its round trip in µs; raise ProbeError. Waits for ever."""
    try:
        reader, writer = await asyncio.open_connection(
            line.address,
            line.port,
            limit=MOST_OCTETS,
            ssl=line.context,
            server_hostname=line.name if line.context else None,
        )
    except OSError as error:
        raise _problem(error) from None
    try:
        own = writer.get_extra_info("sockname")[:2]
        began_s = time.perf_counter()
        writer.write(options.message(line.transport, own))
        answer = await _final_answer(reader, options)
        return answer, round((time.perf_counter() - began_s) * 1e6)
    except OSError:
        raise ProbeError(Outcome.ERROR, "connection_lost") from None
    finally:
        writer.transport.abort()  # nothing more is to be said, and nobody waits for a goodbye
        await asyncio.sleep(0)


async def _final_answer(reader: asyncio.StreamReader, options: Options) -> Answer:
    while True:
        message = await _message(reader)
        if message.startswith(b"SIP/2.0"):
            answer = read_answer(message)
            if answer is None:
                raise ProbeError(Outcome.GARBLED, "sip_garbled")
            ours = (answer.branch, answer.call_id) == (options.branch, options.call_id)
            if ours and answer.status >= 200:
                return answer
        elif not message.partition(b"\r\n")[0].endswith(b" SIP/2.0"):  # no request either
            raise ProbeError(Outcome.GARBLED, "sip_garbled")


async def _message(reader: asyncio.StreamReader) -> bytes:
    """Return the head of the next message; its body is read and left out."""
    try:
        head = (await reader.readuntil(_END)).lstrip(b"\r\n")
        while not head.rstrip(b"\r\n"):  # blank lines keep a connection alive
            head = (await reader.readuntil(_END)).lstrip(b"\r\n")
        length = dict(headers_of(head)[1]).get("content-length", "0")
        if not (length.isascii() and length.isdigit()) or int(length[:9]) > MOST_OCTETS:
            raise ProbeError(Outcome.GARBLED, "sip_garbled")
        await reader.readexactly(int(length))
    except asyncio.IncompleteReadError as error:
        lost = ProbeError(Outcome.ERROR, "connection_lost")
        raise (ProbeError(Outcome.GARBLED, "sip_garbled") if error.partial else lost) from None
    except asyncio.LimitOverrunError:
        raise ProbeError(Outcome.GARBLED, "sip_garbled") from None
    return head


def _problem(error: OSError) -> ProbeError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return ProbeError(Outcome.REFUSED, certificate_problem(error))
    if isinstance(error, ssl.SSLError):
        return ProbeError(Outcome.GARBLED, "tls_failed")
    closed = isinstance(error, ConnectionRefusedError)
    return ProbeError(Outcome.ERROR, "port_closed" if closed else "network")
