"""Fidelity's account history, CSV, newest first.

What happened is a sentence that begins with the action (YOU BOUGHT …, DIVIDEND RECEIVED …). The
core account is a fund like any other: what goes into it is bought. Amounts are what moved the
cash, commission and fees in them.
"""

from collections.abc import Hashable, Iterator
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.importing import fidelity_words as words
from tio.engine.portfolio.importing.cancelling import undone
from tio.engine.portfolio.importing.dates import Order, moment
from tio.engine.portfolio.importing.deals import as_paid, cost, counted, disagreement, gross_of
from tio.engine.portfolio.importing.in_time import in_time
from tio.engine.portfolio.importing.options import is_option, no_options, tells_of_option
from tio.engine.portfolio.importing.rows import Row, Security
from tio.engine.portfolio.importing.splitting import Held
from tio.engine.portfolio.importing.table import Line, has_header, table
from tio.engine.portfolio.importing.taking import NOTHING, taken
from tio.engine.portfolio.importing.tidying import tidied, unknown
from tio.engine.portfolio.moments import zone_named
from tio.engine.portfolio.money import ZERO, plain

Kind = TransactionKind

_NEEDED = ("Run Date", "Action", "Symbol", "Quantity", "Settlement Date")
_AMOUNT = ("Amount ($)", "Amount")
_PRICE = ("Price ($)", "Price")
_COMMISSION = ("Commission ($)", "Commission")
_FEES = ("Fees ($)", "Fees")
_ACCRUED = ("Accrued Interest ($)", "Accrued Interest")


class Fidelity:
    """Reads the history of one account, or of several in one file."""

    name = "fidelity"
    label = "Fidelity (account history, CSV)"

    def recognises(self, text: str) -> bool:
        return has_header(text, *_NEEDED)

    def read(self, text: str, zone: str) -> Iterator[Row]:
        lines = table(text, *_NEEDED)
        found = undone(lines, _cancels, _marks, _sought, lambda line: line.number)
        why = {lines[place].number: reason for place, reason in found.items()}
        history = _History(zone_named(zone))
        yield from tidied(in_time(lines, history.at, history.row, why))


class _History:
    """Lines made into rows."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def at(self, line: Line) -> datetime:
        """The end of the day a line is of; Invalid."""
        return moment(line.first("Run Date"), self._zone, Order.month_first, "Run Date")

    def row(self, line: Line, held: Held) -> Row:
        """The row of a line; Invalid."""
        said, symbol = _said(line), line.first("Symbol")
        name = line.first("Description", "Security Description")
        if said.startswith(words.OPTIONS) or tells_of_option(said) or is_option(symbol):
            raise no_options(symbol or name, line.number)
        if _cancels(line):
            raise Invalid(
                f"line {line.number} takes back what this file does not hold: {said[:80]}"
            )
        currency = line.first("Currency") or "USD"
        entry = Transaction(
            kind=Kind.deposit,
            at=self.at(line),
            account=line.first("Account Number", "Account"),
            symbol=symbol,
            currency=currency,
            note=line.first("Action"),
        )
        security = Security(ticker=symbol, name=name, currency=currency) if symbol else NOTHING
        return _row(line, said, entry, security, held)


def _row(line: Line, said: str, entry: Transaction, security: Security, held: Held) -> Row:
    quantity = line.decimal("Quantity")
    for begin, kind in words.TRADES.items():
        if said.startswith(begin):
            return _traded(line, replace(entry, kind=kind), security)
    for begin, kind in words.PAYMENTS.items():
        if said.startswith(begin):
            return _paid(line, replace(entry, kind=kind), security)
    if said.startswith(words.SPLITS) and quantity and "SPINOFF" not in said.replace("-", ""):
        factor, odd = held.factor(entry.account, entry.symbol, quantity)
        split = replace(entry, kind=Kind.splits, quantity=factor)
        return taken(line.number, split, security, odd)
    if said.startswith(words.REORGANISED):
        raise Invalid(
            f"a corporate action is not read, enter it by hand: {said[:80]} in line {line.number}"
        )
    if said.startswith(words.MOVES):
        return _moved(line, entry, security)
    raise Invalid(unknown(line.first("Action"), line.number))


def _said(line: Line) -> str:
    return " ".join(line.first("Action").upper().split())


def _cancels(line: Line) -> bool:
    return any(word.startswith("CANCEL") for word in _said(line).split()[:4])


def _marks(line: Line, sign: int = 1) -> Iterator[Hashable]:
    try:
        quantity = line.decimal("Quantity") or ZERO
        amount = line.decimal(*_AMOUNT) or ZERO
    except Invalid:
        return
    if quantity or amount:
        account = line.first("Account Number", "Account")
        yield line.first("Symbol"), account, sign * quantity, sign * amount


def _sought(line: Line) -> Iterator[Hashable]:
    return _marks(line, -1)


def _traded(line: Line, entry: Transaction, security: Security) -> Row:
    told = line.decimal("Quantity")
    quantity = counted(told, entry.kind.value)
    if (told or ZERO) * (1 if entry.kind is Kind.buy else -1) < 0:
        raise Invalid(f"a {entry.kind.value} of {told} {entry.symbol} contradicts itself")
    fee = cost(line.decimal(*_COMMISSION)) + cost(line.decimal(*_FEES))
    price, accrued = line.decimal(*_PRICE), line.decimal(*_ACCRUED)
    gross = gross_of(entry.kind, as_paid(line.decimal(*_AMOUNT), "Amount"), fee)
    odd = disagreement(quantity, price, gross)
    if accrued:
        odd = f"accrued interest of {plain(abs(accrued))} is in what was paid"
    made = replace(
        entry,
        quantity=quantity,
        price=price,
        amount=gross,
        fee=fee,
        short=entry.kind is Kind.sell and line.first("Type", "Security Type").upper() == "SHORT",
    )
    return taken(line.number, made, security, odd)


def _paid(line: Line, entry: Transaction, security: Security) -> Row:
    amount, odd = as_paid(line.decimal(*_AMOUNT), entry.kind.value), ""
    if entry.kind in (Kind.fee, Kind.tax):
        amount = -amount
    elif entry.kind is Kind.dividend and amount < 0:
        odd = "a dividend taken back"
    elif _said(line).startswith("IN LIEU"):
        odd = "cash in place of part of a share: it lowers what the others cost"
    return taken(line.number, replace(entry, amount=amount), security, odd)


def _moved(line: Line, entry: Transaction, security: Security) -> Row:
    """Cash or shares that came from elsewhere, or went there."""
    quantity: Decimal = line.decimal("Quantity") or ZERO
    amount = line.decimal(*_AMOUNT)
    if not quantity or not entry.symbol:
        moved = as_paid(amount, "it")
        kind = Kind.deposit if moved >= 0 else Kind.withdrawal
        return taken(line.number, replace(entry, kind=kind, symbol="", amount=abs(moved)))
    if quantity > 0 and not amount:
        raise Invalid(
            f"what {plain(quantity)} {entry.symbol} cost is not told, enter them as a transfer in: "
            f"line {line.number}"
        )
    made = replace(
        entry,
        kind=Kind.transfer_in if quantity > 0 else Kind.transfer_out,
        quantity=abs(quantity),
        amount=abs(amount) if amount else None,
    )
    odd = "what the shares cost is not told: their worth is taken for it" if quantity > 0 else ""
    return taken(line.number, made, security, odd)
