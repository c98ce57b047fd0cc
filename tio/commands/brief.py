"""brief, compare, morning, why: the analyst's reports on symbols, by rules."""

from typing import TYPE_CHECKING, Annotated

import typer

from tio.commands import options

if TYPE_CHECKING:
    from tio.api.analyst import Depth as ReportDepth


def join(cli: typer.Typer) -> None:
    for command in (brief, compare, morning, why):
        cli.command()(command)


Depth = Annotated[
    str, typer.Option(help="short or full.", autocompletion=options.among("short", "full"))
]
At = Annotated[str, typer.Option(help="As of this past time, e.g. …T14:30Z.")]


def brief(
    symbol: options.Symbol,
    depth: Depth = "short",
    at: At = "",
    markdown: options.Markdown = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Trend, levels, volatility, what is ahead and what is yours of one symbol, by rules.

    Example: tio brief AAPL --depth full
    """
    from tio.api.analyst import Brief
    from tio.commands.asking import ask
    from tio.commands.bar_tables import moment_of
    from tio.commands.report_print import print_report

    asked = Brief(symbol, _depth(depth), moment_of(at, "--at"))
    print_report(ask(asked, options.chosen(workspace)), json=json, markdown=markdown)


def compare(
    symbols: options.SymbolList,
    depth: Depth = "short",
    at: At = "",
    markdown: options.Markdown = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Two to eight symbols side by side: returns, volatility, trend, what sets them apart.

    Example: tio compare AAPL MSFT NVDA
    """
    from tio.api.analyst import Compare
    from tio.api.errors import Invalid
    from tio.commands.asking import ask
    from tio.commands.bar_tables import moment_of
    from tio.commands.report_print import print_report

    if not 2 <= len(symbols) <= 8:
        raise Invalid(f"a comparison needs two to eight symbols, was {len(symbols)}")
    asked = Compare(tuple(symbols), _depth(depth), moment_of(at, "--at"))
    print_report(ask(asked, options.chosen(workspace)), json=json, markdown=markdown)


def morning(
    watchlist: Annotated[
        str, typer.Argument(metavar="[LIST]", autocompletion=options.list_names)
    ] = "",
    at: At = "",
    markdown: options.Markdown = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """What of a watchlist is worth a look and why; without a name of your first one.

    Example: tio morning main
    """
    from tio.api.analyst import MorningBrief
    from tio.api.errors import NotFound
    from tio.api.watchlists import ListWatchlists
    from tio.commands.asking import ask
    from tio.commands.bar_tables import moment_of
    from tio.commands.report_print import print_report

    chosen = options.chosen(workspace)
    if not watchlist:
        lists = ask(ListWatchlists(), chosen)
        if not lists:
            raise NotFound("there is no watchlist yet", "`tio watchlist add main AAPL` makes one")
        watchlist = lists[0].name
    asked = MorningBrief(watchlist, moment_of(at, "--at"))
    print_report(ask(asked, chosen), json=json, markdown=markdown)


def why(
    symbol: options.Symbol,
    start: Annotated[str, typer.Option(help="The first day, 2026-11-17.")] = "",
    end: Annotated[str, typer.Option(help="The last day.")] = "",
    at: At = "",
    markdown: options.Markdown = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Why a price moved: how far, the market or itself, volume, levels, events of its days.

    Example: tio why AAPL --start 2026-11-17
    """
    from tio.api.analyst import ExplainMove
    from tio.commands.asking import ask
    from tio.commands.bar_tables import moment_of
    from tio.commands.ledger_words import day
    from tio.commands.report_print import print_report

    asked = ExplainMove(symbol, day("--start", start), day("--end", end), moment_of(at, "--at"))
    print_report(ask(asked, options.chosen(workspace)), json=json, markdown=markdown)


def _depth(name: str) -> "ReportDepth":
    from tio.api.analyst import Depth as ReportDepth
    from tio.api.errors import Invalid

    if name not in (each.value for each in ReportDepth):
        raise Invalid(f"there is no depth {name[:20]!r}", "short or full")
    return ReportDepth(name)
