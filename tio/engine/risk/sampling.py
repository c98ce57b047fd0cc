"""Which of the holdings have enough of a common past, and what today's would have returned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tio.api.portfolio_risk import LeftOut
from tio.engine.risk.estimates import Floats
from tio.engine.risk.paired import Prices, Together, together
from tio.engine.risk.value_at_risk import LEAST_NORMAL, LEAST_SHAPE

ENOUGH = (250, LEAST_SHAPE, LEAST_NORMAL)
"""Returns asked of each holding: as many of these as leave out little."""
COVERED = 0.9
"""The part of gross value that must stay in for the longer past to be preferred."""
_UNREAL = 1e-12


@dataclass(frozen=True, slots=True)
class Past:
    """Holdings over the days they share: logarithmic returns, shape (days, symbols)."""

    symbols: tuple[str, ...]
    shared: Together
    left_out: tuple[LeftOut, ...] = ()
    covered: float = 0.0


def past_of(sizes: Mapping[str, float], prices: Mapping[str, Prices], window: int) -> Past:
    """The newest `window` returns of those with enough closes; `sizes` are gross values.

    Each must have 250 returns (or the window), fewer where that would leave out more than a tenth
    of gross value; then who shares too few days with the rest goes too.
    """
    known = {symbol: prices[symbol].known() for symbol in sizes}
    counts = {symbol: max(len(each.time) - 1, 0) for symbol, each in known.items()}
    gross = sum(sizes.values())
    kept = _with_enough(sizes, counts, window, gross)
    kept = _sharing(kept, known, sizes)
    out = [
        LeftOut(
            symbol=symbol,
            share=sizes[symbol] / gross if gross > 0 else 0.0,
            closes=len(known[symbol].time),
            reason=_reason(len(known[symbol].time), counts[symbol], kept, counts),
        )
        for symbol in sizes
        if symbol not in kept
    ]
    if not kept:
        return Past((), Together(np.empty(0, np.int64), np.empty((0, 0))), tuple(out))
    return Past(
        tuple(kept),
        together([known[symbol] for symbol in kept], window),
        tuple(sorted(out, key=lambda each: -each.share)),
        sum(sizes[symbol] for symbol in kept) / gross if gross > 0 else 0.0,
    )


def held_through(logs: Floats, weights: Floats, days: int = 1) -> Floats:
    """What holdings left alone returned over every `days` in a row, as parts of capital.

    logs (n, symbols), weights (symbols,) of today's values; shape (n − days + 1,).
    """
    if len(logs) < days:
        return np.empty(0)
    spans = logs
    if days > 1:
        spans = np.lib.stride_tricks.sliding_window_view(logs, days, axis=0).sum(axis=-1)
    found: Floats = np.expm1(spans) @ weights
    return found


def _with_enough(
    sizes: Mapping[str, float], counts: Mapping[str, int], window: int, gross: float
) -> list[str]:
    kept: list[str] = []
    for enough in ENOUGH:
        kept = [symbol for symbol in sizes if counts[symbol] >= min(enough, window)]
        if sum(sizes[symbol] for symbol in kept) >= COVERED * gross - _UNREAL:
            break
    return kept


def _sharing(
    kept: Sequence[str], known: Mapping[str, Prices], sizes: Mapping[str, float]
) -> list[str]:
    """Those left when whoever keeps the rest apart most is gone, until enough days are common."""
    left = list(kept)
    while len(left) > 1 and _common([known[each] for each in left]) <= LEAST_NORMAL:
        gains = {
            each: (_common([known[other] for other in left if other != each]), -sizes[each])
            for each in left
        }
        left.remove(max(left, key=lambda each: gains[each]))
    return left


def _common(prices: Sequence[Prices]) -> int:
    """How many days all have."""
    days = prices[0].time
    for each in prices[1:]:
        days = np.intersect1d(days, each.time, assume_unique=True)
    return len(days)


def _reason(closes: int, count: int, kept: Sequence[str], counts: Mapping[str, int]) -> str:
    if not closes:
        return "no daily closes are known"
    if count < LEAST_NORMAL or all(count < counts[each] for each in kept):
        return f"only {closes} daily closes"
    return "it shares too few days with the rest"
