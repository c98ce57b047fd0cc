"""What a portfolio is worth at given prices and rates, to the last decimal."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, localcontext

from msgspec.structs import replace

from tio.api.portfolio import Cash, Holdings, Position
from tio.engine.portfolio.books import Books, Held
from tio.engine.portfolio.lots import OpenLot
from tio.engine.portfolio.money import EXACT, ONE, ZERO, ratio, rounded
from tio.engine.portfolio.rates import Rate
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
        by_symbol: defaultdict[str, list[Held]] = defaultdict(list)
        for held in books.held():
            by_symbol[held.symbol].append(held)
        tallies = books.tallies()
        positions = [
            _position(
                symbol, lots, prices.get(symbol), rates, tallies.get(symbol, Tally()), day_begin
            )
            for symbol, lots in sorted(by_symbol.items())
        ]
        return _whole(books, positions, tallies, rates, at)


def _position(
    symbol: str,
    lots: list[Held],
    price: Price | None,
    rates: Mapping[str, Rate],
    tally: Tally,
    day_begin: datetime,
) -> Position:
    currencies = {held.lot.currency for held in lots}
    currency = price.currency if price is not None else next(iter(currencies))
    quantity = sum((held.lot.quantity for held in lots), ZERO)
    base_cost = sum((held.lot.base_cost for held in lots), ZERO)
    alike = currencies == {currency}
    cost = sum((held.lot.cost for held in lots), ZERO) if alike else base_cost
    told = Position(
        symbol=symbol,
        name=price.name if price is not None else "",
        quantity=quantity,
        currency=currency if alike else "",
        cost=cost,
        average_cost=rounded(ratio(cost, quantity) or ZERO),
        base_cost=base_cost,
        realised=tally.realised,
        income=tally.income,
        fees=tally.fees + tally.lot_fees,
        taxes=tally.taxes,
        lots=len(lots),
    )
    rate = rates.get(currency)
    if price is None or rate is None:
        return told
    value = quantity * price.value * rate.value
    by_rate = sum((_by_rate(held.lot, currency, rate) for held in lots), ZERO)
    return replace(
        told,
        price=price.value,
        previous_close=price.previous,
        rate=rate.value,
        value=value,
        unrealised=value - base_cost,
        price_gain=value - base_cost - by_rate,
        currency_gain=by_rate,
        day_change=_day_change(lots, price, rate, day_begin),
        stale=price.stale or rate.stale,
        as_of=price.as_of,
        source=price.source,
    )


def _by_rate(lot: OpenLot, currency: str, rate: Rate) -> Decimal:
    """Its cost at the new rate less at the old; none where it was paid in another currency."""
    return lot.cost * rate.value - lot.base_cost if lot.currency == currency else ZERO


def _day_change(lots: list[Held], price: Price, rate: Rate, day_begin: datetime) -> Decimal | None:
    if price.previous is None:
        return None
    change = ZERO
    for held in lots:
        lot = held.lot
        if lot.opened_at < day_begin:
            change += lot.quantity * (price.value - price.previous) * rate.value
        else:
            change += lot.quantity * price.value * rate.value - lot.base_cost
    return change


def _whole(
    books: Books,
    positions: list[Position],
    tallies: Mapping[str, Tally],
    rates: Mapping[str, Rate],
    at: datetime,
) -> Holdings:
    till, base = books.till(), books.portfolio.currency
    cash = _cash(till.cash, rates)
    lacks = _lacks(positions, cash)
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


def _lacks(positions: list[Position], cash: tuple[Cash, ...]) -> tuple[str, ...]:
    names = [f"price of {each.symbol}" for each in positions if each.value is None]
    return (*names, *(f"rate of {each.currency}" for each in cash if each.value is None))


def _stale_share(positions: list[Position], cash: tuple[Cash, ...]) -> float:
    values = [(abs(each.value or ZERO), each.stale) for each in positions]
    values += [(abs(each.value or ZERO), each.stale) for each in cash]
    whole = sum((value for value, _ in values), ZERO)
    stale = sum((value for value, stale in values if stale), ZERO)
    return float(ratio(stale, whole) or ZERO)
