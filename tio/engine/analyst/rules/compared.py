"""The sections of a comparison."""

from dataclasses import dataclass
from itertools import combinations
from typing import Any

from tio.api.analyst import ReportLine
from tio.api.contract import Request
from tio.api.grounding import CitedFact
from tio.engine.analyst.rules import ahead, trend
from tio.engine.analyst.rules import thresholds as th
from tio.engine.analyst.rules.days import Days, all_days, correlation, daily
from tio.engine.analyst.rules.scope import (
    Answers,
    Part,
    Scope,
    Section,
    cite,
    line,
    number,
    opened_at,
    priced,
)
from tio.engine.analyst.rules.tables import Row, amount, signed, table


@dataclass(frozen=True)
class Comparison:
    """Two to eight symbols at one moment."""

    each: tuple[Scope, ...]


def asks(scope: Comparison) -> tuple[Request[Any], ...]:
    return daily(scope.each)


def trend_asks(scope: Comparison) -> tuple[Request[Any], ...]:
    return (*daily(scope.each), *(trend.standing(each) for each in scope.each))


def ahead_asks(scope: Comparison) -> tuple[Request[Any], ...]:
    return tuple(request for each in scope.each for request in ahead.asks(each))


def returns(scope: Comparison, answers: Answers) -> Part:
    """The price, and percent from the close 7, 30, 91 and 365 days ago to it."""
    told, refused = all_days(scope.each, answers)
    rows: list[Row] = []
    whole = 0
    for days in told:
        found = {name: days.since(back) for name, back in th.SPANS.items()}
        whole += all(each is not None for each in found.values())
        price = days.price
        cells = (
            days.scope.symbol,
            priced(price) if price is not None else "–",
            *(signed(each) for each in found.values()),
        )
        figures = [
            days.cite(f"return_{name}", value, "percent")
            for name, value in found.items()
            if value is not None
        ]
        if price is not None:
            figures.append(days.cite("price", price, "price"))
        rows.append((cells, figures))
    header = ("SYMBOL", "PRICE", *(f"{name.upper()} %" for name in th.SPANS))
    lines = (*table(header, rows), *_untold(refused))
    return Part(lines=lines, known=whole, wanted=len(scope.each))


def risks(scope: Comparison, answers: Answers) -> Part:
    """Volatility, how far below the year's highest close, and the daily trend and momentum."""
    told, refused = all_days(scope.each, answers)
    rows: list[Row] = []
    whole = 0
    for days in told:
        volatility, fall = days.volatility(), days.fall()
        state, rsi = standing(days, answers)
        whole += volatility is not None and state is not None
        rows.append(
            (
                (
                    days.scope.symbol,
                    amount(volatility),
                    signed(fall[0] if fall else None),
                    signed(fall[1] if fall else None),
                    "–" if state is None else trend.STATES[state],
                    amount(rsi),
                ),
                _risk_figures(days, volatility, fall, rsi),
            )
        )
    header = ("SYMBOL", "VOLATILITY %", "FROM HIGH %", "WORST %", "TREND", "RSI")
    lines = (*table(header, rows, ("SYMBOL", "TREND")), *_untold(refused))
    return Part(lines=lines, known=whole, wanted=len(scope.each))


def _risk_figures(
    days: Days, volatility: float | None, fall: tuple[float, float] | None, rsi: float | None
) -> list[CitedFact]:
    told = {
        "realised_volatility": volatility,
        "fall": fall[0] if fall else None,
        "worst_fall": fall[1] if fall else None,
    }
    figures = [
        days.cite(name, value, "percent") for name, value in told.items() if value is not None
    ]
    if rsi is not None:
        asked = trend.standing(days.scope)
        as_of = opened_at(days.bars, days.count - 1)
        figures.append(cite(asked, "1d.rsi", rsi, "", days.bars.source, as_of))
    return figures


