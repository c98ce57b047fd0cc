"""Trend and momentum of each timeframe, from averages, ADX, RSI and MACD, and how they agree."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tio.api.analyst import ReportLine, ViewReason
from tio.api.contract import Request
from tio.api.errors import TioError
from tio.api.grounding import CitedFact
from tio.api.indicators import Computed, ComputeIndicators, IndicatorSpec
from tio.api.market import Bars, Timeframe
from tio.engine.analyst.rules import thresholds as th
from tio.engine.analyst.rules.scope import (
    Answers,
    Part,
    Scope,
    cite,
    known,
    line,
    number,
    opened_at,
    priced,
)

SPECS = (
    IndicatorSpec("ema", {"length": 20}),
    IndicatorSpec("sma", {"length": 50}),
    IndicatorSpec("adx", {"length": 14}),
    IndicatorSpec("rsi", {"length": 14}),
    IndicatorSpec("macd"),
    IndicatorSpec("atr", {"length": 14}),
)
STATE = tuple(each for each in SPECS if each.name not in ("adx", "macd"))
"""What a trend's state and RSI are told by."""
NEEDED = 60
"""Closed bars the slope of a 50-bar average needs."""
STATES = {-2: "down", -1: "leaning down", 0: "sideways", 1: "leaning up", 2: "up"}


@dataclass(frozen=True)
class Studied:
    """The newest closed values by output; `sloped` is the 50-bar average some bars before."""

    values: dict[str, float]
    sloped: float


def standing(scope: Scope) -> ComputeIndicators:
    """The word that tells what the daily trend's state needs up to the moment."""
    return ComputeIndicators(STATE, scope.symbol, Timeframe.d1, limit=th.STATE_BARS, end=scope.at)


def studies(scope: Scope, timeframe: Timeframe) -> ComputeIndicators:
    """The word that tells the indicators up to the moment."""
    return ComputeIndicators(SPECS, scope.symbol, timeframe, limit=th.BARS, end=scope.at)


def asks(scope: Scope) -> tuple[Request[Any], ...]:
    return tuple(request for tf in th.WEIGHTS for request in (scope.bars(tf), studies(scope, tf)))


def write(scope: Scope, answers: Answers) -> Part:
    """A line and reasons for each timeframe that has enough bars, then their agreement.

    One that is refused says why; raises where all are.
    """
    lines: list[ReportLine] = []
    reasons: list[ViewReason] = []
    states: dict[Timeframe, int] = {}
    changes: tuple[str, ...] = ()
    refused: list[TioError] = []
    for timeframe, weight in th.WEIGHTS.items():
        if (error := _refused(scope, timeframe, answers)) is not None:
            refused.append(error)
            lines.append(line(f"{timeframe}: {error.message}."))
            continue
        bars = answers.of(scope.bars(timeframe))
        count = scope.closed(bars)
        values = newest(scope, studies(scope, timeframe), bars, answers)
        if values is None:
            lines.append(line(f"{timeframe}: not enough bars: {count} of {NEEDED}."))
            continue
        close = bars.close[count - 1]
        as_of = opened_at(bars, count - 1)
        state = trend_state(close, values)
        states[timeframe] = state
        lines.append(_told(scope, timeframe, close, state, values, bars.source, as_of))
        reasons.extend(_reasons(timeframe, weight, state, values.values))
        if timeframe is Timeframe.d1:
            changes = _changes(state, values.values)
    if len(refused) == len(th.WEIGHTS):
        raise refused[0]
    lines.append(line(agreement(states)))
    return Part(
        lines=tuple(lines),
        reasons=tuple(reasons),
        changes=changes,
        known=len(states),
        wanted=len(th.WEIGHTS),
    )


def _refused(scope: Scope, timeframe: Timeframe, answers: Answers) -> TioError | None:
    """Why a timeframe cannot be told."""
    return answers.refused(scope.bars(timeframe)) or answers.refused(studies(scope, timeframe))


def newest(
    scope: Scope, request: ComputeIndicators, bars: Bars, answers: Answers
) -> Studied | None:
    """The values of the newest closed of these bars; None of fewer than 60."""
    count = scope.closed(bars)
    if count < NEEDED:
        return None
    values = studied(answers.of(request), bars.time[count - 1])
    return values if values is not None and known(values.sloped) else None


