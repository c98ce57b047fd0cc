"""quote, search, bars, watch."""

from typing import Annotated

import typer

from tio.commands import options


def join(cli: typer.Typer) -> None:
    for command in (quote, search, bars, watch):
        cli.command()(command)


def quote(
    symbols: options.SymbolList,
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """The newest quote of each symbol.

    Example: tio quote BTC-USD ETH-USD --json
    """
    from tio.api.market import GetQuotes
    from tio.commands import quotes
    from tio.commands.asking import ask

    found = ask(GetQuotes(tuple(symbols)), options.chosen(workspace))
    quotes.print_quotes(found, json=json, csv=csv)


def search(
    words: Annotated[list[str], typer.Argument(help="Part of a symbol or of a name.")],
    limit: Annotated[int, typer.Option(help="At most so many.")] = 20,
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Instruments by symbol or name, over everything known and every source that can be asked.

    Example: tio search vodafone
    """
    from tio.api.errors import NotFound
    from tio.api.market import SearchInstruments
    from tio.commands.asking import ask
    from tio.commands.printing import print_json, print_table

    query = " ".join(words)
    found = ask(SearchInstruments(query, limit), options.chosen(workspace))
    if json:
        print_json(found)
    elif found:
        rows = [
            [each.symbol, each.name, str(each.asset_class), each.venue or each.mic, each.currency]
            for each in found
        ]
        print_table(("SYMBOL", "NAME", "CLASS", "VENUE", "CURRENCY"), rows)
    else:
        raise NotFound(f"nothing is known by {query!r}")


def bars(
    symbol: options.Symbol,
    timeframe: options.Timeframe = "1d",
    limit: Annotated[int, typer.Option(help="The newest so many bars.")] = 20,
    start: Annotated[str, typer.Option(help="Not before, e.g. 2026-01-31 or …T14:30Z.")] = "",
    end: Annotated[str, typer.Option(help="Not after.")] = "",
    source: Annotated[str, typer.Option(help="Only what this source said.")] = "",
    adjusted: options.Adjusted = "split",
    hours: options.Hours = "extended",
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """Price bars, oldest first; the last may still be forming.

    Example: tio bars BTC-USD --timeframe 1h --limit 50 --csv
    """
    from tio.commands import bar_tables
    from tio.commands.asking import ask

    request = bar_tables.request(symbol, timeframe, limit, start, end, source, adjusted, hours)
    found = ask(request, options.chosen(workspace))
    bar_tables.print_bars(found, json=json, csv=csv)


def watch(
    symbols: options.SymbolList,
    count: Annotated[int, typer.Option(help="End after so many changes; 0: never.")] = 0,
    seconds: Annotated[float, typer.Option(help="End after so many seconds; 0: never.")] = 0.0,
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Quotes as they change, a line each, until ctrl+c.

    Example: tio watch BTC-USD ETH-USD --seconds 10
    """
    from tio.api.market import Quotes
    from tio.commands import quotes
    from tio.commands.asking import follow

    show = quotes.print_item if json else quotes.print_changes
    follow(Quotes(tuple(symbols)), show, options.chosen(workspace), count, seconds)
