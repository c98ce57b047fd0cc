"""A portfolio's risk put together from what it holds and what that returned before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Context, Decimal, localcontext

import numpy as np
from msgspec.structs import replace

from tio.api.limits import LimitState
from tio.api.portfolio import Holdings
from tio.api.portfolio_risk import (
    GetRisk,
    LeftOut,
    RiskReport,
    Sample,
    TailBacktest,
    TailMethod,
    TailRisk,
)
from tio.engine.risk.beta import beta, parts
from tio.engine.risk.concentration import concentration, exposure_by
from tio.engine.risk.estimates import Floats
from tio.engine.risk.exceedances import WINDOW, backtest
from tio.engine.risk.held import Portfolio
from tio.engine.risk.paired import Prices, together
from tio.engine.risk.sampling import Past, held_through, past_of
from tio.engine.risk.value_at_risk import least, tail_risk

CONFIDENCES = (0.95, 0.99)
HORIZONS = (1, 10)
DAY = 86_400_000_000
_EPOCH = date(1970, 1, 1)
_WIDE = Context(prec=200)
"""Sums of a ledger's values need no more digits."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was fetched: closes in the portfolio's currency by symbol, those of a benchmark."""

    closes: Mapping[str, Prices]
    reasons: Mapping[str, str] = field(default_factory=dict)
    benchmark: Prices | None = None
    notes: tuple[str, ...] = ()


def report(
    asked: GetRisk,
    holdings: Holdings,
    portfolio: Portfolio,
    known: Known,
    limits: tuple[LimitState, ...] = (),
) -> RiskReport:
    """Everything told of a portfolio; what cannot be told is missing, with a note that says why."""
    with localcontext(_WIDE):
        bare = _exposed(asked, holdings, portfolio, limits)
        capital = portfolio.capital
        sizes = {each.symbol: float(abs(each.value)) for each in portfolio.risky}
        weights = {
            each.symbol: float(each.value / capital) if capital > 0 else 0.0
            for each in portfolio.risky
        }
    notes = [*_cautions(portfolio), *known.notes]
    if not sizes:
        return replace(bare, notes=(*notes, "nothing is held whose value could change"))
    past = past_of(sizes, known.closes, asked.window)
    out = tuple(
        replace(each, reason=known.reasons.get(each.symbol) or each.reason)
        for each in past.left_out
    )
    bare = _with_beta(bare, asked, past.symbols, weights, known)
    if not past.symbols:
        return replace(bare, sample=Sample(left_out=out), notes=tuple(notes))
    logs, of = past.shared.returns, _weights(past.symbols, weights)
    returns = held_through(logs, of)
    confidences = sorted({*CONFIDENCES, asked.confidence})
    whole = parts(past.symbols, of, np.expm1(logs), asked.confidence)
    return replace(
        bare,
        sample=_sample(past, out),
        tails=tuple(
            _tail(logs, of, returns, confidence, days, method)
            for days in sorted({*HORIZONS, asked.horizon})
            for confidence in confidences
            for method in TailMethod
        ),
        backtests=tuple(
            _tested(returns, confidence, method)
            for confidence in confidences
            for method in TailMethod
        ),
        parts=() if whole is None else whole.parts,
        parts_total=None if whole is None else whole.value_at_risk,
        notes=tuple(notes),
    )


def _exposed(
    asked: GetRisk, holdings: Holdings, portfolio: Portfolio, limits: tuple[LimitState, ...]
) -> RiskReport:
    """What needs no past: exposure and how it is spread."""
    positions = portfolio.positions
    values = [each.value for each in positions]
    return RiskReport(
        portfolio=holdings.portfolio,
        currency=holdings.currency,
        at=holdings.at,
        net=holdings.nav,
        capital=portfolio.capital,
        gross=portfolio.gross,
        long=sum((value for value in values if value > 0), Decimal(0)),
        short=sum((value for value in values if value < 0), Decimal(0)),
        cash=portfolio.cash,
        day_change=holdings.day_change,
        stale_share=holdings.stale_share,
        confidence=asked.confidence,
        concentration=concentration(values),
        classes=exposure_by(portfolio.held, lambda h: h.asset_class, lambda h: h.value),
        currencies=exposure_by(portfolio.held, lambda h: h.currency, lambda h: h.value),
        sectors=exposure_by(positions, lambda h: h.sector, lambda h: h.value),
        limits=limits,
    )


def _tail(
    logs: Floats, of: Floats, returns: Floats, confidence: float, days: int, method: TailMethod
) -> TailRisk:
    spans = held_through(logs, of, days) if method is TailMethod.historical else None
    return tail_risk(returns, confidence, days, method, spans)


def _tested(returns: Floats, confidence: float, method: TailMethod) -> TailBacktest:
    # What is asked for far out in the tail needs a longer past before each day.
    window = max(WINDOW, least(confidence, method))
    return backtest(returns, confidence, method, window)


def _with_beta(
    bare: RiskReport,
    asked: GetRisk,
    symbols: tuple[str, ...],
    weights: Mapping[str, float],
    known: Known,
) -> RiskReport:
    """The beta over the days the holdings share with the benchmark, which may be fewer."""
    if known.benchmark is None or not symbols:
        return replace(bare, benchmark=asked.benchmark)
    shared = together([*(known.closes[each] for each in symbols), known.benchmark], asked.window)
    returns = held_through(shared.returns[:, :-1], _weights(symbols, weights))
    found = beta(returns, np.expm1(shared.returns[:, -1]))
    if found is None:
        return replace(bare, benchmark=asked.benchmark)
    return replace(
        bare,
        benchmark=asked.benchmark,
        beta=found.value,
        beta_error=found.error,
        explained=found.explained,
    )


def _cautions(portfolio: Portfolio) -> list[str]:
    notes = []
    if portfolio.untold:
        notes.append(f"{few(portfolio.untold)} not counted: no price or no rate is known")
    if portfolio.net is not None and portfolio.net <= 0 and portfolio.gross:
        notes.append("the net value is not above zero: fractions are parts of gross value")
    return notes


def _sample(past: Past, out: tuple[LeftOut, ...]) -> Sample:
    shared = past.shared
    return Sample(
        returns=len(shared.time),
        start=None if shared.start is None else _day(shared.start),
        end=_day(int(shared.time[-1])) if len(shared.time) else None,
        covered=past.covered,
        left_out=out,
    )


def _weights(symbols: Sequence[str], weights: Mapping[str, float]) -> Floats:
    return np.array([weights[each] for each in symbols])


def _day(at: int) -> date:
    return _EPOCH + timedelta(at // DAY)


def few(names: Sequence[str]) -> str:
    """The first three, and how many more."""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more
