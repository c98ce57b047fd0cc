"""Risk in words and figures, as shell and screens tell it alike."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from tio.api.limits import LimitKind, LimitLevel, LimitState
from tio.api.portfolio_risk import (
    ExposureLine,
    RiskPart,
    RiskReport,
    TailBacktest,
    TailMethod,
    TailRisk,
)
from tio.api.stress import StressResult
from tio.draw.amounts import money
from tio.draw.table import MINUS

NONE = "–"
METHODS = {
    TailMethod.historical: "historical",
    TailMethod.normal: "normal",
    TailMethod.cornish_fisher: "Cornish–Fisher",
}
LIMITS = {
    LimitKind.position: "largest position",
    LimitKind.day_loss: "loss today",
    LimitKind.gross: "gross exposure",
    LimitKind.heat: "heat to the stops",
}
UNLIKELY = 0.05
"""The odds below which a count of exceedances is told as odd."""


def share(value: float | None, decimals: int = 2, *, sign: bool = False) -> str:
    """A fraction in percent, `–` where there is none."""
    if value is None:
        return NONE
    text = f"{abs(value):.{decimals}%}"
    if not text.strip("0.%"):
        return text
    return (MINUS if value < 0 else "+" if sign else "") + text


def of_capital(value: float | None, report: RiskReport) -> str:
    """A fraction of the capital as money."""
    if value is None:
        return NONE
    return money(Decimal(repr(value)) * report.capital, report.currency)


def summary(report: RiskReport) -> str:
    """Where the portfolio stands, in a line."""
    about = "~" if report.stale_share else ""
    parts = [f"{about}{money(report.net, report.currency)} {report.currency}"]
    if report.capital:
        parts += [
            f"gross {_part(report.gross, report)}",
            f"net {_part(report.long + report.short, report)}",
        ]
        if report.short:
            parts.append(f"short {_part(report.short, report)}")
        parts.append(f"cash {_part(report.cash, report)}")
    spread = report.concentration
    if spread is not None:
        parts.append(f"HHI {spread.herfindahl:.2f}, as {spread.effective:.1f} equal positions")
    return " · ".join(parts)


def sampled(report: RiskReport) -> str:
    """What past the figures are made of."""
    sample = report.sample
    if not sample.returns:
        return "no past to hold the positions through"
    text = f"{sample.returns} daily returns, {sample.start} to {sample.end}"
    return text if sample.covered > 1 - 1e-9 else f"{text}, {share(sample.covered, 1)} of gross"


def beta_told(report: RiskReport) -> str:
    """The beta with its error; "" where no benchmark was asked for."""
    if not report.benchmark:
        return ""
    if report.beta is None:
        return f"no beta to {report.benchmark}: fewer than 30 days are shared"
    told = f"beta to {report.benchmark} {_signed(report.beta)}"
    if report.beta_error is not None:
        told += f" ± {report.beta_error:.2f}"
    return f"{told}, explains {share(report.explained, 0)}"


def tail_row(tail: TailRisk, report: RiskReport) -> tuple[str, str, str, str, str, str, str]:
    """Days, confidence, method, value at risk and shortfall as share and as money."""
    return (
        f"{tail.days} d",
        _confidence(tail.confidence),
        METHODS[tail.method],
        share(tail.value_at_risk),
        of_capital(tail.value_at_risk, report),
        share(tail.expected_shortfall),
        of_capital(tail.expected_shortfall, report),
    )


def tested(test: TailBacktest) -> str:
    """How often a day lost more than it was foretold, and what to think of that."""
    found = test.test
    if found is None:
        return f"not tested: more than {test.window} days are needed"
    told = f"{found.exceedances} of {found.days} days lost more, {found.expected:.1f} expected"
    if found.p_value >= UNLIKELY:
        verdict = "holds"
    elif found.exceedances > found.expected:
        verdict = "too low"
    else:
        verdict = "too high"
    return f"{told}: {verdict} (p {found.p_value:.2f})"


def tested_title(test: TailBacktest) -> str:
    """Which value at risk was tested."""
    return f"{METHODS[test.method]} {_confidence(test.confidence)}"


def part_row(part: RiskPart, report: RiskReport) -> tuple[str, str, str, str, str]:
    """Symbol, weight, component as share and money, its part of the whole."""
    whole = report.parts_total
    return (
        part.symbol,
        share(part.weight, 1),
        share(part.component),
        of_capital(part.component, report),
        share(part.component / whole, 1) if whole else NONE,
    )


def exposure_row(line: ExposureLine, report: RiskReport) -> tuple[str, str, str, str]:
    """Key, net as money and as a share of capital, short where there is some."""
    return (
        line.key,
        money(line.net, report.currency),
        _part(line.net, report),
        money(line.short, report.currency) if line.short else "",
    )


def limit_row(state: LimitState) -> tuple[str, str, str, str, str]:
    """Which, where it stands, its limit, the state in a word, of what."""
    level = str(state.level) if state.limit is not None else "no limit"
    if state.level is LimitLevel.unknown:
        level = "unknown"
    now = NONE if state.value is None else f"{state.value:,.2f}%"
    limit = NONE if state.limit is None else f"{state.limit.normalize():,f}%"
    return LIMITS[state.kind], now, limit, level, state.note


def stress_row(told: StressResult, currency: str) -> tuple[str, str, str, str, str]:
    """Title, the gain or loss as money and share, the worst day on the way, what it lacks."""
    nothing = bool(told.lines) and len(told.lacks) == len(told.lines)
    return (
        told.title,
        NONE if nothing else money(-told.loss, currency, sign=True),
        NONE if nothing or told.share is None else share(-told.share, 1, sign=True),
        NONE
        if told.worst is None
        else f"{money(-told.worst, currency, sign=True)} on {told.worst_day}",
        caveat(told),
    )


def caveat(told: StressResult) -> str:
    """What of the result stands on a proxy, and what is not in it."""
    parts = []
    if told.proxied_share:
        parts.append(f"{share(told.proxied_share, 0)} by beta")
    if told.lacks:
        if len(told.lacks) == len(told.lines):
            parts.append("no prices of then")
        else:
            parts.append(f"without {few(told.lacks)}")
    return ", ".join(parts)


def few(names: Sequence[str]) -> str:
    """The first three, and how many more."""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def _part(value: Decimal, report: RiskReport) -> str:
    return share(float(value / report.capital), 1) if report.capital else NONE


def _confidence(value: float) -> str:
    return f"{value * 100:.4g}%"


def _signed(value: float) -> str:
    return f"{MINUS if value < 0 else ''}{abs(value):.2f}"
