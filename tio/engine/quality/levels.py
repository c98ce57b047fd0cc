"""Faults of level: bars on the wrong side of a split, jumps nobody explains, single wild bars.

A return is judged by the usual move around it (`measure`). What a known payment takes from the
price is no jump. A bar before a split of ratio R that is not on the new basis stands R times too
high, one adjusted twice R times too low: entry and exit of such a run are returns of ±log R.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from tio.api.quality import FaultKind
from tio.engine.quality.cells import unit_shifts
from tio.engine.quality.measure import WILD, comes_back, returns, usual_move
from tio.engine.quality.past import Drop, Found, Past, Scale, Split, day_of
from tio.engine.store.columns import Floats

_LIKELY = 4.0
"""Usual moves a return may be from log R and still be that of a split."""
_NEAR = 0.03
"""And in any case this much."""
_CLEAR = 6.0
"""Usual moves a split must be worth to be told from noise."""
_LEAP = 0.15
"""The least a spike leaps."""
_COMMON = (2.0, 3.0, 4.0, 5.0, 7.0, 8.0, 10.0, 15.0, 20.0, 25.0, 50.0, 1.5)
_AROUND = 20
"""Bars on either side whose volumes are compared."""
_SURE_WITHIN = 15
"""Bars between a jump and the split it is put down to."""


def in_levels(past: Past) -> Iterator[Found]:
    """Split faults, unexplained jumps and spikes."""
    if len(past.bars) < 5:
        return
    close = past.bars.close * unit_shifts(past.bars)[3]
    plain = returns(close)
    explained = plain + payment_steps(past, close)
    judged = explained if past.total is None else returns(past.total)
    usual = usual_move(judged)
    taken = np.zeros(len(close), np.bool_)
    for split in past.splits:
        if past.adjusted.value == "raw":
            taken[split.row] = True
            continue
        for found in _of_split(past, split, judged, usual):
            taken[max(0, found.begin - 1) : found.end + 1] = True
            yield found
    yield from _suspects(past, plain, explained, usual_move(explained), taken)
    yield from _spikes(past, plain, usual_move(plain), taken)


def payment_steps(past: Past, close: Floats) -> Floats:
    """What each row's return lacks because something was paid, as a positive log."""
    steps = np.zeros(len(close))
    for payment in past.paid:
        before = close[payment.row - 1]
        if 0 < payment.amount < 0.95 * before:
            steps[payment.row] -= np.log1p(-payment.amount / before)
    return steps


def _of_split(past: Past, split: Split, steps: Floats, usual: Floats) -> Iterator[Found]:
    size = np.log(split.ratio)
    if abs(size) < 0.05:
        return
    jumps = [
        row
        for row in np.flatnonzero(
            np.abs(np.abs(steps) - abs(size)) < np.maximum(_LIKELY * usual, _NEAR)
        ).tolist()
        if row > 0 and abs(size) > _CLEAR * usual[row] and row <= split.row + 1
    ]
    while jumps:
        begin = jumps.pop(0)
        side = np.sign(steps[begin] * size)
        if jumps and steps[begin] * steps[jumps[0]] < 0:
            yield _misplaced(past, split, begin, jumps.pop(0), side)
        else:
            yield _misplaced(past, split, 0, begin, -side, jump=begin)


def _misplaced(
    past: Past, split: Split, begin: int, end: int, side: float, jump: int | None = None
) -> Found:
    """Rows that stand R^side away from the level of the others."""
    factor = split.ratio**-side
    missing = side > 0
    name = f"the split {split.ratio:g}:1 of {day_of(past.bars, split.row, past.timeframe)}"
    near = jump is None or split.row - jump <= _SURE_WITHIN
    return Found(
        FaultKind.split_not_applied if missing else FaultKind.split_applied_twice,
        begin,
        end,
        f"{end - begin} bars stand {split.ratio**side:.4g} times where the others stand",
        f"that is the ratio of {name}, which was {'not' if missing else 'twice'} applied to them",
        (Scale(begin, end, factor, 1 / factor),),
        sure=near,
    )


def _suspects(
    past: Past, plain: Floats, steps: Floats, usual: Floats, taken: np.ndarray
) -> Iterator[Found]:
    """Jumps by a common ratio with calm around, volumes that moved against it, and no event."""
    bars = past.bars
    total = steps if past.total is None else returns(past.total)
    large = np.abs(steps) > np.maximum(WILD * usual, 0.38)
    for row in np.flatnonzero(large & ~taken).tolist():
        slack = max(_NEAR, 2.5 * float(usual[row]))
        opened, before = bars.open[row], bars.close[row - 1]
        gap = float(np.log(opened / before)) if opened > 0 and before > 0 else float(plain[row])
        # A split is there from the first price on; half of the day's own move is noise to it.
        ratio = _common(-gap, slack) or _common(float(-steps[row]), slack)
        if ratio is None or abs(total[row] - steps[row]) > 0.05 or comes_back(plain, row):
            continue
        if abs(gap - plain[row]) > max(4 * usual[row], 0.06):
            continue
        if not _volumes_agree(bars.volume, row, ratio):
            continue
        yield Found(
            FaultKind.split_suspect,
            row,
            row + 1,
            f"close {bars.close[row]:g} after {bars.close[row - 1]:g}, a ratio near {ratio:.4g}",
            "prices jump as by a split and volumes with them, but no split is known here",
            (Scale(0, row, 1 / ratio, ratio),),
        )


def _common(size: float, slack: float) -> float | None:
    """The split ratio nearest to a log price ratio, None where none is within `slack`."""
    nearest = min(_COMMON, key=lambda ratio: abs(abs(size) - np.log(ratio)))
    if abs(abs(size) - np.log(nearest)) > slack:
        return None
    return nearest if size > 0 else 1 / nearest


def _volumes_agree(volume: Floats, row: int, ratio: float) -> bool:
    """Whether as many times more shares change hands after as there are; unknown ones agree."""
    before, after = volume[max(0, row - _AROUND) : row], volume[row : row + _AROUND]
    if not (before > 0).any() or not (after > 0).any():
        return True
    change = np.log(np.median(after[after > 0]) / np.median(before[before > 0]))
    return bool(abs(change - np.log(ratio)) < max(0.5, abs(np.log(ratio)) / 2))


def _spikes(past: Past, steps: Floats, usual: Floats, taken: np.ndarray) -> Iterator[Found]:
    """Single closes far from both neighbours, which stand beside each other."""
    close = past.bars.close
    wild = (np.abs(steps) > np.maximum(WILD * usual, _LEAP)) & ~taken
    for row, after in pairwise(range(1, len(close))):
        if not wild[row] or not comes_back(steps, row) or abs(steps[after]) < _LEAP / 2:
            continue
        yield Found(
            FaultKind.spike,
            row,
            after,
            f"close {close[row]:g} between {close[row - 1]:g} and {close[after]:g}",
            f"{abs(steps[row]) / usual[row]:.0f} times the usual move, and back with the next bar",
            (Drop((row,)),),
        )
