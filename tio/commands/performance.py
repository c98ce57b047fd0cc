"""portfolio performance: returns three ways, risk taken, declines, who contributed."""

from typing import Annotated

import typer

from tio.commands import options, portfolio


def join(group: typer.Typer) -> None:
    group.command("performance")(performance)


def performance(
    since: Annotated[str, typer.Option(help="From this date on; else the first entry.")] = "",
    until: Annotated[str, typer.Option(help="Up to this date; else today.")] = "",
    benchmark: Annotated[
        str, typer.Option("--benchmark", "-b", autocompletion=options.symbols)
    ] = "",
    risk_free: Annotated[float, typer.Option(help="A yearly rate in percent.")] = 0.0,
    window: Annotated[int, typer.Option(help="Days that rolling figures span.")] = 90,
    portfolio: portfolio.Portfolio = "",
    json: options.AsJson = False,
    csv: Annotated[
        bool, typer.Option("--csv", help="Each day: worth, flow, growth, drawdown.")
    ] = False,
    workspace: options.Workspace = "",
) -> None:
    """How a portfolio did: simple, time-weighted and money-weighted, beside a benchmark.

    Example: tio portfolio performance --since 2026-01-01 --benchmark SPY
    """
    from tio.api.errors import Invalid
    from tio.api.performance import GetPerformance
    from tio.commands import performance_tables, portfolio_tables
    from tio.commands.asking import ask
    from tio.commands.ledger_words import day
    from tio.commands.printing import print_json

    if not -100 < risk_free < 1_000:
        raise Invalid(f"--risk-free {risk_free} is no rate in percent", "as --risk-free 4.3")
    if not 5 <= window <= 5_000:
        raise Invalid(f"--window must be 5 to 5000 days, was {window}")
    chosen = options.chosen(workspace)
    asked = GetPerformance(
        portfolio_tables.chosen(portfolio, chosen),
        day("--since", since),
        day("--until", until),
        benchmark,
        risk_free / 100,
        window,
    )
    told = ask(asked, chosen)
    print_json(told) if json else performance_tables.print_performance(told, csv=csv)
