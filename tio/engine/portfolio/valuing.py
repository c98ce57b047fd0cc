"""What a portfolio is worth at given prices and rates, to the last decimal."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, localcontext
from typing import NamedTuple

from msgspec.structs import replace

from tio.api.portfolio import Cash, Holdings, Position
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.money import EXACT, ONE, ZERO, ratio, rounded
from tio.engine.portfolio.rates import Rate
from tio.engine.portfolio.sums import HeldSum
from tio.engine.portfolio.tallies import Tally, total


@dataclass(frozen=True, slots=True)
class Price:
    """A unit's price in `currency`, and yesterday's close where the day's change is wanted."""

    value: Decimal
    currency: str
    previous: Decimal | None = None
    name: str = ""
    stale: bool = False
    source: str = ""
    as_of: datetime | None = None


def holdings(
    books: Books,
    prices: Mapping[str, Price],
    rates: Mapping[str, Rate],
    at: datetime,
    day_begin: datetime,
) -> Holdings:
    """Positions, cash and how their worth came about; what lacks a price or rate is None.

    `day_begin`: lots opened since have changed by what they gained, all others since the previous
    close.
    """
    with localcontext(EXACT):
        tallies = books.tallies()
        positions = [
            _position(
                symbol,
                sums,
                _Terms(books, prices.get(symbol), rates, day_begin),
                tallies.get(symbol, Tally()),
            )
            for symbol, sums in sorted(books.sums().items())
        ]
        return _whole(books, positions, tallies, _Known(prices, rates), at)


class _Known(NamedTuple):
    """What the market's side tells."""

    prices: Mapping[str, Price]
    rates: Mapping[str, Rate]


class _Terms(NamedTuple):
    """At what one position is valued."""

    books: Books
    price: Price | None
    rates: Mapping[str, Rate]
    day_begin: datetime


def _position(symbol: str, sums: HeldSum, terms: _Terms, tally: Tally) -> Position:
    price, base_cost = terms.price, sums.base_cost
    currency = price.currency if price is not None else next(iter(sums.cost))
    alike = set(sums.cost) == {currency}
    cost = sums.cost[currency] if alike else base_cost
    told = Position(
        symbol=symbol,
        name=price.name if price is not None else "",
        quantity=sums.quantity,
        currency=currency if alike else "",
        cost=cost,
        average_cost=rounded(ratio(cost, sums.quantity) or ZERO),
        base_cost=base_cost,
        realised=tally.realised,
        income=tally.income,
        fees=tally.fees + tally.lot_fees,
        taxes=tally.taxes,
        lots=sums.lots,
    )
    rate = terms.rates.get(currency)
    if price is None:
        return told
    if rate is None:
        return replace(
            told,
            price=price.value,
            previous_close=price.previous,
            stale=price.stale,
            as_of=price.as_of,
            source=price.source,
        )
    value = sums.quantity * price.value * rate.value
    # What lots paid in this currency cost at the new rate less at the old.
    paid = currency in sums.cost
    by_rate = sums.cost[currency] * rate.value - sums.paid[currency] if paid else ZERO
    return replace(
        told,
        price=price.value,
        previous_close=price.previous,
        rate=rate.value,
        value=value,
        unrealised=value - base_cost,
        price_gain=value - base_cost - by_rate,
        currency_gain=by_rate,
        day_change=_day_change(symbol, sums, terms, price, rate),
        stale=price.stale or rate.stale,
        as_of=price.as_of,
        source=price.source,
    )


def _day_change(
    symbol: str, sums: HeldSum, terms: _Terms, price: Price, rate: Rate
) -> Decimal | None:
    """None where a lot of an earlier day is held and nobody tells the close before."""
    moved = None if price.previous is None else (price.value - price.previous) * rate.value
    if sums.newest is None or sums.newest < terms.day_begin:
        return None if moved is None else sums.quantity * moved
    change = ZERO
    for lot in terms.books.lots(symbol):
        if lot.opened_at < terms.day_begin:
            if moved is None:
                return None
            change += lot.quantity * moved
        else:
            change += lot.quantity * price.value * rate.value - lot.base_cost
    return change


def _whole(
    books: Books,
    positions: list[Position],
    tallies: Mapping[str, Tally],
    known: "_Known",
    at: datetime,
) -> Holdings:
    till, base = books.till(), books.portfolio.currency
    cash = _cash(till.cash, known.rates)
    lacks = _lacks(positions, cash, known.prices)
    sums = total(tallies.values())
    told = Holdings(
        portfolio=books.portfolio.name,
        currency=base,
        at=at,
        positions=tuple(positions),
        cash=cash,
        flows=sums.flows,
        realised=sums.realised,
        income=sums.income,
        fees=sums.fees,
        taxes=sums.taxes,
        carried=sums.carried,
        lacks=lacks,
    )
    if lacks:
        return told
    in_cash = sum((each.value or ZERO for each in cash), ZERO)
    nav = in_cash + sum((each.value or ZERO for each in positions), ZERO)
    changes = [each.day_change for each in positions]
    weighed = tuple(
        replace(each, weight=rounded(ratio(each.value or ZERO, nav) or ZERO, 6))
        for each in positions
    )
    return replace(
        told,
        positions=weighed if nav > 0 else tuple(positions),
        nav=nav,
        unrealised=sum((each.unrealised or ZERO for each in positions), ZERO),
        currency_result=in_cash - sum(till.book.values(), ZERO),
        day_change=None if None in changes else sum((c or ZERO for c in changes), ZERO),
        stale_share=_stale_share(positions, cash),
    )


def _cash(
    amounts: Mapping[tuple[str, str], Decimal], rates: Mapping[str, Rate]
) -> tuple[Cash, ...]:
    by_currency: defaultdict[str, Decimal] = defaultdict(Decimal)
    for (_, currency), amount in amounts.items():
        by_currency[currency] += amount
    told = []
    for currency, amount in sorted(by_currency.items()):
        rate = rates.get(currency) or (Rate(ONE) if not amount else None)
        told.append(
            Cash(
                currency=currency,
                amount=amount,
                rate=None if rate is None else rate.value,
                value=None if rate is None else amount * rate.value,
                stale=rate is not None and rate.stale,
            )
        )
    return tuple(told)


def _lacks(
    positions: list[Position], cash: tuple[Cash, ...], prices: Mapping[str, Price]
) -> tuple[str, ...]:
    unvalued = [each.symbol for each in positions if each.value is None]
    rates = {prices[symbol].currency for symbol in unvalued if symbol in prices}
    rates |= {each.currency for each in cash if each.value is None}
    named = (f"price of {symbol}" for symbol in unvalued if symbol not in prices)
    return (*named, *(f"rate of {currency}" for currency in sorted(rates)))


def _stale_share(positions: list[Position], cash: tuple[Cash, ...]) -> float:
    values = [(abs(each.value or ZERO), each.stale) for each in positions]
    values += [(abs(each.value or ZERO), each.stale) for each in cash]
    whole = sum((value for value, _ in values), ZERO)
    stale = sum((value for value, stale in values if stale), ZERO)
    return float(ratio(stale, whole) or ZERO)
