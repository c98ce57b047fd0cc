"""The sections of a portfolio's review: worth, who brought it, its spread, what is unguarded."""

from decimal import Decimal
from typing import Any

from tio.api.analyst import ReportLine
from tio.api.contract import Request
from tio.api.grounding import CitedFact
from tio.api.income import GetIncome
from tio.api.ledger import GetPositions
from tio.api.performance import Contribution, GetPerformance
from tio.api.portfolio import Holdings, Position
from tio.engine.analyst.rules import thresholds as th
from tio.engine.analyst.rules.money import change, money, percent, share
from tio.engine.analyst.rules.owned import Owned
from tio.engine.analyst.rules.portfolio_guards import (
    lacking,
    order_asks,
    prices,
    proposal_asks,
    stops,
)
from tio.engine.analyst.rules.scope import Answers, Part, Section, cite, line, number
from tio.engine.analyst.rules.tables import Row, signed, table


def asks(scope: Owned) -> tuple[Request[Any], ...]:
    return (scope.positions(),)


def performance_asks(scope: Owned) -> tuple[Request[Any], ...]:
    return (scope.performance(),)


def income_asks(scope: Owned) -> tuple[Request[Any], ...]:
    return (GetIncome(scope.name),)


def worth(scope: Owned, answers: Answers) -> Part:
    """Net value, the day, and how the value came about."""
    request = scope.positions()
    held = answers.of(request)
    unit = held.currency
    if held.nav is None:
        lacking = ", ".join(held.lacks) or "a price or a rate"
        return Part(lines=(line(f"Its worth cannot be told: {lacking} is missing."),), known=0)
    figures = [cite(request, "nav", held.nav, unit, as_of=held.at)]
    text = f"Worth {money(held.nav)} {unit}"
    if held.day_change is not None:
        before = held.nav - held.day_change
        text += f", {scope.day(held)} {change(held.day_change)}{share(held.day_change, before)}"
        figures.append(cite(request, "day_change", held.day_change, unit, as_of=held.at))
        part = percent(held.day_change, before)
        if part is not None:
            figures.append(cite(request, "day_change.percent", part, "percent", as_of=held.at))
    lines = [line(f"{text}.", *figures), _came_about(request, held)]
    if held.stale_share > 0:
        cited = cite(request, "stale_share", held.stale_share, "fraction", as_of=held.at)
        told = f"{number(100 * held.stale_share, 1)} % of that stands on stale prices."
        lines.append(line(told, cited))
    return Part(lines=tuple(lines))


def _came_about(request: GetPositions, held: Holdings) -> ReportLine:
    """What was put in, and the parts of what it gained."""
    parts = {
        "realised": held.realised,
        "unrealised": held.unrealised,
        "income": held.income,
        "fees": -held.fees,
        "taxes": -held.taxes,
        "currency_result": held.currency_result,
    }
    names = {"unrealised": "open", "currency_result": "currency on cash"}
    told = {name: value for name, value in parts.items() if value}
    text = f"Put in {money(held.flows)} {held.currency}"
    if told:
        text += ": " + ", ".join(f"{names.get(n, n)} {change(v)}" for n, v in told.items())
    figures = [cite(request, "flows", held.flows, held.currency, as_of=held.at)]
    figures += [
        cite(request, name, value, held.currency, as_of=held.at) for name, value in told.items()
    ]
    return line(f"{text}.", *figures)


