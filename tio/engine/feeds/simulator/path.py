"""Where instruments are within one minute: paths through its open, high, low and close."""

from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tio.engine.feeds.simulator.process import Floats, Ints
from tio.engine.feeds.simulator.sessions import MINUTE, SECOND

Keys = NDArray[np.uint64]
_ROUGHNESS = 0.35
"""How far the path strays from straight lines between its corners, against the minute's range."""
_GRID = 61
_COLUMNS = np.arange(6 + _GRID, dtype=np.uint64)


class Corner(NamedTuple):
    """One column an instrument: prices in price steps, volume in lots."""

    open: Ints
    high: Ints
    low: Ints
    close: Ints
    volume: Ints


class SoFar(NamedTuple):
    """What a minute has shown up to an instant; `begun` is False before its first trade."""

    begun: NDArray[np.bool_]
    bar: Corner


def keys_of(seed: int, symbols: list[str]) -> Keys:
    """One stream of random numbers an instrument, the same in any universe that has it."""
    crcs = np.array([crc32(symbol.encode()) for symbol in symbols], np.uint64)
    whose = (abs(seed) * 2 + (seed < 0)) % 2**64
    return _mixed(crcs ^ _mixed(np.array([whose], np.uint64)))


class MinutePath:
    """Paths through minutes, one a row; a pure function of keys, minutes and bars.

    The rows are many instruments in one minute, or many minutes of one instrument.

    `corners` holds the instants in µs of the trades at open, first extreme, second extreme and
    close (rows), `prices` their prices. Open and close fall within `window` µs of the ends.
    """

    def __init__(self, keys: Keys, minute: int | Ints, bars: Corner, window: int) -> None:
        count = len(keys)
        self.bars = bars
        minutes = np.broadcast_to(np.asarray(minute, np.uint64), (count,))
        seeds = _mixed(keys ^ _mixed(minutes))[:, None] + _COLUMNS[None, :]
        uniforms = (_mixed(seeds) >> np.uint64(11)) * 2.0**-53
        opening = uniforms[:, 0] * window
        closing = MINUTE - 1 - uniforms[:, 1] * window
        inner = np.sort(uniforms[:, 2:4], axis=1).T
        between = opening + (closing - opening) * (0.02 + 0.96 * inner)
        self.corners = np.stack((opening, *between, closing)).astype(np.int64)
        rises = bars.close >= bars.open
        dips_first = uniforms[:, 4] < np.where(rises, 0.7, 0.3)
        self.prices = np.stack(
            (
                bars.open,
                np.where(dips_first, bars.low, bars.high),
                np.where(dips_first, bars.high, bars.low),
                bars.close,
            )
        )
        steps = (uniforms[:, 6:] - 0.5) * np.sqrt(12.0)
        sway = _ROUGHNESS / np.sqrt(_GRID - 1) * (bars.high - bars.low)
        self._noise = (np.cumsum(steps, axis=1) * sway[:, None]).ravel()
        rows = np.arange(count)
        lines = [
            price - self._stray(rows, at)
            for price, at in zip(self.prices, self.corners, strict=True)
        ]
        self._lines = np.stack(lines)

    def at(self, rows: Ints, within: Ints) -> Floats:
        """The price, in steps but off the grid, of these instruments at these µs of the minute."""
        corners = self.corners
        part = (within >= corners[1, rows]).astype(np.intp) + (within >= corners[2, rows])
        begin, end = corners[part, rows], corners[part + 1, rows]
        share = np.clip((within - begin) / np.maximum(end - begin, 1), 0.0, 1.0)
        line = self._lines[part, rows] * (1.0 - share) + self._lines[part + 1, rows] * share
        held = np.clip(within, corners[0, rows], corners[3, rows])
        price: Floats = np.clip(
            line + self._stray(rows, held), self.bars.low[rows], self.bars.high[rows]
        )
        return price

    def lots(self, rows: Ints, within: Ints) -> Ints:
        """Volume traded until then, the lots kept back for the four corners apart."""
        free = np.maximum(self.bars.volume[rows] - 4, 0)
        done = within >= self.corners[3, rows]
        return np.where(done, free, (free * (within / MINUTE)).astype(np.int64))

    def so_far(self, within: int) -> SoFar:
        """Every instrument's bar as it stands at this µs of the minute."""
        count = len(self.bars.open)
        rows = np.arange(count)
        grid = np.append(np.arange(0, within, SECOND), within)
        seen = np.rint(self.at(np.repeat(rows, len(grid)), np.tile(grid, count))).astype(np.int64)
        seen = seen.reshape(count, len(grid))
        passed = self.corners <= within
        opened = self.prices[0]
        met = np.where(passed, self.prices, opened)
        bar = Corner(
            opened,
            np.maximum(seen.max(axis=1), met.max(axis=0)),
            np.minimum(seen.min(axis=1), met.min(axis=0)),
            seen[:, -1],
            self.lots(rows, np.full(count, within)) + passed.sum(axis=0),
        )
        return SoFar(passed[0], bar)

    def seconds(self) -> tuple[NDArray[np.bool_], Corner]:
        """Bars of each second, [rows, 60], and which have trades; they fold into the minutes."""
        count = len(self.bars.open)
        rows = np.repeat(np.arange(count), 241)
        grid = np.tile(np.arange(241) * (SECOND // 4), count)
        prices = np.rint(self.at(rows, grid)).astype(np.int64).reshape(count, 241)
        open_, close = prices[:, :-1:4], prices[:, 4::4]
        inner = prices[:, :-1].reshape(count, 60, 4)
        high = np.maximum(inner.max(axis=2), close)
        low = np.minimum(inner.min(axis=2), close)
        place = np.tile(np.arange(count), 4), (self.corners // SECOND).ravel()
        np.maximum.at(high, place, self.prices.ravel())
        np.minimum.at(low, place, self.prices.ravel())
        lots = self.lots(rows, grid).reshape(count, 241)[:, ::4]
        # What was due before the first trade comes with it.
        lots = np.where(np.arange(61) <= self.corners[0][:, None] // SECOND, 0, lots)
        volume = np.diff(lots, axis=1)
        np.add.at(volume, place, 1)
        return volume > 0, Corner(open_, high, low, close, volume)

    def _stray(self, rows: Ints, within: Ints) -> Floats:
        second = within // (SECOND)
        share = within / (SECOND) - second
        at = rows * _GRID + second
        stray: Floats = self._noise[at] * (1.0 - share) + self._noise[at + 1] * share
        return stray


def _mixed(values: Keys) -> Keys:
    """SplitMix64's finaliser over a counter: well mixed bits without a generator an instrument."""
    mixed = values * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
