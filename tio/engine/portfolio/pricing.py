"""Prices and rates for a ledger: live from the board, past from daily bars."""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from tio.api.access import Principal
from tio.api.errors import NotFound, SourceUnavailable, TioError
from tio.api.market import Adjustment, Bars, GetBars, GetQuotes, Quote, Timeframe
from tio.api.series import instant, moment
from tio.engine.market.service import MarketService
from tio.engine.portfolio import rates
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.moments import closed_by, zone_named
from tio.engine.portfolio.money import major
from tio.engine.portfolio.rates import PastRates, Rate
from tio.engine.portfolio.valuing import Price
from tio.engine.service import asked_as_of
from tio.plugin import Clock

log = logging.getLogger(__name__)

_AT_ONCE = 8
"""Symbols whose past is asked for at the same time."""
_AGAIN = 60.0
"""Seconds until a quote nobody told is waited for once more."""
_OLDEST = timedelta(days=10)
_STALE = timedelta(days=4)
"""How much older than its day a close may be before it is told as stale."""
_ENGINE = Principal()


class Pricer:
    """What things and currencies are worth, as far as the market's side can tell."""

    def __init__(self, market: MarketService, clock: Clock) -> None:
        self._market = market
        self._clock = clock
        self._waited: dict[str, float] = {}
        """When a first quote was last waited for in vain."""
        self._unknown: dict[str, int] = {}
        """How many instruments were known when nobody knew this one."""
        self._bars = market.answers()[GetBars]
        self._quotes = market.answers()[GetQuotes]
        self.past_rates = PastRates(self.past_bars)

    def now(self, books: Books, symbols: Iterable[str]) -> tuple[dict[str, Price], dict[str, Rate]]:
        """By the board; what it does not know is priced by its newest entry, as stale."""
        prices = {}
        for symbol in symbols:
            quote = self._market.market.board.render(symbol)
            price = None if quote is None else self._price(quote)
            prices[symbol] = price or _by_entry(books, symbol)
        known = {symbol: price for symbol, price in prices.items() if price is not None}
        return known, self._rates_now(books, known)

    def _rates_now(self, books: Books, prices: Mapping[str, Price]) -> dict[str, Rate]:
        base = books.portfolio.currency
        told = {}
        for currency in currencies(books, prices):
            rate = rates.now(currency, base, self._quote) or _rate_by_entry(books, currency)
            if rate is not None:
                told[currency] = rate
        return told

    async def recall(self, books: Books) -> None:
        """Wait a moment for the first quote of what the board does not know yet."""
        board, now = self._market.market.board, self._clock.monotonic()
        wanted = [
            each
            for each in self.symbols(books)
            if board.render(each) is None and now - self._waited.get(each, -_AGAIN) >= _AGAIN
        ]
        await asyncio.gather(*(self._hear(symbol) for symbol in wanted))

    async def _hear(self, symbol: str) -> None:
        self._waited[symbol] = self._clock.monotonic()
        try:
            await self._quotes(GetQuotes((symbol,)), _ENGINE)
        except TioError:
            return  # told as lacking, or by its newest entry

    async def at(
        self, books: Books, symbols: Iterable[str], at: datetime
    ) -> tuple[dict[str, Price], dict[str, Rate]]:
        """By the last daily close before a moment, of its day in the portfolio's zone or before.

        Asked as of a past moment: by the bars that had ended, and the rates of the day before.
        """
        close_by = closed_by(at, zone_named(books.portfolio.zone))
        gate = asyncio.Semaphore(_AT_ONCE)
        as_of = asked_as_of.get()
        if as_of is not None:
            # The close of a day that goes on had not come: rates are those of the day before.
            close_by = datetime.combine(close_by.date() - timedelta(days=1), time.max, UTC)

        async def price(symbol: str) -> tuple[str, Price | None]:
            async with gate:
                if as_of is not None:
                    return symbol, self._price(await self._market.quotes_then.quote(symbol, at))
                return symbol, await self._close(symbol, close_by)

        told = await asyncio.gather(*(price(symbol) for symbol in symbols))
        prices = {symbol: found or _by_entry(books, symbol, at) for symbol, found in told}
        known = {symbol: found for symbol, found in prices.items() if found is not None}
        base = books.portfolio.currency
        past = {}
        for currency in currencies(books, known):
            rate = await self.past_rates.on(currency, base, close_by)
            rate = rate or _rate_by_entry(books, currency, at)
            if rate is not None:
                past[currency] = rate
        return known, past

    async def _close(self, symbol: str, at: datetime) -> Price | None:
        asked = GetBars(symbol, Timeframe.d1, at - _OLDEST, at, limit=10, adjusted=Adjustment.raw)
        try:
            bars = await self.past_bars(asked)
        except (NotFound, SourceUnavailable):
            return None
        closes = [(t, c) for t, c in zip(bars.time, bars.close, strict=True) if c == c]
        if not closes:
            return None
        opened, close = closes[-1]
        previous = closes[-2][1] if len(closes) > 1 else None
        return Price(
            Decimal(repr(close)),
            self.currency(symbol),
            None if previous is None else Decimal(repr(previous)),
            self._market.instrument(symbol).name,
            instant(at) - opened > _STALE // timedelta(microseconds=1),
            bars.source,
            moment(opened),
        )

    async def rate(self, currency: str, base: str) -> Decimal | None:
        """What one of a currency is worth now, waiting a moment for the first to tell it."""
        found = rates.now(currency, base, self._quote)
        if found is None:
            pairs = map(self._known, rates.wanted(currency, base))
            await asyncio.gather(*(self._hear(pair) for pair in pairs if pair))
            found = rates.now(currency, base, self._quote)
        return None if found is None else found.value

    async def past_bars(self, asked: GetBars) -> Bars:
        """Bars as everybody gets them."""
        bars: Bars = await self._bars(asked, _ENGINE)
        return bars

    def symbols(self, books: Books) -> tuple[str, ...]:
        """What must be followed to value the books, as far as the market knows it."""
        held = set(books.sums())
        base = books.portfolio.currency
        money = currencies(books, {}) | {self.currency(symbol) for symbol in held}
        pairs = {s for each in money - {base, ""} for s in rates.wanted(each, base)}
        return tuple(filter(None, (self._known(symbol) for symbol in sorted(held | pairs))))

    def _known(self, symbol: str) -> str:
        instruments = self._market.market.instruments
        if symbol in instruments:
            return symbol
        if self._unknown.get(symbol) == len(instruments):
            return ""
        try:
            return self._market.symbol(symbol)
        except TioError as error:
            # Finding what was nearly meant takes long, and this is asked with every quote.
            self._unknown[symbol] = len(instruments)
            log.debug("nobody follows %s: %s", symbol, error.message)
            return ""

    def _quote(self, pair: str) -> Quote | None:
        """What the board says of a pair, by whatever name the market knows it."""
        known = self._known(pair)
        return self._market.market.board.render(known) if known else None

    def _price(self, quote: Quote) -> Price | None:
        value = quote.last
        if value is None and quote.bid is not None and quote.ask is not None:
            value = (quote.bid + quote.ask) / 2
        if value is None:
            return None
        previous = quote.previous_close
        if previous is None and quote.change is not None:
            previous = value - quote.change
        return Price(
            Decimal(repr(value)),
            quote.currency.upper() or self.currency(quote.symbol),
            None if previous is None else Decimal(repr(previous)),
            quote.name,
            quote.stale,
            quote.source,
            quote.as_of,
        )

    def currency(self, symbol: str) -> str:
        """What a symbol is priced in."""
        return self._market.instrument(symbol).currency.upper()


def currencies(books: Books, prices: Mapping[str, Price]) -> set[str]:
    """All a ledger's worth is told in."""
    found = {price.currency for price in prices.values()}
    found |= {currency for sums in books.sums().values() for currency in sums.cost}
    return found | {currency for _, currency in books.till().cash}


def _by_entry(books: Books, symbol: str, at: datetime | None = None) -> Price | None:
    """The newest price an entry tells, marked stale: for what no source knows."""
    newest = books.newest_priced(symbol, at)
    if newest is None:
        return None
    currency, unit = major(newest.currency)
    price = newest.price or Decimal(0)
    return Price(price * unit, currency, None, "", True, "own entry", newest.at)


def _rate_by_entry(books: Books, currency: str, at: datetime | None = None) -> Rate | None:
    """The newest rate an entry tells, marked stale: for what no source knows."""
    told = [entry for entry in books.rated(currency) if at is None or entry.at <= at]
    if not told or told[-1].rate is None:
        return None
    return Rate(told[-1].rate, True, "own entry", told[-1].at)
