"""A broker's file on its way into the portfolio of the screens' tests; what it brings is faked."""

from datetime import UTC, datetime
from decimal import Decimal

import portfolio_scene as scene
from msgspec.structs import replace

from tio.api.errors import Invalid
from tio.api.imports import (
    FileFormat,
    ImportPreview,
    ImportRow,
    ImportTransactions,
    ListFileFormats,
    RowState,
    Spelled,
)
from tio.api.ledger import Change
from tio.api.mappings import (
    ColumnGuess,
    ColumnMapping,
    CsvField,
    FieldColumn,
    GuessMapping,
    MappingGuess,
    SavedMapping,
    SaveMapping,
)
from tio.api.portfolio import Transaction, TransactionKind

from fakes import FakeEngine

D = Decimal
AT = datetime(2026, 11, 2, 23, 59, 59, 999999, tzinfo=UTC)
ISIN = "US0000000001"
TROUBLE = "the sell of ACME on 2026-11-02: 4 sold, and 0 held"


def entry(kind: TransactionKind, symbol: str, quantity: int) -> Transaction:
    return Transaction(
        kind=kind, at=AT, symbol=symbol, quantity=D(quantity), price=D(100), currency="USD"
    )


NEW = ImportRow(
    line=2, state=RowState.new, taken=True, transaction=entry(TransactionKind.buy, "AAPL", 10)
)
DOUBLED = ImportRow(
    line=3,
    state=RowState.doubled,
    taken=False,
    why="the ledger has it already",
    transaction=entry(TransactionKind.buy, "AAPL", 7),
)
ODD = ImportRow(
    line=4,
    state=RowState.odd,
    taken=True,
    why=f"nobody here knows {ISIN}: it is held unlisted",
    transaction=entry(TransactionKind.buy, ISIN, 5),
)
REFUSED = ImportRow(
    line=5, state=RowState.refused, taken=False, why="quantity: 'many' is no number"
)
GUESS = MappingGuess(
    path="/x/own.csv",
    mapping=ColumnMapping(columns=(FieldColumn(CsvField.quantity, "Stück"),), delimiter=";"),
    lines=3,
    refused=3,
    columns=(
        ColumnGuess(column="Wann", samples=("03/04/2026", "05/06/2026")),
        ColumnGuess(column="Stück", field=CsvField.quantity, sure=1.0, samples=("10", "4")),
    ),
    notes=("no column is the date: a mapping needs one",),
    dates=("%d/%m/%Y", "%m/%d/%Y"),
    unknown=("Tausch",),
    encoding="cp1252",
)


def engine(*, mapped: bool = False) -> FakeEngine:
    """An engine to which a file is known; or, `mapped`, known only by a mapping with a date."""
    fake = scene.engine(scene.MAIN)

    def brought(asked: ImportTransactions) -> ImportPreview:
        if mapped and (asked.mapping is None or not asked.mapping.column(CsvField.date)):
            raise Invalid("the file is of no kind that is known here", "known are few")
        return preview(asked)

    def guessed(asked: GuessMapping) -> MappingGuess:
        mapping = asked.mapping or GUESS.mapping
        columns = [
            replace(e, field=mapping.field(e.column), sure=1.0 if mapping.field(e.column) else 0.0)
            for e in GUESS.columns
        ]
        refused = 0 if mapping.column(CsvField.date) else 3
        return replace(GUESS, mapping=mapping, columns=tuple(columns), refused=refused)

    def kept(asked: SaveMapping) -> SavedMapping:
        return SavedMapping(name=asked.name, mapping=asked.mapping, header=(), saved_at=AT)

    fake.answers |= {
        ImportTransactions: brought,
        GuessMapping: guessed,
        SaveMapping: kept,
        ListFileFormats: (
            FileFormat(name="coinbase", label="Coinbase", reads=True, writes=False),
            FileFormat(name="csv", label="tio (CSV)", reads=False, writes=True),
        ),
    }
    return fake


def preview(asked: ImportTransactions) -> ImportPreview:
    """What the rows above become by what was decided; line 9 is a sale that cannot be."""
    meant = {each.spelled: each.symbol for each in asked.symbols}
    odd = ODD
    if ISIN in meant:
        named = entry(TransactionKind.buy, meant[ISIN], 5)
        odd = replace(ODD, state=RowState.new, why="", transaction=named)
    rows = [NEW, DOUBLED, odd, REFUSED]
    if asked.account == "short":
        sale = entry(TransactionKind.sell, "ACME", 4)
        rows.append(ImportRow(line=9, state=RowState.new, taken=True, transaction=sale))
    rows = [
        replace(row, taken=(row.taken or row.line in asked.take) and row.line not in asked.skip)
        for row in rows
    ]
    taken = sum(row.taken for row in rows)
    trouble = TROUBLE if any(row.line == 9 and row.taken for row in rows) else ""
    change = Change(number=12, what="import own.csv", entries=taken, made_at=AT)
    return ImportPreview(
        path=asked.path,
        format="tio_csv",
        label="tio (CSV)",
        new=sum(row.state is RowState.new for row in rows),
        doubled=1,
        odd=sum(row.state is RowState.odd for row in rows),
        refused=1,
        taken=taken,
        rows=tuple(rows),
        symbols=(
            Spelled(spelled="AAPL", symbol="AAPL", rows=2),
            Spelled(spelled=ISIN, symbol=meant.get(ISIN, ""), name="One Inc", rows=1),
        ),
        trouble=trouble,
        trouble_line=9 if trouble else 0,
        change=None if asked.dry_run else change,
    )
