"""Today's holdings as shocks and windows of the past fall upon them."""

from collections.abc import Mapping

import numpy as np
from msgspec.structs import replace

from tio.api.market import AssetClass
from tio.api.stress import HistoricalWindow, StressResult
from tio.engine.risk.beta import beta
from tio.engine.risk.closes import Closes
from tio.engine.risk.exposure import Exposure
from tio.engine.risk.held import CASH, Portfolio
from tio.engine.risk.paired import together
from tio.engine.risk.reliving import covers, relived
from tio.engine.risk.reporting import few

MONEY = frozenset({CASH, AssetClass.fx})
BETA_WINDOW = 750
"""Returns a beta is taken from."""


def relived_window(
    portfolio: Portfolio,
    window: HistoricalWindow,
    closes: Mapping[str, Closes],
    benchmark: str,
    betas: Mapping[str, float],
    notes: tuple[str, ...],
) -> StressResult:
    """Today's holdings through one window, with the currencies of then where rates are known."""
    prices, still, gone = {}, set(), set()
    for each in portfolio.risky:
        of = closes[each.symbol]
        whole = of.base
        if covers(whole, window):
            prices[each.symbol] = whole
        elif each.is_cash:
            gone.add(each.symbol)
        else:
            prices[each.symbol] = of.own
            if of.rates is not None and covers(of.own, window):
                still.add(each.currency)
        if of.standing or each.symbol in gone:
            still.add(each.currency)
    kept = [each for each in exposures_of(portfolio, betas) if each.symbol not in gone]
    market = closes[benchmark].base if benchmark else None
    told = relived(kept, window, prices, market, portfolio.capital or None)
    if still:
        notes = (*notes, f"{few(sorted(still))} stood still: no rates of then")
    return replace(told, window=window.alias or window.name, notes=notes)


def exposures_of(portfolio: Portfolio, betas: Mapping[str, float]) -> list[Exposure]:
    """What shocks fall upon; money and currencies of no known beta do not follow the market."""
    return [
        Exposure(
            each.symbol,
            each.value,
            each.asset_class,
            each.currency,
            betas.get(each.symbol, 0.0 if each.asset_class in MONEY else None),
        )
        for each in portfolio.risky
    ]


def betas_of(
    portfolio: Portfolio, benchmark: str, closes: Mapping[str, Closes]
) -> dict[str, float]:
    """The beta of each position to the benchmark over the newest days both have."""
    found: dict[str, float] = {}
    market = closes[benchmark].base if benchmark else None
    for each in portfolio.positions:
        if market is None or each.symbol not in closes:
            continue
        shared = np.expm1(together([closes[each.symbol].base, market], BETA_WINDOW).returns)
        told = beta(shared[:, 0], shared[:, 1])
        if told is not None:
            found[each.symbol] = told.value
    return found


def untold_of(portfolio: Portfolio) -> tuple[str, ...]:
    """A note on what has no value, where there is such."""
    if not portfolio.untold:
        return ()
    return (f"{few(portfolio.untold)} not counted: no price or no rate is known",)
