"""Portfolio Performance's client file, XML.

Securities trades and deliveries are booked in the account named like their portfolio (Depot), cash
in that named like its account; a trade stands in both and is read once, in the portfolio. What a
delivery cost with its fees and taxes is what it cost, for no cash pays them. Splits are not told:
Portfolio Performance has rewritten shares and quotes when it entered one.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.importing.client_file import Client
from tio.engine.portfolio.importing.rows import Row
from tio.engine.portfolio.importing.taking import refused, taken, with_shorts

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

Kind = TransactionKind

_MONEY = {
    "DEPOSIT": (Kind.deposit, 1),
    "REMOVAL": (Kind.withdrawal, -1),
    "DIVIDENDS": (Kind.dividend, 1),
    "INTEREST": (Kind.interest, 1),
    "INTEREST_CHARGE": (Kind.interest, -1),
    "FEES": (Kind.fee, -1),
    "FEES_REFUND": (Kind.fee, 1),
    "TAXES": (Kind.tax, -1),
    "TAX_REFUND": (Kind.tax, 1),
}
"""Kinds of account transactions, and whether money comes (1) or goes (−1)."""
_BACK = {"INTEREST_CHARGE", "FEES_REFUND", "TAX_REFUND"}
_OF_SECURITIES = {"DIVIDENDS", "FEES", "FEES_REFUND", "TAXES", "TAX_REFUND"}
_TRADES = {"BUY": (Kind.buy, 1), "SELL": (Kind.sell, -1)}
_DELIVERIES = {
    "DELIVERY_INBOUND": Kind.transfer_in,
    "TRANSFER_IN": Kind.transfer_in,
    "DELIVERY_OUTBOUND": Kind.transfer_out,
    "TRANSFER_OUT": Kind.transfer_out,
}
_LATE = {Kind.sell: 2, Kind.transfer_out: 1, Kind.withdrawal: 2}


class PortfolioPerformance:
    """Reads the XML Portfolio Performance saves, of any version; rows come in order of time."""

    name = "portfolio_performance"
    label = "Portfolio Performance (XML)"

    def recognises(self, text: str) -> bool:
        begin = text[:2000].lstrip("\ufeff \t\r\n")
        return begin.startswith("<") and "<client" in begin and "<version>" in begin

    def read(self, text: str, zone: str) -> Iterator[Row]:
        client = Client(text, zone)
        rows = [row for element in client.accounts for row in _of_account(client, element)]
        rows += [row for element in client.portfolios for row in _of_portfolio(client, element)]
        yield from with_shorts(sorted(rows, key=_in_order))


def prices(text: str) -> dict[str, list[tuple[date, Decimal]]]:
    """The quotes the file holds, oldest first, by the symbol its rows use."""
    client = Client(text, "UTC")
    return {
        client.symbol(security): sorted(client.quotes(security)) for security in client.securities
    }


def _in_order(row: Row) -> tuple[bool, object, int]:
    """By time; of one day what comes in before what goes out."""
    entry = row.transaction
    if entry is None:
        return True, row.line, 0
    return False, entry.at, _LATE.get(entry.kind, 0)


def _of_account(client: Client, account: "Element") -> Iterator[Row]:
    for element in client.transactions(account):
        line = client.line(element)
        try:
            yield from _account_rows(client, account, element, line)
        except Invalid as error:
            yield refused(line, error)


def _of_portfolio(client: Client, portfolio: "Element") -> Iterator[Row]:
    for element in client.transactions(portfolio):
        line = client.line(element)
        try:
            yield from _portfolio_rows(client, portfolio, element, line)
        except Invalid as error:
            yield refused(line, error)


def _account_rows(
    client: Client, account: "Element", element: "Element", line: int
) -> Iterator[Row]:
    kind = client.text(element, "type")
    if kind in _MONEY:
        yield _money(client, account, element, line)
    elif kind in ("TRANSFER_IN", "TRANSFER_OUT"):
        yield from _cash_moved(client, account, element, line)
    elif kind not in _TRADES:
        raise Invalid(f"there is no account transaction of type {kind!r}")
    elif client.other(element, "portfolioTransaction") is None:
        raise Invalid(f"a {kind} of cash alone: the securities of it are not in the file")


def _money(client: Client, account: "Element", element: "Element", line: int) -> Row:
    word = client.text(element, "type")
    kind, way = _MONEY[word]
    money = client.money(element, account)
    gross = money.amount + way * (money.fee + money.tax)
    security = client.security(element) if word in _OF_SECURITIES else None
    shares = client.shares(element) if word == "DIVIDENDS" else Decimal(0)
    entry = Transaction(
        kind=kind,
        at=client.at(element),
        account=client.text(account, "name"),
        symbol=client.symbol(security),
        quantity=shares or None,
        amount=-gross if word in _BACK else gross,
        fee=money.fee,
        tax=money.tax,
        currency=money.currency,
        note=client.text(element, "note"),
        reference=client.text(element, "uuid"),
    )
    return taken(line, entry, client.described(security), money.oddity)


def _cash_moved(client: Client, account: "Element", element: "Element", line: int) -> Iterator[Row]:
    """Between accounts: told where it goes out; first exchanged where currencies differ."""
    out = client.text(element, "type") == "TRANSFER_OUT"
    to = client.other(element, "accountTo")
    if to is not None and not out:
        return
    money = client.money(element, account)
    entry = Transaction(
        kind=Kind.transfer_out if out else Kind.transfer_in,
        at=client.at(element),
        account=client.text(account, "name"),
        to_account=client.text(to, "name"),
        amount=money.amount,
        currency=money.currency,
        note=client.text(element, "note"),
        reference=client.text(element, "uuid"),
    )
    arrived = client.other(element, "transactionTo")
    if arrived is None or to is None:
        yield taken(line, entry, oddity=money.oddity)
        return
    got = client.money(arrived, to)
    if got.currency == money.currency:
        yield taken(line, entry, oddity=money.oddity)
        return
    fields = {"at": entry.at, "account": entry.account, "note": entry.note}
    exchange = Transaction(
        kind=Kind.exchange,
        amount=money.amount,
        currency=money.currency,
        to_currency=got.currency,
        to_amount=got.amount,
        reference=entry.reference,
        **fields,  # type: ignore[arg-type]
    )
    yield taken(line, exchange)
    moved = Transaction(
        kind=Kind.transfer_out,
        to_account=entry.to_account,
        amount=got.amount,
        currency=got.currency,
        reference=client.text(arrived, "uuid"),
        **fields,  # type: ignore[arg-type]
    )
    yield taken(line, moved)


def _portfolio_rows(
    client: Client, portfolio: "Element", element: "Element", line: int
) -> Iterator[Row]:
    word = client.text(element, "type")
    security = client.security(element)
    if security is None:
        raise Invalid(f"a {word or 'transaction'} names no security")
    to = client.other(element, "portfolioTo")
    if word == "TRANSFER_IN" and to is not None:
        return
    money = client.money(element, client.reference_account(portfolio))
    gross, fee, tax = money.amount, money.fee, money.tax
    if word in _TRADES:
        kind, way = _TRADES[word]
        gross -= way * (fee + tax)
    elif word in _DELIVERIES:
        kind, fee, tax = _DELIVERIES[word], Decimal(0), Decimal(0)
    else:
        raise Invalid(f"there is no portfolio transaction of type {word!r}")
    entry = Transaction(
        kind=kind,
        at=client.at(element),
        account=client.text(portfolio, "name"),
        to_account=client.text(to, "name") if word == "TRANSFER_OUT" else "",
        symbol=client.symbol(security),
        quantity=client.shares(element),
        amount=None if to is not None else gross,
        fee=fee,
        tax=tax,
        currency=money.currency,
        note=client.text(element, "note"),
        reference=client.text(element, "uuid"),
    )
    yield taken(line, entry, client.described(security), money.oddity)
