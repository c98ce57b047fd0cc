"""portfolio sale: a sale out of chosen lots, its gain short and long term shown before."""

from typing import Annotated

import typer

from tio.commands import options, portfolio
from tio.commands.ledger import Account, Date, Note, Number, Rate, Tag

PICKS = ("fifo", "lifo", "hifo", "long_term", "harvest")
Lots = Annotated[
    list[str] | None,
    typer.Option("--lot", metavar="LOT=QUANTITY", help="So much of a lot; may be repeated."),
]
By = Annotated[
    str,
    typer.Option("--by", help=f"Else by: {' '.join(PICKS)}.", autocompletion=options.among(*PICKS)),
]


def join(group: typer.Typer) -> None:
    group.command("sale")(sale)


def sale(
    symbol: options.Symbol,
    quantity: Annotated[str, typer.Argument(help="Else all that is held.")] = "",
    price: Annotated[str, typer.Argument(help="Of a unit.")] = "",
    lot: Lots = None,
    by: By = "",
    amount: Annotated[str, typer.Option(help="What all came to, instead of a price.")] = "",
    fee: Number = "0",
    tax: Number = "0",
    date: Date = "",
    currency: Annotated[str, typer.Option(help="Else the instrument's.")] = "",
    rate: Rate = "",
    account: Account = "",
    note: Note = "",
    tag: Tag = None,
    replaces: Annotated[str, typer.Option(metavar="ID", help="The sale entered anew.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what it would do.")] = False,
    portfolio: portfolio.Portfolio = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Sell out of chosen lots, what that realises being shown before; one undo takes it back.

    Example: tio portfolio sale AAPL 10 201.50 --by long_term --dry-run
    """
    from decimal import Decimal

    from tio.api.sales import PreviewSale, as_previewed
    from tio.commands import portfolio_tables, sale_tables
    from tio.commands.asking import ask
    from tio.commands.ledger_days import zone_of
    from tio.commands.ledger_words import undoing
    from tio.commands.printing import agreed, print_json, say

    chosen = options.chosen(workspace)
    name = portfolio_tables.chosen(portfolio, chosen)
    asked = PreviewSale(
        name,
        symbol,
        sale_tables.figure(quantity, "the quantity"),
        sale_tables.figure(price, "the price"),
        sale_tables.figure(amount, "--amount"),
        fee=sale_tables.figure(fee, "--fee") or Decimal(0),
        tax=sale_tables.figure(tax, "--tax") or Decimal(0),
        currency=currency or None,
        rate=sale_tables.figure(rate, "--rate"),
        date=date,
        account=account or None,
        parts=sale_tables.parts(lot or ()),
        pick=sale_tables.pick(by),
        replaces=replaces,
    )
    zone = zone_of(name, chosen)
    seen = ask(asked, chosen)
    if not json:
        sale_tables.print_sale(seen, zone)
    if dry_run or not seen.quantity:
        if json:
            print_json(seen)
        return
    sale_tables.refuse_trouble(seen)
    if not (yes or agreed(f"Sell {seen.quantity:f} of {seen.symbol} so?")):
        raise typer.Exit(1)
    sold = ask(as_previewed(asked, seen, note, tuple(tag or ())), chosen)
    if json:
        print_json(sold)
    else:
        undo = undoing(portfolio, workspace)
        say(f"booked as {', '.join(e.id for e in sold)}; {undo} takes it back")
