"""portfolio: list, create, show, lots, gains, transactions, changes, edit, delete."""

from typing import TYPE_CHECKING, Annotated

import typer

from tio.commands import options

if TYPE_CHECKING:
    from tio.api.portfolio import LotRule

RULES = ("fifo", "lifo", "hifo", "average", "specific")

FIGURES = (
    *("nav", "flows", "realised", "unrealised", "income", "fees", "taxes", "currency_result"),
    *("carried", "day_change", "quantity:", "cost:", "value:"),
)


def portfolios(incomplete: str) -> list[str]:
    """The caller's portfolios, for shell completion; none without an engine."""
    from tio.commands.asking import complete

    return complete("portfolios", incomplete)


Portfolio = Annotated[
    str,
    typer.Option(
        "--portfolio",
        "-p",
        help="Which one; needed only where there are several.",
        autocompletion=portfolios,
    ),
]
Rule = Annotated[
    str,
    typer.Option(
        "--lots",
        help=f"As if by another rule: {' '.join(RULES[:4])}.",
        autocompletion=options.among(*RULES),
    ),
]
Of = Annotated[str, typer.Argument(metavar="[SYMBOL]", autocompletion=options.symbols)]

group = typer.Typer(
    name="portfolio",
    help="Portfolios: what was bought and sold, what it is worth, what it brought.\n\n"
    "Example: tio portfolio add buy AAPL 10 187.20 --date 2026-11-02",
    invoke_without_command=True,
)


def join(cli: typer.Typer) -> None:
    from tio.commands import allocation, income, ledger, ledger_files, performance, sales

    ledger.join(group)
    ledger_files.join(group)
    income.join(group)
    allocation.join(group)
    performance.join(group)
    sales.join(group)
    cli.add_typer(group)


