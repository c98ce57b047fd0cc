"""portfolio allocation: how it is spread, by position and by currency."""

import typer

from tio.api.portfolio import Holdings
from tio.commands import options, portfolio


def join(group: typer.Typer) -> None:
    group.command("allocation")(allocation)


def allocation(
    portfolio: portfolio.Portfolio = "",
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """How a portfolio is spread: long, short, gross and net, by position and by currency.

    Example: tio portfolio allocation
    """
    from tio.api.ledger import GetPositions
    from tio.commands import portfolio_tables
    from tio.commands.asking import ask

    chosen = options.chosen(workspace)
    _print(ask(GetPositions(portfolio_tables.chosen(portfolio, chosen)), chosen), csv=csv)


def _print(told: Holdings, *, csv: bool) -> None:
    from tio.commands.printing import print_csv, print_table, say
    from tio.draw.allocation import bar, by_currency, by_position, exposure, share
    from tio.draw.amounts import money

    nav = told.nav
    if nav is None or nav <= 0:
        say(f"its worth is not known for want of: {', '.join(told.lacks) or 'anything held'}")
        return
    every = (("position", by_position(told)), ("currency", by_currency(told)))
    if csv:
        rows = [
            (what, name, value, value / nav) for what, parts in every for name, value, _ in parts
        ]
        print_csv(("what", "name", "value", "share"), rows)
        return
    for what, parts in every:
        most = max((abs(value) for _, value, _ in parts), default=nav)
        lines = [
            (
                name,
                share(value, nav),
                f"{'~' if stale else ''}{money(value, told.currency)}",
                bar(value, most, 30),
            )
            for name, value, stale in parts
        ]
        print_table((what.upper(), "SHARE", "VALUE", ""), lines, {"SHARE", "VALUE"})
        print()
    told_of = "  ".join(f"{name} {share(value, nav)}" for name, value in exposure(told).items())
    say(f"{told_of}  of {money(nav, told.currency)} {told.currency}")
