"""Binance's trade history, CSV: Date(UTC), Pair, Side, Price, Executed, Amount, Fee.

Executed, Amount and Fee carry their coin (0.5BTC), or a Fee Coin column does.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from zoneinfo import ZoneInfo

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction
from tio.engine.portfolio.importing.coins import FIAT, STABLE, CoinEntries, Leg, oddity
from tio.engine.portfolio.importing.records import (
    Record,
    has_header,
    instant,
    plain_number,
    records,
)
from tio.engine.portfolio.importing.rows import Row, Security
from tio.engine.portfolio.importing.taking import refused, taken

_WANTED = ("Date(UTC)", "Pair", "Side", "Price", "Executed", "Amount", "Fee")
_UTC = ZoneInfo("UTC")
_QUOTES = sorted(FIAT | STABLE | {"BTC", "ETH", "BNB", "XRP", "TRX"}, key=len, reverse=True)
_UNIT = re.compile(r"([\d.,]*\d)\s*([A-Z][A-Z0-9]*)")


class BinanceTrades:
    """Reads the export of spot trades; it tells nothing of deposits."""

    name = "binance_trades"
    label = "Binance (trade history)"

    def recognises(self, text: str) -> bool:
        return has_header(text, *_WANTED)

    def read(self, text: str, zone: str) -> Iterator[Row]:
        lines = list(records(text, *_WANTED))
        cash = frozenset(coin for line in lines for coin in STABLE if _quoted(line, coin))
        for record in lines:
            try:
                for entry in _entries(record, cash):
                    coin = Security(ticker=entry.symbol.removesuffix("-USD"))
                    yield taken(record.line, entry, coin, oddity(entry))
            except Invalid as error:
                yield refused(record.line, error)


def _quoted(record: Record, coin: str) -> bool:
    return record["Pair"].strip().upper().endswith(coin)


def _entries(record: Record, cash: frozenset[str]) -> list[Transaction]:
    base, quote = _parted(record)
    side = record.needed("Side").upper()
    if side not in ("BUY", "SELL"):
        raise Invalid(f"Side: {side!r} is neither BUY nor SELL")
    what, money = _leg(record, "Executed", base), _leg(record, "Amount", quote)
    make = CoinEntries(instant(record.needed("Date(UTC)"), _UTC, "Date(UTC)"), cash=cash)
    fees = _fees(record, base, quote)
    return make.trade(what, money, fees) if side == "BUY" else make.trade(money, what, fees)


def _fees(record: Record, base: str, quote: str) -> list[Leg]:
    cell = record.first("Fee").upper()
    if not cell:
        return []
    coin = record.first("Fee Coin", "Fee Currency").upper()
    known = next((each for each in (coin, base, quote) if each and cell.endswith(each)), "")
    unit = _UNIT.fullmatch(cell)
    if known:
        cell = cell.removesuffix(known)
    elif unit:
        cell, known = unit[1], unit[2]
    fee = abs(plain_number(cell, "Fee"))
    if fee and not (known or coin):
        raise Invalid(f"Fee: {cell} of which coin is not told")
    return [Leg(known or coin, fee)] if fee else []


def _leg(record: Record, column: str, coin: str) -> Leg:
    value: Decimal = plain_number(record.needed(column).upper().removesuffix(coin), column)
    if value <= 0:
        raise Invalid(f"{column} must be above zero, was {value}")
    return Leg(coin, value)


def _parted(record: Record) -> tuple[str, str]:
    """The pair's two coins: by the coin `Amount` is in, else by the quotes Binance has."""
    pair = re.sub(r"[/_-]", "", record.needed("Pair").upper())
    amount = record.needed("Amount").upper()
    for quote in _QUOTES:
        if pair.endswith(quote) and pair != quote and amount.endswith(quote):
            return pair.removesuffix(quote), quote
    for quote in _QUOTES:
        if pair.endswith(quote) and pair != quote and amount[-1].isdigit():
            return pair.removesuffix(quote), quote
    unit = _UNIT.fullmatch(amount)
    if unit and pair.endswith(unit[2]) and pair != unit[2]:
        return pair.removesuffix(unit[2]), unit[2]
    raise Invalid(f"Pair: {pair!r} is not two coins that are known here")
