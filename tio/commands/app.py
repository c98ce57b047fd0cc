"""The command tree: every command by name, loaded when its turn comes."""

import os
from typing import Annotated

import typer

from tio.commands import (
    analyst,
    ask,
    backing_up,
    brief,
    chart,
    chats,
    daemon,
    drawings,
    engine,
    files,
    history,
    hours,
    ideas,
    indicators,
    journal,
    layouts,
    levels,
    lists,
    market,
    mcp,
    orders,
    portfolio,
    quality,
    reviewing,
    risk,
    settings,
    sources,
    terminal,
)
from tio.commands.workspace import AS_OF_VARIABLE, WORKSPACE_VARIABLE

cli = typer.Typer(
    name="tio",
    help="A trading workstation for the terminal.\n\nExample: tio demo",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (
    terminal,
    market,
    chart,
    drawings,
    layouts,
    levels,
    sources,
    history,
    quality,
    hours,
    indicators,
    risk,
    brief,
    reviewing,
    analyst,
    ask,
    chats,
    lists,
    portfolio,
    orders,
    ideas,
    journal,
    files,
    engine,
    daemon,
    mcp,
    settings,
    backing_up,
):
    module.join(cli)


@cli.callback(invoke_without_command=True)
def tio(
    context: typer.Context,
    workspace: Annotated[
        str, typer.Option("--workspace", "-w", help="The workspace: main, demo, replay, …")
    ] = "",
    as_of: Annotated[
        str, typer.Option("--as-of", help="Everything as at this past time, e.g. …T14:30Z.")
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
    if as_of:
        os.environ[AS_OF_VARIABLE] = as_of
    if context.invoked_subcommand is None:
        terminal.desk("")
