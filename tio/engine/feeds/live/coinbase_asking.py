"""What is asked of Coinbase over HTTP: the Exchange for the past, Advanced Trade for its list."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import quote

from tio.api.errors import NotAllowed, SourceUnavailable
from tio.api.market import Instrument, Timeframe
from tio.api.ticks import Tick, Trade
from tio.engine.feeds.coinbase_answers import (
    GRANULARITIES,
    NAME,
    read_candles,
    read_exchange_candles,
    read_exchange_products,
    read_products,
    refusal,
)
from tio.engine.feeds.coinbase_rest import parse_answer
from tio.engine.feeds.http import Answer, Budget, Host, Priority
from tio.engine.feeds.live.answering import reading
from tio.engine.feeds.live.numbered import Missing
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.rows import Row

T = TypeVar("T")

ADVANCED = "https://api.coinbase.com"
EXCHANGE = "https://api.exchange.coinbase.com"
BUDGETS = {
    NAME: Budget(rate=6, burst=4, concurrency=4),
    f"{NAME}/exchange": Budget(rate=8, burst=12, concurrency=4),
}
"""Both allow 10 a second from one address; the Exchange bursts of 15 beyond that."""
PAGE = 300
"""The most candles in one answer."""
TRADES = 1_000
"""The most trades in one answer."""
MOST_TRADES = 5_000
"""Trades of one product that are asked for; a longer gap is left to the bars."""
_PUBLIC = "/api/v3/brokerage/market"
_LIST = 20_000_000
"""Bytes a whole list may have."""


class CoinbaseAsking:
    """Coinbase's answers, read; a TioError where it says no."""

    def __init__(self, reach: Reach) -> None:
        names = tuple(BUDGETS)
        self._advanced = reach.host(names[0], ADVANCED, BUDGETS[names[0]])
        self._exchange = reach.host(names[1], EXCHANGE, BUDGETS[names[1]])

    async def listing(self) -> Sequence[Instrument]:
        """The pairs that trade now; from the Exchange where Advanced Trade cannot tell."""
        params = {"product_type": "SPOT"}
        try:
            return await self._read(
                self._advanced, f"{_PUBLIC}/products", params, "products", read_products
            )
        except (NotAllowed, SourceUnavailable):
            return await self._read(
                self._exchange, "/products", {}, "products", read_exchange_products
            )

    async def candles(self, product: str, timeframe: Timeframe, first: int, last: int) -> list[Row]:
        """The bars that open in [first, last] (µs), at most `PAGE`, in any order."""
        step = timeframe.step // 1_000_000
        begin, end = first // 1_000_000, last // 1_000_000
        name = quote(product, safe="-")
        params = {"granularity": str(step), "start": _iso(begin), "end": _iso(end)}
        try:
            return await self._read(
                self._exchange,
                f"/products/{name}/candles",
                params,
                "candles",
                read_exchange_candles,
                Priority.background,
            )
        except (NotAllowed, SourceUnavailable):
            params = {"granularity": GRANULARITIES[timeframe], "limit": str(PAGE)}
            return await self._read(
                self._advanced,
                f"{_PUBLIC}/products/{name}/candles",
                {**params, "start": str(begin), "end": str(end)},
                "candles",
                read_candles,
                Priority.background,
            )

    async def ticker(self, product: str) -> Sequence[Tick]:
        """Last price, best prices and volume of one product."""
        path = f"/products/{quote(product, safe='-')}/ticker"
        return await self._read(
            self._exchange, path, {}, "ticker", lambda body: parse_answer(path, body)
        )

    async def missing(self, missing: Missing) -> list[Trade]:
        """The trades of a product between two numbers, as many as are asked for at most."""
        path = f"/products/{quote(missing.symbol, safe='-')}/trades"
        found: list[Trade] = []
        before = missing.before
        while len(found) < MOST_TRADES and before > missing.after + 1:
            params = {"limit": str(min(TRADES, before - missing.after - 1)), "after": str(before)}
            page = await self._read(
                self._exchange, path, params, "trades", lambda body: parse_answer(path, body)
            )
            trades = [tick for tick in page if isinstance(tick, Trade)]
            found += trades
            numbers = [int(trade.id) for trade in trades if trade.id]
            if not numbers or min(numbers) >= before:
                break
            before = min(numbers)
        return sorted(missing.among(found), key=lambda trade: int(trade.id or 0))

    async def _read(
        self,
        host: Host,
        path: str,
        params: Mapping[str, str],
        capability: str,
        read: Callable[[bytes], T],
        priority: Priority = Priority.visible,
    ) -> T:
        answer: Answer = await host.get(
            path,
            params,
            capability=capability,
            priority=priority,
            body_error=refusal,
            at_most=_LIST,
        )
        with reading(host.name):
            return read(answer.body)


def _iso(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"
