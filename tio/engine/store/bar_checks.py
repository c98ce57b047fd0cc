"""Which rows of a file can be bars, and why the others cannot."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tio.api.clean import clean
from tio.engine.store.columns import Columns

PRICES = ("open", "high", "low", "close")
NONE = ("", "-", "nan", "null", "none", "n/a", "na")
"""What files write where there is no volume."""


def faults(
    bars: Columns,
    told: Sequence[Sequence[str]],
    volumes: Sequence[str] = (),
    *,
    signed: bool = False,
) -> list[str]:
    """For each bar what is wrong with it, empty when nothing is.

    `told` holds the four prices as texts, for a number that cannot be read, `volumes` likewise.
    `signed`: its prices may be zero or below.
    """
    reasons = [""] * len(bars)
    prices = np.stack([bars.open, bars.high, bars.low, bars.close])
    outside = (prices[0] > prices[1]) | (prices[3] > prices[1])
    outside |= (prices[0] < prices[2]) | (prices[3] < prices[2])
    unknown = np.flatnonzero(np.isnan(bars.volume)).tolist() if volumes else []
    for number in unknown:
        if volumes[number].lower() not in NONE:
            reasons[number] = _unread("volume", volumes[number])
    _mark(reasons, bars.volume < 0, "the volume is negative")
    _mark(reasons, outside, "open or close lies outside low and high")
    _mark(reasons, prices[1] < prices[2], "high is below low")
    for name, price, texts in reversed(list(zip(PRICES, prices, told, strict=True))):
        if not signed:
            _mark(reasons, price <= 0, f"{name} is not above zero")
        for number in np.flatnonzero(np.isnan(price)).tolist():
            reasons[number] = _unread(name, texts[number])
    return reasons


def doubles(times: Sequence[int], bars: Columns, lines: Sequence[int]) -> dict[int, str]:
    """Rows that tell a time again: the first telling is kept, the reason names its line."""
    first: dict[int, int] = {}
    found: dict[int, str] = {}
    for number, time in enumerate(times):
        kept = first.setdefault(time, number)
        if kept == number:
            continue
        same = np.array_equal(bars.block[1:, number], bars.block[1:, kept])
        found[number] = (
            f"the same as line {lines[kept]}"
            if same
            else f"another bar of the time of line {lines[kept]}"
        )
    return found


def _mark(reasons: list[str], wrong: NDArray[np.bool_], reason: str) -> None:
    for number in np.flatnonzero(wrong).tolist():
        reasons[number] = reason


def _unread(name: str, text: str) -> str:
    return f"{name} is no number: {clean(text, limit=24)!r}" if text.strip() else f"{name} is empty"
