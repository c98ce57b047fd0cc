"""Any CSV, by a mapping a person makes or accepts: which column is what, how words and numbers go.

A mapping is a value that can be kept as JSON and used on the next file of its kind.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from tio.api.errors import Invalid
from tio.api.mappings import CsvField as Field
from tio.api.mappings import CsvSign as Sign
from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.importing.mapped_numbers import Numbers
from tio.engine.portfolio.importing.records import Record, has_header, instant, records
from tio.engine.portfolio.importing.rows import Row, Security
from tio.engine.portfolio.importing.taking import refused, taken
from tio.engine.portfolio.moments import day_end, zone_named

Kind = TransactionKind


class Mapping(msgspec.Struct, frozen=True, kw_only=True):
    """How to read one kind of CSV.

    columns: the header's name of each field told. constants: what every row says of a field no
    column tells. kinds: a kind for each word of the kind column, in lower case. date: a strptime
    format, "" for ISO. decimal: "." or ",". net: whether amounts are after fees and taxes.
    """

    columns: dict[Field, str]
    constants: dict[Field, str] = {}
    kinds: dict[str, TransactionKind] = {}
    date: str = ""
    decimal: str = "."
    delimiter: str = ","
    sign: Sign = Sign.words
    net: bool = False


class Mapped:
    """Reads CSV by one mapping; it claims files that have all its columns."""

    def __init__(
        self, mapping: Mapping, name: str = "mapped", label: str = "CSV by a mapping"
    ) -> None:
        self.name, self.label = name, label
        if Field.date not in mapping.columns:
            raise Invalid("a mapping needs the column of the date", "set columns.date")
        self._mapping = mapping
        self._numbers = Numbers(mapping.decimal)

    def recognises(self, text: str) -> bool:
        wanted = self._mapping.columns.values()
        return has_header(text, *wanted, delimiter=self._mapping.delimiter)

    def read(self, text: str, zone: str) -> Iterator[Row]:
        there = zone_named(zone)
        mapping = self._mapping
        for record in records(text, *mapping.columns.values(), delimiter=mapping.delimiter):
            try:
                yield self._row(record, there)
            except Invalid as error:
                yield refused(record.line, error)

    def _row(self, record: Record, zone: ZoneInfo) -> Row:
        quantity = self._number(record, Field.quantity)
        amount = self._number(record, Field.amount)
        fee = abs(self._number(record, Field.fee) or Decimal(0))
        tax = abs(self._number(record, Field.tax) or Decimal(0))
        kind = _turned(self._kind(record), self._mapping.sign, quantity, amount)
        security = Security(
            ticker=self._text(record, Field.symbol),
            isin=self._text(record, Field.isin),
            name=self._text(record, Field.name),
            currency=self._text(record, Field.currency),
        )
        price = self._number(record, Field.price)
        entry = Transaction(
            kind=kind,
            at=self._at(record, zone),
            account=self._text(record, Field.account),
            symbol=security.ticker or security.isin or security.name,
            quantity=None if quantity is None else abs(quantity),
            price=None if price is None else abs(price),
            fee=fee,
            tax=tax,
            currency=security.currency,
            note=self._text(record, Field.note),
            reference=self._text(record, Field.reference),
        )
        entry = replace(entry, amount=_gross(entry, amount, self._mapping))
        return taken(record.line, _bare(entry) if kind in _OF_CASH else entry, security)

    def _kind(self, record: Record) -> TransactionKind:
        word = self._text(record, Field.kind)
        if not word and not self._has(Field.kind):
            return Kind.buy if self._has(Field.quantity) else Kind.deposit
        if found := self._mapping.kinds.get(word.lower()):
            return found
        raise Invalid(f"the mapping does not say what {word!r} is")

    def _at(self, record: Record, zone: ZoneInfo) -> datetime:
        text = self._text(record, Field.date)
        time = self._text(record, Field.time)
        whole = f"{text} {time}".strip()
        if not self._mapping.date:
            if _UNSURE.match(whole):
                raise Invalid(f"date: {whole!r} may begin with day or month: the mapping must say")
            return instant(whole, zone, self._mapping.columns[Field.date])
        try:
            at = datetime.strptime(whole, self._mapping.date)  # noqa: DTZ007
        except ValueError:
            raise Invalid(f"date: {whole!r} is not written as {self._mapping.date}") from None
        if "%H" not in self._mapping.date and "%I" not in self._mapping.date:
            return day_end(at.date(), zone)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)

    def _has(self, field: Field) -> bool:
        return field in self._mapping.columns or field in self._mapping.constants

    def _text(self, record: Record, field: Field) -> str:
        column = self._mapping.columns.get(field)
        told = record[column].strip() if column else ""
        return told or self._mapping.constants.get(field, "")

    def _number(self, record: Record, field: Field) -> Decimal | None:
        text = self._text(record, field)
        return self._numbers.read(text, self._mapping.columns.get(field, field)) if text else None


_UNSURE = re.compile(r"\d{1,2}[-/]\d{1,2}[-/]\d{2,4}\b")
_OF_CASH = {Kind.deposit, Kind.withdrawal}
_OTHER_WAY = {
    Kind.buy: Kind.sell,
    Kind.sell: Kind.buy,
    Kind.deposit: Kind.withdrawal,
    Kind.withdrawal: Kind.deposit,
    Kind.transfer_in: Kind.transfer_out,
    Kind.transfer_out: Kind.transfer_in,
}
_COMES = {Kind.buy, Kind.transfer_in}
_EARNS = {Kind.sell, Kind.deposit, Kind.transfer_in, Kind.dividend, Kind.interest}


def _turned(
    kind: TransactionKind, sign: Sign, quantity: Decimal | None, amount: Decimal | None
) -> TransactionKind:
    """The kind the sign makes of it: a purchase of −5 is a sale."""
    if kind not in _OTHER_WAY:
        return kind
    if sign is Sign.quantity and quantity and kind not in _OF_CASH:
        return kind if (quantity > 0) == (kind in _COMES) else _OTHER_WAY[kind]
    if sign is not Sign.words and amount:
        return kind if (amount > 0) == (kind in _EARNS) else _OTHER_WAY[kind]
    return kind


def _gross(entry: Transaction, amount: Decimal | None, mapping: Mapping) -> Decimal | None:
    """Before fees and taxes. Income charged stays below zero, as do costs a sign says came back."""
    if amount is None:
        return None
    if entry.kind in (Kind.dividend, Kind.interest):
        size = amount
    elif entry.kind in (Kind.fee, Kind.tax) and mapping.sign is Sign.amount:
        size = -amount
    else:
        size = abs(amount)
    costs = entry.fee + entry.tax if mapping.net else Decimal(0)
    return size + costs if entry.kind in _EARNS else size - costs


def _bare(entry: Transaction) -> Transaction:
    """Of cash alone: without what a column says of an instrument."""
    return replace(entry, symbol="", quantity=None, price=None)
