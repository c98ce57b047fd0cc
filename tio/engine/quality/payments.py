"""Faults of payments: amounts in the wrong unit, told twice, not or wrongly adjusted for.

A share without its dividend is worth that much less. Under each reading of an amount (as told, a
hundredth, a hundredfold) the return of its day lacks or has what was paid; readings are compared
by the likelihood of what is left over (Student's t with 3 degrees, the usual move as scale),
summed over payments of like yield, which come out of one mistake.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from tio.api.quality import FaultKind
from tio.engine.market.sessions import DAY
from tio.engine.quality.cells import unit_shifts
from tio.engine.quality.measure import judgeable, returns, usual_move
from tio.engine.quality.past import Amend, Column, Found, Past, Payment, Scale
from tio.engine.store.columns import Floats

_READINGS = (1.0, 0.01, 100.0)
_CERTAIN = 3.0
"""Log-likelihood by which another reading must be better: 20 to 1."""
_WELL_KNOWN = 0.0005, 0.15
"""Yields of a single payment that need no explanation; special ones are outside, but seldom."""
_SELDOM = 2.0
_IMPOSSIBLE = 40.0
_ALIKE = 10.0
"""Payments whose yields are within this factor of each other are read alike."""
_OVERNIGHT = 5.0
"""A payment shows in the move from one day to the next, in intraday bars a large one."""
_SAME = 0.1
_SAME_WITHIN = 7 * DAY
_APART = 0.05
"""Share of a payment by which an adjustment may miss it."""
_ROUNDED = 5e-4


def in_payments(past: Past) -> Iterator[Found]:
    """Faults of the events first, then of what total prices made of them as they should be."""
    if not past.paid:
        return
    bars = past.bars
    close = bars.close * unit_shifts(bars)[3]
    steps = returns(close)
    usual = usual_move(steps)
    if past.timeframe.intraday:
        usual = usual * _OVERNIGHT
    # What says nothing is as likely under every reading.
    usual = np.where(judgeable(steps, usual), usual, np.inf)
    paid, wrong = _in_unit(past.paid, close, steps, usual)
    paid, twice = _once(paid, bars.time, close, steps, usual)
    gains, counted = _within(past.gains, paid)
    yield from _amended(past.paid, paid, wrong, twice)
    yield from counted
    if past.total is not None:
        yield from _total_faults(past, close, [*paid, *gains])


def _in_unit(
    paid: Sequence[Payment], close: Floats, steps: Floats, usual: Floats
) -> tuple[list[Payment], set[int]]:
    """Payments as they are best read, and the rows of those told in another unit."""
    read = list(paid)
    wrong: set[int] = set()
    for group in _alike(paid, close):
        scores = [
            sum(_score(paid[i], reading, close, steps, usual) for i in group)
            + _rareness([paid[i].amount * reading / close[paid[i].row - 1] for i in group])
            for reading in _READINGS
        ]
        best = int(np.argmax(scores))
        if best and scores[best] - scores[0] > _CERTAIN:
            for i in group:
                read[i] = replace(paid[i], amount=paid[i].amount * _READINGS[best])
                wrong.add(paid[i].row)
    return read, wrong


def _alike(paid: Sequence[Payment], close: Floats) -> list[list[int]]:
    """Payments in groups whose yields are chained within a factor of three, none over ten."""
    order = sorted(range(len(paid)), key=lambda i: paid[i].amount / close[paid[i].row - 1])
    groups: list[list[int]] = []
    first = 0.0
    for i in order:
        share = paid[i].amount / close[paid[i].row - 1]
        if not groups or share > _ALIKE * first:
            groups.append([])
            first = share
        groups[-1].append(i)
    return groups


def _score(payment: Payment, reading: float, close: Floats, steps: Floats, usual: Floats) -> float:
    row = payment.row
    share = payment.amount * reading / close[row - 1]
    if share >= 0.95:
        return -_IMPOSSIBLE
    left = (steps[row] - np.log1p(-share)) / usual[row]
    return -2.0 * float(np.log1p(left * left / 3))


def _rareness(shares: Sequence[float]) -> float:
    """What a yield costs that is seldom seen, once for a group: it comes out of one cause."""
    share = float(np.median(shares))
    return 0.0 if _WELL_KNOWN[0] <= share <= _WELL_KNOWN[1] else -_SELDOM


def _once(
    paid: Sequence[Payment], time: np.ndarray, close: Floats, steps: Floats, usual: Floats
) -> tuple[list[Payment], set[int]]:
    """Of two like payments within a week one was told twice: that on which prices fell less."""
    kept = list(paid)
    twice: set[int] = set()
    for number, (first, second) in enumerate(pairwise(paid)):
        if time[second.row] - time[first.row] > _SAME_WITHIN or first.row in twice:
            continue
        if abs(first.amount / second.amount - 1) > _SAME:
            continue
        fell = [_score(p, 1.0, close, steps, usual) for p in (first, second)]
        nothing = [_score(p, 0.0, close, steps, usual) for p in (first, second)]
        odd = number if fell[0] + nothing[1] < fell[1] + nothing[0] else number + 1
        kept[odd] = replace(kept[odd], amount=0.0)
        twice.add(kept[odd].row)
    return kept, twice


def _within(gains: Sequence[Payment], paid: Sequence[Payment]) -> tuple[list[Payment], list[Found]]:
    """A fund's dividend of one day may already hold its capital gain; prices of the fund tell."""
    by_row = {payment.row: payment for payment in paid}
    kept, found = [], []
    for gain in gains:
        whole = by_row.get(gain.row)
        if whole is None or whole.amount < gain.amount:
            kept.append(gain)
            continue
        found.append(
            Found(
                FaultKind.dividend_twice,
                gain.row,
                gain.row + 1,
                f"a capital gain of {gain.amount:g} beside a dividend of {whole.amount:g}",
                "a source that tells both tells the gain as part of the dividend",
                (Amend(gain.event, 0.0),),
                sure=True,
                on=gain.event,
            )
        )
    return kept, found


