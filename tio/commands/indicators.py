"""indicators: list, show, compute."""

from pathlib import Path
from typing import Annotated

import typer

from tio.commands import options

group = typer.Typer(
    name="indicators",
    help="Indicators: list, show, compute.\n\n"
    "Example: tio indicators compute AAPL rsi macd:12,26,9",
    no_args_is_help=True,
)


def join(cli: typer.Typer) -> None:
    cli.add_typer(group)


@group.command("list")
def show_all(
    group_name: Annotated[
        str,
        typer.Option(
            "--group", "-g", help="Of this group.", autocompletion=options.among(*options.GROUPS)
        ),
    ] = "",
    query: Annotated[str, typer.Option("--search", "-s", help="What name or text holds.")] = "",
    tail: Annotated[
        bool, typer.Option("--tail", help="With pandas-ta's (pta.…): pip install 'tio[pta]'.")
    ] = False,
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """Every indicator there is, by group.

    Example: tio indicators list --group momentum
    """
    from tio.api.indicators import ListIndicators
    from tio.commands import indicator_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    found = ask(ListIndicators(query, group_name, tail), options.chosen(workspace))
    if json:
        print_json(found)
    else:
        indicator_tables.print_entries(found, csv=csv)


@group.command()
def show(
    name: Annotated[
        str, typer.Argument(help="e.g. rsi, bbands, pta.kst", autocompletion=options.indicators)
    ],
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """One indicator: what it means, its parameters and outputs, where it comes from.

    Example: tio indicators show macd
    """
    from tio.commands import computing, indicator_tables
    from tio.commands.asking import ask_all
    from tio.commands.printing import print_json

    entry = ask_all(lambda engine: computing.entry(engine, name), options.chosen(workspace))
    print_json(entry) if json else indicator_tables.print_entry(entry)


@group.command()
def compute(
    symbol: options.Symbol,
    specs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SPEC...",
            help="e.g. rsi:21 macd:12,26,9 ema:50@1d",
            autocompletion=options.indicators,
        ),
    ] = None,
    timeframe: options.Timeframe = "1d",
    limit: Annotated[int, typer.Option(help="The newest so many bars.")] = 20,
    start: Annotated[str, typer.Option(help="Not before, e.g. 2026-01-31 or …T14:30Z.")] = "",
    end: Annotated[str, typer.Option(help="Not after.")] = "",
    adjusted: options.Adjusted = "split",
    hours: options.Hours = "extended",
    bars: Annotated[
        Path | None,
        typer.Option(help="Over the bars of this file (JSON or CSV, - is stdin); no SYMBOL."),
    ] = None,
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """Indicators over bars, oldest first; the bars before the range warm them up.

    Example: tio indicators compute AAPL rsi:21 macd:12,26,9 --timeframe 1h

    SPEC is NAME[:PARAMETERS][@TIMEFRAME][/SYMBOL]: rsi, rsi:21, macd:12,26,9 (in the order `tio
    indicators show macd` tells), bbands:width=2.5 (by name), ema:50@1d (over bars of that
    timeframe), beta:60/SPY (against that symbol).
    """
    from tio.commands import computing, indicator_tables
    from tio.commands.asking import ask_all
    from tio.commands.printing import print_json

    texts = specs or []
    asked = computing.Asked(symbol, timeframe, limit, start, end, adjusted, hours)
    if bars is not None:
        texts, asked = [symbol, *texts], computing.over(bars, timeframe)
    found = ask_all(
        lambda engine: computing.compute(engine, texts, asked), options.chosen(workspace)
    )
    if json:
        print_json(found)
    else:
        indicator_tables.print_computed(found, csv=csv)