def standing(days: Days, answers: Answers) -> tuple[int | None, float | None]:
    """The daily trend's state and RSI; None of each without enough bars."""
    found = trend.newest(days.scope, trend.standing(days.scope), days.bars, answers)
    if found is None:
        return None, None
    return trend.trend_state(float(days.close[-1]), found), found.values["rsi"]


def correlations(scope: Comparison, answers: Answers) -> Part:
    """Of each pair's daily returns over the newest days both have."""
    told, refused = all_days(scope.each, answers)
    found = {(i, j): correlation(told[i], told[j]) for i, j in combinations(range(len(told)), 2)}
    rows: list[Row] = []
    for i, days in enumerate(told):
        cells = [days.scope.symbol]
        figures: list[CitedFact] = []
        for j, other in enumerate(told):
            value, _ = found[min(i, j), max(i, j)] if i != j else (1.0, 0)
            cells.append("·" if i == j else signed(value, 2))
            if i != j and value is not None:
                figures.append(days.cite(f"correlation.{other.scope.symbol}", value, "ratio"))
        rows.append((cells, figures))
    names = _fitting([each.scope.symbol for each in told])
    counts = [count for _, count in found.values()]
    lines = [*table(("SYMBOL", *names), rows), *_untold(refused)]
    if counts:
        fewest = str(min(counts)) if len({*counts}) == 1 else f"{min(counts)} to {max(counts)}"
        shared = [told[0].cite("shared_days", each, "count") for each in sorted({*counts})]
        lines.append(line(f"Daily returns over {fewest} shared days.", *shared))
    known = sum(value is not None for value, _ in found.values())
    wanted = len(scope.each) * (len(scope.each) - 1) // 2
    return Part(lines=tuple(lines), known=known, wanted=wanted, samples=tuple(counts))


