"""mcp: the engine's words as tools of a model, over standard input and output."""

import sys
from typing import Annotated

import typer

from tio.commands import options

Who = Annotated[
    str,
    typer.Option(
        "--role",
        help="viewer: tools that read; trader: those that write too.",
        autocompletion=options.among("viewer", "trader"),
    ),
]


def join(cli: typer.Typer) -> None:
    cli.command()(mcp)


def mcp(role: Who = "viewer", workspace: options.Workspace = "") -> None:
    """Serve tio's words as tools to a client of the Model Context Protocol, over stdio.

    Example: tio mcp --workspace demo

    A client starts it by itself; to most of them it is added like this:

    {"mcpServers": {"tio": {"command": "tio", "args": ["mcp"]}}}

    Tools read only, unless --role trader; none places an order. Needs: pip install 'tio[mcp]'.
    """
    import importlib.util

    from tio.api.contract import Role
    from tio.api.errors import Invalid, Misconfigured

    if role not in (Role.viewer, Role.trader):
        raise Invalid(f"there is no role {role!r} for a model", "viewer or trader")
    if importlib.util.find_spec("mcp") is None:
        raise Misconfigured("the package mcp is not installed", "pip install 'tio[mcp]'")
    from tio.commands.asking import looked_back
    from tio.config import load
    from tio.daemon_log import log_to_stderr
    from tio.mcp.stdio import serve
    from tio.paths import Paths

    if sys.stdin.isatty():
        print("A client of MCP starts this and speaks to it: tio mcp --help", file=sys.stderr)
    config = load()
    log_to_stderr(config.log)
    serve(Paths.find().workspace(options.chosen(workspace)), config, Role(role), looked_back())
