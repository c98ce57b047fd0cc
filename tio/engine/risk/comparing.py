"""Correlations asked for: bars of many symbols fetched, paired by time and compared."""

import asyncio
from collections.abc import Sequence
from itertools import combinations
from math import isfinite

import numpy as np

from tio.api.access import Principal
from tio.api.errors import Invalid, NotFound, SourceUnavailable
from tio.api.market import Adjustment, AssetClass, Bars, GetBars
from tio.api.risk import (
    CorrelationMatrix,
    CorrelationMethod,
    GetCorrelation,
    RollingCorrelation,
)
from tio.api.series import Series, Times, moment
from tio.engine.market.answers import columns_of
from tio.engine.market.service import MarketService
from tio.engine.risk.clusters import heat_order
from tio.engine.risk.correlation import (
    LEAST,
    Pairs,
    by_pairs,
    ewma,
    mean_of_pairs,
    of_all,
    pearson,
    rolling,
    shrunk,
    spearman,
)
from tio.engine.risk.estimates import Floats
from tio.engine.risk.paired import Prices, together

MOST_BARS = 50_000
MOST_NOTES = 5
SPLITTING = frozenset({AssetClass.equity, AssetClass.etf, AssetClass.fund})


class Comparing:
    """Compares the market's bars."""

    def __init__(self, market: MarketService) -> None:
        self._market = market
        self._bars = market.answers()[GetBars]

    async def correlation(self, asked: GetCorrelation, by: Principal) -> CorrelationMatrix:
        """The matrix of those that have bars; Invalid, NotFound for fewer than two, or unknown."""
        symbols = tuple(self._market.symbol(text) for text in asked.symbols)
        _check(asked, symbols)
        bars, notes = await self._reaching(asked, symbols, by)
        notes += [
            f"{each.symbol} is not adjusted: a split or dividend looks like a fall"
            for each in bars
            if each.adjusted is Adjustment.raw
            and self._market.instrument(each.symbol).asset_class in SPLITTING
        ]
        return await asyncio.to_thread(_compared, asked, bars, notes)

    async def _reaching(
        self, asked: GetCorrelation, symbols: Sequence[str], by: Principal
    ) -> tuple[list[Bars], list[str]]:
        """Bars of each symbol as far back as the one that needs the longest for the window.

        Beside them notes on those without bars, which are left out where two others remain.
        """
        most = min(asked.window + 2, MOST_BARS)
        found = await asyncio.gather(*(self._heard(asked, s, most, by) for s in symbols))
        bars = [each for each in found if isinstance(each, Bars)]
        gone = [symbol for symbol, e in zip(symbols, found, strict=True) if not isinstance(e, Bars)]
        if len(bars) < 2 and gone:
            raise next(each for each in found if not isinstance(each, Bars))
        notes = [f"{symbol} is left out: it has no {asked.timeframe} bars" for symbol in gone]
        # Who trades more often has as many bars in less time, and would share too few of them.
        first = min(int(each.time[0]) for each in bars)
        short = [n for n, each in enumerate(bars) if len(each) >= most and each.time[0] > first]
        longer = await asyncio.gather(
            *(self._fetch(asked, bars[n].symbol, MOST_BARS, first, by) for n in short)
        )
        for n, each in zip(short, longer, strict=True):
            bars[n] = each
        return bars, notes

    async def _heard(
        self, asked: GetCorrelation, symbol: str, limit: int, by: Principal
    ) -> Bars | NotFound | SourceUnavailable:
        """The newest bars, or why there are none."""
        try:
            bars = await self._fetch(asked, symbol, limit, None, by)
        except (NotFound, SourceUnavailable) as error:
            return error
        if len(bars):
            return bars
        return NotFound(
            f"no {asked.timeframe} bars of {symbol} are known",
            f"`tio history fill {symbol} --tf {asked.timeframe}` fetches them",
        )

    async def _fetch(
        self, asked: GetCorrelation, symbol: str, limit: int, start: int | None, by: Principal
    ) -> Bars:
        begin = None if start is None else moment(start)
        request = GetBars(symbol, asked.timeframe, begin, None, limit, adjusted=asked.adjusted)
        found: Bars = await self._bars(request, by)
        return found


