"""A file of entries looked at, and brought into a ledger as one change."""

import asyncio
import json
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as replace_row
from pathlib import Path

from msgspec.structs import replace

from tio.api.clean import clean
from tio.api.errors import Invalid, TioError
from tio.api.imports import ImportPreview, ImportRow, ImportTransactions, RowState, Spelled
from tio.api.mappings import SavedMapping
from tio.api.portfolio import Portfolio, Transaction
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.drafts import Drafting
from tio.engine.portfolio.importing import readers
from tio.engine.portfolio.importing.doubles import doubled
from tio.engine.portfolio.importing.mapped import Mapped
from tio.engine.portfolio.importing.mappings_told import fitting, meant
from tio.engine.portfolio.importing.naming import Naming
from tio.engine.portfolio.importing.rows import Reader, Row, Security
from tio.engine.portfolio.importing.texts import octets, text_of
from tio.engine.portfolio.importing.told_rates import TellsRates, ToldRates
from tio.engine.portfolio.moments import zone_named
from tio.engine.portfolio.money import major

SHOWN = 1_000
_FIRST = (RowState.refused, RowState.odd, RowState.doubled, RowState.new)
"""What is shown first: a refused line must not be lost behind a thousand odd ones."""
_TURN = 50
"""Rows between two turns of the event loop."""


@dataclass(frozen=True, slots=True)
class Read:
    """A file read: what kind it is, its rows, and the rates of currencies it tells."""

    name: str
    label: str
    rows: tuple[Row, ...]
    rates: ToldRates = field(default_factory=ToldRates)


@dataclass(frozen=True, slots=True)
class Sorted:
    """Rows decided upon, and the entries among them that are to be taken, in the file's order.

    `lines` are those the entries come from.
    """

    preview: ImportPreview
    entries: tuple[Transaction, ...]
    lines: tuple[int, ...]


def read(asked: ImportTransactions, zone: str, kept: Sequence[SavedMapping] = ()) -> Read:
    """Read a file whole; Invalid or NotFound in one sentence. Not for the event loop.

    By the mapping given, the kind named, the mapping kept for its header, else as recognised.
    """
    path = Path(asked.path)
    data = octets(path)
    reader, text = _reader(asked, data, kept)
    try:
        rows = tuple(reader.read(text, zone))
        rates = ToldRates(reader.rates(text, zone) if isinstance(reader, TellsRates) else ())
    except Invalid as error:
        raise Invalid(f"{path.name}: {error.message}", error.next) from None
    return Read(reader.name, reader.label, rows, rates)


def _reader(
    asked: ImportTransactions, data: bytes, kept: Sequence[SavedMapping]
) -> tuple[Reader, str]:
    if asked.mapping is not None:
        return Mapped(meant(asked.mapping)), text_of(data, asked.mapping.encoding)
    named = next((each for each in kept if each.name == asked.format), None)
    saved = named or (None if asked.format else fitting(data, kept))
    if saved is not None:
        label = f"CSV by the mapping {saved.name}"
        reader = Mapped(meant(saved.mapping), saved.name, label)
        return reader, text_of(data, saved.mapping.encoding)
    text = text_of(data)
    return (readers.named(asked.format) if asked.format else readers.recognised(text)), text


async def decided(
    file: Read,
    asked: ImportTransactions,
    books: Books,
    drafting: Drafting,
    said: Mapping[str, str],
    market: Callable[[str], str],
) -> Sorted:
    """What becomes of every row; symbols and rates are looked up, nothing is booked yet."""
    naming = Naming(said, market)
    finished: list[Row] = []
    for row in file.rows:
        if len(finished) % _TURN == 0:
            await asyncio.sleep(0)
        rated = _rated(row, file.rates, books.portfolio)
        finished.append(await _finished(rated, asked, books.portfolio, drafting, naming))
    return await asyncio.to_thread(_sorted, file, asked, books, finished, naming)


