"""A ledger's parts as tables: open lots, entries, changes, realised gains by year."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal

from tio.api.ledger import Change, Gains
from tio.api.portfolio import Gain, Lot, Position, Transaction
from tio.draw.amounts import average_price, money, quantity, unit_price
from tio.screens.widgets.columned import Column, columned
from tio.screens.widgets.lines import Line
from tio.screens.widgets.position_lines import HIDDEN, arrowed, tone

Table = tuple[Line, list[Line]]
LONG = 365
"""Days beyond which a holding is long-term."""
_LOTS = (
    Column("LOT", right=False),
    Column("OPENED", right=False),
    Column("QTY"),
    Column("A UNIT", 1),
    Column("CUR", 5, right=False),
    Column("COST", 4),
    Column("GAIN", 2),
    Column("GAIN%", 3),
    Column("ACCOUNT", 6, right=False, gives=True),
)
_ENTRIES = (
    Column("ID", right=False),
    Column("DATE", right=False),
    Column("KIND", right=False),
    Column("SYMBOL", 1, right=False),
    Column("QTY", 2),
    Column("PRICE", 3),
    Column("AMOUNT", 4),
    Column("CUR", 5, right=False),
    Column("FEE", 6),
    Column("TAX", 7),
    Column("ACCOUNT", 9, right=False, gives=True),
    Column("NOTE", 8, right=False, gives=True),
)
_CHANGES = (
    Column("NO"),
    Column("WHEN", 2, right=False),
    Column("WHAT", 1, right=False, gives=True),
    Column("ENTRIES", 4),
    Column("UNDONE", 3, right=False),
)
_YEARS = (
    Column("YEAR", right=False),
    Column("CLOSED", 5),
    Column("PROCEEDS", 6),
    Column("COST", 7),
    Column("GAIN"),
    Column("SHORT TERM", 1),
    Column("LONG TERM", 2),
    Column("BY PRICE", 3),
    Column("BY CURRENCY", 4),
)
_GAINS = (
    Column("CLOSED", right=False),
    Column("SYMBOL", right=False),
    Column("QTY", 3),
    Column("OPENED", 4, right=False),
    Column("DAYS", 2),
    Column("PROCEEDS", 5),
    Column("COST", 6),
    Column("GAIN"),
    Column("GAIN%", 1),
    Column("", 7, right=False),
)


def lot_table(
    lots: Sequence[Lot],
    position: Position | None,
    base: str,
    zone: tzinfo,
    width: int,
    hidden: bool,
) -> Table:
    """Open lots; the gain is the part of the position's value less the lot's cost, in `base`."""
    rows = []
    for lot in lots:
        gain = lot_gain(lot, position)
        unit = average_price(lot.cost / lot.quantity) if lot.quantity else "–"
        rows.append(
            [
                (lot.id, "muted"),
                (_day(lot.opened_at, zone), "text"),
                (quantity(lot.quantity, hidden=hidden), "text"),
                (HIDDEN if hidden else unit, "text"),
                (lot.currency if lot.currency != base else "", "muted"),
                (money(lot.cost, lot.currency, hidden=hidden), "muted"),
                (money(gain, base, sign=True, hidden=hidden), tone(gain)),
                arrowed(gain, lot.base_cost),
                (lot.account, "muted"),
            ]
        )
    return columned(_LOTS, rows, width)


def lot_gain(lot: Lot, position: Position | None) -> Decimal | None:
    """What a lot has gained, in the portfolio's currency; None without a value."""
    if position is None or position.value is None or not position.quantity:
        return None
    return position.value * lot.quantity / position.quantity - lot.base_cost


