"""Trade Republic's transaction export, CSV.

Amounts are before the fee and the tax beside them, each signed as it moves the cash. Spending by
card is a withdrawal, a bonus is interest. A dividend taken back is one below zero, and the tax
that comes back with it a tax below zero.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.importing.coins import symbol
from tio.engine.portfolio.importing.records import Record, has_header, instant
from tio.engine.portfolio.importing.rows import Row, Security
from tio.engine.portfolio.importing.sequence import once
from tio.engine.portfolio.importing.sheets import sheet
from tio.engine.portfolio.importing.taking import refused, taken
from tio.engine.portfolio.moments import day_end, zone_named
from tio.engine.portfolio.money import checked

Kind = TransactionKind

_WANTED = ("datetime", "type", "asset_class", "symbol", "shares", "amount", "transaction_id")
_ZERO = Decimal(0)
_BUYS = {"BUY", "PRIVATE_MARKET_BUY", "SAVINGS_PLAN_EXECUTE"}
_SELLS = {"SELL", "PRIVATE_MARKET_SELL", "FINAL_MATURITY", "REDEMPTION"}
_DIVIDENDS = {"DIVIDEND", "DISTRIBUTION", "DIVIDEND_EQUIVALENT_PAYMENT"}
_INTEREST = {"INTEREST", "INTEREST_PAYMENT", "COUPON_PAYMENT"}
_BONUSES = {"BENEFITS_SAVEBACK", "BONUS", "KINDERGELD_BONUS", "REFERRAL", "STOCKPERK", "GIFT"}
_TAXES = {"TAX_OPTIMIZATION", "TAX_REFUND", "PRE_DETERMINED_TAX_BASE"}
_FEES = {"CARD_ORDERING_FEE", "CARD_FEE", "FEE", "ROUND_UP_FEE", "ROUND_UP_SAVINGS_FEE"}
_CARD = {"CARD_TRANSACTION", "CARD_TRANSACTION_INTERNATIONAL", "CARD_REFUND"}
_DELIVERED = {"FREE_RECEIPT", "STOCKPERK", "GIFT", "TRANSFER_IN"}
_CASH_IN = re.compile(
    r"(CUSTOMER_|TRANSFER_|TRANSFER_INSTANT_|TRANSFER_DIRECT_DEBIT_)(INPAYMENT|INBOUND|IN)"
)
_CASH_OUT = re.compile(r"(CUSTOMER_|TRANSFER_|TRANSFER_INSTANT_)(OUTBOUND|OUTBOUND_REQUEST|OUT)")
_OLD_COIN = re.compile(r"XF000([A-Z]+)\d+")


class TradeRepublic:
    """Reads the CSV of all transactions."""

    name = "trade_republic"
    label = "Trade Republic (CSV)"

    def recognises(self, text: str) -> bool:
        return has_header(text, *_WANTED)

    def read(self, text: str, zone: str) -> Iterator[Row]:
        yield from once(_rows(text, zone_named(zone)))


def _rows(text: str, zone: ZoneInfo) -> Iterator[Row]:
    for record in sheet(text, *_WANTED):
        try:
            for entry in _entries(record, zone):
                yield taken(record.line, entry, _security(record, entry))
        except Invalid as error:
            yield refused(record.line, error)


def _entries(record: Record, zone: ZoneInfo) -> list[Transaction]:
    word = record.needed("type").upper()
    amount, shares = _number(record, "amount"), _number(record, "shares")
    entry = Transaction(
        kind=Kind.fee,
        at=_at(record, zone),
        account=_account(record),
        currency=record.needed("currency"),
        note=record.first("description"),
        reference=record.first("transaction_id"),
    )
    if shares and record.first("asset_class").upper() == "DERIVATIVE":
        raise Invalid(f"derivatives are not kept: {record.first('name', 'symbol')} ({word})")
    if word in _BUYS | _SELLS:
        return [_traded(entry, record, shares, amount, bought=word in _BUYS)]
    if word in _DIVIDENDS:
        of = {"symbol": _symbol(record), "quantity": abs(shares) or None}
        return _income(replace(entry, kind=Kind.dividend, **of), record, amount)
    if shares:
        return [_delivered(entry, record, word, shares, amount)]
    if word in _INTEREST | _BONUSES:
        return _income(replace(entry, kind=Kind.interest), record, amount)
    if word in _TAXES | _FEES:
        paid = -(amount + _number(record, "fee") + _number(record, "tax"))
        return [replace(entry, kind=Kind.tax if word in _TAXES else Kind.fee, amount=paid)]
    return [_moved(entry, record, word, amount)]


def _traded(
    entry: Transaction, record: Record, shares: Decimal, amount: Decimal, *, bought: bool
) -> Transaction:
    if (shares > 0) is not bought or (amount < 0) is not bought:
        raise Invalid(
            f"a {'purchase' if bought else 'sale'} of {shares} shares for {amount} has a wrong sign"
        )
    return replace(
        entry,
        kind=Kind.buy if bought else Kind.sell,
        symbol=_symbol(record),
        quantity=abs(shares),
        price=record.number("price"),
        amount=abs(amount),
        fee=_paid(record, "fee"),
        tax=_paid(record, "tax"),
    )


def _income(entry: Transaction, record: Record, amount: Decimal) -> list[Transaction]:
    """Income or one taken back; tax that comes back is an entry of its own."""
    fee, tax = _paid(record, "fee"), -_number(record, "tax")
    if tax >= 0:
        return [replace(entry, amount=amount, fee=fee, tax=tax)]
    back = replace(entry, kind=Kind.tax, quantity=None, amount=tax)
    return [replace(entry, amount=amount, fee=fee), back]


def _delivered(
    entry: Transaction, record: Record, word: str, shares: Decimal, amount: Decimal
) -> Transaction:
    """Shares that come or go without a trade."""
    if word == "SPLIT":
        raise Invalid(f"a split tells {shares} shares and no ratio: enter it as a split")
    comes = word in _DELIVERED
    if not comes and word != "TRANSFER_OUT":
        raise Invalid(f"there is no transaction type {word!r} of shares")
    if (shares > 0) is not comes:
        raise Invalid(f"a {word} of {shares} shares has a wrong sign")
    return replace(
        entry,
        kind=Kind.transfer_in if comes else Kind.transfer_out,
        symbol=_symbol(record),
        quantity=abs(shares),
        price=record.number("price"),
        amount=abs(amount) or None,
    )


def _moved(entry: Transaction, record: Record, word: str, amount: Decimal) -> Transaction:
    comes = bool(_CASH_IN.fullmatch(word))
    if word in _CARD:
        comes = amount > 0
    elif not comes and not _CASH_OUT.fullmatch(word):
        raise Invalid(f"there is no transaction type {record.first('type')!r}")
    if not amount or (amount > 0) is not comes:
        raise Invalid(f"a {word} of {amount} has a wrong sign")
    return replace(
        entry,
        kind=Kind.deposit if comes else Kind.withdrawal,
        amount=abs(amount),
        fee=_paid(record, "fee"),
        tax=_paid(record, "tax"),
    )


def _number(record: Record, column: str) -> Decimal:
    return checked(column, record.number(column) or _ZERO)


def _paid(record: Record, column: str) -> Decimal:
    """A fee or tax, which the file tells below zero."""
    paid = -_number(record, column)
    if paid < 0:
        raise Invalid(f"the {column} {-paid} is above zero, where one is told below")
    return paid


def _at(record: Record, zone: ZoneInfo) -> datetime:
    """When; a midnight of UTC is the end of the date beside it."""
    at = instant(record.needed("datetime"), zone, "datetime").astimezone(UTC)
    if at.hour or at.minute or at.second or at.microsecond:
        return at
    try:
        return day_end(date.fromisoformat(record.first("date")), zone)
    except ValueError:
        return day_end(at.date(), zone)


def _account(record: Record) -> str:
    account = record.first("account_type")
    return "" if account == "DEFAULT" else account


def _symbol(record: Record) -> str:
    spelled = record.needed("symbol")
    if record.first("asset_class").upper() != "CRYPTO":
        return spelled
    old = _OLD_COIN.fullmatch(spelled)
    return symbol(old[1] if old else spelled)


def _security(record: Record, entry: Transaction) -> Security:
    if not entry.symbol:
        return Security()
    spelled = record.first("symbol")
    if record.first("asset_class").upper() == "CRYPTO":
        return Security(ticker=entry.symbol, name=record.first("name"), currency=entry.currency)
    return Security(isin=spelled, name=record.first("name"), currency=entry.currency)
