"""`reflect`: answers path measurements (STAMP, RFC 8762) at a site, until told to stop."""

import asyncio
import socket
from typing import TYPE_CHECKING

import click

from console.commands.numbers import seconds
from console.errors import OperatorError
from console.language import N_, _, format_number
from console.model.addresses import checked_address, split_address
from console.model.inventory import STAMP_PORT
from console.model.references import is_reference

if TYPE_CHECKING:
    from console.stamp.reflector import Reflector

DEFAULT_ADDRESS = f"127.0.0.1:{STAMP_PORT}"


def reflect(listen: str, key: str | None, for_s: float | None) -> None:
    """Answer at an address; `key` is a reference. Raise OperatorError where that cannot be."""
    from console import secrets
    from console.stamp.reflector import Reflector

    place = _numeric(listen)
    resolved = None if key is None else secrets.resolve(_checked_key(key)).encode()
    reflector = Reflector(resolved)
    asyncio.run(_answer(place, reflector, for_s))
    tally = reflector.tally
    sentence = _("Answered: {answered}. Not understood or wrongly signed: {refused}.")
    counts = {"answered": tally.answered, "refused": tally.refused, "too_many": tally.too_many}
    words = [sentence]
    if tally.too_many:
        words.append(_("Left unanswered because a source sent too many: {too_many}."))
    numbers = {name: format_number(count) for name, count in counts.items()}
    click.echo(" ".join(words).format(**numbers))


async def _answer(place: tuple[str, int], reflector: "Reflector", for_s: float | None) -> None:
    from console.collector.stopping import Wishes
    from console.stamp.serving import Listener

    try:
        listener = await Listener.open(*place, reflector)
    except OSError as error:
        raise OperatorError(_refused(place, error)) from error
    wishes = Wishes()
    if for_s is not None:
        asyncio.get_running_loop().call_later(for_s, wishes.stop.set)
    try:
        with wishes.heard(with_parent=False):
            host, port = listener.place
            shown = f"[{host}]" if ":" in host else host
            click.echo(_("Answering at {host} port {port}.").format(host=shown, port=port))
            await wishes.stop.wait()
    finally:
        listener.close()


def _numeric(listen: str) -> tuple[str, int]:
    """Return the address to bind to; names are looked up."""
    try:
        host, port = split_address(checked_address(listen), STAMP_PORT)
    except ValueError as error:
        raise OperatorError(f"--listen “{listen}”: {_(str(error))}", exit_code=2) from None
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)
    except (OSError, UnicodeError) as error:
        sentence = _("No address is known for {host}; name one of this machine's with --listen.")
        raise OperatorError(sentence.format(host=host)) from error
    return str(found[0][4][0]), port


def _checked_key(key: str) -> str:
    if not is_reference(key):  # never repeated: it may be the key itself
        sentence = _(
            "--key names where the key is kept, ${keyring:NAME}, ${env:NAME} or ${file:NAME};"
            " the key itself does not belong on the command line, where everyone can read it."
        )
        raise OperatorError(sentence, exit_code=2)
    return key


def _refused(place: tuple[str, int], error: OSError) -> str:
    host, port = place
    if isinstance(error, PermissionError):
        sentence = _(
            "Port {port} is for privileged programs only; name a higher one, --listen"
            " {host}:18620, and the same port in the inventory, or let this program have it"
            " (Linux: CAP_NET_BIND_SERVICE, as in AmbientCapabilities= of a systemd unit)."
        )
    else:
        sentence = _(
            "The reflector cannot listen at {host} port {port}: {reason}. End the program that"
            " uses it, or name another address with --listen."
        )
    shown = f"[{host}]" if ":" in host else host
    return sentence.format(host=shown, port=port, reason=error.strerror or str(error))


@click.command(
    "reflect",
    help=N_(
        "Answer the collector's path measurements at a site (STAMP, RFC 8762): loss in each"
        " direction, round trip, jitter. Only to where a packet came from, never with more than"
        " came. Name it in the inventory under “reflectors”."
    ),
    epilog=N_(
        "Example: python main.py reflect --listen 10.1.2.3:862 --key '${keyring:reflector/trier}'"
    ),
)
@click.option(
    "--listen",
    default=DEFAULT_ADDRESS,
    show_default=True,
    metavar="ADDRESS",
    help=N_("This machine's address, and a port if not 862."),
)
@click.option(
    "--key",
    metavar="REFERENCE",
    help=N_("Answer signed packets only: ${keyring:NAME}, ${env:NAME} or ${file:NAME}."),
)
@click.option("--for", "for_s", type=seconds(0), metavar="S", help=N_("End after so many seconds."))
def command(listen: str, key: str | None, for_s: float | None) -> None:
    """Run on the command line."""
    reflect(listen, key, for_s)
