"""levels: prices traders watch in a session."""

from typing import Annotated

import typer

from tio.commands import options


def join(cli: typer.Typer) -> None:
    cli.command()(levels)


def levels(
    symbol: options.Symbol,
    at: Annotated[str, typer.Option(help="Of the session at this time, e.g. …T14:30Z.")] = "",
    opening: Annotated[int, typer.Option(help="Minutes of the opening range.")] = 30,
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """The prior day, pre-market, opening range, session VWAP and weekly open of a symbol.

    Example: tio levels AAPL --opening 15
    """
    from tio.commands import chart_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    found = ask(chart_tables.levels_request(symbol, at, opening), options.chosen(workspace))
    print_json(found) if json else chart_tables.print_levels(symbol, found, csv=csv)
