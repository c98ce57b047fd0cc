"""Charles Schwab's brokerage transactions, CSV, newest first, in dollars.

`01/02/2024 as of 12/31/2023` was posted on the first day and counts from the second, which is
taken. Quantities have no sign, the action tells which way they go; what shares came or went
without a trade has one. Amounts are net of fees.
"""

from collections.abc import Hashable, Iterator
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.importing import schwab_words as words
from tio.engine.portfolio.importing.cancelling import undone
from tio.engine.portfolio.importing.dates import Order, moment
from tio.engine.portfolio.importing.deals import as_paid, cost, counted, disagreement, gross_of
from tio.engine.portfolio.importing.in_time import in_time
from tio.engine.portfolio.importing.options import is_option, no_options
from tio.engine.portfolio.importing.rows import Row, Security
from tio.engine.portfolio.importing.splitting import Held
from tio.engine.portfolio.importing.table import Line, has_header, table
from tio.engine.portfolio.importing.taking import NOTHING, taken
from tio.engine.portfolio.importing.tidying import tidied, unknown
from tio.engine.portfolio.moments import zone_named
from tio.engine.portfolio.money import ZERO, plain

Kind = TransactionKind

_NEEDED = ("Date", "Action", "Symbol", "Quantity", "Price", "Fees & Comm", "Amount")


class Schwab:
    """Reads the transactions of one account."""

    name = "schwab"
    label = "Charles Schwab (transactions, CSV)"

    def recognises(self, text: str) -> bool:
        return has_header(text, *_NEEDED)

    def read(self, text: str, zone: str) -> Iterator[Row]:
        lines = [line for line in table(text, *_NEEDED) if not _sums_up(line)]
        found = undone(lines, _cancels, _marks, _sought, lambda line: line.number)
        why = {lines[place].number: reason for place, reason in found.items()}
        history = _History(zone_named(zone))
        yield from tidied(in_time(lines, history.at, history.row, why))


class _History:
    """Lines made into rows."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def at(self, line: Line) -> datetime:
        """The end of the day a line counts from; Invalid."""
        posted, _, as_of = line.first("Date").partition(" as of ")
        return moment(as_of or posted, self._zone, Order.month_first, "Date")

    def row(self, line: Line, held: Held) -> Row:
        """The row of a line; Invalid."""
        word, symbol, name = _word(line), line.first("Symbol"), line.first("Description")
        if word in words.OPTIONS or is_option(symbol):
            raise no_options(symbol or name, line.number)
        if _cancels(line):
            raise Invalid(
                f"line {line.number} takes back what this file does not hold: a {word} of "
                f"{line.first('Quantity')} {symbol}"
            )
        posted, _, as_of = line.first("Date").partition(" as of ")
        entry = Transaction(
            kind=Kind.deposit,
            at=self.at(line),
            symbol=symbol,
            currency="USD",
            note=f"{name}; posted {posted}" if as_of else name,
        )
        security = Security(ticker=symbol, name=name, currency="USD") if symbol else NOTHING
        return _row(line, word, entry, security, held)


def _row(line: Line, word: str, entry: Transaction, security: Security, held: Held) -> Row:
    if word in words.TRADES:
        return _traded(line, replace(entry, kind=words.TRADES[word]), security)
    if word in words.PAYMENTS:
        return _paid(line, replace(entry, kind=words.PAYMENTS[word]), security)
    if word in words.SPLITS:
        factor, odd = held.factor("", entry.symbol, counted(line.decimal("Quantity"), word))
        split = replace(entry, kind=Kind.splits, quantity=factor)
        return taken(line.number, split, security, odd)
    if word in words.REORGANISED:
        raise Invalid(
            f"a corporate action ({line.first('Action')}) of {entry.symbol} is not read, enter it "
            f"by hand: line {line.number}"
        )
    if word in words.MOVES:
        return _moved(line, entry, security)
    raise Invalid(unknown(line.first("Action"), line.number))


def _word(line: Line) -> str:
    return " ".join(line.first("Action").lower().split())


def _sums_up(line: Line) -> bool:
    return line.first("Date").lower().startswith("transactions total")


def _cancels(line: Line) -> bool:
    return _word(line) in words.CANCELS


def _marks(line: Line) -> Iterator[Hashable]:
    return _marked(line, {_word(line)}, 1)


def _sought(line: Line) -> Iterator[Hashable]:
    return _marked(line, words.CANCELS[_word(line)], -1)


def _marked(line: Line, names: set[str], sign: int) -> Iterator[Hashable]:
    try:
        quantity = line.decimal("Quantity") or ZERO
        amount = line.decimal("Amount") or ZERO
    except Invalid:
        return
    for name in names:
        yield name, line.first("Symbol"), abs(quantity), sign * amount


def _traded(line: Line, entry: Transaction, security: Security) -> Row:
    word = _word(line)
    told = line.decimal("Quantity")
    quantity = counted(told, line.first("Action"))
    if entry.kind is Kind.buy and (told or ZERO) < 0:
        raise Invalid(f"a purchase of {told} {entry.symbol} contradicts itself")
    fee, price = cost(line.decimal("Fees & Comm")), line.decimal("Price")
    gross = gross_of(entry.kind, as_paid(line.decimal("Amount"), "Amount"), fee)
    made = replace(
        entry,
        quantity=quantity,
        price=price,
        amount=gross,
        fee=fee,
        short=word == "sell short",
    )
    return taken(line.number, made, security, disagreement(quantity, price, gross))


def _paid(line: Line, entry: Transaction, security: Security) -> Row:
    amount, odd = as_paid(line.decimal("Amount"), line.first("Action")), ""
    if entry.kind in (Kind.fee, Kind.tax):
        amount = -amount
    elif entry.kind is Kind.dividend and amount < 0:
        odd = "a dividend taken back"
    elif _word(line) == "cash in lieu":
        odd = "cash in place of part of a share: it lowers what the others cost"
    return taken(line.number, replace(entry, amount=amount), security, odd)


def _moved(line: Line, entry: Transaction, security: Security) -> Row:
    """Cash or shares that came from elsewhere, or went there."""
    quantity: Decimal = line.decimal("Quantity") or ZERO
    amount, price = line.decimal("Amount"), line.decimal("Price")
    if not quantity or not entry.symbol:
        moved = as_paid(amount, line.first("Action"))
        kind = Kind.deposit if moved >= 0 else Kind.withdrawal
        return taken(line.number, replace(entry, kind=kind, symbol="", amount=abs(moved)))
    worth = abs(amount) if amount else abs(quantity) * price if price else None
    if quantity > 0 and worth is None:
        raise Invalid(
            f"what {plain(quantity)} {entry.symbol} cost is not told, enter them as a transfer in: "
            f"line {line.number}"
        )
    made = replace(
        entry,
        kind=Kind.transfer_in if quantity > 0 else Kind.transfer_out,
        quantity=abs(quantity),
        amount=worth,
    )
    odd = "what the shares cost is not told: their worth is taken for it" if quantity > 0 else ""
    return taken(line.number, made, security, odd)
