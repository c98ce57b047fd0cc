"""Answers for performance: the course of a ledger's worth fetched, then its figures."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from tio.api.errors import Invalid
from tio.api.performance import GetPerformance, Performance
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.course import Closes, Course, course_of
from tio.engine.portfolio.moments import zone_named
from tio.engine.portfolio.past import Past
from tio.engine.portfolio.performing import Period, performance
from tio.engine.portfolio.steps import Floats, Steps, steps_of


@dataclass(frozen=True, slots=True)
class _Stepped:
    """What a ledger's entries changed, for as long as it is the same ledger."""

    books: Books
    steps: Steps


class LookingBack:
    """Performance of books. `today` is the date in a zone; `symbol` what a text means."""

    def __init__(
        self,
        past: Past,
        today: Callable[[str], date],
        symbol: Callable[[str], str],
    ) -> None:
        self._past = past
        self._today = today
        self._symbol = symbol
        self._stepped: dict[str, _Stepped] = {}

    async def performance(self, books: Books, asked: GetPerformance) -> Performance:
        """The figures asked for; Invalid where the ledger has nothing in that time."""
        portfolio = books.portfolio
        steps = await self._steps(books)
        first, today = steps.first, self._today(portfolio.zone)
        if first is None:
            raise Invalid(
                f"the portfolio {portfolio.name!r} has no entries", "enter what happened first"
            )
        start, end = max(asked.start or first, first), min(asked.end or today, today)
        if start > end:
            raise Invalid(f"{portfolio.name} has nothing between {asked.start or first} and {end}")
        begin = start if start == first else start - timedelta(days=1)
        course = await self._course(books, steps, begin, end)
        name = self._symbol(asked.benchmark) if asked.benchmark else ""
        beside = await self._priced(books, course.days, name) if name else None
        period = Period(course, start, asked.risk_free, asked.window, name, beside)
        return await asyncio.to_thread(performance, portfolio, period)

    async def _steps(self, books: Books) -> Steps:
        name = books.portfolio.name
        known = self._stepped.get(name)
        if known is None or known.books is not books:
            zone = zone_named(books.portfolio.zone)
            known = _Stepped(books, await asyncio.to_thread(steps_of, books, zone))
            self._stepped[name] = known
        return known.steps

    async def _course(self, books: Books, steps: Steps, start: date, end: date) -> Course:
        def closes(symbol: str, since: date, until: date) -> Awaitable[Closes]:
            return self._past.closes(books, symbol, since, until)

        def rates(currency: str, days: tuple[date, ...]) -> Awaitable[Floats]:
            return self._past.rates(books, currency, days)

        return await course_of(steps, start, end, closes, rates)

    async def _priced(self, books: Books, days: tuple[date, ...], symbol: str) -> Floats:
        """A symbol's price in the portfolio's currency on each day, NaN where none is told."""
        closes = await self._past.closes(books, symbol, days[0], days[-1])
        ordinals = np.array([day.toordinal() for day in days], dtype=np.float64)
        rate = await self._past.rates(books, closes.currency, days)
        return closes.on(ordinals) * rate
