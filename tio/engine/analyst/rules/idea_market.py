"""An idea beside its market: what it pays, where the price stands, trend, levels in its way."""

from decimal import Decimal
from math import sqrt
from typing import Any

import numpy as np

from tio.api.analyst import KeyLevel, ReportLine, ViewReason
from tio.api.contract import Request
from tio.api.market import Timeframe
from tio.engine.analyst.rules import thresholds as th
from tio.engine.analyst.rules import trend
from tio.engine.analyst.rules.days import Days, days_of
from tio.engine.analyst.rules.idea_card import CHECK, Card
from tio.engine.analyst.rules.money import percent
from tio.engine.analyst.rules.prices import swings
from tio.engine.analyst.rules.scope import (
    Answers,
    Part,
    cite,
    line,
    number,
    opened_at,
    priced,
)

FRAMES = (Timeframe.w1, Timeframe.d1)


def card_asks(scope: Card) -> tuple[Request[Any], ...]:
    return (scope.scope.days(),)


def trend_asks(scope: Card) -> tuple[Request[Any], ...]:
    return tuple(
        request
        for frame in FRAMES
        for request in (scope.scope.bars(frame), trend.studies(scope.scope, frame))
    )


def plan(scope: Card, answers: Answers) -> Part:
    """Reward by risk, and how far the stop and the target are in daily ATR and in time."""
    told, risk = scope.plan, abs(scope.plan.entry - scope.plan.stop)
    figures = [scope.cite("entry", told.entry), scope.cite("stop", told.stop)]
    entry, stop = priced(float(told.entry)), priced(float(told.stop))
    text = f"{told.side.capitalize()} at {entry}, stop {stop}"
    lines: list[ReportLine] = []
    reward = scope.reward
    if reward is None or told.target is None:
        lines.append(line(f"{text}; it has no target, so what it pays is open.", *figures))
        reasons = scope.weighed("reward", "it has no target", -0.5)
    else:
        needed = 1 / (1 + reward)
        figures += [scope.cite("target", told.target), scope.cite("reward", reward, "ratio")]
        figures.append(scope.cite("break_even", needed, "fraction"))
        text += f", target {priced(float(told.target))}: it pays {number(reward)} times its risk"
        must = f"and must come true {number(100 * needed, 0)} % of the time"
        lines.append(line(f"{text}, {must}.", *figures))
        sign = (reward >= th.WELL_PAID) - (reward < th.POORLY_PAID)
        reasons = scope.weighed("reward", f"it pays {number(reward)} times its risk", sign)
    days = days_of(scope.scope, answers)
    atr = days.atr()
    if atr is None:
        lines.append(line("Too few days are known to tell its distances in ATR."))
        return Part(lines=tuple(lines), reasons=reasons, known=1, wanted=2)
    more, weights = _distances(scope, days, atr, float(risk))
    if any(each.weight == -CHECK["reach"] for each in weights):
        # What it cannot reach in its time, it does not pay.
        reasons = tuple(each for each in reasons if each.weight < 0)
    return Part(
        lines=(*lines, *more),
        reasons=(*reasons, *weights),
        changes=_changes(scope),
        known=2,
        wanted=2,
    )


def _distances(
    scope: Card, days: Days, atr: float, risk: float
) -> tuple[list[ReportLine], tuple[ViewReason, ...]]:
    """The stop against the daily range, the target against the time it has."""
    stop = risk / atr
    name = "within a day's noise" if stop < th.NOISE else "wide" if stop > th.WIDE else ""
    text = f"Its stop is {number(stop, 1)} daily ATR from the entry{f': {name}' if name else ''}."
    lines = [line(text, days.cite("stop_by_atr", stop, "ATR"))]
    sign = -1.0 if stop < th.NOISE else -0.5 if stop > th.WIDE else 0.5
    said = f"its stop is {number(stop, 1)} daily ATR away{f', {name}' if name else ''}"
    reasons = scope.weighed("stop", said, sign)
    target, left = scope.plan.target, scope.days_left
    if target is None:
        return lines, reasons
    away = float(abs(target - scope.plan.entry)) / atr
    reach = th.REACH * sqrt(max(left, 1.0))
    far = away > reach
    text = (
        f"Its target is {number(away, 1)} daily ATR away with {number(left, 0)} days left"
        f"{': far for its time' if far else ''}."
    )
    due = scope.cite("days_left", left, "days")
    lines.append(line(text, days.cite("target_by_atr", away, "ATR"), due))
    if far:
        reasons += scope.weighed("reach", "its target is far for its time", -1.0)
    return lines, reasons


def _changes(scope: Card) -> tuple[str, ...]:
    """The entry from which it would pay well."""
    plan = scope.plan
    if scope.reward is None or plan.target is None or scope.reward >= th.WELL_PAID:
        return ()
    share = Decimal(1) / (1 + Decimal(str(th.WELL_PAID)))
    entry = plan.stop + (plan.target - plan.stop) * share
    side = "at or below" if scope.side > 0 else "at or above"
    return (f"an entry {side} {priced(float(entry))}, which pays {number(th.WELL_PAID, 0)} to 1",)


