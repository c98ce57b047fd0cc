"""Binance's transaction history, CSV: what each coin's balance rose or fell by.

The lines of one trade share a time, an account and a family of operations; together they say what
was given, what was got and what fees were paid. Several trades of one second that give and get the
same coins are told as one. Times are UTC.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction
from tio.engine.portfolio.importing.coins import FIAT, STABLE, CoinEntries, Leg, oddity
from tio.engine.portfolio.importing.records import Record, has_header, instant, records
from tio.engine.portfolio.importing.rows import Row, Security
from tio.engine.portfolio.importing.taking import refused, taken

_WANTED = ("Account", "Operation", "Coin", "Change")
_TIMES = ("UTC_Time", "Time")
_UTC = ZoneInfo("UTC")
_ZERO = Decimal(0)
_FEES = re.compile(r"^(transaction |trading )?fees?$")
_TRADED = re.compile(r"^(buy|sell|transaction (buy|spend|sold|revenue|related)|large otc trading)$")
_CONVERTED = re.compile(
    r"convert|conversion|with fiat|with card|crypto with|small assets exchange|auto-invest trans"
)
_OUTSIDE = re.compile(r"^(fiat )?(deposit|withdraw(al)?)$|^p2p trading$|^card cashback refund$")
_WITHIN = re.compile(
    r"transfer|subscription|redemption|purchase|locked|unlock|launchpool sub|staking (lock|unlock)"
)
_INCOME = re.compile(
    r"interest|reward|distribution|airdrop|rebate|cashback|commission|bonus|voucher|crypto box|earn"
)
_FUTURES = re.compile(r"futures|margin", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Line:
    record: Record
    operation: str
    coin: str
    change: Decimal
    time: str

    @property
    def family(self) -> str:
        """What ties lines of one time together; "" for a line that stands alone."""
        if _TRADED.search(self.operation) or _FEES.search(self.operation):
            return "trade"
        return self.operation if _CONVERTED.search(self.operation) else ""

    @property
    def is_fee(self) -> bool:
        return bool(_FEES.search(self.operation))

    @property
    def what(self) -> Leg:
        return Leg(self.coin, abs(self.change))


class Binance:
    """Reads the statement called transaction history; see `BinanceTrades` for trades alone."""

    name = "binance"
    label = "Binance (transaction history)"

    def recognises(self, text: str) -> bool:
        return any(has_header(text, *_WANTED, time) for time in _TIMES)

    def read(self, text: str, zone: str) -> Iterator[Row]:
        lines: list[_Line | Row] = []
        ties: defaultdict[tuple[str, str, str], list[_Line]] = defaultdict(list)
        for record in records(text, *_WANTED):
            try:
                line = _line(record)
            except Invalid as error:
                lines.append(refused(record.line, error))
                continue
            lines.append(line)
            if line.family:
                ties[_tie(line)].append(line)
        cash = _cash(list(ties.values()))
        for each in lines:
            if isinstance(each, Row):
                yield each
                continue
            together = ties[_tie(each)] if each.family else [each]
            if together[0] is each:
                yield from _rows(together, cash)


def _line(record: Record) -> _Line:
    change = record.number("Change")
    if change is None or not change:
        raise Invalid("Change is blank or zero")
    operation = record.needed("Operation").lower()
    return _Line(record, operation, record.needed("Coin").upper(), change, record.needed(*_TIMES))


def _tie(line: _Line) -> tuple[str, str, str]:
    return line.time, line.record["Account"], line.family


def _cash(trades: list[list[_Line]]) -> frozenset[str]:
    """Stablecoins that other coins were traded for."""
    coins = [{line.coin for line in lines if not line.is_fee} for lines in trades]
    return frozenset(each for told in coins if told - STABLE - FIAT for each in told & STABLE)


def _rows(lines: list[_Line], cash: frozenset[str]) -> Iterator[Row]:
    first = lines[0].record
    try:
        make = CoinEntries(
            instant(lines[0].time, _UTC, "UTC_Time"), note=first.first("Remark"), cash=cash
        )
        if _FUTURES.search(first["Account"]) and not _WITHIN.search(lines[0].operation):
            raise Invalid(f"{first['Account']}: futures and margin are not kept in a ledger")
        entries = _exchanged(lines, make) if lines[0].family else _alone(lines[0], make)
    except Invalid as error:
        yield from (refused(line.record.line, error) for line in lines)
        return
    for entry in entries:
        coin = Security(ticker=entry.symbol.removesuffix("-USD"), currency=entry.currency)
        yield taken(first.line, entry, coin, oddity(entry))


def _alone(line: _Line, make: CoinEntries) -> list[Transaction]:
    word = line.record["Operation"].strip()
    if _OUTSIDE.search(line.operation):
        return (make.came if line.change > 0 else make.went)(line.what)
    if _INCOME.search(line.operation) and line.change > 0 and not _WITHIN.search(line.operation):
        return make.earned(line.what)
    if _WITHIN.search(line.operation):
        raise Invalid(f"{word} moves nothing in or out of Binance")
    raise Invalid(f"there is no operation {word!r} with a change of {line.change:f}")


def _exchanged(lines: list[_Line], make: CoinEntries) -> list[Transaction]:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        if not line.is_fee:
            sums[line.coin] += line.change
    got = [Leg(coin, total) for coin, total in sums.items() if total > 0]
    gave = [Leg(coin, -total) for coin, total in sums.items() if total < 0]
    fees = _fees(lines)
    if not got and not gave and fees:
        return [entry for fee in fees for entry in make.charged(fee)]
    if len(got) == 1 and len(gave) == 1:
        return make.trade(got[0], gave[0], fees)
    pairs = list(zip(lines[::2], lines[1::2], strict=False))
    if fees or len(lines) % 2 or any(one.change * other.change > 0 for one, other in pairs):
        told = ", ".join(f"{line.change:f} {line.coin}" for line in lines)
        raise Invalid(f"trades of one time that cannot be told apart: {told}")
    trades = [sorted(pair, key=lambda line: line.change) for pair in pairs]
    return [entry for gave, got in trades for entry in make.trade(got.what, gave.what)]


def _fees(lines: list[_Line]) -> list[Leg]:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        if line.is_fee:
            sums[line.coin] -= line.change
    return [Leg(coin, total) for coin, total in sums.items() if total > 0]
