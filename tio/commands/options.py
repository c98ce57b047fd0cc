"""Options that many commands share. Light: `tio --help` imports this."""

from collections.abc import Callable
from typing import Annotated

import typer

from tio.commands.workspace import chosen as chosen

TIMEFRAMES = (
    "1s",
    "5s",
    "15s",
    "1m",
    "3m",
    "5m",
    "15m",
    "30m",
    "1h",
    "2h",
    "4h",
    "1d",
    "1w",
    "1mo",
)

GROUPS = (
    *("averages", "bands", "momentum", "trend", "volatility"),
    *("volume", "statistics", "cycles", "levels", "price"),
)
"""The catalogue's groups."""


def own(context: typer.Context, portfolio: str, workspace: str) -> bool:
    """Whether a group itself is asked for; Invalid where a command would lose what it was told."""
    command = context.invoked_subcommand
    if command is None:
        return True
    told = [f"-p {portfolio}"] * bool(portfolio) + [f"-w {workspace}"] * bool(workspace)
    if told:
        from tio.api.errors import Invalid

        raise Invalid(f"{' '.join(told)} stands before {command}", f"say it after {command}")
    return False


def workspaces(incomplete: str) -> list[str]:
    return [name for name in ("main", "demo", "replay") if name.startswith(incomplete)]


def symbols(incomplete: str) -> list[str]:
    """Symbols the running engine knows, for shell completion; none without an engine."""
    from tio.commands.asking import complete

    return complete("symbols", incomplete)


def list_names(incomplete: str) -> list[str]:
    from tio.commands.asking import complete

    return complete("lists", incomplete)


def timeframes(incomplete: str) -> list[str]:
    return [name for name in TIMEFRAMES if name.startswith(incomplete)]


def indicators(incomplete: str) -> list[str]:
    """Indicators the running engine has, the last of several; none without an engine."""
    from tio.commands.asking import complete

    before, comma, last = incomplete.rpartition(",")
    return [before + comma + name for name in complete("indicators", last)]


def among(*names: str) -> Callable[[str], list[str]]:
    """Completion to one of these."""
    return lambda incomplete: [name for name in names if name.startswith(incomplete)]


Workspace = Annotated[
    str,
    typer.Option(
        "--workspace",
        "-w",
        help="The workspace (or TIO_WORKSPACE).",
        autocompletion=workspaces,
    ),
]
Timeframe = Annotated[
    str,
    typer.Option("--timeframe", "--tf", "-t", help=" ".join(TIMEFRAMES), autocompletion=timeframes),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
Markdown = Annotated[
    str, typer.Option("--markdown", help="Write a Markdown document here; - prints it.")
]
AsCsv = Annotated[bool, typer.Option("--csv", help="Comma-separated values.")]
Symbol = Annotated[str, typer.Argument(help="e.g. BTC-USD, AAPL, EURUSD", autocompletion=symbols)]
SymbolList = Annotated[
    list[str], typer.Argument(help="e.g. BTC-USD AAPL EURUSD", autocompletion=symbols)
]
Adjusted = Annotated[str, typer.Option(help="raw, split or total (dividends too).")]
Hours = Annotated[str, typer.Option(help="extended (all there are) or regular, within a day.")]