def _fitting(symbols: list[str]) -> list[str]:
    """Their names as headings, the ends of those too long for a table of 78 columns."""
    room = max(6, (78 - max(len(each) for each in symbols)) // len(symbols) - 2)
    return [each[-room:] for each in symbols]


def differences(scope: Comparison, answers: Answers) -> Part:
    """What sets them apart by more than a threshold, and which move together most and least."""
    told, _ = all_days(scope.each, answers)
    lines = [
        *_spread(told),
        *_livelier(told),
        *_turned(told, answers),
        *_fallen(told),
        *_together(told),
    ]
    return Part(lines=tuple(lines) or (line("Nothing told sets them apart."),))


def coming(scope: Comparison, answers: Answers) -> Part:
    """What is ahead of each."""
    lines: list[ReportLine] = []
    known = 0
    for each in scope.each:
        part = ahead.write(each, answers)
        known += part.known
        if part.known:
            lines += [line(f"{each.symbol}: {told.text}", *told.figures) for told in part.lines]
    none = f"No source tells an event of the next {th.AHEAD_DAYS} days; there may be some."
    return Part(lines=tuple(lines) or (line(none),), known=known, wanted=len(scope.each))


def leader(told: list[Days]) -> tuple[str, tuple[Days, float], tuple[Days, float]] | None:
    """The longest span that all of them tell, with who returned the most and the least."""
    for name, back in reversed(th.SPANS.items()):
        found = [(days, value) for days in told if (value := days.since(back)) is not None]
        if len(found) == len(told) > 1:
            found.sort(key=lambda each: -each[1])
            return name, found[0], found[-1]
    return None


def _spread(told: list[Days]) -> list[ReportLine]:
    lines = []
    for name, back in th.SPANS.items():
        found = [(days, value) for days in told if (value := days.since(back)) is not None]
        if len(found) < 2:
            continue
        (best, most), (worst, least) = max(found, key=_second), min(found, key=_second)
        if most - least < th.APART:
            continue
        text = (
            f"Over {name} {best.scope.symbol} {moved(most)}, {worst.scope.symbol} {moved(least)}: "
            f"{number(most - least, 1)} points apart."
        )
        lines.append(
            line(
                text,
                best.cite(f"return_{name}", most, "percent"),
                worst.cite(f"return_{name}", least, "percent"),
                best.cite(f"return_{name}.apart", most - least, "points"),
            )
        )
    return lines


def moved(percent: float) -> str:
    """What a price did, in words."""
    way = "gained" if percent > 0 else "lost"
    return "did not move" if not percent else f"{way} {number(abs(percent), 1)} %"


def _livelier(told: list[Days]) -> list[ReportLine]:
    found = [(days, value) for days in told if (value := days.volatility())]
    if len(found) < 2:
        return []
    (wild, most), (calm, least) = max(found, key=_second), min(found, key=_second)
    if most < th.LIVELIER * least:
        return []
    text = (
        f"{wild.scope.symbol} swings {number(most / least, 1)} times as much as "
        f"{calm.scope.symbol}: {number(most, 1)} % against {number(least, 1)} % a year."
    )
    figures = (
        wild.cite("realised_volatility", most, "percent"),
        calm.cite("realised_volatility", least, "percent"),
        wild.cite("realised_volatility.times", most / least, "ratio"),
    )
    return [line(text, *figures)]


def _turned(told: list[Days], answers: Answers) -> list[ReportLine]:
    states = {days.scope.symbol: standing(days, answers)[0] for days in told}
    up = [symbol for symbol, state in states.items() if state is not None and state > 0]
    down = [symbol for symbol, state in states.items() if state is not None and state < 0]
    if not up or not down:
        return []
    return [line(f"Daily trends disagree: {', '.join(up)} up, {', '.join(down)} down.")]


def _fallen(told: list[Days]) -> list[ReportLine]:
    lines = []
    for days in told:
        fall = days.fall()
        if fall is not None and fall[0] <= -th.FELL:
            text = (
                f"{days.scope.symbol} is {number(-fall[0], 1)} % below its highest close of a year."
            )
            lines.append(line(text, days.cite("fall", fall[0], "percent")))
    return lines


def _together(told: list[Days]) -> list[ReportLine]:
    found = []
    for one, other in combinations(told, 2):
        value, count = correlation(one, other)
        if value is not None:
            found.append((value, count, one, other))
    if not found:
        return []
    picked = [max(found, key=lambda each: each[0])]
    if len(found) > 1:
        picked.append(min(found, key=lambda each: each[0]))
    lines = []
    for value, count, one, other in picked:
        text = (
            f"{one.scope.symbol} and {other.scope.symbol} {alike(value)}: correlation "
            f"{signed(value, 2)} over {count} shared days."
        )
        figures = (
            one.cite(f"correlation.{other.scope.symbol}", value, "ratio"),
            one.cite(f"shared_days.{other.scope.symbol}", count, "count"),
        )
        lines.append(line(text, *figures))
    return lines


def alike(correlation: float) -> str:
    """What a correlation is called."""
    if abs(correlation) < th.LOOSELY:
        return "move on their own"
    closely = "" if abs(correlation) >= th.TOGETHER else " loosely"
    return f"move {'together' if correlation > 0 else 'against each other'}{closely}"


def _untold(refused: dict[str, str]) -> list[ReportLine]:
    return [line(f"{symbol}: {reason}"[:78]) for symbol, reason in refused.items()]


def _second(pair: tuple[Days, float]) -> float:
    return pair[1]


_BOTH = ("GetBars", "ComputeIndicators")
SECTIONS: tuple[Section[Comparison], ...] = (
    Section("returns", "Returns", ("GetBars",), asks, returns, bounded=True, aligned=True),
    Section("risk", "Volatility and trend", _BOTH, trend_asks, risks, bounded=True, aligned=True),
    Section("differences", "What differs", _BOTH, trend_asks, differences, bounded=True),
    Section(
        "correlation", "Correlation", ("GetBars",), asks, correlations, bounded=True, aligned=True
    ),
    Section("ahead", "Ahead", ("GetProfile", "GetEvents"), ahead_asks, coming),
)
FULL_ONLY = frozenset({"ahead"})
"""Sections a short comparison leaves away."""
