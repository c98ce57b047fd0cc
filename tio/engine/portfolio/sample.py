"""A portfolio to look at in the demo: a year and a half of entries at its market's own prices."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.moments import day_end, zone_named
from tio.engine.portfolio.money import ONE, rounded

NAME = "sample"
Kind = TransactionKind
CloseOn = Callable[[str, date], Awaitable[Decimal | None]]


class Planned(NamedTuple):
    """A trade so many days ago, for about so much money; below zero: of what was held, a share."""

    days_ago: int
    symbol: str
    money: int


_PLAN = (
    Planned(520, "SIM:ACME", 18_000),
    Planned(470, "SIM:BTC-USD", 12_000),
    Planned(410, "SIM:TECH", 15_000),
    Planned(350, "SIM:ETH-USD", 8_000),
    Planned(300, "SIM:ACME", 6_000),
    Planned(240, "SIM:BTC-USD", -40),
    Planned(180, "SIM:CLINIC", 9_000),
    Planned(120, "SIM:TECH", -50),
    Planned(60, "SIM:ACME", -25),
    Planned(20, "SIM:ETH-USD", 3_000),
)
_BEGUN = 530
_DIVIDENDS = (430, 340, 250, 160, 70)
_FEE = Decimal(1)


async def sample(today: date, known: Sequence[str], close: CloseOn) -> tuple[Transaction, ...]:
    """The entries, oldest first; what the demo's market does not have is left out."""
    made = [_entry(Kind.deposit, today, _BEGUN, amount=Decimal(100_000))]
    held: dict[str, Decimal] = {}
    for days_ago, symbol, money in _PLAN:
        price = await close(symbol, today - timedelta(days=days_ago)) if symbol in known else None
        if price is None or (money < 0 and not held.get(symbol)):
            continue
        if money > 0:
            quantity = _units(symbol, Decimal(money) / price)
            kind = Kind.buy
        else:
            quantity = _units(symbol, held[symbol] * -money / 100)
            kind = Kind.sell
        if not quantity:
            continue
        held[symbol] = held.get(symbol, Decimal(0)) + (quantity if money > 0 else -quantity)
        made.append(
            _entry(kind, today, days_ago, symbol=symbol, quantity=quantity, price=price, fee=_FEE)
        )
    for days_ago in _DIVIDENDS:
        if "SIM:ACME" in held:
            amount = Decimal("42.50")
            told = {"symbol": "SIM:ACME", "amount": amount, "tax": rounded(amount * 15 / 100, 2)}
            made.append(_entry(Kind.dividend, today, days_ago, **told))
    return tuple(sorted(made, key=lambda entry: entry.at))


def _units(symbol: str, quantity: Decimal) -> Decimal:
    """Whole shares, and coins to four decimals."""
    places = 4 if "-" in symbol else 0
    return quantity.quantize(Decimal(1).scaleb(-places))


def _entry(kind: TransactionKind, today: date, days_ago: int, **told: Any) -> Transaction:
    at = day_end(today - timedelta(days=days_ago), zone_named("UTC"))
    return Transaction(kind=kind, at=at, currency="USD", rate=ONE, note="sample", **told)
