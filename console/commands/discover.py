"""`discover`: walks LLDP and CDP neighbours and writes an inventory, or differences from one."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from console import inventory as inventories
from console import language, paths, secrets
from console.commands import discover_text
from console.commands.asking import ask_secret
from console.commands.numbers import seconds
from console.discovery.access import Access, access_of
from console.discovery.discover import Discovered, Wanted, checked_seeds, discover
from console.discovery.document import Header, document
from console.discovery.merging import merged
from console.discovery.scope import networks_of
from console.discovery.walk import Bounds
from console.errors import OperatorError
from console.language import N_, _
from console.secrets import SecretMissingError


class _Asking:
    """Gets what was left out of --snmp: where it is kept, else from whoever sits there."""

    def __init__(self) -> None:
        self._kind = "keyring" if secrets.has_keyring() else "file"
        self._typed: list[str] = []

    def secret(self, name: str) -> tuple[str, str]:
        """Return the secret of a name and how an inventory refers to it."""
        reference = f"${{{self._kind}:{name}}}"
        try:
            return secrets.resolve(reference), reference
        except SecretMissingError as error:
            if error.code != "secret_missing":
                raise
        value = ask_secret(name)
        if "${" in value:
            sentence = _("{what}: name a reference in --snmp: community=${{env:NAME}}.")
            raise OperatorError(sentence.format(what=name), exit_code=2)
        self._typed.append(name)
        return value, reference

    def advice(self) -> Iterator[str]:
        """Yield what is left to do with secrets that were typed."""
        sentence = _("Before collecting, keep the secret: python main.py secret set {name}")
        if self._kind == "file":
            sentence = _("Before collecting, add a line “{name}: secret” to {path} (chmod 600).")
        for name in self._typed:
            yield sentence.format(name=name, path=paths.credentials_file())


def _refuse_existing(output: Path | None, overwrite: bool) -> None:
    """Ask before a file is overwritten; where nobody can be asked, refuse."""
    if output is None or overwrite or not output.exists():
        return
    question = _("{path} exists. Overwrite it?").format(path=output)
    if sys.stdin.isatty() and click.confirm(question, err=True):
        return
    sentence = _("{path} exists and is not overwritten; name another file, or add --overwrite.")
    raise OperatorError(sentence.format(path=output))


def _new_text(done: Discovered, access: Access) -> str:
    comments = [
        _("Found by discovery. Names, sites and positions are proposals: correct them."),
        *discover_text.cuts(done),
    ]
    header = Header(
        *(_("Discovered network"), language.language(), access.name, access.written),
        tuple(comments),
    )
    return document(header, done.walk, done.draft)


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        sentence = _("{path} cannot be written: {reason}.")
        raise OperatorError(sentence.format(path=output, reason=error.strerror)) from error
    click.echo(_("Written: {path}").format(path=output), err=True)


def _conclude(
    done: Discovered, access: Access, inventory: Path | None, output: Path | None
) -> None:
    """Write the inventory, or beside one the differences and, where wanted, both in one."""
    if not done.walk.found:
        raise OperatorError(_("Nobody answered; check addresses and SNMP profile."))
    if done.proposal is None or inventory is None:
        _write(_new_text(done, access), output)
        return
    for line in discover_text.differences(done.proposal):
        click.echo(line)
    if done.proposal.empty:
        click.echo(_("The inventory says what was found."), err=True)
    if output is not None:
        text = inventories.text_of(inventory)
        _write(merged(text, done.proposal, done.draft.guessed, access), output)


@click.command(
    "discover",
    help=N_(
        "Walk a network from the addresses given along its LLDP and CDP neighbours and write an"
        " inventory of it. With --inventory the differences are listed, and --output writes both"
        " in one; its devices are asked too."
        "\n\n"
        "PROFILE is the name of a profile in that inventory. Without one it is described: 1, 2c,"
        " or 3,user=noc,auth=SHA-256,priv=AES-128. Secrets are never part of it: community and"
        " keys are taken from the keyring (discovered/community, discovered/auth_key,"
        " discovered/priv_key), else asked for, hidden, or read from standard input, a line each;"
        " or they are references: 2c,community=${env:NAME}, ${keyring:NAME}, ${file:NAME}. What"
        " is written holds the reference only."
        "\n\n"
        "A neighbour is asked at the addresses it announces. SNMPv1 and v2c tell their community"
        " to whoever is asked, so only private networks, and those around the addresses given,"
        " are asked, unless --within says which."
    ),
    epilog=N_("Example: python main.py discover 10.0.0.1 --snmp 2c --output mynet.yaml"),
)
@click.argument("addresses", metavar="ADDRESS...", nargs=-1, required=True)
@click.option("--snmp", "profile", metavar="PROFILE", required=True, help=N_("How to ask."))
@click.option(
    "--inventory", type=click.Path(path_type=Path), help=N_("Compare with this inventory.")
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help=N_("The file to write; by default standard output."),
)
@click.option("--overwrite", is_flag=True, help=N_("Overwrite the output without asking."))
@click.option(
    "--within",
    multiple=True,
    metavar="NETWORK",
    help=N_("Ask neighbours in this network only, such as 10.20.0.0/16; may be repeated."),
)
@click.option(
    "--devices",
    type=click.IntRange(1, 10_000),
    default=Bounds().devices,
    show_default=True,
    help=N_("End at so many devices."),
)
@click.option(
    "--depth",
    type=click.IntRange(0, 255),
    default=Bounds().depth,
    show_default=True,
    help=N_("Go so many steps from the addresses given."),
)
@click.option(
    "--for",
    "for_s",
    type=seconds(1),
    default=Bounds().time_s,
    show_default=True,
    metavar="S",
    help=N_("End after so many seconds."),
)
def command(
    addresses: tuple[str, ...],
    profile: str,
    inventory: Path | None,
    output: Path | None,
    overwrite: bool,
    within: tuple[str, ...],
    devices: int,
    depth: int,
    for_s: float,
) -> None:
    """Run on the command line."""
    seeds = checked_seeds(addresses)
    networks = networks_of(within) or None
    loaded = inventories.load(inventory) if inventory else None
    if loaded is not None:
        language.use(loaded.language, loaded.timezone)
    _refuse_existing(output, overwrite)
    asking = _Asking()
    access = access_of(profile, loaded, asking.secret)
    wanted = Wanted(seeds, access, loaded, networks, Bounds(devices, depth, for_s))
    done = asyncio.run(discover(wanted, discover_text.tell))
    for line in discover_text.summary(done):
        click.echo(line, err=True)
    _conclude(done, access, inventory, output)
    for line in asking.advice():
        click.echo(line, err=True)
    if "stopped" in done.walk.cut:
        click.get_current_context().exit(1)
