"""Answers for income: what was received, and what may be expected of what is held."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tio.api.access import Principal
from tio.api.contract import Request
from tio.api.errors import Invalid
from tio.api.income import ExpectedIncome, GetIncome, Income, IncomeOf, Received
from tio.api.portfolio import Holdings, Position, TransactionKind
from tio.engine.market.service import MarketService
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.expecting import (
    Holding,
    Remembered,
    ahead,
    by_ledger,
    expected,
    rates_with,
)
from tio.engine.portfolio.happened import Happened, happened
from tio.engine.portfolio.held_before import before, held_at
from tio.engine.portfolio.moments import zone_named
from tio.engine.portfolio.money import ONE, ZERO, major
from tio.engine.portfolio.pricing import Pricer
from tio.engine.portfolio.received import Payment, by_month, by_symbol, payments, received
from tio.engine.portfolio.shelf import Shelf
from tio.engine.service import Answer
from tio.plugin import Clock

_YEAR = timedelta(days=365)


class IncomeDesk:
    """`valued` tells what books are worth now."""

    def __init__(
        self,
        shelf: Shelf,
        clock: Clock,
        pricer: Pricer,
        market: MarketService,
        valued: Callable[[Books], Holdings],
    ) -> None:
        self._shelf = shelf
        self._clock = clock
        self._pricer = pricer
        self._market = market
        self._valued = valued

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {GetIncome: self._income}

    async def _income(self, asked: GetIncome, by: Principal) -> Income:
        books = (await self._shelf.ledger(by.name, asked.portfolio)).books
        zone = zone_named(books.portfolio.zone)
        today = self._clock.now().astimezone(zone).date()
        end = asked.end or today
        if asked.start is not None and asked.start > end:
            raise Invalid(f"start {asked.start} is after end {end}")
        paid = list(payments(books.entries(), zone))
        within = [p for p in paid if (asked.start or date.min) <= p.day <= end]
        year = [p for p in paid if today - _YEAR < p.day <= today]
        await self._pricer.recall(books)
        held = {each.symbol: each for each in self._valued(books).positions}
        told = await happened(self._market, held)
        to_come = await self._expected(books, held, told, paid, zone, today)
        return Income(
            portfolio=books.portfolio.name,
            currency=books.portfolio.currency,
            start=asked.start,
            end=end,
            received=received(within),
            trailing=received(year),
            months=by_month(within),
            symbols=_symbols(by_symbol(within), by_symbol(year), held),
            expected=tuple(sorted(to_come, key=lambda each: (each.day, each.symbol))),
            ahead=ahead(to_come, today),
            lacks=_lacks(told, to_come),
        )

    async def _expected(
        self,
        books: Books,
        held: Mapping[str, Position],
        told: Happened,
        paid: list[Payment],
        zone: ZoneInfo,
        today: date,
    ) -> list[ExpectedIncome]:
        rates = await self._rates(books.portfolio.currency, told)
        unpaid = {
            symbol: {
                event.ex_date
                for event in events
                if event.ex_date <= today and event.pay_date and event.pay_date > today
            }
            for symbol, events in told.events.items()
        }
        asked = {s: [before(day, zone) for day in days] for s, days in unpaid.items()}
        then = held_at(books, asked)
        made: list[ExpectedIncome] = []
        for symbol, events in told.events.items():
            holding = Holding(symbol, held[symbol].quantity, told.currencies[symbol])
            owed = {
                day: sum(then.get((symbol, before(day, zone)), {}).values(), ZERO)
                for day in unpaid[symbol]
            }
            made += expected(holding, events, owed, rates, today)
        base = books.portfolio.currency
        remembered = _remembered(books, held.keys() - told.events.keys(), paid, zone, today)
        for symbol, these in remembered.items():
            made += by_ledger(Holding(symbol, held[symbol].quantity, base), these, base, today)
        return made

    async def _rates(self, base: str, told: Happened) -> dict[str, Decimal]:
        """What each currency something is paid in is worth now, where that is known."""
        every = {event.currency for events in told.events.values() for event in events}
        codes = {major(code)[0] for code in every | set(told.currencies.values()) if code}
        found = {code: await self._pricer.rate(code, base) for code in sorted(codes - {base})}
        return rates_with(base, {code: rate for code, rate in found.items() if rate is not None})


def _symbols(
    within: Mapping[str, Received], year: Mapping[str, Received], held: Mapping[str, Position]
) -> tuple[IncomeOf, ...]:
    """Those that paid, the largest first, interest on cash last."""
    told = []
    for symbol, sums in within.items():
        trailing = year.get(symbol, Received()).gross
        position = held.get(symbol)
        told.append(
            IncomeOf(
                symbol=symbol,
                received=sums,
                trailing=trailing,
                yield_on_cost=_over(trailing, position.base_cost if position else None),
                yield_on_value=_over(trailing, position.value if position else None),
            )
        )
    return tuple(
        sorted(told, key=lambda each: (not each.symbol, -each.received.gross, each.symbol))
    )


def _over(part: Decimal, whole: Decimal | None) -> float | None:
    return float(part) / float(whole) if whole and whole > 0 else None


def _remembered(
    books: Books, symbols: set[str], paid: list[Payment], zone: ZoneInfo, today: date
) -> dict[str, list[Remembered]]:
    """By symbol the past year's payments, with what was held before each in today's shares."""
    amounts: defaultdict[tuple[str, date], Decimal] = defaultdict(Decimal)
    for each in paid:
        if each.symbol in symbols and today - _YEAR < each.day <= today:
            amounts[each.symbol, each.day] += each.dividends
    asked: defaultdict[str, list[Any]] = defaultdict(list)
    for symbol, day in amounts:
        asked[symbol].append(before(day, zone))
    then = held_at(books, asked)
    told: defaultdict[str, list[Remembered]] = defaultdict(list)
    for (symbol, day), amount in amounts.items():
        at, since = before(day, zone), ONE
        for entry in books.of(symbol):
            if entry.kind is TransactionKind.splits and entry.at > at:
                since *= entry.quantity or ONE
        quantity = sum(then.get((symbol, at), {}).values(), ZERO) * since
        if amount:
            told[symbol].append(Remembered(day, amount, quantity))
    return told


def _lacks(told: Happened, to_come: list[ExpectedIncome]) -> tuple[str, ...]:
    known = {each.symbol for each in to_come}
    lacks = []
    for symbol in told.untold:
        rest = "; expected is what the ledger's past year lets one" if symbol in known else ""
        lacks.append(f"{symbol}: no source tells its dividends{rest}")
    rateless = {each.currency for each in to_come if each.amount is None}
    return (*lacks, *(f"{code}: no rate is known, its payments are in no sum" for code in rateless))
