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

from tio.api.market import Timeframe
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
_UNIT = "prices of its days moved as if it were another: a minor unit was taken for a major one"
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
    shifts = unit_shifts(bars)
    close = bars.close * shifts[3]
    steps, usual = _overnight(past, bars.open * shifts[0], close)
    told = [payment for payment in past.paid if close[payment.row - 1] > 0]
    read, guesses = _in_unit(told, close, steps, usual)
    paid, twice = _once(read, bars.time, close, steps, usual)
    gains, counted = _within([g for g in past.gains if close[g.row - 1] > 0], paid)
    for before, after in zip(told, paid, strict=True):
        if before.row in twice:
            why = "the same payment stands on another day nearby"
            yield _amended(FaultKind.dividend_twice, before, 0.0, why, sure=True)
        elif before.row in guesses:
            yield _amended(FaultKind.dividend_unit, before, guesses[before.row], _UNIT, sure=False)
        elif before.amount != after.amount:
            yield _amended(FaultKind.dividend_unit, before, after.amount, _UNIT, sure=True)
    yield from counted
    if past.total is not None:
        yield from _total_faults(past, close, [*paid, *gains])


def _overnight(past: Past, opened: Floats, close: Floats) -> tuple[Floats, Floats]:
    """For each row the return in which a payment shows, and how large one usually is there.

    From the close before to the open, which moves less than a whole day does; to the close where no
    open is told apart. What says nothing (a stale price, a spike) is usual at any size.
    """
    whole = returns(close)
    before = np.concatenate((close[:1], close[:-1]))
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = np.log(opened / before)
    gap[~np.isfinite(gap)] = 0.0
    usual = usual_move(whole)
    if past.timeframe.intraday:
        usual = usual * _OVERNIGHT
    if past.timeframe is not Timeframe.d1:
        gap[:] = 0.0
    use = gap != 0
    steps = np.where(use, gap, whole)
    scale = np.where(use, usual_move(gap), usual)
    return steps, np.where(judgeable(whole, usual) | use & (whole != 0), scale, np.inf)


def _in_unit(
    paid: Sequence[Payment], close: Floats, steps: Floats, usual: Floats
) -> tuple[list[Payment], dict[int, float]]:
    """Payments as they are surely read; by row the amounts that are only likelier than those told.

    Sure is what prices alone say: that a yield is seldom seen is no proof against it.
    """
    read = list(paid)
    guesses: dict[int, float] = {}
    for group in _alike(paid, close):
        shares = [paid[i].amount / close[paid[i].row - 1] for i in group]
        by_price = [
            sum(_score(paid[i], reading, close, steps, usual) for i in group)
            for reading in _READINGS
        ]
        scores = [
            score + _rareness([share * reading for share in shares])
            for score, reading in zip(by_price, _READINGS, strict=True)
        ]
        best = int(np.argmax(scores))
        if scores[best] - scores[0] <= _CERTAIN:
            continue
        for i in group:
            amount = paid[i].amount * _READINGS[best]
            # One bad night looks like a large dividend; several on its very days do not.
            often = _READINGS[best] < 1 or len(group) > 1
            if often and by_price[best] - by_price[0] > _CERTAIN:
                read[i] = replace(paid[i], amount=amount)
            else:
                guesses[paid[i].row] = amount
    return read, guesses


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


def _amended(kind: FaultKind, told: Payment, amount: float, why: str, *, sure: bool) -> Found:
    """A payment that is to count as another amount than was told."""
    factor = amount / told.amount
    return Found(
        kind,
        told.row,
        told.row + 1,
        f"a dividend of {told.amount:g}",
        why,
        (Amend(told.event, (told.event.amount or 0.0) * factor),),
        sure=sure,
        on=told.event,
    )


def _total_faults(past: Past, close: Floats, paid: Sequence[Payment]) -> Iterator[Found]:
    """Where the total closes take off something else than was paid."""
    assert past.total is not None
    with np.errstate(divide="ignore", invalid="ignore"):
        share = past.total / past.bars.close
    due: dict[int, float] = {}
    for payment in paid:
        left = 1 - min(payment.amount / close[payment.row - 1], 0.999)
        due[payment.row] = due.get(payment.row, 1.0) * left
    for row, left in sorted(due.items()):
        told = _nearest(share, row, left, coarse=past.timeframe.step > DAY)
        if abs(told - left) <= max(_ROUNDED, _APART * (1 - left)):
            continue
        if not np.isfinite(told):
            continue  # a close is missing, which is a fault of its own
        possible = told != 0
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
    with np.errstate(divide="ignore", invalid="ignore"):
        told = float(share[row - 1] / share[row])
        if coarse and row + 1 < len(share):
            return min(told, float(share[row] / share[row + 1]), key=lambda left: abs(left - due))
    return told
