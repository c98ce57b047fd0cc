"""The sections of a risk review: limits, bad days, who carries them; then those of risk_tests."""

from collections.abc import Sequence
from typing import Any

from tio.api.analyst import ReportLine
from tio.api.contract import Request
from tio.api.limits import LimitKind, LimitLevel, LimitState
from tio.api.portfolio_risk import GetRisk, RiskReport, TailMethod, TailRisk
from tio.engine.analyst.rules import thresholds as th
from tio.engine.analyst.rules.money import money
from tio.engine.analyst.rules.risk_tests import (
    Risked,
    correlation_asks,
    heat,
    order_asks,
    stress,
    stress_asks,
    together,
)
from tio.engine.analyst.rules.scope import Answers, Part, Section, cite, line, number

_NAMES = {
    LimitKind.position: "the largest position",
    LimitKind.day_loss: "the loss of the day",
    LimitKind.gross: "gross exposure",
    LimitKind.heat: "heat (what all stops would cost)",
}
_ORDER = (LimitLevel.over, LimitLevel.near, LimitLevel.within, LimitLevel.unknown)
_METHODS = {
    TailMethod.historical: "the days seen",
    TailMethod.normal: "a normal distribution",
    TailMethod.cornish_fisher: "a bent normal distribution",
}


def asks(scope: Risked) -> tuple[Request[Any], ...]:
    return (scope.risk(),)


def limits(scope: Risked, answers: Answers) -> Part:
    """Every limit that is set, those passed first, then the nearest."""
    request = scope.risk()
    found = answers.of(request)
    ranked = by_urgency(found.limits)
    lines = [_limit_told(request, each, found) for each in ranked]
    unset = [_NAMES[each.kind] for each in found.limits if each.limit is None]
    if not ranked:
        lines.append(line("No limit is set; `tio risk limits` sets them."))
    elif unset:
        lines.append(line(f"Without a limit: {', '.join(unset)}."))
    known = sum(each.level is not LimitLevel.unknown for each in ranked)
    return Part(lines=tuple(lines), known=known, wanted=max(len(ranked), known))


def by_urgency(states: Sequence[LimitState]) -> list[LimitState]:
    """The limits that are set: those passed, the most by its share first, then those that near."""
    there = [each for each in states if each.limit is not None]
    return sorted(there, key=lambda each: (_ORDER.index(each.level), -used(each)))


def used(state: LimitState) -> float:
    """What of a limit is taken, 1 at the limit; zero where it is not known."""
    if state.value is None or not state.limit:
        return 0.0
    return float(state.value / state.limit)


def limit_text(state: LimitState) -> str:
    """One limit in words, as `heat is over its limit: 6.2 % of 5 %`."""
    name = _NAMES[state.kind]
    if state.kind is LimitKind.position and state.note:
        name = f"{name} ({state.note})"
    if state.value is None:
        return f"{name} cannot be told: {state.note}" if state.note else f"{name} cannot be told"
    said = {LimitLevel.over: "over its limit", LimitLevel.near: "near its limit"}
    where = said.get(state.level, "within its limit")
    digits = 2 if state.limit is not None and state.limit < 10 else 1
    value, limit = (number(float(each or 0), digits) for each in (state.value, state.limit))
    return f"{name} is {where}: {value} % of {limit} %"


def _limit_told(request: GetRisk, state: LimitState, found: RiskReport) -> ReportLine:
    text = limit_text(state)
    figures = [cite(request, f"limits.{state.kind}.limit", state.limit, "percent", as_of=found.at)]
    if state.value is not None:
        path = f"limits.{state.kind}.value"
        figures.append(cite(request, path, state.value, "percent", as_of=found.at))
        path = f"limits.{state.kind}.used"
        figures.append(cite(request, path, used(state), "fraction", as_of=found.at))
        text += f", {number(100 * used(state), 0)} % of it used"
    return line(f"{text[0].upper()}{text[1:]}.", *figures)


def tails(scope: Risked, answers: Answers) -> Part:
    """What one day in 20 and in 100 would lose, and whether that held in its back-test."""
    request = scope.risk()
    found = answers.of(request)
    lines = []
    for confidence, said in ((0.95, "One day in 20"), (0.99, "One day in 100")):
        tail = tail_of(found, confidence)
        if tail is None or tail.value_at_risk is None:
            continue
        cash = float(found.capital) * tail.value_at_risk
        figures = [
            cite(request, f"tails.{tail.method}.{confidence}", tail.value_at_risk, "fraction"),
            cite(request, "capital", found.capital, found.currency, as_of=found.at),
            cite(request, f"tails.{tail.method}.{confidence}.cash", cash, found.currency),
        ]
        text = (
            f"{said} would lose {number(100 * tail.value_at_risk, 2)} % "
            f"({money(round(cash, 2))} {found.currency}) or more"
        )
        if tail.expected_shortfall is not None:
            text += f", {number(100 * tail.expected_shortfall, 2)} % on average"
            path = f"tails.{tail.method}.{confidence}.expected_shortfall"
            figures.append(cite(request, path, tail.expected_shortfall, "fraction"))
        over = f"by {_METHODS[tail.method]}, {tail.returns} of them"
        figures.append(cite(request, "sample.returns", tail.returns, "count"))
        lines.append(line(f"{text}, {over}.", *figures))
    if not lines:
        why = next((each.note for each in found.tails if each.note), "too few days are known")
        return Part(lines=(line(f"Bad days cannot be foretold: {why}."),), known=0)
    lines += _tested(request, found)
    for out in found.sample.left_out:
        text = f"{out.symbol} is left out, {number(100 * out.share, 1)} % of gross: {out.reason}."
        lines.append(line(text, cite(request, f"sample.left_out.{out.symbol}", out.share)))
    return Part(lines=tuple(lines), samples=(found.sample.returns,))


