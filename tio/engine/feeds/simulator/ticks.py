"""Live ticks: what happens along every instrument's path, slot by slot, generated vectorised.

Which ticks a slot holds follows from seed, rate and instant; nothing of it depends on when the
stream began, so a second engine of the same seed and load tells the same market.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tio.api.market import Side
from tio.api.ticks import DayFigures, Tick, TopOfBook, Trade
from tio.engine.feeds.simulator.history import History
from tio.engine.feeds.simulator.pace import Pace
from tio.engine.feeds.simulator.path import MinutePath, keys_of
from tio.engine.feeds.simulator.process import Floats, Ints, stream
from tio.engine.feeds.simulator.sessions import MINUTE
from tio.engine.feeds.simulator.slab import SLAB, Slab, slab_of
from tio.engine.feeds.simulator.universe import Listing

_TRADE_CHANCE = 0.4
_TICKS = 3
"""Sets the slots' streams of random numbers apart from those of days."""
_CORNER_CLOSE = 3


class TickStream:
    """The simulated venue's ticks from `start` on, in order of time."""

    def __init__(
        self, history: History, listings: Sequence[Listing], seed: int, pace: Pace
    ) -> None:
        self._history = history
        self._listings = listings
        self._seed = seed
        self.pace = pace
        self.keys = keys_of(seed, [listing.symbol for listing in listings])
        self._symbols = np.array([listing.symbol for listing in listings], object)
        self._steps = np.array([10.0**listing.decimals for listing in listings])
        self._units = np.array([10.0**listing.size_decimals for listing in listings])
        self._weights = pace.weights()
        self._slabs: dict[int, Slab] = {}
        self._minute = -1
        self._corner_at = self._corner_row = self._corner_kind = np.empty(0, np.int64)
        self._open = self._high = self._low = self._last = np.empty(0, np.int64)
        self._previous = self._volume = self._emitted = np.empty(0, np.int64)
        self._spread: Floats = np.empty(0)
        self._beyond = np.empty(0, np.int64)
        """Whose last slot went beyond the day's high or low."""

    def ready(self, at: int) -> bool:
        """Whether the minutes around this instant (µs) are there, so that ticks cost no wait."""
        return at // MINUTE // SLAB in self._slabs

    def prepare(self, at: int, rest: float = 0.0) -> None:
        """Generate the minutes around this instant (see `slab_of`): in a thread."""
        block = at // MINUTE // SLAB
        slab = slab_of(self._history, self._listings, block * SLAB, rest)
        self._slabs = {old: kept for old, kept in self._slabs.items() if old == block - 1} | {
            block: slab
        }

    def start(self, at: int) -> list[Tick]:
        """Begin at this instant (µs): where every instrument stands; these trades fold not."""
        self._enter(at // MINUTE)
        within = at % MINUTE
        begun, bar = self.path.so_far(within)
        self._emitted = self.path.lots(np.arange(len(self._listings)), np.full(len(begun), within))
        self._last = np.where(begun, bar.close, self._last)
        self._high = np.where(begun, np.maximum(self._high, bar.high), self._high)
        self._low = np.where(begun, np.minimum(self._low, bar.low), self._low)
        self._volume = self._volume + np.where(begun, bar.volume, 0)
        everyone = np.arange(len(self._listings))
        prices = (self._last / self._steps).tolist()
        units = (1.0 / self._units).tolist()
        ticks: list[Tick] = list(self._figures(everyone, at))
        ticks += [
            Trade(symbol, price, unit, at, folds=False)
            for symbol, price, unit in zip(self._symbols, prices, units, strict=True)
        ]
        ticks += self._quotes(everyone, np.full(len(begun), at), stream(self._seed, _TICKS, at))
        return ticks

    def slot(self, number: int) -> list[Tick]:
        """All ticks of one slot (`pace.slot` µs; 0 is 1970), ascending in time, figures last."""
        began = number * self.pace.slot
        if began // MINUTE != self._minute:
            self._enter(began // MINUTE)
        draws = stream(self._seed, _TICKS, number)
        trades, quotes = self._events(draws, number, began)
        ticks = self._merged(self._trades(*trades, draws), self._quotes(*quotes, draws))
        told = np.union1d(self.pace.figures(number), self._beyond[: self.pace.extra])
        if len(told):
            ticks += self._figures(told, began + self.pace.slot - 1)
        return ticks

    def _events(
        self, draws: np.random.Generator, number: int, began: int
    ) -> tuple[tuple[Ints, Ints, Ints, Ints], tuple[Ints, Ints]]:
        """Who trades when, which corner it is (−1: none) and how much; and who quotes when."""
        count = self.pace.free(number)
        rows = np.searchsorted(self._weights, draws.random(count), side="right")
        at = began + (np.sort(draws.random(count)) * self.pace.slot).astype(np.int64)
        within = at - self._minute * MINUTE
        corners = self.path.corners
        open_ = (within > corners[0, rows]) & (within < corners[_CORNER_CLOSE, rows])
        trade = (draws.random(count) < _TRADE_CHANCE) & open_
        first, past = np.searchsorted(self._corner_at, (began, began + self.pace.slot))
        when = np.concatenate((self._corner_at[first:past], at[trade]))
        order = np.argsort(when, kind="stable")
        who = np.concatenate((self._corner_row[first:past], rows[trade]))
        what = np.concatenate((self._corner_kind[first:past], np.full(int(trade.sum()), -1)))
        who, when, what = who[order], when[order], what[order]
        size = self._sizes(who, when - self._minute * MINUTE) + (what >= 0)
        # Where nothing was left to trade, a quote keeps the rate.
        real = size > 0
        quoting = (
            np.concatenate((rows[~trade], who[~real])),
            np.concatenate((at[~trade], when[~real])),
        )
        return (who[real], when[real], what[real], size[real]), quoting

    def _trades(
        self, rows: Ints, at: Ints, kind: Ints, size: Ints, draws: np.random.Generator
    ) -> list[Trade]:
        """Prices off the path by part of the spread, but exact at corners."""
        bars = self.path.bars
        within = at - self._minute * MINUTE
        side = np.where(draws.random(len(rows)) < 0.5, 1, -1)
        near = self.path.at(rows, within) + side * 0.5 * self._spread[rows]
        price = np.clip(np.rint(near), bars.low[rows], bars.high[rows])
        price = np.where(kind >= 0, self.path.prices[np.maximum(kind, 0), rows], price)
        self._last[rows] = price
        self._beyond = np.unique(rows[(price > self._high[rows]) | (price < self._low[rows])])
        np.maximum.at(self._high, rows, price.astype(np.int64))
        np.minimum.at(self._low, rows, price.astype(np.int64))
        np.add.at(self._volume, rows, size)
        return list(
            map(
                Trade,
                self._symbols[rows].tolist(),
                (price / self._steps[rows]).tolist(),
                (size / self._units[rows]).tolist(),
                at.tolist(),
                _SIDES[(side + 1) // 2].tolist(),
            )
        )

    def _sizes(self, rows: Ints, within: Ints) -> Ints:
        """What was traded since each instrument's trade before, in lots: adds up to its volume."""
        due = self.path.lots(rows, within)
        order = np.argsort(rows, kind="stable")
        whose, until = rows[order], due[order]
        since = np.empty_like(until)
        since[1:] = until[:-1]
        heads = np.ones(len(whose), bool)
        heads[1:] = whose[1:] != whose[:-1]
        since[heads] = self._emitted[whose[heads]]
        sizes = np.empty_like(until)
        sizes[order] = until - since
        # Of indices that repeat, the last value stays: the newest.
        self._emitted[whose] = until
        return sizes

    def _quotes(self, rows: Ints, at: Ints, draws: np.random.Generator) -> list[TopOfBook]:
        """Bid and ask around the path, at least one price step apart."""
        noise = draws.standard_normal((3, len(rows)))
        half = self._spread[rows] * np.exp(0.35 * noise[0])
        middle = self.path.at(rows, at - self._minute * MINUTE)
        bid = np.maximum(np.floor(middle - half), 1.0)
        ask = np.maximum(np.ceil(middle + half), bid + 1.0)
        usual = np.maximum(self.path.bars.volume[rows] / 12.0, 1.0)
        sizes = np.ceil(usual * np.exp(0.7 * noise[1:])) / self._units[rows]
        steps = self._steps[rows]
        return list(
            map(
                TopOfBook,
                self._symbols[rows].tolist(),
                (bid / steps).tolist(),
                (ask / steps).tolist(),
                sizes[0].tolist(),
                sizes[1].tolist(),
                at.tolist(),
            )
        )

    def _figures(self, rows: Ints, at: int) -> list[DayFigures]:
        """The day of these instruments so far (UTC); the change follows from the previous close."""
        day = (self._last, self._open, self._high, self._low, self._previous)
        last, open_, high, low, previous = (column[rows] / self._steps[rows] for column in day)
        volume = self._volume[rows] / self._units[rows]
        columns = (last, open_, high, low, previous, volume)
        return [
            DayFigures(
                symbol=symbol, at=at, last=a, open=b, high=c, low=d,
                previous_close=e, volume=f,
            )
            for symbol, a, b, c, d, e, f in zip(
                self._symbols[rows].tolist(), *(column.tolist() for column in columns), strict=True
            )
        ]  # fmt: skip

    @staticmethod
    def _merged(trades: list[Trade], quotes: list[TopOfBook]) -> list[Tick]:
        """Both in order of time; already sorted runs sort in one pass."""
        ticks: list[Trade | TopOfBook] = [*trades, *quotes]
        ticks.sort(key=_at)
        return list(ticks)

    def _enter(self, minute: int) -> None:
        """Take up a minute's bars, path and corner trades, and the day's figures before it."""
        at = minute * MINUTE
        if not self.ready(at):
            self.prepare(at)
        slab = self._slabs[minute // SLAB]
        bars = slab.at(minute)
        day = slab.day(minute)
        self.path = MinutePath(self.keys, minute, bars, self.pace.window)
        self._minute = minute
        self._spread = slab.half_spread
        self._previous = slab.previous_close
        self._open = day.open.copy()
        self._high, self._low = day.high.copy(), day.low.copy()
        self._volume, self._last = day.volume.copy(), day.close.copy()
        self._emitted = np.zeros(len(self._listings), np.int64)
        self._corner_trades(minute)

    def _corner_trades(self, minute: int) -> None:
        """When this minute's corner trades come, of whom and which; at low rates not all do."""
        rows = np.arange(len(self._listings))
        rows = rows[(rows + minute) % self.pace.turns == 0]
        kinds = np.arange(4) if self.pace.corners == 4 else np.array([_CORNER_CLOSE])
        at = self.path.corners[kinds][:, rows]
        order = np.argsort(at, axis=None, kind="stable")
        self._corner_at = at.ravel()[order] + minute * MINUTE
        self._corner_row = np.tile(rows, len(kinds))[order]
        self._corner_kind = np.repeat(kinds, len(rows))[order]


_SIDES: NDArray[np.object_] = np.array([Side.sell, Side.buy], object)


def _at(tick: Trade | TopOfBook) -> int:
    return tick.at or 0
