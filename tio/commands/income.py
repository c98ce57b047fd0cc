"""portfolio income and proposals: what came in, what may come, what the ledger lacks."""

from typing import Annotated

import typer

from tio.commands import options, portfolio


def join(group: typer.Typer) -> None:
    group.command("income")(income)
    group.command("proposals")(proposals)


def income(
    since: Annotated[str, typer.Option(help="From this date on; else the first entry.")] = "",
    until: Annotated[str, typer.Option(help="Up to this date; else today.")] = "",
    portfolio: portfolio.Portfolio = "",
    json: options.AsJson = False,
    csv: Annotated[bool, typer.Option("--csv", help="Each month received.")] = False,
    workspace: options.Workspace = "",
) -> None:
    """Dividends, coupons and interest by month and symbol, and what is expected for a year.

    Example: tio portfolio income --since 2026-01-01
    """
    from tio.api.income import GetIncome
    from tio.commands import income_tables, portfolio_tables
    from tio.commands.asking import ask
    from tio.commands.ledger_words import day
    from tio.commands.printing import print_json

    chosen = options.chosen(workspace)
    name = portfolio_tables.chosen(portfolio, chosen)
    told = ask(GetIncome(name, day("--since", since), day("--until", until)), chosen)
    print_json(told) if json else income_tables.print_income(told, csv=csv)


def proposals(
    confirm: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Enter this one; may be repeated.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Enter all that can be booked.")] = False,
    dismiss: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Propose it no more; may be repeated.")
    ] = None,
    restore: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Propose it again; may be repeated.")
    ] = None,
    portfolio: portfolio.Portfolio = "",
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """Splits and dividends that the ledger has no entry of; nothing is entered unless confirmed.

    Examples:
      tio portfolio proposals
      tio portfolio proposals --confirm dividend:AAPL:2026-11-10
      tio portfolio proposals --all
      tio portfolio proposals --dismiss split:T:2022-04-11
    """
    from tio.api.errors import Invalid
    from tio.api.proposals import ConfirmProposals, DismissProposals, ListProposals
    from tio.commands import income_tables, portfolio_tables
    from tio.commands.asking import ask
    from tio.commands.ledger_words import undoing
    from tio.commands.printing import print_json, say

    if sum(map(bool, (confirm, every, dismiss, restore))) > 1:
        raise Invalid("--confirm, --all, --dismiss and --restore are asked one at a time")
    chosen = options.chosen(workspace)
    name = portfolio_tables.chosen(portfolio, chosen)
    ids = tuple(confirm or ())
    if every:
        told = ask(ListProposals(name), chosen)
        ids = tuple(each.id for each in told.proposals if not each.refusal)
        if not ids:
            say("there is nothing to confirm")
            return
    if ids:
        change = ask(ConfirmProposals(name, ids), chosen)
        undo = f"{undoing(portfolio, workspace, change.number)} takes it back"
        print_json(change) if json else say(f"{change.what}: {change.entries} entered; {undo}")
        return
    if dismiss or restore:
        asked = DismissProposals(name, tuple(dismiss or restore or ()), bool(restore))
        told = ask(asked, chosen)
    else:
        told = ask(ListProposals(name), chosen)
    print_json(told) if json else income_tables.print_proposals(told, csv=csv)
