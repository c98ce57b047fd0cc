"""journal: trades from flat to flat, what was planned, what they prove."""

from typing import Annotated

import typer

from tio.commands import options
from tio.commands.portfolio import Portfolio

Id = Annotated[str, typer.Argument(metavar="TRADE", help="As `tio journal` tells it.")]
Setup = Annotated[str, typer.Option(metavar="NAME", help="Only trades of this setup.")]
Since = Annotated[str, typer.Option(help="Opened from this date on.")]
Until = Annotated[str, typer.Option(help="Opened up to this date.")]
Limit = Annotated[int, typer.Option(min=1, max=2_000, help="So many, the newest.")]
Closed = Annotated[bool, typer.Option("--closed", help="Without those still open.")]

group = typer.Typer(
    name="journal",
    help="The trade journal: what each trade risked and brought, and what that proves.\n\n"
    "Example: tio journal stats --by setup",
    invoke_without_command=True,
)


def join(cli: typer.Typer) -> None:
    cli.add_typer(group)


@group.callback()
def journal(
    context: typer.Context,
    symbol: Annotated[str, typer.Option("--symbol", "-s", autocompletion=options.symbols)] = "",
    setup: Setup = "",
    since: Since = "",
    until: Until = "",
    closed: Closed = False,
    limit: Limit = 50,
    portfolio: Portfolio = "",
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """Trades from flat to flat, the newest first.

    Example: tio journal --symbol AAPL --since 2026-01-01
    """
    if not options.own(context, portfolio, workspace):
        return
    from tio.api.journal import ListTrades
    from tio.commands import journal_tables, portfolio_tables
    from tio.commands.asking import ask
    from tio.commands.ledger_words import day
    from tio.commands.printing import print_json

    chosen = options.chosen(workspace)
    name = portfolio_tables.chosen(portfolio, chosen)
    asked = ListTrades(
        name,
        symbol,
        setup,
        day("--since", since),
        day("--until", until),
        open=not closed,
        limit=limit,
    )
    found = ask(asked, chosen)
    print_json(found) if json else journal_tables.print_trades(found, csv=csv)


@group.command()
def show(
    trade: Id,
    portfolio: Portfolio = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """One trade whole: its plan, how far it went, every step.

    Example: tio journal show 12
    """
    from tio.api.journal import GetTrade
    from tio.commands import journal_tables, portfolio_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    chosen = options.chosen(workspace)
    name = portfolio_tables.chosen(portfolio, chosen)
    told = ask(GetTrade(name, trade), chosen)
    print_json(told) if json else journal_tables.print_story(told)


@group.command()
def note(
    trade: Id,
    setup: Annotated[str | None, typer.Option(metavar="NAME", help="What kind it was.")] = None,
    stop: Annotated[
        str | None, typer.Option(metavar="PRICE", help="The planned stop; none empties it.")
    ] = None,
    target: Annotated[
        str | None, typer.Option(metavar="PRICE", help="The planned target; none empties it.")
    ] = None,
    notes: Annotated[str | None, typer.Option("--notes", help="What is to be learned.")] = None,
    tags: Annotated[str | None, typer.Option(help="Words, with commas between.")] = None,
    rating: Annotated[int | None, typer.Option(min=0, max=5, help="1 to 5; 0 none.")] = None,
    portfolio: Portfolio = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Write of a trade what the ledger does not know; what is not told stays.

    Example: tio journal note 12 --setup breakout --stop 183 --notes 'chased it'
    """
    from msgspec import UNSET

    from tio.api.errors import Invalid
    from tio.api.journal import AnnotateTrade
    from tio.commands import portfolio_tables
    from tio.commands.asking import ask
    from tio.commands.ledger_words import decimal
    from tio.commands.printing import print_json, say
    from tio.draw import trades

    if all(each is None for each in (setup, stop, target, notes, tags, rating)):
        raise Invalid("nothing is to be written", "as --setup breakout, or --notes 'too early'")
    chosen = options.chosen(workspace)
    name = portfolio_tables.chosen(portfolio, chosen)
    words = None if tags is None else tuple(filter(None, (t.strip() for t in tags.split(","))))
    asked = AnnotateTrade(
        name,
        trade,
        setup=UNSET if setup is None else setup,
        stop=UNSET if stop is None else decimal("--stop", "" if stop == "none" else stop),
        target=UNSET if target is None else decimal("--target", "" if target == "none" else target),
        notes=UNSET if notes is None else notes,
        tags=UNSET if words is None else words,
        rating=UNSET if rating is None else rating,
    )
    told = ask(asked, chosen)
    if json:
        print_json(told)
        return
    say(f"{told.id}: {trades.said(told)}; {trades.plan(told)}; {trades.r(told.r)}")


@group.command()
def stats(
    by: Annotated[
        str,
        typer.Option(
            help="setup, hour, weekday, month, symbol, side or rating.",
            autocompletion=options.among(
                "setup", "hour", "weekday", "month", "symbol", "side", "rating"
            ),
        ),
    ] = "setup",
    since: Since = "",
    until: Until = "",
    portfolio: Portfolio = "",
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """What closed trades brought, by group, and how sure that is.

    Example: tio journal stats --by weekday
    """
    from tio.api.errors import Invalid
    from tio.api.journal import By, GetExpectancy
    from tio.commands import journal_tables, portfolio_tables
    from tio.commands.asking import ask
    from tio.commands.ledger_words import day
    from tio.commands.printing import print_json

    if by not in [each.value for each in By]:
        raise Invalid(f"--by {by[:20]!r} is none", f"one of {', '.join(each.value for each in By)}")
    chosen = options.chosen(workspace)
    name = portfolio_tables.chosen(portfolio, chosen)
    told = ask(GetExpectancy(name, By(by), day("--since", since), day("--until", until)), chosen)
    print_json(told) if json else journal_tables.print_expectancy(told, csv=csv)