def _check(asked: GetCorrelation, symbols: Sequence[str]) -> None:
    """Invalid for a symbol named twice, or a rolling window that does not fit."""
    for n, symbol in enumerate(symbols):
        if symbol in symbols[:n]:
            raise Invalid(f"{symbol} is named twice", "name each symbol once")
    if not asked.rolling:
        return
    if len(symbols) != 2:
        raise Invalid(
            f"a rolling correlation is of two symbols, were {len(symbols)}",
            "name two, or leave out rolling",
        )
    if not LEAST <= asked.rolling <= asked.window:
        raise Invalid(
            f"rolling must be {LEAST} to the window of {asked.window}, was {asked.rolling}"
        )


def _compared(asked: GetCorrelation, bars: Sequence[Bars], notes: list[str]) -> CorrelationMatrix:
    prices = [_prices(each) for each in bars]
    weight, pairs = _measured(asked, prices)
    mean = mean_of_pairs(pairs.values)
    return CorrelationMatrix(
        symbols=tuple(each.symbol for each in bars),
        timeframe=asked.timeframe,
        method=asked.method,
        window=asked.window,
        values=tuple(tuple(map(_known, row)) for row in pairs.values.tolist()),
        counts=tuple(map(tuple, pairs.counts.tolist())),
        order=heat_order(pairs.values),
        mean=_known(mean),
        shrinkage=weight,
        start=None if pairs.start is None else moment(pairs.start),
        end=None if pairs.end is None else moment(pairs.end),
        rolling=_rolled(asked, prices) if asked.rolling else None,
        notes=(*notes, *_cautions(asked, [each.symbol for each in bars], pairs)),
    )


def _prices(bars: Bars) -> Prices:
    """The closes of bars that are over."""
    columns = columns_of(bars)
    over = len(columns) - bars.forming
    return Prices(columns.time[:over], columns.close[:over])


def _measured(asked: GetCorrelation, prices: Sequence[Prices]) -> tuple[float | None, Pairs]:
    """The target's weight where it is shrunk, and the correlations."""
    match asked.method:
        case CorrelationMethod.shrunk:
            weight = shrunk(together(prices, asked.window).returns).weight
            return weight, of_all(prices, asked.window, lambda returns: shrunk(returns).values)
        case CorrelationMethod.ewma:
            return None, of_all(prices, asked.window, ewma)
        case CorrelationMethod.spearman:
            return None, by_pairs(prices, asked.window, spearman)
    return None, by_pairs(prices, asked.window, pearson)


def _rolled(asked: GetCorrelation, prices: Sequence[Prices]) -> RollingCorrelation:
    shared = together(prices, asked.window)
    values = rolling(shared.returns, asked.rolling)[asked.rolling - 1 :]
    return RollingCorrelation(
        window=asked.rolling,
        time=Times.wrap(shared.time[asked.rolling - 1 :]),
        values=Series.wrap(values),
    )


def _cautions(asked: GetCorrelation, symbols: Sequence[str], pairs: Pairs) -> list[str]:
    """What to beware of."""
    notes = []
    for i, j in combinations(range(len(symbols)), 2):
        if pairs.counts[i, j] < LEAST:
            few = "no bars" if not pairs.counts[i, j] else f"only {pairs.counts[i, j] + 1} bars"
            notes.append(f"{symbols[i]} and {symbols[j]} share {few} of {asked.timeframe}")
    if len(notes) > MOST_NOTES:
        notes[MOST_NOTES:] = [f"{len(notes) - MOST_NOTES} more pairs share too few bars"]
    still = [
        symbol
        for n, symbol in enumerate(symbols)
        if pairs.counts[n, n] >= LEAST and not isfinite(pairs.values[n, n])
    ]
    notes += [f"{symbol} did not move" for symbol in still]
    shared = pairs.counts[np.triu_indices(len(symbols), 1)]
    least, most = int(shared.min()), int(shared.max())
    if least < asked.window and most >= LEAST:
        span = f"{least}" if least == most else f"{least} to {most}"
        notes.append(f"of {asked.window} returns asked for pairs share {span}")
    if np.isfinite(pairs.values).all() and _mixed(pairs.values):
        notes.append("pairs are of different days: together they are no valid matrix of risks")
    return notes


def _mixed(values: Floats) -> bool:
    """Whether no set of returns could have these correlations."""
    return bool(np.linalg.eigvalsh(values).min() < -1e-9)


def _known(value: float) -> float | None:
    return value if isfinite(value) else None