def studied(computed: tuple[Computed, ...], at: int) -> Studied | None:
    """The values of the bar that opened `at`; None when it is not among them."""
    times = computed[0].time
    index = next((i for i in range(len(times) - 1, -1, -1) if times[i] == at), None)
    if index is None:
        return None
    values = {name: out[index] for each in computed for name, out in each.outputs.items()}
    average = computed[1].outputs["sma"]
    before = index - th.SLOPE_BARS
    return Studied(values, average[before] if before >= 0 else float("nan"))


def trend_state(close: float, values: Studied) -> int:
    """−2 to 2: the order of price and averages, and the way the slower one slopes."""
    fast, slow, atr = (values.values[name] for name in ("ema", "sma", "atr"))
    order = (close > fast > slow) - (close < fast < slow)
    moved = slow - values.sloped
    needed = th.SLOPE_ATR * atr
    return order + (moved > needed) - (moved < -needed)


def momentum_state(values: dict[str, float]) -> int:
    """−2 to 2: RSI away from its middle, and MACD beside its signal."""
    rsi, histogram = values["rsi"], values["histogram"]
    return (rsi >= th.RSI_UP) - (rsi <= th.RSI_DOWN) + (histogram > 0) - (histogram < 0)


def agreement(states: dict[Timeframe, int]) -> str:
    """Whether the timeframes' trends point one way."""
    up = [str(tf) for tf, state in states.items() if state > 0]
    down = [str(tf) for tf, state in states.items() if state < 0]
    if not up and not down:
        return "No timeframe has a trend." if states else "No timeframe can be judged."
    if up and down:
        return f"Timeframes disagree: {', '.join(up)} up, {', '.join(down)} down."
    way = "up" if up else "down"
    return f"{len(up or down)} of {len(states)} timeframes point {way}, none the other way."


def _told(
    scope: Scope,
    timeframe: Timeframe,
    close: float,
    state: int,
    values: Studied,
    source: str,
    as_of: datetime,
) -> ReportLine:
    told = values.values
    adx, rsi = told["adx"], told["rsi"]
    trending = "" if not adx < th.ADX_TREND else f", under {th.ADX_TREND:.0f}: no firm trend"
    stretched = ", overbought" if rsi >= th.RSI_HOT else ", oversold" if rsi <= th.RSI_COLD else ""
    text = (
        f"{timeframe}: {STATES[state]}. Close {priced(close)}, EMA 20 {priced(told['ema'])}, "
        f"SMA 50 {priced(told['sma'])}; ADX {number(adx, 1)}{trending}; "
        f"RSI {number(rsi, 1)}{stretched}; MACD histogram {priced(told['histogram'])}."
    )
    request = studies(scope, timeframe)
    names = ("ema", "sma", "adx", "rsi", "histogram")
    figures: list[CitedFact] = [
        cite(scope.bars(timeframe), f"{timeframe}.close", close, "price", source, as_of)
    ]
    figures += [
        cite(request, f"{timeframe}.{n}", told[n], source=source, as_of=as_of) for n in names
    ]
    return line(text, *figures)


def _reasons(
    timeframe: Timeframe, weight: float, state: int, values: dict[str, float]
) -> tuple[ViewReason, ...]:
    """The trend's and momentum's, those that say nothing with no weight."""
    share = 0.5 if values["adx"] < th.ADX_TREND else 1.0
    momentum = momentum_state(values)
    way = "up" if momentum > 0 else "down" if momentum < 0 else "flat"
    rsi, macd = number(values["rsi"], 1), priced(values["histogram"])
    return (
        ViewReason(text=f"{timeframe} trend {STATES[state]}", weight=weight * share * state / 2),
        ViewReason(
            text=f"{timeframe} momentum {way} (RSI {rsi}, MACD histogram {macd})",
            weight=weight * th.MOMENTUM_SHARE * momentum / 2,
        ),
    )


def _changes(state: int, values: dict[str, float]) -> tuple[str, ...]:
    slow = priced(values["sma"])
    if state > 0:
        return (f"a daily close below the 50-day average, {slow}",)
    if state < 0:
        return (f"a daily close above the 50-day average, {slow}",)
    return (f"daily closes on one side of the 50-day average, {slow}, with ADX over 20",)
