"""Risk put to the test: stress, what moves together, what stops and working orders would cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import combinations
from typing import Any

from tio.api.analyst import ReportLine
from tio.api.contract import Request
from tio.api.grounding import CitedFact
from tio.api.ledger import GetPositions
from tio.api.limits import LimitKind
from tio.api.orders import Order
from tio.api.portfolio import Position
from tio.api.portfolio_risk import GetRisk, RiskReport
from tio.api.risk import CorrelationMatrix, GetCorrelation
from tio.api.stress import Shock, StressPortfolio, StressResult, StressWindows
from tio.api.trading import ListOrders
from tio.engine.analyst.rules import thresholds as th
from tio.engine.analyst.rules.compared import alike
from tio.engine.analyst.rules.money import money
from tio.engine.analyst.rules.scope import Answers, Part, cite, line, number
from tio.engine.analyst.rules.tables import signed

CORRELATED = 12
"""The largest holdings whose correlation is asked."""


@dataclass(frozen=True)
class Risked:
    """One portfolio, and the symbols of its largest holdings."""

    name: str
    now: datetime
    held: tuple[str, ...] = ()

    def risk(self) -> GetRisk:
        return GetRisk(self.name)


def stress_asks(scope: Risked) -> tuple[Request[Any], ...]:
    shock = StressPortfolio(scope.name, (Shock(change=Decimal(th.SHOCK)),))
    return (scope.risk(), StressWindows(scope.name), shock)


def correlation_asks(scope: Risked) -> tuple[Request[Any], ...]:
    return (GetCorrelation(scope.held),) if len(scope.held) > 1 else ()


def order_asks(scope: Risked) -> tuple[Request[Any], ...]:
    return (scope.risk(), GetPositions(scope.name), ListOrders(scope.name, open=True))


def stress(scope: Risked, answers: Answers) -> Part:
    """What a fall of the market by a fifth, and the worst stretches of the past, would cost."""
    risk, windows, shock = stress_asks(scope)
    unit = answers.of(risk).currency
    lines = [_lost(shock, answers.of(shock), unit)]
    told = [each for each in answers.of(windows) if each.loss > 0]
    told.sort(key=lambda each: -each.loss)
    lines += [_lost(windows, each, unit) for each in told[: th.BEST]]
    if not told:
        lines.append(line("No stretch of the past can be lived again with what is held."))
    return Part(lines=tuple(lines), known=1 + bool(told), wanted=2)


def _lost(request: Request[Any], found: StressResult, unit: str) -> ReportLine:
    text = f"{found.title}: {'a loss' if found.loss >= 0 else 'a gain'} of "
    text += f"{money(round(abs(found.loss), 2))} {unit}"
    figures = [cite(request, f"{found.title}.loss", found.loss, unit)]
    if found.share is not None:
        text += f", {number(100 * abs(found.share), 1)} % of net value"
        figures.append(cite(request, f"{found.title}.share", found.share, "fraction"))
    if found.proxied_share > 0:
        text += f" ({number(100 * found.proxied_share, 0)} % of it by beta, not by prices)"
        figures.append(cite(request, f"{found.title}.proxied", found.proxied_share, "fraction"))
    missing = f"; without {', '.join(found.lacks[: th.BEST])}" if found.lacks else ""
    return line(f"{text}{missing}.", *figures)


def together(scope: Risked, answers: Answers) -> Part:
    """The mean correlation of the largest holdings, and the pairs that count as one."""
    asked = correlation_asks(scope)
    if not asked:
        return Part(lines=(line("Fewer than two holdings: nothing moves together."),))
    (request,) = asked
    found = answers.of(request)
    pairs = [
        (value, found.counts[i][j], found.symbols[i], found.symbols[j])
        for i, j in combinations(range(len(found.symbols)), 2)
        if (value := found.values[i][j]) is not None
    ]
    if not pairs or found.mean is None:
        return Part(lines=(line("They have too few days in common."),), known=0)
    pairs.sort(key=lambda each: -each[0])
    figures = (
        cite(request, "mean", found.mean, "ratio", as_of=found.end),
        cite(request, "symbols", len(found.symbols), "count", as_of=found.end),
    )
    text = f"On average the {len(found.symbols)} largest {alike(found.mean)} "
    lines = [line(f"{text}({signed(found.mean, 2)}).", *figures)]
    for value, count, one, other in pairs[: th.BEST]:
        if value >= th.TOGETHER:
            text = f"{one} and {other} count as one: {signed(value, 2)} over {count} days."
            lines.append(line(text, *_pair(request, found, one, other, value, count)))
    if pairs[0][0] < th.TOGETHER:
        value, count, one, other = pairs[0]
        text = f"The closest pair is {one} and {other}: {signed(value, 2)} over {count} days."
        lines.append(line(text, *_pair(request, found, one, other, value, count)))
    return Part(lines=tuple(lines), samples=tuple(each[1] for each in pairs))


def _pair(
    request: Request[Any],
    found: CorrelationMatrix,
    one: str,
    other: str,
    value: float,
    count: int,
) -> tuple[CitedFact, ...]:
    path = f"values.{one}.{other}"
    return (
        cite(request, path, value, "ratio", as_of=found.end),
        cite(request, f"counts.{one}.{other}", count, "count", as_of=found.end),
    )


def heat(scope: Risked, answers: Answers) -> Part:
    """What every stop would cost, and what working entries would add."""
    risk, positions, orders = order_asks(scope)
    found, held = answers.of(risk), answers.of(positions)
    state = next((each for each in found.limits if each.kind is LimitKind.heat), None)
    lines = []
    if state is not None and state.value is not None:
        text = (
            f"If every position went to its stop, {number(float(state.value), 1)} % would be lost"
        )
        note = f" ({state.note})" if state.note else ""
        cited = cite(risk, "limits.heat.value", state.value, "percent", as_of=found.at)
        lines.append(line(f"{text}{note}.", cited))
    open_ = [each.order for each in answers.of(orders)]
    rates = {each.symbol: each.rate or Decimal(1) for each in held.positions}
    opening = [
        _entry(orders, each, open_, rates.get(each.symbol), found)
        for each in open_
        if not each.parent and not each.reduce_only and not _closes(each, held.positions)
    ]
    none = line("No working order would open anything.")
    return Part(lines=(*lines, *(opening or (none,))))


def _closes(order: Order, positions: Sequence[Position]) -> bool:
    """Whether it would reduce what is held."""
    held = next((each.quantity for each in positions if each.symbol == order.symbol), Decimal(0))
    return bool(held) and (held > 0) != (order.sign > 0)


def _entry(
    request: Request[Any],
    entry: Order,
    orders: Sequence[Order],
    rate: Decimal | None,
    found: RiskReport,
) -> ReportLine:
    """What a working entry would risk to its stop, where it has one."""
    price = entry.limit if entry.limit is not None else entry.stop
    stop = next(
        (each.stop for each in orders if each.parent == entry.id and each.type.triggers), None
    )
    text = f"{entry.symbol}: a {entry.type} to {entry.side} {money(entry.rest)}"
    cited = [cite(request, f"{entry.id}.quantity", entry.rest, "units", entry.broker)]
    if price is None or stop is None:
        return line(f"{text} has no stop: all of it would be at risk.", *cited)
    risk = abs(price - stop) * entry.rest * (rate or Decimal(1))
    part = 100 * float(risk) / (float(found.capital) or 1.0)
    cited.append(cite(request, f"{entry.id}.risk", part, "percent", entry.broker))
    return line(f"{text} would add {number(part, 2)} % of net value at risk.", *cited)
