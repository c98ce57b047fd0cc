"""Faults one bar shows by itself or beside its neighbours: range, zero, unit, flat, doubled."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tio.api.quality import FaultKind
from tio.engine.quality.measure import rolling_median
from tio.engine.quality.past import FIELDS, Drop, Found, Past, Put
from tio.engine.store.columns import Columns, Floats

_PRICES = FIELDS[:4]
_UNIT = 100.0
_BAND = 0.35
"""How far (in logarithm, 42 %) a price may be from a hundred times its neighbours' to be one."""
_ROUNDING = 1e-6
"""Relative: adjusted prices are rounded, so that a close may stand a hair outside its range."""
_TRADED = 0.5
"""Where fewer bars than this share have volume, a bar without says nothing."""


def in_cells(past: Past) -> Iterator[Found]:
    """Every fault of single cells and rows; rows without any price are told as a whole."""
    bars = past.bars
    if not len(bars):
        return
    prices = np.stack([getattr(bars, name) for name in _PRICES])
    known = ~np.isnan(prices) if past.signed else prices > 0
    yield from _without_price(prices, known)
    units = _units(prices)
    yield from _unit_errors(prices, units)
    odd = (units != 0).any(axis=0)
    yield from _ranges(prices, known.all(axis=0) & ~odd)
    yield from _volumes(bars.volume)
    yield from _flats(bars)
    yield from _doubled(past)


def unit_shifts(bars: Columns) -> Floats:
    """What each price must be multiplied with to be in the unit of its neighbours: (4, n)."""
    prices = np.stack([getattr(bars, name) for name in _PRICES])
    return np.power(_UNIT, -_units(prices))


def _without_price(prices: Floats, known: NDArray[np.bool_]) -> Iterator[Found]:
    empty: NDArray[np.bool_] = np.asarray(~known.any(axis=0))
    for begin, end in spans(empty):
        yield Found(
            FaultKind.non_positive,
            begin,
            end,
            "no price above zero",
            "a bar without a price says nothing; where nothing traded there is no bar",
            (Drop(tuple(range(begin, end))),),
            sure=True,
        )
    for row in np.flatnonzero((~known).any(axis=0) & ~empty).tolist():
        bad = [name for name, told in zip(_PRICES, known[:, row], strict=True) if not told]
        yield Found(
            FaultKind.non_positive,
            row,
            row + 1,
            f"{' and '.join(bad)} {', '.join(f'{_price(prices, n, row):g}' for n in bad)}",
            "a price is above zero; the bar's other prices bound what it was",
            (Put(row, tuple(_bounded(prices[:, row], bad).items())),),
        )


def _price(prices: Floats, name: str, row: int) -> float:
    return float(prices[_PRICES.index(name), row])


def _bounded(row: Floats, bad: list[str]) -> dict[str, float]:
    """Estimates of missing prices from those of the same bar."""
    value = {name: float(price) for name, price in zip(_PRICES, row, strict=True)}
    known = [price for name, price in value.items() if name not in bad]
    guess = {"high": max(known), "low": min(known)}
    ends = [value[n] for n in ("open", "close") if n not in bad]
    middle = ends[0] if ends else sum(known) / len(known)
    return {name: guess.get(name, middle) for name in bad}