def contributions(scope: Owned, answers: Answers) -> Part:
    """Each position's value, weight, day and open gain, those first that moved the day most."""
    request = scope.positions()
    held = answers.of(request)
    rows: list[Row] = []
    order = sorted(held.positions, key=lambda each: -abs(each.day_change or Decimal(0)))
    for each in order[: th.ROWS]:
        gain = percent(each.unrealised, each.base_cost)
        cells = (
            each.symbol,
            "–" if each.value is None else number(float(each.value), 2),
            "–" if each.weight is None else number(100 * float(each.weight), 1),
            signed(None if each.day_change is None else float(each.day_change), 2),
            signed(None if each.unrealised is None else float(each.unrealised), 2),
            signed(gain),
        )
        rows.append((cells, _figures(request, each, held.currency)))
    if not rows:
        return Part(lines=(line("It holds nothing but cash."),))
    header = ("SYMBOL", "VALUE", "WEIGHT %", "DAY", "OPEN GAIN", "GAIN %")
    lines = [*table(header, rows)]
    if len(held.positions) > len(rows):
        lines.append(line(f"{len(held.positions) - len(rows)} smaller ones are not shown."))
    known = sum(each.value is not None for each in held.positions)
    return Part(lines=tuple(lines), known=known, wanted=len(held.positions))


def _figures(request: GetPositions, held: Position, currency: str) -> list[CitedFact]:
    told = {
        "value": (held.value, currency),
        "weight": (held.weight, "fraction"),
        "day_change": (held.day_change, currency),
        "unrealised": (held.unrealised, currency),
        "gain": (percent(held.unrealised, held.base_cost), "percent"),
    }
    return [
        cite(request, f"{held.symbol}.{name}", value, unit, held.source, held.as_of)
        for name, (value, unit) in told.items()
        if value is not None
    ]


def performance(scope: Owned, answers: Answers) -> Part:
    """The return since the first entry, the deepest fall, and who brought and who cost most."""
    request = scope.performance()
    found = answers.of(request)
    if found.time_weighted is None:
        return Part(lines=(line("Too little is known for a return."),), known=0)
    figures = [cite(request, "time_weighted", found.time_weighted, "fraction")]
    text = f"Since {found.start} it returned {signed(100 * found.time_weighted)} %"
    if found.annual is not None:
        text += f", {signed(100 * found.annual)} % a year"
        figures.append(cite(request, "annual", found.annual, "fraction"))
    lines = [line(f"{text}, deposits and withdrawals left out.", *figures)]
    deepest = min(found.declines, key=lambda each: each.depth, default=None)
    if deepest is not None:
        since = "not recovered yet" if deepest.recovered is None else f"until {deepest.recovered}"
        depth = number(-100 * deepest.depth, 1)
        told = f"Its deepest fall was {depth} % from {deepest.peak}, {since}."
        lines.append(line(told, cite(request, "declines.depth", deepest.depth, "fraction")))
    ranked = sorted(found.contributions, key=lambda each: -each.gain)
    best = [each for each in ranked if each.gain > 0][: th.BEST]
    worst = [each for each in reversed(ranked) if each.gain < 0][: th.BEST]
    for name, some in (("Brought most", best), ("Cost most", worst)):
        if some:
            told = ", ".join(f"{each.symbol} {change(each.gain)}" for each in some)
            lines.append(line(f"{name}: {told}.", *_gains(request, some, found.currency)))
    if found.lacks:
        lines.append(line(f"Missing: {', '.join(found.lacks[: th.BEST])}."))
    return Part(lines=tuple(lines), samples=(len(found.time),))


def _gains(request: GetPerformance, some: list[Contribution], unit: str) -> list[CitedFact]:
    return [cite(request, f"contributions.{each.symbol}", each.gain, unit) for each in some]


def spread(scope: Owned, answers: Answers) -> Part:
    """How much one, three and all of them weigh; currencies; cash."""
    request = scope.positions()
    held = answers.of(request)
    if held.nav is None or held.nav <= 0:
        return Part(lines=(line("Without a net value above zero no weight can be told."),), known=0)
    valued = [each for each in held.positions if each.value is not None]
    valued.sort(key=lambda each: -abs(each.value or Decimal(0)))
    lines = [*_weights(request, held, valued), *_currencies(request, held, valued)]
    lines.append(_cash(request, held))
    return Part(lines=tuple(lines))


