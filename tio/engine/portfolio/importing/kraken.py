"""Kraken's ledgers.csv: what came and went, a line a balance, trades tied by refid.

Every line's fee is in its own asset, beside its amount. Lines without a txid are told again once
they are settled. Staked coins (DOT.S, ETH2) are the coins they are of; moving between spot, earn
and staking moves nothing in or out. Times are UTC.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction
from tio.engine.portfolio.importing.coins import FIAT, STABLE, CoinEntries, Leg, oddity
from tio.engine.portfolio.importing.kraken_names import coin_named, parted
from tio.engine.portfolio.importing.records import Record, has_header, instant, records
from tio.engine.portfolio.importing.rows import Row, Security
from tio.engine.portfolio.importing.taking import refused, taken

_LEDGER = ("txid", "refid", "time", "type", "asset", "amount", "fee")
_TRADES = ("txid", "pair", "time", "type", "price", "cost", "fee", "vol")
_UTC = ZoneInfo("UTC")
_PAIRED = {"trade", "spend", "receive"}
_EARNED = {"staking", "dividend", "reward"}
_NO_FEE = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Line:
    record: Record
    coin: str
    amount: Decimal
    fee: Decimal

    @property
    def word(self) -> str:
        return self.record["type"].strip().lower()

    @property
    def what(self) -> Leg:
        return Leg(self.coin, abs(self.amount))

    @property
    def charge(self) -> Leg | None:
        return Leg(self.coin, self.fee) if self.fee else None


class KrakenLedger:
    """Reads ledgers.csv."""

    name = "kraken"
    label = "Kraken (ledgers.csv)"

    def recognises(self, text: str) -> bool:
        return has_header(text, *_LEDGER)

    def read(self, text: str, zone: str) -> Iterator[Row]:
        ties: defaultdict[str, list[_Line]] = defaultdict(list)
        lines: list[_Line | Row] = []
        for record in records(text, *_LEDGER):
            try:
                line = _line(record)
            except Invalid as error:
                lines.append(refused(record.line, error))
                continue
            lines.append(line)
            if line.word in _PAIRED:
                ties[record["refid"]].append(line)
        cash = _cash(ties.values())
        for each in lines:
            if isinstance(each, Row):
                yield each
                continue
            together = ties[each.record["refid"]] if each.word in _PAIRED else [each]
            if together[0] is each:
                yield from _rows(together, cash)


class KrakenTrades:
    """Reads trades.csv."""

    name = "kraken_trades"
    label = "Kraken (trades.csv)"

    def recognises(self, text: str) -> bool:
        return has_header(text, *_TRADES)

    def read(self, text: str, zone: str) -> Iterator[Row]:
        lines = list(records(text, *_TRADES))
        cash = frozenset(STABLE & {parted(line["pair"])[1] for line in lines})
        for record in lines:
            try:
                yield from _told(record.line, _traded(record, cash))
            except Invalid as error:
                yield refused(record.line, error)


def _line(record: Record) -> _Line:
    if not record.first("txid"):
        raise Invalid("not settled: it has no txid, and is told again with one")
    amount = record.number("amount")
    if amount is None:
        raise Invalid("amount is blank")
    return _Line(
        record, coin_named(record.needed("asset")), amount, abs(record.number("fee") or _NO_FEE)
    )


def _cash(trades: Iterable[list[_Line]]) -> frozenset[str]:
    """Stablecoins that coins were traded for."""
    coins = [{line.coin for line in lines} for lines in trades]
    return frozenset(each for told in coins if told - STABLE - FIAT for each in told & STABLE)


def _rows(lines: list[_Line], cash: frozenset[str]) -> Iterator[Row]:
    first = lines[0].record
    try:
        make = CoinEntries(
            instant(first.needed("time"), _UTC), first.first("refid", "txid"), cash=cash
        )
        yield from _told(first.line, _entries(lines, make))
    except Invalid as error:
        yield from (refused(line.record.line, error) for line in lines)


def _told(line: int, entries: list[Transaction]) -> Iterator[Row]:
    for entry in entries:
        coin = entry.symbol.removesuffix("-USD")
        yield taken(line, entry, Security(ticker=coin, currency=entry.currency), oddity(entry))


def _entries(lines: list[_Line], make: CoinEntries) -> list[Transaction]:
    line = lines[0]
    word, subtype = line.word, line.record["subtype"].strip().lower()
    if word in _PAIRED:
        return _exchanged(lines, make)
    if word in _EARNED or (word == "earn" and subtype == "reward"):
        if line.amount <= 0:
            raise Invalid(f"a reward of {line.amount} {line.coin} is none")
        return make.earned(Leg(line.coin, line.amount - line.fee))
    if word == "earn" or (word == "transfer" and subtype):
        raise Invalid(f"{subtype or word} moves nothing in or out of Kraken")
    if word == "rollover" and line.charge:
        return make.charged(line.charge)
    if word in ("deposit", "withdrawal", "transfer") and line.amount:
        return (make.came if line.amount > 0 else make.went)(line.what, fee=line.charge)
    raise Invalid(f"a line of type {line.record['type']!r} is not kept in a ledger of holdings")


def _exchanged(lines: list[_Line], make: CoinEntries) -> list[Transaction]:
    got = [line for line in lines if line.amount > 0]
    gave = [line for line in lines if line.amount < 0]
    if len(got) != 1 or len(gave) != 1:
        told = ", ".join(f"{line.amount} {line.coin}" for line in lines)
        raise Invalid(f"a trade is one asset for another, and this one has {told}")
    fees = [line.charge for line in lines if line.charge]
    return make.trade(got[0].what, gave[0].what, fees)


def _traded(record: Record, cash: frozenset[str]) -> list[Transaction]:
    base, quote = parted(record.needed("pair"))
    side = record["type"].strip().lower()
    if record.number("margin"):
        raise Invalid("a margin trade changes no holdings until it is settled")
    volume, cost = record.number("vol"), record.number("cost")
    if side not in ("buy", "sell") or not volume or not cost:
        raise Invalid("a trade needs a type (buy or sell), a vol and a cost")
    make = CoinEntries(instant(record.needed("time"), _UTC), record.first("txid"), cash=cash)
    what, money = Leg(base, volume), Leg(quote, cost)
    fee = record.number("fee")
    fees = [Leg(quote, fee)] if fee else []
    return make.trade(what, money, fees) if side == "buy" else make.trade(money, what, fees)