def market(scope: Card, answers: Answers) -> Part:
    """Where the price stands between stop, entry and target."""
    days = days_of(scope.scope, answers)
    price, plan = days.price, scope.plan
    if price is None:
        return Part(lines=(line("The price is not known."),), known=0)
    entry, stop = float(plan.entry), float(plan.stop)
    away = percent(entry - price, price) or 0.0
    cited = (
        days.cite("price", price, "price"),
        days.cite("to_entry", away, "percent"),
    )
    text = f"The price is {priced(price)}, {number(abs(away), 1)} % from the entry"
    if scope.idea.entered:
        return Part(lines=(line(f"{text}, which was reached.", *cited),))
    if (price - stop) * scope.side <= 0:
        reasons = scope.weighed("reward", "the price is beyond its stop already", -1.0)
        return Part(lines=(line(f"{text}, and beyond the stop already.", *cited),), reasons=reasons)
    target = plan.target
    if target is not None and (price - float(target)) * scope.side >= 0:
        reasons = scope.weighed("reward", "the price is beyond its target already", -1.0)
        told = f"{text}, and beyond the target already."
        return Part(lines=(line(told, *cited),), reasons=reasons)
    return Part(lines=(line(f"{text}, which was not reached yet.", *cited),))


def with_trend(scope: Card, answers: Answers) -> Part:
    """Whether the weekly and daily trend and momentum go its way."""
    lines: list[ReportLine] = []
    reasons: tuple[ViewReason, ...] = ()
    known = 0
    for frame in FRAMES:
        asked = trend.studies(scope.scope, frame)
        bars = answers.of(scope.scope.bars(frame))
        found = trend.newest(scope.scope, asked, bars, answers)
        if found is None:
            lines.append(line(f"{frame}: not enough bars."))
            continue
        known += 1
        count = scope.scope.closed(bars)
        state = trend.trend_state(bars.close[count - 1], found)
        momentum = trend.momentum_state(found.values)
        way = state * scope.side
        said = "with it" if way > 0 else "against it" if way < 0 else "neither for nor against"
        as_of = opened_at(bars, count - 1)
        figures = [
            cite(asked, f"{frame}.{name}", found.values[name], "", bars.source, as_of)
            for name in ("ema", "sma", "rsi")
        ]
        rsi = number(found.values["rsi"], 1)
        lines.append(line(f"{frame}: {trend.STATES[state]}, {said}; RSI {rsi}.", *figures))
        half = 0.5 if len(FRAMES) > 1 else 1.0
        reasons += scope.weighed("trend", f"the {frame} trend is {said}", half * way / 2)
        if frame is Timeframe.d1:
            text = f"daily momentum is {'with' if momentum * scope.side > 0 else 'against'} it"
            reasons += scope.weighed("momentum", text, momentum * scope.side / 2)
    return Part(lines=tuple(lines), reasons=reasons, known=known, wanted=len(FRAMES))


def levels(scope: Card, answers: Answers) -> Part:
    """Levels of the days that stand between entry and target."""
    target = scope.plan.target
    if target is None:
        return Part(lines=(line("Without a target nothing stands before it."),), known=0)
    days = days_of(scope.scope, answers)
    atr = days.atr()
    low, high = sorted((float(scope.plan.entry), float(target)))
    between = [(name, at) for name, at in _levels(days) if np.isfinite(at) and low < at < high]
    between = _merged(sorted(between, key=lambda each: each[1] * scope.side))
    lines = tuple(
        line(
            f"{name[0].upper()}{name[1:]} {priced(at)} stands between entry and target.",
            days.cite(name, at, "price"),
        )
        for name, at in between
    )
    price = days.price
    told = tuple(
        KeyLevel(
            name=name,
            price=at,
            distance=None if atr is None or price is None else (at - price) / atr,
        )
        for name, at in between
    )
    if not between:
        reasons = scope.weighed("levels", "no level stands before its target", 0.5)
        none = "No level told here stands between entry and target."
        return Part(lines=(line(none),), reasons=reasons)
    count = len(between)
    said = f"{count} {'level stands' if count == 1 else 'levels stand'} before its target"
    sign = -min(1.0, 0.5 * count)
    return Part(lines=lines, reasons=scope.weighed("levels", said, sign), levels=told)


def _merged(found: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """Levels of one price under both their names."""
    names: dict[float, list[str]] = {}
    for name, at in found:
        names.setdefault(at, []).append(name)
    return [(" and ".join(each), at) for at, each in names.items()]


def _levels(days: Days) -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []
    end = days.count
    for name, length in ((f"{th.RANGE_DAYS}-day", th.RANGE_DAYS), ("52-week", days.a_year())):
        if end >= length:
            found.append((f"{name} high", float(np.max(days.high[end - length : end]))))
            found.append((f"{name} low", float(np.min(days.low[end - length : end]))))
    if end >= th.AVERAGE:
        found.append((f"{th.AVERAGE}-day average", float(np.mean(days.close[end - th.AVERAGE :]))))
    return found + swings(days.bars, end)
