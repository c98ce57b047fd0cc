"""The command tree: every command by name, loaded when its turn comes."""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from tio.commands import daemon, engine, files, lists, market, settings, terminal
from tio.commands.options import WORKSPACE_VARIABLE

if TYPE_CHECKING:
    from tio.api.errors import TioError

cli = typer.Typer(
    name="tio",
    help="A trading workstation for the terminal.\n\nExample: tio demo",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (terminal, market, lists, files, engine, daemon, settings):
    module.join(cli)


@cli.callback(invoke_without_command=True)
def tio(
    context: typer.Context,
    workspace: Annotated[
        str, typer.Option("--workspace", "-w", help="The workspace: main, demo, replay, …")
    ] = "",
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """A trading workstation for the terminal.

    Example: tio demo
    """
    if version:
        from tio import __version__

        print(f"tio {__version__}")
        raise typer.Exit
    if workspace:
        os.environ[WORKSPACE_VARIABLE] = workspace
    if context.invoked_subcommand is None:
        terminal.desk("")


def run(arguments: Sequence[str]) -> int:
    """The exit code of one command line."""
    try:
        cli(list(arguments), prog_name="tio")
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(bool(leaving.code))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0
    except _ours() as error:
        return _told(error)
    return 0


def _ours() -> "type[TioError]":
    # Only evaluated once something was raised: a command that ends well never imports it.
    from tio.api.errors import TioError

    return TioError


def _told(error: "TioError") -> int:
    """One sentence on standard error, and what to do next."""
    from tio.api.clean import clean

    print(clean(error.message, prose=True), file=sys.stderr)
    if error.next:
        print(clean(error.next, prose=True), file=sys.stderr)
    return error.exit_code
