"""A portfolio with a history in the small market of the screens' tests; its ledger faked."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import screen_market as market
from msgspec import UNSET
from msgspec.structs import asdict, replace

from tio.api.errors import NotFound
from tio.api.ledger import (
    AddTransaction,
    Change,
    CreatePortfolio,
    EditTransaction,
    Gains,
    GetGains,
    GetLots,
    GetPositions,
    ListChanges,
    ListPortfolios,
    ListTransactions,
    Positions,
    RemoveTransaction,
    UndoTransaction,
)
from tio.api.performance import Contribution, Decline, Performance
from tio.api.portfolio import (
    Cash,
    Gain,
    Holdings,
    Lot,
    LotRule,
    Portfolio,
    Position,
    Transaction,
    TransactionKind,
)
from tio.api.series import Series, Times, instant

from fakes import FakeEngine

D = Decimal
KIND = TransactionKind
MAIN = Portfolio(name="main", currency="USD", entries=6)
SECOND = Portfolio(name="savings", currency="EUR")


BEGUN = datetime(2026, 1, 5, tzinfo=UTC)
GROWTH = np.linspace(0, 0.2, 40)
PERFORMANCE = Performance(
    portfolio="main",
    currency="USD",
    start=BEGUN.date(),
    end=(BEGUN + timedelta(days=39)).date(),
    time=Times([instant(BEGUN + timedelta(days=n)) for n in range(40)]),
    nav=Series([1000.0 * (1 + g) for g in GROWTH]),
    flow=Series([1000.0, *[0.0] * 39]),
    growth=Series(list(GROWTH)),
    drawdown=Series([0.0] * 40),
    begin_value=0.0,
    end_value=1200.0,
    put_in=1000.0,
    taken_out=0.0,
    gain=200.0,
    simple=0.2,
    time_weighted=0.2,
    annual=None,
    money_weighted=None,
    volatility=0.1,
    sharpe=2.0,
    sortino=3.0,
    calmar=None,
    omega=1.2,
    declines=(
        Decline(
            depth=-0.05, peak=date(2026, 1, 9), trough=date(2026, 1, 12), recovered=None, days=5
        ),
    ),
    contributions=(Contribution(symbol="AAPL", gain=150.0, income=5.0, share=0.15),),
    lacks=("a price of X on 3 days",),
)


def position(symbol: str, quantity: str, cost: str, price: str, day: str, **more: Any) -> Position:
    """A holding whose sums follow from quantity, cost a unit, price and rate."""
    rate = more.pop("rate", D(1))
    base, value = D(quantity) * D(cost) * rate, D(quantity) * D(price) * rate
    usual: dict[str, Any] = {
        "currency": "USD",
        "cost": D(quantity) * D(cost),
        "average_cost": D(cost),
        "base_cost": base,
        "price": D(price),
        "rate": rate,
        "value": value,
        "unrealised": value - base,
        "price_gain": value - base,
        "currency_gain": D(0),
        "day_change": D(day),
        "weight": value / D("80000"),
        "name": f"{symbol} of the tests",
        "as_of": market.NOW,
        "source": "cboe",
        "lots": 1,
    }
    return Position(symbol=symbol, quantity=D(quantity), **(usual | more))


POSITIONS = (
    position("AAPL", "120", "180.5", "212.4", "221.40", lots=2),
    position("BTC-USD", "0.35", "51200", "64210.5", "275.40", source="coinbase"),
    position("NVDA", "80", "130.05", "124.92", "-214.40"),
    position(
        "VOD.LSE", "900", "0.74", "0.7132", "0.45", rate=D("1.26"), currency="GBP", stale=True
    ),
)
CASH = (
    Cash(currency="USD", amount=D("12004.80"), rate=D(1), value=D("12004.80")),
    Cash(currency="EUR", amount=D("920.15"), rate=D("1.0841"), value=D("997.53")),
)
HELD = Holdings(
    portfolio="main",
    currency="USD",
    at=market.NOW,
    positions=POSITIONS,
    cash=CASH,
    nav=sum((p.value or D(0) for p in POSITIONS), D("13002.33")),
    flows=D(70000),
    realised=D("1204.10"),
    unrealised=sum((p.unrealised or D(0) for p in POSITIONS), D(0)),
    income=D("86.40"),
    fees=D("12.50"),
    day_change=D("282.85"),
    stale_share=0.0112,
)
_TOLD: tuple[tuple[TransactionKind, dict[str, Any]], ...] = (
    (KIND.deposit, {"amount": D(70000)}),
    (KIND.buy, {"symbol": "AAPL", "quantity": D(100), "price": D("175"), "fee": D(1)}),
    (KIND.buy, {"symbol": "AAPL", "quantity": D(60), "price": D("189.67")}),
    (KIND.sell, {"symbol": "AAPL", "quantity": D(40), "price": D("205.10"), "fee": D(1)}),
    (KIND.buy, {"symbol": "NVDA", "quantity": D(80), "price": D("130.05")}),
    (KIND.dividend, {"symbol": "AAPL", "amount": D("86.40"), "tax": D("12.96")}),
    (KIND.fee, {"amount": D("12.50"), "note": "12 months of the account"}),
)
ENTRIES = tuple(
    Transaction(
        id=str(number),
        kind=kind,
        at=market.NOW - timedelta(days=400 - 40 * number, microseconds=1, hours=15),
        currency="USD",
        rate=D(1),
        **told,
    )
    for number, (kind, told) in enumerate(_TOLD, 1)
)
LOTS = tuple(
    Lot(
        id=id,
        symbol="AAPL",
        account="",
        opened_at=market.NOW - timedelta(days=days),
        quantity=D(quantity),
        cost=D(cost),
        currency="USD",
        base_cost=D(cost),
    )
    for id, days, quantity, cost in (("2", 320, "60", "10500.60"), ("3", 280, "60", "11380.20"))
)
CHANGES = tuple(
    Change(
        number=number,
        what=what,
        entries=1,
        made_at=market.NOW - timedelta(days=7 - number),
        undone_by=4 if number == 3 else None,
        undoes=3 if number == 4 else None,
    )
    for number, what in (
        (5, "fee 12.50 USD"),
        (4, "undo 3: buy 8 TSLA at 248.23 USD"),
        (3, "buy 8 TSLA at 248.23 USD"),
        (2, "buy 100 AAPL at 175 USD"),
        (1, "deposit 70000 USD"),
    )
)
GAIN = Gain(
    symbol="AAPL",
    account="",
    lot="2",
    closed_by="4",
    opened_at=market.NOW - timedelta(days=320),
    closed_at=market.NOW - timedelta(days=240),
    quantity=D(40),
    proceeds=D("8203"),
    cost=D("7000.40"),
    gain=D("1202.60"),
    price_gain=D("1202.60"),
    currency_gain=D(0),
    held_days=80,
)
GAINS = Gains(
    portfolio="main",
    currency="USD",
    gains=(
        GAIN,
        replace(GAIN, symbol="TSLA", closed_at=market.NOW - timedelta(days=700), gain=D("-80.10")),
    ),
)


def engine(*portfolios: Portfolio, held: Holdings = HELD) -> FakeEngine:
    """The small market's engine with these portfolios (else main); it books what it is told."""
    fake = market.engine()
    there = list(portfolios)
    entries = list(ENTRIES)

    def create(asked: CreatePortfolio) -> Portfolio:
        there.append(Portfolio(name=asked.name, currency=asked.currency, zone=asked.zone))
        return there[-1]

    def add(asked: AddTransaction) -> Transaction:
        told = {name: value for name, value in asdict(asked).items() if name in _TAKEN}
        told |= {"id": str(len(entries) + 1), "at": market.NOW, "currency": asked.currency or "USD"}
        entries.append(Transaction(**told))
        return entries[-1]

    def edit(asked: EditTransaction) -> Transaction:
        at = next(at for at, each in enumerate(entries) if each.id == asked.id)
        told = {
            name: value
            for name, value in asdict(asked).items()
            if value is not UNSET and name in _TAKEN
        }
        entries[at] = replace(entries[at], version=2, **told)
        return entries[at]

    def remove(asked: RemoveTransaction) -> Transaction:
        gone = next(each for each in entries if each.id == asked.id)
        entries.remove(gone)
        return gone

    def listed(asked: ListTransactions) -> tuple[Transaction, ...]:
        return tuple(each for each in reversed(entries) if asked.symbol in ("", each.symbol))

    def worth(topic: Positions) -> Holdings:
        if topic.portfolio != held.portfolio:
            return Holdings(portfolio=topic.portfolio, currency="EUR", at=market.NOW)
        return held

    fake.answers |= {
        ListPortfolios: lambda asked: tuple(there),
        CreatePortfolio: create,
        AddTransaction: add,
        EditTransaction: edit,
        RemoveTransaction: remove,
        ListTransactions: listed,
        ListChanges: CHANGES,
        UndoTransaction: lambda asked: replace(CHANGES[0], number=6, undoes=asked.change),
        GetLots: lambda asked: LOTS if asked.symbol == "AAPL" else (),
        GetGains: GAINS,
        GetPositions: lambda asked: by_rule(held, asked.lots),
    }
    fake.topics[Positions] = worth
    return fake


def by_rule(held: Holdings, rule: LotRule | None) -> Holdings:
    """The same as if by another rule: other realised gains."""
    return held if rule is None else replace(held, realised=D("999.99"))


def refused(words: str) -> NotFound:
    return NotFound(words, "Say it otherwise.")


_TAKEN = frozenset(Transaction.__struct_fields__) - {"id", "at", "currency", "rate"}
