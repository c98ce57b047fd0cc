"""portfolio add, transactions, change, remove, undo: the entries of a ledger."""

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer

from tio.commands import options, portfolio

if TYPE_CHECKING:
    from tio.api.ledger import AddTransaction, EditTransaction

KINDS = (
    *("buy", "sell", "deposit", "withdrawal", "dividend", "interest", "fee", "tax", "split"),
    *("transfer_in", "transfer_out", "spin_off", "return_of_capital", "exchange"),
)


Kind = Annotated[str, typer.Argument(help=" ".join(KINDS), autocompletion=options.among(*KINDS))]
Words = Annotated[
    list[str],
    typer.Argument(
        metavar="[SYMBOL] NUMBER [PRICE]",
        help="buy AAPL 10 187.20 · dividend AAPL 24.50 · split AAPL 4 · deposit 5000",
    ),
]
Number = Annotated[str, typer.Option(metavar="NUMBER")]
Id = Annotated[str, typer.Argument(metavar="ID", help="As `tio portfolio transactions` tells it.")]
Date = Annotated[str, typer.Option(help="2026-01-31, or a time with its zone; else today.")]
Rate = Annotated[str, typer.Option(help="The portfolio's currency for one of --currency.")]
Account = Annotated[str, typer.Option(help="Where it is held.")]
Lot = Annotated[str, typer.Option(help="The lot a sale takes, as `tio portfolio lots` tells it.")]
Note = Annotated[str, typer.Option(help="Whatever should stand with it.")]
Tag = Annotated[list[str] | None, typer.Option(help="A word to find it by; may be repeated.")]


def join(group: typer.Typer) -> None:
    for name, command in (
        ("add", add),
        ("transactions", transactions),
        ("change", change),
        ("remove", remove),
        ("undo", undo),
    ):
        group.command(name)(command)


