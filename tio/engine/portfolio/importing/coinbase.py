"""Coinbase's transaction report, CSV, in the columns of every year since 2020.

Sums are told in the price currency. A conversion is a sale and a purchase for what it brought; its
other coin stands in the note alone. Sending and receiving carry the worth of that moment.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction
from tio.engine.portfolio.importing.coins import STABLE, CoinEntries, Leg, oddity
from tio.engine.portfolio.importing.records import (
    Record,
    has_header,
    instant,
    plain_number,
    records,
)
from tio.engine.portfolio.importing.rows import Row, Security
from tio.engine.portfolio.importing.taking import refused, taken
from tio.engine.portfolio.moments import zone_named

_WANTED = ("Timestamp", "Transaction Type", "Asset", "Quantity Transacted")
_BUYS = {"buy", "advanced trade buy", "advance trade buy"}
_SELLS = {"sell", "advanced trade sell", "advance trade sell"}
_INCOME = re.compile(r"income|reward|earn|rebate|bonus|payout")
_IN = {"receive", "deposit", "exchange withdrawal", "pro withdrawal", "vault withdrawal"}
_OUT = {"send", "withdrawal", "exchange deposit", "pro deposit", "vault deposit"}
_WITHIN = re.compile(r"staking transfer|eth2 deprecation|asset migration")
_CONVERTED = re.compile(
    r"converted\s+([\d.,]+)\s+(\w+)\s+(?:to|into|for)\s+([\d.,]+)\s+(\w+)", re.IGNORECASE
)


class Coinbase:
    """Reads what Coinbase calls transactions, statement or report."""

    name = "coinbase"
    label = "Coinbase (CSV)"

    def recognises(self, text: str) -> bool:
        return has_header(text, *_WANTED)

    def read(self, text: str, zone: str) -> Iterator[Row]:
        there = zone_named(zone)
        lines = list(records(text, *_WANTED))
        cash = frozenset(STABLE & {_currency(line) for line in lines})
        for record in lines:
            try:
                yield from _rows(record, there, cash)
            except Invalid as error:
                yield refused(record.line, error)


def _rows(record: Record, zone: ZoneInfo, cash: frozenset[str]) -> Iterator[Row]:
    for entry in _entries(record, zone, cash):
        coin = Security(ticker=entry.symbol.removesuffix("-USD"), currency=entry.currency)
        yield taken(record.line, entry, coin if entry.symbol else Security(), oddity(entry))


def _entries(record: Record, zone: ZoneInfo, cash: frozenset[str]) -> list[Transaction]:
    word = record.needed("Transaction Type").lower()
    quantity = record.number("Quantity Transacted")
    if quantity is None or not quantity:
        raise Invalid("Quantity Transacted is blank or zero")
    what = Leg(record.needed("Asset").upper(), abs(quantity))
    make = CoinEntries(
        instant(record.needed("Timestamp"), zone, "Timestamp"),
        record.first("ID"),
        record.first("Notes"),
        cash,
    )
    if word in _BUYS or word in _SELLS:
        return _traded(record, make, what, bought=word in _BUYS)
    if word == "convert":
        return _converted(record, make, what, quantity)
    if _WITHIN.search(word):
        raise Invalid(f"{record.first('Transaction Type')} moves nothing in or out of Coinbase")
    if word in _IN | _OUT:
        goes = quantity < 0 or word in _OUT
        return (make.went if goes else make.came)(what, _worth(record, what))
    if _INCOME.search(word):
        return make.earned(what, _worth(record, what))
    raise Invalid(f"there is no transaction type {record.first('Transaction Type')!r}")


def _traded(record: Record, make: CoinEntries, what: Leg, *, bought: bool) -> list[Transaction]:
    fee, total = _sum(record, "fees"), _sum(record, "total")
    gross = _sum(record, "subtotal")
    if total is not None:
        gross = total - (fee or 0) if bought else total + (fee or 0)
    worth = Leg(_currency(record), gross) if gross else _worth(record, what)
    if worth is None:
        raise Invalid("neither a total nor a price is told")
    fees = [Leg(worth.coin, fee)] if fee else []
    return make.trade(what, worth, fees) if bought else make.trade(worth, what, fees)


def _converted(
    record: Record, make: CoinEntries, what: Leg, quantity: Decimal
) -> list[Transaction]:
    told = _CONVERTED.search(record["Notes"])
    if told is None:
        raise Invalid("Notes do not tell what it was converted into")
    got = Leg(told[4].upper(), plain_number(told[3], "Notes"))
    if got.coin == what.coin and quantity > 0:
        raise Invalid("the other side of a conversion, which is told by what was given")
    sums = [each for name in ("subtotal", "total") if (each := _sum(record, name))]
    fee = _sum(record, "fees") or Decimal(0)
    if not sums:
        return make.trade(got, what)
    currency, gross = _currency(record), max(sums)
    sold = make.trade(Leg(currency, gross), what, [Leg(currency, fee)] if fee else [])
    if make.is_money(got.coin) and got.coin == currency:
        return [replace(sold[0], amount=got.quantity + fee)]
    return sold + make.trade(got, Leg(currency, gross - fee))


def _worth(record: Record, what: Leg) -> Leg | None:
    """What the line's coins were worth; None where it does not say."""
    value = _sum(record, "subtotal") or _sum(record, "total")
    price = record.number(*_named(record, "price at transaction"))
    if not value and price:
        value = abs(price) * what.quantity
    return Leg(_currency(record), value) if value else None


def _sum(record: Record, begins: str) -> Decimal | None:
    """The size of the sum in the column so called: `Total (inclusive of …)`, `USD Total (…)`."""
    value = record.number(*_named(record, begins))
    return None if value is None else abs(value)


def _currency(record: Record) -> str:
    if told := record.first("Price Currency", "Spot Price Currency"):
        return told.upper()
    (column,) = _named(record, "price at transaction")
    return column.partition(" ")[0].upper()


def _named(record: Record, part: str) -> tuple[str, ...]:
    """The column that is called `part`, or `USD …` or `Spot …` as older reports had it."""
    pattern = re.compile(rf"(?:[a-z]{{3,4}} )?(?:spot )?{part}")
    return tuple(name for name in record.columns if pattern.match(name))[:1] or (part,)