def _units(prices: Floats) -> NDArray[np.int64]:
    """For each price +1 where it is a hundredfold of those around it, −1 a hundredth, else 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(np.where(prices > 0, prices, np.nan))
    found = np.zeros(prices.shape, np.int64)
    with np.errstate(invalid="ignore"):
        steps = np.nanmedian(np.where(np.isnan(logs).all(axis=0), 0.0, logs), axis=0)
    # Runs of rows in the other unit, however long, begin and end with such a jump.
    found += _runs(steps)
    level = rolling_median(steps - found[0] * np.log(_UNIT), 5)
    with np.errstate(invalid="ignore"):
        apart = (logs - level) / np.log(_UNIT)
        near = np.abs(np.abs(apart) - 1) < _BAND / np.log(_UNIT)
    return np.where(near, np.sign(np.nan_to_num(apart)).astype(np.int64), 0)


def _runs(levels: Floats) -> NDArray[np.int64]:
    """Rows between a jump by a hundred and the next one back; a jump for good is no run."""
    found = np.zeros(len(levels), np.int64)
    steps = np.diff(levels, prepend=levels[:1])
    jumps = np.flatnonzero(np.abs(np.abs(steps) - np.log(_UNIT)) < _BAND)
    at = 0
    while at + 1 < len(jumps):
        begin, end = int(jumps[at]), int(jumps[at + 1])
        if steps[begin] * steps[end] >= 0:
            at += 1
            continue
        found[begin:end] = int(np.sign(steps[begin]))
        at += 2
    return found


def _unit_errors(prices: Floats, units: NDArray[np.int64]) -> Iterator[Found]:
    odd = (units != 0).any(axis=0)
    for begin, end in spans(odd):
        part = units[:, begin:end]
        told = "a hundredfold" if part.max() > 0 else "a hundredth"
        yield Found(
            FaultKind.unit_error,
            begin,
            end,
            f"prices of {told} of those before and after",
            "a minor unit (pence) was taken for the major one (pounds), or the other way round",
            tuple(
                Put(
                    row,
                    tuple(
                        (name, float(prices[i, row] * _UNIT ** -int(units[i, row])))
                        for i, name in enumerate(_PRICES)
                        if units[i, row]
                    ),
                )
                for row in range(begin, end)
                if units[:, row].any()
            ),
            sure=True,
        )


def _ranges(prices: Floats, whole: NDArray[np.bool_]) -> Iterator[Found]:
    open_, high, low, close = prices
    top, bottom = np.maximum(open_, close), np.minimum(open_, close)
    crossed = whole & (high < low)
    slack = _ROUNDING * np.abs(top)
    outside = whole & ~crossed & ((top > high + slack) | (bottom < low - slack))
    for row in np.flatnonzero(crossed).tolist():
        fits = low[row] >= top[row] - slack[row] and high[row] <= bottom[row] + slack[row]
        yield Found(
            FaultKind.high_below_low,
            row,
            row + 1,
            f"high {high[row]:g} below low {low[row]:g}",
            "high and low stand in each other's place" if fits else "no bar has such a range",
            (Put(row, _widened(prices[:, row])),),
            sure=bool(fits),
        )
    for row in np.flatnonzero(outside).tolist():
        yield Found(
            FaultKind.outside_range,
            row,
            row + 1,
            f"open {open_[row]:g}, close {close[row]:g} not within {low[row]:g} to {high[row]:g}",
            "what was paid at the open and at the close belongs to the range of the bar",
            (Put(row, _widened(prices[:, row])),),
        )


def _widened(row: Floats) -> tuple[tuple[str, float], ...]:
    return (("high", float(row.max())), ("low", float(row.min())))


def _volumes(volume: Floats) -> Iterator[Found]:
    for row in np.flatnonzero(volume < 0).tolist():
        yield Found(
            FaultKind.negative_volume,
            row,
            row + 1,
            f"volume {volume[row]:g}",
            "a volume is not below zero",
            (Put(row, (("volume", float("nan")),)),),
            sure=True,
        )


def _flats(bars: Columns) -> Iterator[Found]:
    """Bars without volume that repeat the close before them, where bars usually have volume."""
    volume = bars.volume
    if not len(bars) or np.mean(volume > 0) < _TRADED:
        return
    close = bars.close
    before = np.concatenate(([np.nan], close[:-1]))
    flat = (
        (volume == 0)
        & (bars.high == bars.low)
        & (bars.open == bars.close)
        & (close == bars.high)
        & (close == before)
    )
    for begin, end in spans(flat):
        yield Found(
            FaultKind.flat_without_trade,
            begin,
            end,
            f"no volume, every price the close before, {close[begin]:g}",
            "filled in by the source: where nothing traded there is no bar",
            (Drop(tuple(range(begin, end))),),
        )


def _doubled(past: Past) -> Iterator[Found]:
    """Two bars of one span: of two the one with less volume is the odd one."""
    bars = past.bars
    step = min(past.timeframe.step, 28 * 86_400_000_000)
    for row in np.flatnonzero(np.diff(bars.time) < step).tolist():
        first, second = bars.volume[row], bars.volume[row + 1]
        less = row if second > first or second != second else row + 1
        alike = bool(np.array_equal(bars.block[1:5, row], bars.block[1:5, row + 1]))
        yield Found(
            FaultKind.doubled,
            row,
            row + 2,
            f"two bars within one {past.timeframe}",
            "one span has one bar; "
            + ("both say the same" if alike else "the one with less volume is the odd one"),
            (Drop((less,)),),
            sure=alike,
        )


def spans(where: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Runs of true as begin and end rows."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], where, [False])).astype(np.int8)))
    return [(int(begin), int(end)) for begin, end in edges.reshape(-1, 2)]
