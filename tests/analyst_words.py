"""Words that tell a made-up market, the same each time, for the tests of the rules analyst."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
from msgspec.structs import replace

from tio.api.access import OWNER
from tio.api.analyst import Report
from tio.api.contract import Request
from tio.api.errors import NotFound, TioError
from tio.api.indicators import Computed, ComputeIndicators
from tio.api.ledger import ListPortfolios
from tio.api.market import Adjustment, Bars, Delay, GetBars, GetQuotes, Quote, Timeframe
from tio.api.series import Series, Times, instant
from tio.api.watchlists import ListWatchlists, Watchlist
from tio.engine.analyst.rules.service import RulesAnalyst
from tio.engine.indicators.compute import compute
from tio.engine.indicators.declare import Spec
from tio.engine.market.answers import columns_of

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
SYMBOLS = ("AAA", "BBB", "CCC", "DDD")
DAYS = 420


class Fixed:
    """A clock that stands."""

    def __init__(self, now: datetime = NOW) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now


def walk(symbol: str, count: int, timeframe: Timeframe = Timeframe.d1) -> np.ndarray[Any, Any]:
    """Closes of a walk of a market they share and of each one's own."""
    market = np.random.default_rng(7).normal(0, 0.008, count)
    own = np.random.default_rng(zlib.crc32(f"{symbol}{timeframe}".encode())).normal(0, 0.01, count)
    return np.asarray(100.0 * np.exp(np.cumsum(market + own)))


def bars_of(
    symbol: str,
    timeframe: Timeframe = Timeframe.d1,
    count: int = DAYS,
    now: datetime = NOW,
    change: Callable[[np.ndarray[Any, Any]], np.ndarray[Any, Any]] = lambda closes: closes,
) -> Bars:
    """Bars up to the one that forms `now`; `change` alters the closes."""
    step = timeframe.step
    last = instant(now) // step * step
    closes = change(walk(symbol, count, timeframe))
    opens = np.concatenate(([closes[0]], closes[:-1])) * 1.001
    high, low = np.maximum(opens, closes) * 1.005, np.minimum(opens, closes) * 0.995
    return Bars(
        symbol=symbol,
        timeframe=timeframe,
        time=Times(last - (count - 1 - i) * step for i in range(count)),
        open=Series(opens),
        high=Series(high),
        low=Series(low),
        close=Series(closes),
        volume=Series([1_000.0 + 10 * (i % 9) for i in range(count)]),
        forming=True,
        source="test",
        adjusted=Adjustment.splits,
    )


@dataclass
class Market:
    """Answers quotes, bars and indicators; `more` answers other words by their kind.

    An answer that is an error is raised; one that can be called is asked with the request.
    """

    symbols: tuple[str, ...] = SYMBOLS
    now: datetime = NOW
    more: dict[type[Request[Any]], Any] = field(default_factory=dict)
    change: Callable[[np.ndarray[Any, Any]], np.ndarray[Any, Any]] = lambda closes: closes
    changed: frozenset[str] = frozenset()

    def bars(self, asked: GetBars) -> Bars:
        if asked.symbol not in self.symbols:
            raise NotFound(f"nothing is known of the symbol {asked.symbol!r}")
        change = self.change if asked.symbol in self.changed else lambda closes: closes
        whole = bars_of(asked.symbol, asked.timeframe, now=self.now, change=change)
        end = len(whole)
        if asked.end is not None:
            end = sum(each < instant(asked.end) for each in whole.time)
        begin = max(0, end - asked.limit)
        cut = {
            name: Series(list(getattr(whole, name))[begin:end])
            for name in ("open", "high", "low", "close", "volume")
        }
        time = Times(whole.time[i] for i in range(begin, end))
        return replace(whole, time=time, forming=end == len(whole), **cut)

    def quote(self, symbol: str) -> Quote:
        days = self.bars(GetBars(symbol, limit=2))
        return Quote(
            symbol=symbol,
            last=days.close[-1],
            open=days.open[-1],
            previous_close=days.close[-2],
            volume=500.0,
            as_of=self.now,
            source="test",
            delay=Delay.simulated,
        )

    def indicators(self, asked: ComputeIndicators) -> tuple[Computed, ...]:
        bars = self.bars(GetBars(asked.symbol, asked.timeframe, end=asked.end, limit=10_000))
        columns = columns_of(bars)
        found = []
        for spec in asked.specs:
            outputs = compute(columns, Spec(spec.name, dict(spec.params)))
            found.append(
                Computed(
                    name=spec.name,
                    time=bars.time,
                    outputs={name: Series(list(each)) for name, each in outputs.items()},
                )
            )
        return tuple(found)

    def words(self) -> dict[Any, Any]:
        usual: dict[type[Request[Any]], Any] = {
            GetBars: self.bars,
            GetQuotes: lambda asked: tuple(self.quote(each) for each in asked.symbols),
            ComputeIndicators: self.indicators,
            ListPortfolios: (),
            ListWatchlists: (Watchlist("main", self.symbols),),
        }
        return {kind: _answer(given) for kind, given in (usual | self.more).items()}

    async def report(self, request: Request[Report]) -> Report:
        """What the rules analyst makes of this market."""
        analyst = RulesAnalyst(Fixed(self.now), self.words())  # type: ignore[arg-type]
        answer = analyst.answers()[type(request)]
        found: Report = await answer(request, OWNER)
        return found


def _answer(given: Any) -> Any:
    async def told(asked: Any, _: object) -> Any:
        if isinstance(given, TioError):
            raise given
        return given(asked) if callable(given) else given

    return told