def add(
    kind: Kind,
    words: Words,
    date: Date = "",
    fee: Number = "0",
    tax: Number = "0",
    amount: Annotated[str, typer.Option(help="What it came to, instead of a price.")] = "",
    currency: Annotated[str, typer.Option(help="Else the instrument's.")] = "",
    rate: Rate = "",
    account: Account = "",
    to_account: Annotated[str, typer.Option(help="transfer_out: to another account.")] = "",
    to: Annotated[str, typer.Option(help="exchange: what came, as 920.15EUR.")] = "",
    into: Annotated[str, typer.Option(help="spin_off: the symbol that came of it.")] = "",
    cost_share: Annotated[str, typer.Option(help="spin_off: its share of cost, 0 to 1.")] = "",
    lot: Lot = "",
    short: Annotated[bool, typer.Option("--short", help="Sell what is not held.")] = False,
    unlisted: Annotated[
        bool, typer.Option("--unlisted", help="The symbol names what no source knows.")
    ] = False,
    note: Note = "",
    tag: Tag = None,
    portfolio: portfolio.Portfolio = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Enter what happened.

    Examples:
      tio portfolio add buy AAPL 10 187.20 --fee 1 --date 2026-11-02
      tio portfolio add deposit 5000
      tio portfolio add dividend AAPL 24.50 --tax 3.68
      tio portfolio add split NVDA 10 --date 2024-06-10
    """
    from tio.api.ledger import AddTransaction
    from tio.commands import portfolio_tables
    from tio.commands.ledger_words import decimal, exchanged, kind_named, placed

    chosen = options.chosen(workspace)
    asked_of = portfolio_tables.chosen(portfolio, chosen)
    symbol, quantity, price, told = placed(kind, words)
    got, got_currency = exchanged(to)
    asked = AddTransaction(
        portfolio=asked_of,
        kind=kind_named(kind),
        date=date,
        symbol=symbol,
        quantity=quantity,
        price=price,
        amount=decimal("--amount", amount) if amount else told,
        fee=decimal("--fee", fee) or Decimal(0),
        tax=decimal("--tax", tax) or Decimal(0),
        currency=currency or None,
        rate=decimal("--rate", rate),
        account=account,
        to_account=to_account,
        to_currency=got_currency or None,
        to_amount=got,
        into=into,
        cost_share=decimal("--cost-share", cost_share),
        lot=lot,
        short=short,
        note=note,
        tags=tuple(tag or ()),
        unlisted=unlisted,
    )
    _enter(asked, chosen, json)


def transactions(
    symbol: portfolio.Of = "",
    kind: Annotated[
        list[str] | None, typer.Option(help="Only these.", autocompletion=options.among(*KINDS))
    ] = None,
    since: Annotated[str, typer.Option(help="From this date on.")] = "",
    until: Annotated[str, typer.Option(help="Up to this date.")] = "",
    text: Annotated[str, typer.Option(help="Sought in symbol, note, tags, reference.")] = "",
    id: Annotated[str, typer.Option("--id", help="Every version of one entry.")] = "",
    limit: Annotated[int, typer.Option(help="So many, the newest.")] = 200,
    portfolio: portfolio.Portfolio = "",
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """The ledger, newest first.

    Example: tio portfolio transactions AAPL --kind buy --since 2026-01-01
    """
    from tio.api.ledger import ListTransactions
    from tio.commands import portfolio_tables
    from tio.commands.asking import ask
    from tio.commands.ledger_days import zone_of
    from tio.commands.ledger_words import day, kind_named
    from tio.commands.printing import print_json

    chosen = options.chosen(workspace)
    name = portfolio_tables.chosen(portfolio, chosen)
    asked = ListTransactions(
        name,
        symbol,
        tuple(map(kind_named, kind or ())),
        start=day("--since", since),
        end=day("--until", until),
        text=text,
        id=id,
        limit=limit,
    )
    zone = zone_of(name, chosen)
    found = ask(asked, chosen)
    if json:
        print_json(found)
    else:
        portfolio_tables.print_transactions(found, zone, csv=csv)


def change(
    id: Id,
    date: Date = "",
    quantity: Number = "",
    price: Number = "",
    amount: Number = "",
    fee: Number = "",
    tax: Number = "",
    currency: Annotated[str, typer.Option(help="Its rate is looked up anew.")] = "",
    rate: Rate = "",
    account: Annotated[str | None, typer.Option(help="Where it is held.")] = None,
    lot: Annotated[str | None, typer.Option(help="The lot a sale takes.")] = None,
    note: Annotated[str | None, typer.Option(help="Whatever should stand with it.")] = None,
    tag: Tag = None,
    portfolio: portfolio.Portfolio = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Change an entry; the old version is kept, and `undo` brings it back.

    Example: tio portfolio change 12 --price 187.40 --note "as confirmed"
    """
    from msgspec import UNSET

    from tio.api.errors import Invalid
    from tio.api.ledger import EditTransaction
    from tio.commands import portfolio_tables
    from tio.commands.ledger_words import decimal

    numbers = {"quantity": quantity, "price": price, "amount": amount, "fee": fee, "tax": tax}
    told: dict[str, object] = {
        name: decimal(f"--{name}", text) for name, text in {**numbers, "rate": rate}.items() if text
    }
    texts = {"date": date or None, "currency": currency or None, "account": account}
    told |= {name: text for name, text in texts.items() if text is not None}
    told |= {name: text for name, text in {"lot": lot, "note": note}.items() if text is not None}
    if tag is not None:
        told["tags"] = tuple(tag)
    if not told:
        raise Invalid("nothing is said to change", "as --price 187.40")
    chosen = options.chosen(workspace)
    name = portfolio_tables.chosen(portfolio, chosen)
    fields = {field: told.get(field, UNSET) for field in told}
    asked = EditTransaction(name, id, **fields)  # type: ignore[arg-type]
    _enter(asked, chosen, json)


def remove(
    id: Id,
    portfolio: portfolio.Portfolio = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Take an entry out of the ledger; `undo` brings it back.

    Example: tio portfolio remove 12
    """
    from tio.api.ledger import RemoveTransaction
    from tio.commands import portfolio_tables
    from tio.commands.asking import ask
    from tio.commands.ledger_days import zone_of
    from tio.commands.printing import print_json, say

    chosen = options.chosen(workspace)
    name = portfolio_tables.chosen(portfolio, chosen)
    zone = zone_of(name, chosen)
    gone = ask(RemoveTransaction(name, id), chosen)
    if json:
        print_json(gone)
    else:
        say(f"{gone.id} is removed: {portfolio_tables.words_of(gone, zone)}")


def undo(
    number: Annotated[
        int, typer.Argument(metavar="[NUMBER]", help="The change; else the newest.")
    ] = 0,
    portfolio: portfolio.Portfolio = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Take a change back: an entry, an edit, a removal, a whole import.

    Example: tio portfolio undo
    """
    from tio.api.ledger import UndoTransaction
    from tio.commands import portfolio_tables
    from tio.commands.asking import ask
    from tio.commands.ledger_words import undoing
    from tio.commands.printing import print_json, say

    chosen = options.chosen(workspace)
    name = portfolio_tables.chosen(portfolio, chosen)
    undone = ask(UndoTransaction(name, number or None), chosen)
    if json:
        print_json(undone)
    else:
        say(f"{undone.what}; {undoing(portfolio, workspace, undone.number)} brings it back")


def _enter(asked: "AddTransaction | EditTransaction", workspace: str, json: bool) -> None:
    from tio.commands.asking import ask
    from tio.commands.ledger_days import zone_of
    from tio.commands.portfolio_tables import words_of
    from tio.commands.printing import print_json, say

    zone = zone_of(asked.portfolio, workspace)
    entry = ask(asked, workspace)
    if json:
        print_json(entry)
    else:
        say(f"{entry.id}: {words_of(entry, zone)}")