def entry_table(
    entries: Sequence[Transaction], zone: tzinfo, width: int, hidden: bool, *, symbols: bool
) -> Table:
    """Entries; `symbols` tells which symbol each is of."""
    rows = []
    for each in entries:
        product = None
        if each.quantity is not None and each.price is not None:
            product = each.quantity * each.price
        paid = product if each.amount is None else each.amount
        amount = "" if paid is None else money(paid, each.currency, hidden=hidden)
        price = HIDDEN if hidden else unit_price(each.price)
        rows.append(
            [
                (each.id, "muted"),
                (_day(each.at, zone), "text"),
                (each.kind.value.replace("_", " ") + (" short" if each.short else ""), "blue"),
                (each.symbol if symbols else "", "text"),
                ("" if each.quantity is None else quantity(each.quantity, hidden=hidden), "text"),
                ("" if each.price is None else price, "text"),
                (amount, "muted" if each.amount is None else "text"),
                (each.currency, "muted"),
                (money(each.fee, each.currency, hidden=hidden) if each.fee else "", "text"),
                (money(each.tax, each.currency, hidden=hidden) if each.tax else "", "text"),
                (each.account, "muted"),
                (discreet(each.note, hidden), "muted"),
            ]
        )
    return columned(_ENTRIES, rows, width)


def change_table(changes: Sequence[Change], zone: tzinfo, width: int, hidden: bool) -> Table:
    """What was done to the ledger."""
    rows = [
        [
            (str(each.number), "muted"),
            (f"{each.made_at.astimezone(zone):%Y-%m-%d %H:%M}", "text"),
            (discreet(each.what, hidden), "muted" if each.undone_by else "text"),
            (str(each.entries), "muted"),
            (f"by {each.undone_by}" if each.undone_by else "", "accent"),
        ]
        for each in changes
    ]
    return columned(_CHANGES, rows, width)


def year_table(found: Gains, zone: tzinfo, width: int, hidden: bool) -> Table:
    """The sums of each year, the newest first."""
    years: defaultdict[int, list[Gain]] = defaultdict(list)
    for gain in found.gains:
        years[gain.closed_at.astimezone(zone).year].append(gain)

    def sums(name: str, gains: Sequence[Gain]) -> list[tuple[str, str]]:
        plain = (_sum(each.proceeds for each in gains), _sum(each.cost for each in gains))
        signed = (
            _sum(each.gain for each in gains),
            _sum(each.gain for each in gains if each.held_days <= LONG),
            _sum(each.gain for each in gains if each.held_days > LONG),
            _sum(each.price_gain for each in gains),
            _sum(each.currency_gain for each in gains),
        )
        return [
            (name, "text"),
            (f"{len(gains):,}", "muted"),
            *((money(each, found.currency, hidden=hidden), "muted") for each in plain),
            *(
                (money(each, found.currency, sign=True, hidden=hidden), tone(each))
                for each in signed
            ),
        ]

    rows = [sums(str(year), years[year]) for year in sorted(years, reverse=True)]
    return columned(_YEARS, [*rows, sums("all", found.gains)] if len(rows) > 1 else rows, width)


def gain_table(
    gains: Sequence[Gain], currency: str, zone: tzinfo, width: int, hidden: bool
) -> Table:
    """Closed lots."""
    rows = [
        [
            (_day(each.closed_at, zone), "text"),
            (each.symbol, "text"),
            (quantity(each.quantity, hidden=hidden), "text"),
            (_day(each.opened_at, zone), "muted"),
            (f"{each.held_days:,}", "muted"),
            (money(each.proceeds, currency, hidden=hidden), "muted"),
            (money(each.cost, currency, hidden=hidden), "muted"),
            (money(each.gain, currency, sign=True, hidden=hidden), tone(each.gain)),
            arrowed(each.gain, each.cost),
            ("wash sale?" if each.wash else "", "accent"),
        ]
        for each in gains
    ]
    return columned(_GAINS, rows, width)


def discreet(words: str, hidden: bool) -> str:
    """Words with every figure in them hidden where that is wanted; names with digits stay."""
    return re.sub(r"(?<![\w.])[−+-]?\d[\d,.]*(?![\w-])", HIDDEN, words) if hidden else words


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))


def _day(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d}"