def _weights(request: GetPositions, held: Holdings, valued: list[Position]) -> list[ReportLine]:
    if not valued:
        return []
    weights = [percent(each.value, held.nav) or 0.0 for each in valued]
    first = valued[0].symbol
    three = sum(abs(each) for each in weights[: th.BEST])
    much = abs(weights[0]) >= th.LARGE or three >= th.LARGE_THREE
    text = f"The largest position, {first}, is {number(weights[0], 1)} % of net value"
    figures = [cite(request, f"{first}.weight", weights[0] / 100, "fraction", as_of=held.at)]
    if len(valued) > th.BEST:
        text += f", the three largest {number(three, 1)} %"
        figures.append(cite(request, "weight_of_three", three / 100, "fraction", as_of=held.at))
    return [line(f"{text}{': concentrated' if much else ''}.", *figures)]


def _currencies(request: GetPositions, held: Holdings, valued: list[Position]) -> list[ReportLine]:
    sums: dict[str, Decimal] = {}
    for each in valued:
        sums[each.currency] = sums.get(each.currency, Decimal(0)) + (each.value or Decimal(0))
    for cash in held.cash:
        if cash.value is not None:
            sums[cash.currency] = sums.get(cash.currency, Decimal(0)) + cash.value
    foreign = {name: value for name, value in sums.items() if name != held.currency and value}
    if not foreign:
        return [line(f"All of it is in {held.currency}.")]
    ranked = sorted(foreign.items(), key=lambda each: -abs(each[1]))
    told = ", ".join(f"{name} {number(percent(v, held.nav) or 0.0, 1)} %" for name, v in ranked)
    figures = [
        cite(request, f"currency.{name}", percent(value, held.nav), "percent", as_of=held.at)
        for name, value in ranked
    ]
    return [line(f"In other currencies than {held.currency}: {told} of net value.", *figures)]


def _cash(request: GetPositions, held: Holdings) -> ReportLine:
    whole = sum((each.value for each in held.cash if each.value is not None), Decimal(0))
    part = percent(whole, held.nav) or 0.0
    cited = cite(request, "cash", whole, held.currency, as_of=held.at)
    said = " (borrowed)" if whole < 0 else " (much)" if part >= th.CASH_HEAVY else ""
    weight = cite(request, "cash.percent", part, "percent", as_of=held.at)
    text = f"Cash is {money(whole)} {held.currency}, {number(part, 1)} %{said}."
    return line(text, cited, weight)


def income(scope: Owned, answers: Answers) -> Part:
    """What came in over twelve months, and the next payment that is expected."""
    (request,) = income_asks(scope)
    found = answers.of(request)
    unit = found.currency
    net = found.trailing.net
    lines = [
        line(
            f"Income of the last 12 months: {money(net)} {unit} after tax and fees.",
            cite(request, "trailing.net", net, unit),
        )
    ]
    coming = [each for each in found.expected if each.amount is not None]
    whole = sum((each.amount or Decimal(0) for each in coming), Decimal(0))
    if coming:
        first = min(coming, key=lambda each: each.day)
        sure = "estimated" if first.estimated else "announced"
        amount = money(first.amount or Decimal(0))
        text = (
            f"Next: {first.symbol} {first.day}, {amount} {unit} ({sure}); "
            f"{money(whole)} {unit} within 12 months."
        )
        figures = (
            cite(request, f"expected.{first.symbol}", first.amount, unit),
            cite(request, "expected", whole, unit),
        )
        lines.append(line(text, *figures))
    return Part(lines=tuple(lines))


_HELD = ("GetPositions",)
SECTIONS: tuple[Section[Owned], ...] = (
    Section("worth", "Worth", _HELD, asks, worth, bounded=True),
    Section("contribution", "Positions", _HELD, asks, contributions, bounded=True, aligned=True),
    Section("performance", "Performance", ("GetPerformance",), performance_asks, performance, True),
    Section("spread", "Spread", _HELD, asks, spread, bounded=True),
    Section("income", "Income", ("GetIncome",), income_asks, income),
    Section("prices", "Prices", _HELD, asks, prices, bounded=True),
    Section("stops", "Stops", ("GetPositions", "ListOrders"), order_asks, stops),
    Section("lacking", "What the ledger lacks", ("ListProposals",), proposal_asks, lacking),
)