def tail_of(found: RiskReport, confidence: float) -> TailRisk | None:
    """The one-day tail by the days seen, by another method where those are too few."""
    tails = [each for each in found.tails if each.days == 1 and each.confidence == confidence]
    known = [each for each in tails if each.value_at_risk is not None]
    seen = [each for each in known if each.method is TailMethod.historical]
    return next(iter(seen or known), None)


def _tested(request: GetRisk, found: RiskReport) -> list[ReportLine]:
    lines = []
    for each in found.backtests:
        if each.test is None or each.confidence != 0.95 or each.method is not TailMethod.historical:
            continue
        test = each.test
        failed = test.p_value < th.VAR_TRUSTED
        said = "so it is not to be trusted" if failed else "which chance allows"
        text = (
            f"Held against {test.days} days of the past, {test.exceedances} were worse than "
            f"foretold where {number(test.expected, 0)} were to be expected "
            f"(p {number(test.p_value)}), {said}."
        )
        figures = (
            cite(request, "backtests.exceedances", test.exceedances, "count"),
            cite(request, "backtests.days", test.days, "count"),
            cite(request, "backtests.expected", test.expected, "count"),
            cite(request, "backtests.p_value", test.p_value, "ratio"),
        )
        lines.append(line(text, *figures))
    return lines


def carriers(scope: Risked, answers: Answers) -> Part:
    """Exposure, and the positions that carry more of the risk than of the money."""
    request = scope.risk()
    found = answers.of(request)
    lines = [_exposed(request, found)]
    whole = found.parts_total
    invested = sum(abs(each.weight) for each in found.parts)
    if whole and invested:
        ranked = sorted(found.parts, key=lambda each: -each.component)
        for each in ranked[: th.BEST]:
            part, money_in = each.component / whole, abs(each.weight) / invested
            more = ": more than its part" if part >= th.CARRIES * money_in else ""
            text = (
                f"{each.symbol} carries {number(100 * part, 0)} % of the risk with "
                f"{number(100 * money_in, 0)} % of what is invested{more}."
            )
            figures = (
                cite(request, f"parts.{each.symbol}.share", part, "fraction"),
                cite(request, f"parts.{each.symbol}.invested", money_in, "fraction"),
            )
            lines.append(line(text, *figures))
    spread = found.concentration
    if spread is not None and spread.positions > 1:
        text = (
            f"{spread.positions} positions are spread as {number(spread.effective, 1)} equal ones."
        )
        figures = (
            cite(request, "concentration.positions", spread.positions, "count"),
            cite(request, "concentration.effective", spread.effective, "count"),
        )
        lines.append(line(text, *figures))
    return Part(lines=tuple(lines), known=int(bool(whole)))


def _exposed(request: GetRisk, found: RiskReport) -> ReportLine:
    capital = float(found.capital) or 1.0
    gross, cash = (100 * float(each) / capital for each in (found.gross, found.cash))
    text = f"Gross exposure is {number(gross, 0)} % of net value"
    figures = [
        cite(request, "gross.percent", gross, "percent", as_of=found.at),
        cite(request, "cash.percent", cash, "percent", as_of=found.at),
    ]
    if found.short:
        short = 100 * float(-found.short) / capital
        text += f", {number(short, 0)} % short"
        figures.append(cite(request, "short.percent", short, "percent", as_of=found.at))
    text += f"; cash is {number(cash, 0)} %"
    if found.beta is not None:
        text += f"; beta {number(found.beta)} to {found.benchmark}"
        figures.append(cite(request, "beta", found.beta, "ratio"))
    return line(f"{text}.", *figures)


_RISK = ("GetRisk",)
SECTIONS: tuple[Section[Risked], ...] = (
    Section("limits", "Limits", _RISK, asks, limits),
    Section("tails", "Bad days", _RISK, asks, tails),
    Section("carriers", "Exposure and who carries the risk", _RISK, asks, carriers),
    Section(
        "stress",
        "Stress",
        ("GetRisk", "StressWindows", "StressPortfolio"),
        stress_asks,
        stress,
    ),
    Section("together", "What moves together", ("GetCorrelation",), correlation_asks, together),
    Section(
        "heat",
        "Stops and working orders",
        ("GetRisk", "GetPositions", "ListOrders"),
        order_asks,
        heat,
    ),
)