def _sorted(
    file: Read,
    asked: ImportTransactions,
    books: Books,
    finished: Sequence[Row],
    naming: Naming,
) -> Sorted:
    """Rows finished, decided upon. Not for the event loop."""
    told = [row.transaction for row in finished if row.transaction is not None]
    has = iter(doubled(books.entries(), told))
    skip, take = frozenset(asked.skip), frozenset(asked.take)
    rows = [
        _decided(row, row.transaction is not None and next(has), skip, take) for row in finished
    ]
    taken = [row for row in rows if row.taken and row.transaction is not None]
    entries = tuple(row.transaction for row in taken if row.transaction is not None)
    lines = tuple(row.line for row in taken)
    return Sorted(_preview(file, asked, rows, _spelled(file, naming)), entries, lines)


def _rated(row: Row, rates: ToldRates, portfolio: Portfolio) -> Row:
    """The row with the rate its own file tells for its day, which a broker reckoned with."""
    entry = row.transaction
    if entry is None or entry.rate is not None or not entry.currency:
        return row
    day = entry.at.astimezone(zone_named(portfolio.zone)).date()
    rate = rates.on(day, major(entry.currency)[0], portfolio.currency)
    return row if rate is None else replace_row(row, transaction=replace(entry, rate=rate))


async def _finished(
    row: Row,
    asked: ImportTransactions,
    portfolio: Portfolio,
    drafting: Drafting,
    naming: Naming,
) -> Row:
    """The row with its symbols, account, currency and rate; a refusal where one is unknown."""
    entry = row.transaction
    if entry is None:
        return row
    unlisted = ""
    try:
        for field in ("symbol", "into"):
            spelled = getattr(entry, field)
            if spelled:
                security = row.security if field == "symbol" else Security()
                named = naming.named(spelled, security)
                entry = replace(entry, **{field: named.symbol})
                if not named.listed:
                    unlisted = f"nobody here knows {spelled}: it is held unlisted"
        entry = await drafting.finished(
            portfolio, replace(entry, account=entry.account or asked.account)
        )
    except TioError as error:
        return Row(row.line, refusal=f"{error.message}; {error.next}".rstrip("; "))
    return Row(row.line, entry, row.security, oddity=row.oddity or unlisted)


def _decided(row: Row, has: bool, skip: frozenset[int], take: frozenset[int]) -> ImportRow:
    if row.transaction is None:
        return ImportRow(
            line=row.line, state=RowState.refused, taken=False, why=clean(row.refusal, limit=300)
        )
    state, why = RowState.new, clean(row.oddity, limit=300)
    if has:
        state, why = RowState.doubled, "the ledger has it already"
    elif why:
        state = RowState.odd
    taken = (state is not RowState.doubled or row.line in take) and row.line not in skip
    return ImportRow(line=row.line, state=state, taken=taken, why=why, transaction=row.transaction)


def _preview(
    file: Read,
    asked: ImportTransactions,
    rows: Sequence[ImportRow],
    symbols: tuple[Spelled, ...],
) -> ImportPreview:
    counts = Counter(row.state for row in rows)
    first = sorted(rows, key=lambda row: _FIRST.index(row.state))
    return ImportPreview(
        path=asked.path,
        format=file.name,
        label=file.label,
        new=counts[RowState.new],
        doubled=counts[RowState.doubled],
        odd=counts[RowState.odd],
        refused=counts[RowState.refused],
        taken=sum(row.taken for row in rows),
        rows=tuple(first[:SHOWN]),
        symbols=symbols,
    )


def _spelled(file: Read, naming: Naming) -> tuple[Spelled, ...]:
    counts: Counter[str] = Counter()
    securities: dict[str, Security] = {}
    for row in file.rows:
        if row.transaction is not None and row.transaction.symbol:
            counts[row.transaction.symbol] += 1
            securities.setdefault(row.transaction.symbol, row.security)
    told = []
    for spelled, count in sorted(counts.items()):
        security = securities[spelled]
        try:
            named = naming.named(spelled, security)
        except TioError:
            continue  # its rows say why they are refused
        told.append(
            Spelled(
                spelled=clean(spelled),
                symbol=named.symbol if named.listed else "",
                name=clean(security.name),
                isin=clean(security.isin),
                rows=count,
            )
        )
    return tuple(told)


def batch() -> str:
    """A name for one import."""
    return uuid.uuid4().hex[:8]


def remembered(text: str) -> dict[str, str]:
    """Spellings a person once resolved, as they were kept."""
    kept = json.loads(text) if text else {}
    return {str(spelled): str(symbol) for spelled, symbol in kept.items()}
