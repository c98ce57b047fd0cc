"""What one symbol passed since the close before its newest closed day: levels, averages, states."""

from typing import Any

import numpy as np

from tio.engine.analyst.rules import thresholds as th
from tio.engine.analyst.rules import trend
from tio.engine.analyst.rules.days import Days
from tio.engine.analyst.rules.scope import Answers, Note, cite, number, opened_at, priced

LOOK = th.LOOK


def crossed(days: Days, answers: Answers) -> list[Note]:
    """What one symbol passed between the close before its newest closed day and its price."""
    end = days.count - 1
    if end < th.RANGE_DAYS or days.price is None:
        return []
    return [*_ranges(days, end), *_averages(days, end, answers)]


def _ranges(days: Days, end: int) -> list[Note]:
    """The highest high and lowest low of 20 days and of a year before the newest closed one."""
    price, before = days.price, float(days.close[end - 1])
    year = days.a_year()
    found: list[Note] = []
    for key, length, name in (
        ("year", year, "52-week"),
        ("range", th.RANGE_DAYS, f"{th.RANGE_DAYS}-day"),
    ):
        if end < length or price is None or found:
            continue
        high, low = (
            float(np.max(days.high[end - length : end])),
            float(np.min(days.low[end - length : end])),
        )
        if before <= high < price:
            text, level = f"rose above its {name} high, {priced(high)}", high
            at_close = float(days.close[end]) > high
        elif before >= low > price:
            text, level = f"fell below its {name} low, {priced(low)}", low
            at_close = float(days.close[end]) < low
        else:
            continue
        cited = days.cite(f"{name} level", level, "price")
        when = _on(days, end) if at_close else ""
        found.append(Note(days.scope.symbol, f"{text}{when}", LOOK[key], (cited,)))
    return found


def _on(days: Days, at: int) -> str:
    """The day something happened, where it was not the one that still lasts."""
    return f" on {days.date_of(at)}"


def _averages(days: Days, end: int, answers: Answers) -> list[Note]:
    """The 50-day average, RSI's extremes and the trend's state, of the newest closed day."""
    asked = trend.standing(days.scope)
    computed = answers.of(asked)
    new, old = (trend.studied(computed, days.bars.time[at]) for at in (end, end - 1))
    if new is None or old is None or days.price is None:
        return []
    symbol, as_of = days.scope.symbol, opened_at(days.bars, end)

    def told(name: str, value: float) -> Any:
        return cite(asked, f"1d.{name}", value, "", days.bars.source, as_of)

    found: list[Note] = []
    average, was = new.values["sma"], old.values["sma"]
    before = float(days.close[end - 1])
    close = float(days.close[end])
    if (before - was) * (days.price - average) < 0:
        way = "above" if days.price > average else "below"
        when = _on(days, end) if (close - average) * (days.price - average) > 0 else ""
        text = f"crossed {way} its 50-day average, {priced(average)}{when}"
        found.append(Note(symbol, text, LOOK["average"], (told("sma", average),)))
    rsi, rsi_was = new.values["rsi"], old.values["rsi"]
    for passed, text in (
        (rsi_was < th.RSI_HOT <= rsi, "became overbought"),
        (rsi_was > th.RSI_COLD >= rsi, "became oversold"),
    ):
        if passed:
            said = f"{text}, RSI {number(rsi, 1)}"
            found.append(Note(symbol, said, LOOK["rsi"], (told("rsi", rsi),)))
    state, state_was = (
        trend.trend_state(float(days.close[at]), values)
        for at, values in ((end, new), (end - 1, old))
    )
    if (state > 0) != (state_was > 0) or (state < 0) != (state_was < 0):
        text = f"turned from {trend.STATES[state_was]} to {trend.STATES[state]}"
        found.append(Note(symbol, text, LOOK["state"]))
    return found