def _amended(
    told: Sequence[Payment], read: Sequence[Payment], wrong: set[int], twice: set[int]
) -> Iterator[Found]:
    for before, after in zip(told, read, strict=True):
        if before.row in twice:
            kind, why = FaultKind.dividend_twice, "the same payment stands on another day nearby"
        elif before.row in wrong:
            kind = FaultKind.dividend_unit
            why = "prices of its days moved as if it were that; a minor unit was taken for a major"
        else:
            continue
        factor = after.amount / before.amount
        yield Found(
            kind,
            before.row,
            before.row + 1,
            f"a dividend of {before.amount:g}",
            why,
            (Amend(before.event, (before.event.amount or 0.0) * factor),),
            sure=True,
            on=before.event,
        )


def _total_faults(past: Past, close: Floats, paid: Sequence[Payment]) -> Iterator[Found]:
    """Where the total closes take off something else than was paid."""
    assert past.total is not None
    share = past.total / past.bars.close
    due: dict[int, float] = {}
    for payment in paid:
        left = 1 - min(payment.amount / close[payment.row - 1], 0.999)
        due[payment.row] = due.get(payment.row, 1.0) * left
    for row, left in sorted(due.items()):
        told = _nearest(share, row, left, coarse=past.timeframe.step > DAY)
        if abs(told - left) <= max(_ROUNDED, _APART * (1 - left)):
            continue
        possible = bool(np.isfinite(told)) and told != 0
        yield Found(
            FaultKind.dividend_not_adjusted,
            0,
            row,
            f"prices before are {1 - told:.3%} lower for a payment of {1 - left:.3%}",
            "total prices before a payment are lower by its share of the close before it",
            (Scale(0, row, left / told, of=Column.total),) if possible else (),
            sure=possible,
        )


def _nearest(share: Floats, row: int, due: float, *, coarse: bool) -> float:
    """What total closes leave of the prices before a row; a week may count as before or after."""
    told = float(share[row - 1] / share[row])
    if coarse and row + 1 < len(share):
        return min(told, float(share[row] / share[row + 1]), key=lambda left: abs(left - due))
    return told