@group.callback()
def portfolio(
    context: typer.Context,
    portfolio: Portfolio = "",
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """Portfolios; without more, what the portfolio holds."""
    if options.own(context, portfolio, workspace):
        show(portfolio, json=json, csv=csv, workspace=workspace)


@group.command("list")
def show_all(
    json: options.AsJson = False, csv: options.AsCsv = False, workspace: options.Workspace = ""
) -> None:
    """All portfolios.

    Example: tio portfolio list
    """
    from tio.api.ledger import ListPortfolios
    from tio.commands import portfolio_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    found = ask(ListPortfolios(), options.chosen(workspace))
    print_json(found) if json else portfolio_tables.print_portfolios(found, csv=csv)


@group.command()
def create(
    name: str,
    currency: Annotated[str, typer.Argument(help="Its currency, as USD.")] = "USD",
    lots: Annotated[
        str, typer.Option(help=" ".join(RULES), autocompletion=options.among(*RULES))
    ] = "fifo",
    zone: Annotated[str, typer.Option(help="Where its days end, as Europe/Berlin.")] = "UTC",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Begin a portfolio.

    Example: tio portfolio create main EUR --zone Europe/Berlin
    """
    from tio.api.ledger import CreatePortfolio
    from tio.commands.asking import ask
    from tio.commands.portfolio_tables import rule_named
    from tio.commands.printing import print_json, say

    asked = CreatePortfolio(name, currency, rule_named(lots), zone)
    made = ask(asked, options.chosen(workspace))
    if json:
        print_json(made)
    else:
        say(f"{made.name}, in {made.currency}, lots {made.lots.value}, days of {made.zone}")


@group.command()
def edit(
    name: Annotated[str, typer.Argument(autocompletion=portfolios)],
    rename: Annotated[str, typer.Option(help="Its new name.")] = "",
    lots: Annotated[
        str, typer.Option(help=" ".join(RULES), autocompletion=options.among(*RULES))
    ] = "",
    account: Annotated[
        list[str] | None, typer.Option(help="NAME=RULE: an account with a rule of its own.")
    ] = None,
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Rename a portfolio, or change the rule its sales follow.

    Example: tio portfolio edit main --lots hifo --account ira=fifo
    """
    from tio.api.ledger import EditPortfolio
    from tio.commands.asking import ask
    from tio.commands.portfolio_tables import accounts_named, rule_named
    from tio.commands.printing import print_json, say

    asked = EditPortfolio(
        name,
        rename or None,
        rule_named(lots) if lots else None,
        None if account is None else accounts_named(account),
    )
    now = ask(asked, options.chosen(workspace))
    if json:
        print_json(now)
    else:
        say(f"{now.name}: lots {now.lots.value}")


@group.command()
def delete(
    name: Annotated[str, typer.Argument(autocompletion=portfolios)],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    workspace: options.Workspace = "",
) -> None:
    """Delete a portfolio with every entry; there is no undo.

    Example: tio portfolio delete old
    """
    from tio.api.ledger import DeletePortfolio
    from tio.commands.asking import ask
    from tio.commands.printing import agreed, say

    chosen = options.chosen(workspace)
    if not (yes or agreed(f"Delete {name} with every entry, for good?")):
        raise typer.Exit(1)
    gone = ask(DeletePortfolio(name), chosen)
    say(f"{gone.name} is deleted")


@group.command()
def show(
    portfolio: Portfolio = "",
    at: Annotated[
        str, typer.Option(help="As it was when 2026-01-31 ended, or at a time with its zone.")
    ] = "",
    lots: Rule = "",
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """What a portfolio holds, what that is worth and how it came about.

    Example: tio portfolio show --at 2025-12-31
    """
    from tio.api.ledger import GetPositions
    from tio.commands import portfolio_tables
    from tio.commands.asking import ask
    from tio.commands.ledger_days import moment, zone_of
    from tio.commands.printing import print_json

    chosen = options.chosen(workspace)
    name = portfolio_tables.chosen(portfolio, chosen)
    when = moment(at, zone_of(name, chosen)) if at else None
    asked = GetPositions(name, when, _rule(lots))
    held = ask(asked, chosen)
    print_json(held) if json else portfolio_tables.print_holdings(held, csv=csv)


@group.command()
def lots(
    symbol: Of = "",
    portfolio: Portfolio = "",
    lots: Rule = "",
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """Open lots, oldest first.

    Example: tio portfolio lots AAPL
    """
    from tio.api.ledger import GetLots
    from tio.commands import portfolio_tables
    from tio.commands.asking import ask
    from tio.commands.ledger_days import zone_of
    from tio.commands.printing import print_json

    chosen = options.chosen(workspace)
    name = portfolio_tables.chosen(portfolio, chosen)
    zone = zone_of(name, chosen)
    found = ask(GetLots(name, symbol, lots=_rule(lots)), chosen)
    if json:
        print_json(found)
    else:
        portfolio_tables.print_lots(found, zone, csv=csv)


@group.command()
def gains(
    symbol: Of = "",
    year: Annotated[int, typer.Option(help="Of one year; 0: of all.")] = 0,
    portfolio: Portfolio = "",
    lots: Rule = "",
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """Realised gains, lot by lot, with holding periods; no tax report.

    Example: tio portfolio gains --year 2026 --lots hifo
    """
    from tio.api.ledger import GetGains
    from tio.commands import portfolio_tables
    from tio.commands.asking import ask
    from tio.commands.ledger_days import zone_of
    from tio.commands.printing import print_json

    chosen = options.chosen(workspace)
    name = portfolio_tables.chosen(portfolio, chosen)
    zone = zone_of(name, chosen)
    found = ask(GetGains(name, year or None, symbol, _rule(lots)), chosen)
    if json:
        print_json(found)
    else:
        portfolio_tables.print_gains(found, zone, csv=csv)


@group.command()
def explain(
    figure: Annotated[
        str,
        typer.Argument(
            help=f"{' '.join(FIGURES)}; of one instrument with :SYMBOL",
            autocompletion=options.among(*FIGURES),
        ),
    ],
    portfolio: Portfolio = "",
    lots: Rule = "",
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """Where a figure comes from: its parts, with lots, prices, rates and sources.

    Example: tio portfolio explain unrealised:AAPL
    """
    from tio.api.explained import ExplainFigure
    from tio.commands import portfolio_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    chosen = options.chosen(workspace)
    name = portfolio_tables.chosen(portfolio, chosen)
    told = ask(ExplainFigure(name, figure, _rule(lots)), chosen)
    print_json(told) if json else portfolio_tables.print_explanation(told, csv=csv)


@group.command()
def changes(
    portfolio: Portfolio = "",
    limit: Annotated[int, typer.Option(help="So many, the newest.")] = 50,
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """What was done to the ledger, newest first; `tio portfolio undo NUMBER` takes one back.

    Example: tio portfolio changes
    """
    from tio.api.ledger import ListChanges
    from tio.commands import portfolio_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    chosen = options.chosen(workspace)
    name = portfolio_tables.chosen(portfolio, chosen)
    found = ask(ListChanges(name, limit), chosen)
    print_json(found) if json else portfolio_tables.print_changes(found, csv=csv)


def _rule(name: str) -> "LotRule | None":
    from tio.commands.portfolio_tables import rule_named

    return rule_named(name) if name else None
