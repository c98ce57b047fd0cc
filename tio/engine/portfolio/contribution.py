"""What each position gave: its gain in money, and its part of the portfolio's return."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from tio.api.errors import Invalid
from tio.engine.portfolio.returns import Floats, Stretches, linked, stretches


@dataclass(frozen=True, eq=False)
class Contributions:
    """Parts of a return, which add up to it exactly.

    daily: (days, positions), of each day's return; NaN on days that tell none. linked:
    (positions,), of the total. total: the time-weighted return of all; NaN where no day tells one.
    """

    daily: Floats
    linked: Floats
    total: float


def gain(opening: Decimal, closing: Decimal, net_purchases: Decimal, income: Decimal) -> Decimal:
    """What a position gained over a period: closing − opening − net purchases + income.

    net_purchases: money paid for what was bought less what sales brought, fees in both. income:
    dividends and interest less what was withheld. All in one currency.
    """
    return closing - opening - net_purchases + income


def contributions(
    value: Floats, bought: Floats, income: Floats, opening: Floats | None = None
) -> Contributions:
    """Each position's part of the daily returns and of their total, linked after Cariño (1999).

    value: at the end of each day, (days, positions), cash being one of them; a NaN leaves the
    day without valuation. bought: net purchases, at the start of the day; for cash the money that
    came in from outside and from the other positions, income among it. income: what a position
    paid out. opening: values before the first day, (positions,). Money from outside is
    Σ(bought − income); total, stretches and what no return tells are those of `time_weighted`.
    """
    _check(value, bought, income)
    before = np.zeros(value.shape[1]) if opening is None else opening
    paid = np.nan_to_num(bought, nan=0.0) - np.nan_to_num(income, nan=0.0)
    whole = stretches(value.sum(axis=1), paid.sum(axis=1), float(before.sum()))
    parts = _gains(value, paid, before, whole) / whole.base[:, None]
    known = np.isfinite(whole.base)
    daily = np.full(value.shape, np.nan)
    daily[whole.last] = parts
    if not known.any():
        return Contributions(daily, np.full(value.shape[1], np.nan), float("nan"))
    returns = (whole.gain / whole.base)[known]
    weights = linking(returns)
    return Contributions(daily, weights @ parts[known], linked(returns))


def with_rest(
    nav: Floats, flow: Floats, value: Floats, bought: Floats, income: Floats
) -> tuple[Floats, Floats, Floats]:
    """value, bought and income with one more column: what of `nav` is in no position.

    That is cash, and its gain interest, fees, taxes and currency. nav, flow: (days,), as
    `time_weighted` takes them.
    """
    cash = nav - value.sum(axis=1)
    came = flow - bought.sum(axis=1) + income.sum(axis=1)
    return (
        np.column_stack((value, cash)),
        np.column_stack((bought, came)),
        np.column_stack((income, np.zeros(len(nav)))),
    )


def linking(returns: Floats) -> Floats:
    """What each return counts for in their total: Σ weight · return = ∏(1 + return) − 1.

    Cariño (1999): ln(1 + r) / r over the same of the total, whatever the order of the days. The
    limit of that for a day that loses all is that it makes the total alone.
    """
    if len(returns) and returns.min() <= -1:
        ruin = int(np.argmax(returns <= -1))
        alone = np.zeros(len(returns))
        alone[ruin] = -1 / returns[ruin]
        return alone
    total = float(np.log1p(returns).sum())
    of_all = float(np.expm1(total)) / total if total else 1.0
    safe = np.where(returns == 0, 1.0, returns)
    of_each = np.where(returns == 0, 1.0, np.log1p(safe) / safe)
    weights: Floats = of_each * of_all
    return weights


def _gains(value: Floats, paid: Floats, opening: Floats, whole: Stretches) -> Floats:
    """What each position gained in each stretch, (stretches, positions)."""
    if not len(whole.last):
        return np.empty((0, value.shape[1]))
    end = value[whole.last]
    begin = np.concatenate((opening[None, :], end[:-1]))
    spent = np.add.reduceat(paid[: whole.last[-1] + 1], whole.first, axis=0)
    return end - begin - spent


def _check(value: Floats, bought: Floats, income: Floats) -> None:
    if value.ndim != 2 or not value.shape == bought.shape == income.shape:
        raise Invalid(
            f"values {value.shape}, purchases {bought.shape} and income {income.shape} differ",
            "Give each a row a day and a column a position.",
        )
