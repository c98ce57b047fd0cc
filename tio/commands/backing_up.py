"""backup: a copy of everything a person entered."""

from pathlib import Path
from typing import Annotated

import typer

from tio.commands import options


def join(cli: typer.Typer) -> None:
    cli.command()(backup)


def backup(
    path: Annotated[
        str, typer.Argument(help="A file or a folder; else the workspace's folder backups.")
    ] = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Copy ledgers, orders, journal, ideas and settings, while the engine runs or not.

    Example: tio backup ~/safe
    """
    from tio.api.system import Backup
    from tio.commands.asking import ask
    from tio.commands.printing import print_json, say

    told = str(Path(path).expanduser().absolute()) if path else ""
    made = ask(Backup(told), options.chosen(workspace))
    if json:
        print_json(made)
        return
    print(made.path)
    say(f"{made.portfolios} portfolios with {made.entries:,} entries, {made.bytes:,} bytes, sound")
