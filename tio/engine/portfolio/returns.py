"""What a portfolio returned: time-weighted, simple and money-weighted. Rates are fractions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tio.api.errors import Invalid

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

YEAR = 365
ROUNDING = 1e-12
"""A base below this share of the money it was made of is what floats leave of nothing."""
LARGEST = 1e4
"""What the largest amount is scaled to for pyxirr, which stops at an absolute error."""


@dataclass(frozen=True, eq=False)
class TimeWeighted:
    """Time-weighted return: of each day (NaN where none is told), of all linked, of a year.

    total: NaN when no day tells a return. annual: None under a year unless it was asked for.
    untold: how many days gained or lost on a base at or below zero, which no return tells.
    """

    daily: Floats
    total: float
    annual: float | None
    untold: int


@dataclass(frozen=True, eq=False)
class Stretches:
    """Days grouped so that each group ends with a valuation; a day valued daily is one of its own.

    first, last: rows, (m,). begin, end: value before and after. flow: the sum of its flows. base:
    the capital at work, each flow for its share of the days; NaN where it is not above zero.
    """

    first: Rows
    last: Rows
    begin: Floats
    end: Floats
    flow: Floats
    base: Floats

    @property
    def gain(self) -> Floats:
        return self.end - self.begin - self.flow


def time_weighted(
    value: Floats,
    flow: Floats,
    *,
    opening: float = 0.0,
    days: int | None = None,
    annualise: bool = False,
) -> TimeWeighted:
    """The time-weighted return of days in order, a row each.

    value: at the end of each day, NaN without a valuation. flow: money that came in (out below
    zero), at the start of its day. opening: value before the first day. days: calendar days
    covered, a row each unless given. annualise: also under a year. Daily valuation: r = end /
    (begin + flow) − 1; over days without one the Modified Dietz return, told on the day that
    ends them. Dietz (1966); Bacon (2008), ch. 2.
    """
    parts = stretches(value, flow, opening)
    daily = np.full(len(value), np.nan)
    daily[parts.last] = parts.gain / parts.base
    told = daily[np.isfinite(daily)]
    total = linked(told) if len(told) else float("nan")
    covered = len(value) if days is None else days
    silent = np.isnan(parts.base) & (parts.gain != 0)
    annual = annualised(total, covered) if covered >= YEAR or annualise else None
    return TimeWeighted(daily, total, annual, int(silent.sum()))


def stretches(value: Floats, flow: Floats, opening: float) -> Stretches:
    """The days up to the last valuation, grouped by valuation.

    A flow weighs as many of its stretch's days as it was there for. A stretch that begins with
    nothing begins with its first flow. Where that would lose more than all though something is
    left, every flow weighs the whole stretch.
    """
    if len(value) != len(flow):
        raise Invalid(
            f"{len(value)} values came with {len(flow)} flows; each day needs one of both",
            "Give a flow of 0 for a day without one.",
        )
    last = np.flatnonzero(np.isfinite(value))
    first = np.concatenate(([0], last[:-1] + 1)) if len(last) else last
    end = value[last]
    begin = np.concatenate(([opening], end[:-1])) if len(last) else end
    flow = np.where(np.isfinite(flow), flow, 0.0)[: last[-1] + 1 if len(last) else 0]
    starts = np.where(begin == 0, _first_flow(flow, first, last), first)
    lengths = last - first + 1
    weights = (np.repeat(last, lengths) - np.arange(len(flow)) + 1) / np.repeat(
        last - starts + 1, lengths
    )
    weighed = _sums(weights * flow, first)
    flows = _sums(flow, first)
    gain, base = end - begin - flows, begin + weighed
    base = np.where((base > 0) & (gain <= -base) & (end > 0), begin + flows, base)
    least = ROUNDING * (np.abs(begin) + _sums(np.abs(flow), first))
    base = np.where(base > least, base, np.nan)
    return Stretches(first, last, begin, end, flows, base)


def linked(returns: Floats) -> float:
    """Returns one after the other as one: ∏(1 + r) − 1. NaNs are left out; −1 or less ends all."""
    growth = 1 + returns[np.isfinite(returns)]
    if growth.min(initial=1) <= 0:
        return -1.0
    with np.errstate(over="ignore"):
        return float(np.prod(growth) - 1)


def folded(daily: Floats, kept: NDArray[np.bool_]) -> Floats:
    """Returns of the days kept, each linked with those of the days left out just before it.

    For calendar days measured by days of trading: what moved over a weekend is told on Monday.
    Days after the last one kept wait for the next. NaN where none of the linked days tells one.
    """
    last = np.flatnonzero(kept)
    if not len(last):
        return np.empty(0)
    first = np.concatenate(([0], last[:-1] + 1))
    known = np.isfinite(daily)[: last[-1] + 1]
    growth = np.where(known, np.maximum(1 + daily[: last[-1] + 1], 0), 1.0)
    with np.errstate(over="ignore", invalid="ignore"):
        together = np.multiply.reduceat(growth, first) - 1
    return np.where(np.logical_or.reduceat(known, first), together, np.nan)


def annualised(total: float, days: int) -> float:
    """A total over so many calendar days as that of a year of 365; NaN for no days."""
    if days <= 0 or not total >= -1:
        return float("nan")
    with np.errstate(over="ignore"):
        return float(np.float64(1 + total) ** (YEAR / days) - 1)


def simple_return(opening: float, closing: float, inflow: float, outflow: float) -> float:
    """Gain over what was put in: (closing + outflow) / (opening + inflow) − 1.

    inflow, outflow: sums of the money that came and went, both at or above zero. NaN where nothing
    was put in. Portfolio Performance's "delta %"; the return on investment of Feibel (2003).
    """
    invested = opening + inflow
    if not invested > 0:
        return float("nan")
    return (closing + outflow) / invested - 1


def xirr(dates: Sequence[date], amounts: Sequence[float] | Floats) -> float | None:
    """The yearly rate at which the amounts are worth nothing together: money-weighted return.

    amounts: paid in below zero, taken out (and worth at the end) above; years of 365 days. None
    where no rate does it: fewer than two dates, one sign only, nothing found. Where the sign
    changes more than once several rates may do it: this is the one pyxirr comes upon first.
    """
    if len(dates) != len(amounts):
        raise Invalid(
            f"{len(dates)} dates came with {len(amounts)} amounts", "Give each amount its date."
        )
    paid = np.asarray(amounts, dtype=np.float64)
    most = float(np.abs(paid).max(initial=0))
    if len(set(dates)) < 2 or not 0 < most < np.inf:
        return None
    from pyxirr import xirr as solve

    paid = paid / most * LARGEST
    rate = solve(list(dates), paid.tolist(), silent=True)
    if rate is None or not np.isfinite(rate):
        return None
    first = min(dates)
    return _sharpened(rate, np.array([(each - first).days / YEAR for each in dates]), paid)


def _sharpened(rate: float, years: Floats, paid: Floats) -> float:
    """The rate after one more step of Newton's; as it was where that step is not a small one."""
    with np.errstate(all="ignore"):
        worth = paid * (1 + rate) ** -years
        step = float(worth.sum() / (years * worth).sum() * (1 + rate))
    return rate + step if abs(step) < 1e-6 * (1 + rate) else rate


def _first_flow(flow: Floats, first: Rows, last: Rows) -> Rows:
    """The row of each stretch's first flow; its last where it has none."""
    moved = np.append(np.flatnonzero(flow), len(flow))
    found: Rows = np.minimum(moved[np.searchsorted(moved, first)], last)
    return found


def _sums(column: Floats, first: Rows) -> Floats:
    return np.add.reduceat(column, first) if len(first) else np.empty(0)
