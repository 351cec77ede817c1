"""`secret`: puts secrets into the system's keyring, names them, takes them out. Shows none."""

import click

from console import keyring_names
from console.commands.asking import ask_secret
from console.commands.entry import Commands
from console.errors import OperatorError
from console.language import N_, _


class Secrets(Commands):
    """`set`, `list` and `delete`."""


@click.group(
    "secret",
    cls=Secrets,
    help=N_(
        "Secrets in the system's keyring; an inventory names one as ${keyring:NAME}. Besides there"
        " are ${env:NAME}, from the environment, and ${file:NAME}, from lines “NAME: secret” of"
        " credentials.yaml in the program's folder, which only its owner may read."
    ),
    epilog=N_("Example: python main.py secret set noc/auth"),
)
def command() -> None:
    """Run on the command line."""


@command.command(
    "set",
    context_settings={"allow_extra_args": True},
    help=N_(
        "Keep a secret. It is asked for, hidden and twice, or read from standard input where that"
        " is no terminal; it is never an argument and never printed."
    ),
    epilog=N_("Example: python main.py secret set noc/auth"),
)
@click.argument("name")
@click.pass_context
def set_command(context: click.Context, name: str) -> None:
    """Ask and keep."""
    if context.args:  # click would repeat it
        sentence = _("The value is asked for; on the command line everyone can read it.")
        raise OperatorError(sentence, exit_code=2)
    keyring_names.checked_name(name)
    keyring_names.keep(name, ask_secret(_("Secret “{name}”").format(name=name), twice=True))
    sentence = _("Kept; an inventory names it as {reference}.")
    click.echo(sentence.format(reference=f"${{keyring:{name}}}"), err=True)


@command.command(
    "list",
    help=N_("Name the secrets that were kept; never a value."),
    epilog=N_("Example: python main.py secret list"),
)
def list_command() -> None:
    """Print names, one a line."""
    for name in keyring_names.names():
        click.echo(name)


@command.command(
    "delete",
    help=N_("Take a secret out of the keyring."),
    epilog=N_("Example: python main.py secret delete noc/auth"),
)
@click.argument("name")
def delete_command(name: str) -> None:
    """Take it out."""
    keyring_names.forget(name)
    click.echo(_("Deleted: {name}").format(name=name), err=True)
