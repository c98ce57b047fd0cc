"""The model, a day at a time: regimes, factors with clustered volatility, fat tails, gaps.

Each day of each instrument has its opening level, its open, high, low, close and volume. The draws
of one kind come from one stream of their own, so a later horizon only appends. All prices are whole
steps of the instrument's price grid.
"""

from datetime import date
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tio.engine.feeds.simulator.sessions import day_number, trades_on
from tio.engine.feeds.simulator.universe import SECTOR_SIGMA, Listing

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ORIGIN = day_number(date(2010, 1, 1))
_REFERENCE = day_number(date(2026, 1, 1)) - ORIGIN
_MARKET_SIGMA = 0.0085
_GAP_SHARE = 0.45
"""Standard deviation of a stock's night against its day."""
_QUIET = 0.35
"""How far a market that is closed in history still moves, so that a live desk is never dead."""
_TAIL = 5.0
"""Degrees of freedom of the shocks."""
_MEMORY = 0.97


class Days(NamedTuple):
    """One instrument's days from ORIGIN on: levels in price steps, volume in lots.

    `start` is the level at 00:00Z and `end` at the next 00:00Z; open to close is the session.
    """

    start: Ints
    open: Ints
    high: Ints
    low: Ints
    close: Ints
    end: Ints
    volume: Ints
    sigma: Floats
    """Log standard deviation of the session."""


class Factor(NamedTuple):
    """Shocks of unit scale that many instruments share: of the day and of the night before it."""

    day: Floats
    night: Floats


class Model:
    """Every instrument's days from one seed; levels are the listed prices on 2026-01-01."""

    def __init__(self, seed: int, through_year: int) -> None:
        self.seed = seed
        self.through_year = max(through_year + 1, 2027)
        self.count = day_number(date(self.through_year, 12, 31)) - ORIGIN + 1
        self.regime_sigma, self._drift = _regimes(self._stream("regimes"), self.count)
        self._factors = lru_cache(maxsize=32)(self._factor)

    def days(self, listing: Listing) -> Days:
        """All days of one instrument (about 2 ms)."""
        count = self.count
        symbol = listing.symbol
        normals = self._stream(symbol, "normals").standard_normal((count, 4))
        uniforms = self._stream(symbol, "uniforms").random((count, 3))
        shocks = self._stream(symbol, "shocks").standard_t(_TAIL, (count, 2)) * _UNIT
        own = listing.own_sigma * _volatility(normals[:, 0], 0.40)
        shared = _MARKET_SIGMA * listing.market_beta
        sector = SECTOR_SIGMA[listing.sector] * listing.sector_beta
        market, peers = self._factors("market"), self._factors(listing.sector)

        open_ = trades_on(listing.session, np.arange(count) + ORIGIN)
        scale = np.where(open_, 1.0, _QUIET)
        day = scale * (shared * market.day + sector * peers.day + own * shocks[:, 0])
        day += np.where(open_, self._drift * listing.market_beta, 0.0)
        sigma = scale * np.sqrt((shared * _volatility_of(market.day)) ** 2 + sector**2 + own**2)
        size = (3.5 if listing.session == "stock" else 1.5) * listing.own_sigma
        jump = np.where(uniforms[:, 2] < 0.012, size * normals[:, 1], 0.0)
        whole = ~open_ if listing.session == "stock" else np.ones(count, bool)
        night = _GAP_SHARE * (shared * market.night + sector * peers.night + own * shocks[:, 1])
        night = np.where(whole, 0.0, night + jump)
        day = np.where(whole, day + jump, day)
        evening = np.where(whole, 0.0, 0.12 * own * normals[:, 2])

        level = np.concatenate(([0.0], np.cumsum(night + day + evening)))
        level += np.log(listing.price) - level[_REFERENCE]
        steps = 10**listing.decimals
        edge = _grid(level, steps)
        start, end = edge[:-1], edge[1:]
        opening = level[:-1] + night
        first = np.where(whole, start, _grid(opening, steps))
        last = np.where(whole, end, _grid(opening + day, steps))
        high, low = _extremes(day, sigma, uniforms[:, 0], uniforms[:, 1])
        return Days(
            start,
            first,
            np.maximum(_grid(opening + high, steps), np.maximum(first, last)),
            np.minimum(_grid(opening + low, steps), np.minimum(first, last)),
            last,
            end,
            self._volumes(listing, day / sigma, normals[:, 3], open_),
            sigma,
        )

    def _volumes(
        self, listing: Listing, moves: Floats, noise: Floats, open_: NDArray[np.bool_]
    ) -> Ints:
        """Lognormal, larger on days that move and in a stressed market; in lots."""
        busy = 0.30 * noise + 0.35 * (np.minimum(np.abs(moves), 4.0) - 0.8)
        units = listing.volume * np.exp(busy) * self.regime_sigma**0.5
        units = np.where(open_, units, units * 0.1)
        lots = np.rint(units * 10**listing.size_decimals)
        volumes: Ints = np.maximum(lots, 20_000).astype(np.int64)
        return volumes

    def _factor(self, name: str) -> Factor:
        shocks = self._stream(name, "shocks").standard_t(_TAIL, (self.count, 2)) * _UNIT
        noise = self._stream(name, "volatility").standard_normal(self.count)
        sigma = _volatility(noise, 0.45) * self.regime_sigma
        return Factor(shocks[:, 0] * sigma, shocks[:, 1] * sigma)

    def _stream(self, *names: str) -> np.random.Generator:
        return stream(self.seed, *(crc32(name.encode()) for name in names))


