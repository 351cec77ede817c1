"""How the command line finds, translates and runs its commands. Loads only the one asked for."""

import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path

import click

from console import language, paths
from console.errors import OperatorError
from console.language import N_, _
from console.system_errors import in_words


class Commands(click.Group):
    """A group whose commands live in modules of their own, each named by (`module`, short help).

    The attribute `command` of the module is the click command. Help texts are marked with N_ in
    the modules and translated here, when they are shown.
    """

    modules: Mapping[str, tuple[str, str]] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every command, in the order of the table, then those of main.py."""
        return [*self.modules, *self.commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, translated, loading its module if need be."""
        command = self.commands.get(cmd_name)
        if command is None and cmd_name in self.modules:
            command = import_module(self.modules[cmd_name][0]).command
        return None if command is None else _prepared(command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the first argument names, or say that there is none."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            raise click.UsageError(
                _("There is no command “{name}”; --help lists all.").format(name=args[0]), ctx
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading their modules."""
        rows = [(name, _(short)) for name, (_module, short) in self.modules.items()]
        rows += [(name, _(c.help).split("\n")[0]) for name, c in self.commands.items() if c.help]
        with formatter.section(_("Commands")):
            formatter.write_dl(rows)


def _prepared(command: click.Command) -> click.Command:
    """Give the command the option every command has, and its texts in the language in use."""
    if not any(option.name == "home" for option in command.params):
        command.params.append(home_option())
        command.help = _(command.help) if command.help else None
        command.epilog = _(command.epilog) if command.epilog else None
        for option in command.params:
            if isinstance(option, click.Option) and option.help:
                option.help = _(option.help)
    return command


def home_option() -> click.Option:
    """Return the option that moves everything the program writes."""
    return click.Option(
        ["--home"],
        type=click.Path(file_okay=False, path_type=Path),
        is_eager=True,
        expose_value=False,
        callback=_use_home,
        help=N_("Folder for everything the program writes; else $LEITSTAND_HOME."),
    )


def _use_home(_context: click.Context, _option: click.Parameter, folder: Path | None) -> None:
    if folder is not None:
        paths.use_home(folder)


def run(program: click.Group, arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code. What a person can act on is one sentence."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # real files here
    language.use("system")
    _prepared(program)
    name = "python main.py" if Path(sys.argv[0]).name == "main.py" else "leitstand"
    try:
        code = program.main(arguments, prog_name=name, standalone_mode=False)
    except OperatorError as error:
        return _say(str(error), error.exit_code)
    except click.Abort:
        return _say(_("Interrupted."), 1)
    except click.ClickException as error:
        return _say(_in_own_words(error), 2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        if error.filename is None:
            raise
        return _say(f"{error.filename}: {in_words(error)}.", 1)
    return code if isinstance(code, int) else 0


def _in_own_words(error: click.ClickException) -> str:
    """Return what click found wrong with the command line, in the language in use."""
    if isinstance(error, click.NoSuchOption):
        return _("There is no option {name}; --help lists all.").format(name=error.option_name)
    if isinstance(error, click.BadParameter):
        name = error.param.get_error_hint(error.ctx) if error.param and error.ctx else ""
        if isinstance(error, click.MissingParameter):
            return _("{name} is missing; --help shows an example.").format(name=name)
        return f"{name}: {error.message}" if name else error.message
    return error.format_message()


def _say(sentence: str, exit_code: int) -> int:
    click.echo(sentence, err=True)
    return exit_code