def stream(seed: int, *places: int) -> np.random.Generator:
    """The random numbers that belong to one place of one seed, whoever asks and in what order."""
    return np.random.Generator(np.random.PCG64((abs(seed), int(seed < 0), *places)))


_UNIT = float(np.sqrt((_TAIL - 2) / _TAIL))
_CALM, _TREND, _STRESS = range(3)
_MOVES = {_CALM: (0.985, 0.995), _TREND: (0.015, 0.995), _STRESS: (0.030, 0.050)}
"""Cumulative chances of being calm, then trending, tomorrow."""
_SIGMAS = np.array((0.75, 1.0, 2.1))


def _regimes(draws: np.random.Generator, count: int) -> tuple[Floats, Floats]:
    """A Markov chain all instruments share → its volatility factor and its drift a day."""
    states = np.empty(count, np.int64)
    drift = np.empty(count)
    state, direction = _CALM, 1.0
    for index, (chance, coin) in enumerate(draws.random((count, 2)).tolist()):
        calm, trend = _MOVES[state]
        after = _CALM if chance < calm else _TREND if chance < trend else _STRESS
        if after != state:
            direction = 1.0 if coin < 0.62 else -1.0
        state = after
        states[index] = state
        drift[index] = (0.0003, 0.0011 * direction, -0.0012)[state]
    return _SIGMAS[states], drift


def _volatility(noise: Floats, spread: float) -> Floats:
    """A log-volatility that remembers (AR(1)), of mean square about one."""
    block = 256
    powers = _MEMORY ** np.arange(1, block + 1)
    logs = np.empty(len(noise))
    carried = 0.0
    for at in range(0, len(noise), block):
        part = noise[at : at + block]
        power = powers[: len(part)]
        logs[at : at + block] = power * (carried + np.cumsum(part / power))
        carried = float(logs[min(at + block, len(noise)) - 1])
    scale = spread * float(np.sqrt(1 - _MEMORY**2))
    return np.exp(scale * logs - spread**2)


def _volatility_of(shocks: Floats) -> Floats:
    """What the shared shocks of a day tell of its own range, never less than half the usual."""
    return np.clip(np.abs(shocks), 0.5, 4.0)


def _extremes(move: Floats, sigma: Floats, above: Floats, below: Floats) -> tuple[Floats, Floats]:
    """Highest and lowest log level of a Brownian bridge to `move`, from two uniforms."""
    spread = -2.0 * sigma**2
    high = (move + np.sqrt(move**2 + spread * np.log1p(-above))) / 2
    low = (move - np.sqrt(move**2 + spread * np.log1p(-below))) / 2
    return high, low


def _grid(level: Floats, steps: int) -> Ints:
    grid: Ints = np.maximum(np.rint(np.exp(level) * steps), 20.0).astype(np.int64)
    return grid
