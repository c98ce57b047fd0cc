"""The values a scene lends to templates, with what is derived from them."""

import random
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from answer_scenes import Scene, day_of
from answer_values import Slot, amount

from tio.api.market import Bars, Quote

STRANGERS = ("TSLA", "NFLX", "NVDA", "ORCL", "JPM")


def slots(scene: Scene, draw: random.Random) -> dict[str, Slot]:
    """Two quotes A and B, two series S and T, a profile of A, a portfolio; by the names used."""
    a, b = draw.sample(list(scene.quotes), 2)
    found = {
        **_quote("", a, b),
        **_quote("2", b, a),
        **_both(a, b),
        **_profile(scene, a.symbol, b.symbol),
        **_series(scene, draw),
        **_portfolio(scene, draw),
    }
    named = {slot.text for slot in found.values() if slot.kind == "symbol"}
    known = [quote.symbol for quote in scene.quotes if quote.symbol not in named]
    found["X1"] = Slot("symbol", text=draw.choice(STRANGERS), of="other")
    found["X2"] = Slot("symbol", text=draw.choice(known), of="other")
    return found


def _quote(end: str, q: Quote, other: Quote) -> dict[str, Slot]:
    one, two = "AB"[end == "2"], q.symbol
    up = (q.change or 0) > 0

    def word(yes: str, no: str) -> Slot:
        return Slot("word", text=yes if up else no, pair=no if up else yes, of=two)

    def told(name: str, kind: str = "price", **more: Any) -> Slot:
        twin = Decimal(repr(getattr(other, name)))
        return amount(getattr(q, name), kind, of=two, twin=twin, **more)

    def made(value: float, kind: str = "price", **more: Any) -> Slot:
        return amount(value, kind, of=two, derived=True, **more)

    assert q.last
    assert q.high
    assert q.low
    assert q.open
    assert q.previous_close
    assert q.bid
    assert q.ask
    tail = {
        "last": told("last"), "open": told("open"), "high": told("high"), "low": told("low"),
        "prev": told("previous_close"), "bid": told("bid"), "ask": told("ask"),
        "chg": told("change", signed=True), "vol": told("volume", "quantity"),
        "pct": told("change_percent", "percent", signed=True),
        "span": made(q.high - q.low), "spread": made(q.ask - q.bid),
        "offhigh": made((q.last / q.high - 1) * 100, "percent"),
        "gap": made((q.open / q.previous_close - 1) * 100, "percent"),
        "overlow": made((q.last / q.low - 1) * 100, "percent"),
        "updown": word("up", "down"), "rose": word("rose", "fell"),
        "gained": word("gained", "lost"), "higher": word("higher", "lower"),
        "gapword": Slot("word", text="above" if q.open > q.previous_close else "below"),
    }  # fmt: skip
    name = q.name.split(",")[0].removesuffix(" Inc.").removesuffix(" plc")
    found = {f"{key}{end}": slot for key, slot in tail.items()}
    found[one] = Slot("symbol", text=two)
    found[f"{one}n"] = Slot("symbol", text=name, pair=two)
    assert q.as_of is not None
    found[f"day{end}"] = Slot("date", day=q.as_of.date())
    return found


def _both(a: Quote, b: Quote) -> dict[str, Slot]:
    assert a.last
    assert b.last
    assert a.volume
    assert b.volume
    assert a.change_percent is not None
    assert b.change_percent is not None
    return {
        "ratio": amount(a.last / b.last, "ratio", derived=True),
        "apart": amount(abs(a.change_percent - b.change_percent), "percent", derived=True),
        "lastgap": amount(abs(a.last - b.last), derived=True),
        "bothvol": amount(a.volume + b.volume, "quantity", derived=True),
        "ahead": Slot("word", text="ahead of" if a.change_percent > b.change_percent else "behind"),
    }


def _profile(scene: Scene, symbol: str, other: str) -> dict[str, Slot]:
    by = {one.symbol: one for one in scene.profiles}
    p, o = by[symbol], by[other]
    last = next(q.last for q in scene.quotes if q.symbol == symbol)
    assert last
    assert p.year_high
    assert p.year_low

    def told(name: str, kind: str, scale: int = 1, **more: Any) -> Slot:
        value, twin = getattr(p, name), getattr(o, name)
        twins = Decimal(repr(float(twin))) * scale if twin is not None else None
        number = Decimal(repr(float(value if value is not None else p.pe or 1))) * scale
        return amount(number, kind, of=symbol, twin=twins, **more)

    found = {
        "pe": told("pe", "ratio"), "fpe": told("forward_pe", "ratio"),
        "cap": told("market_cap", "money"), "eps": told("eps", "price"),
        "yhigh": told("year_high", "price"), "ylow": told("year_low", "price"),
        "avgvol": told("average_volume", "quantity"), "book": told("book_value", "price"),
        "offyear": amount((last / p.year_high - 1) * 100, "percent", of=symbol, derived=True),
        "overyear": amount((last / p.year_low - 1) * 100, "percent", of=symbol, derived=True),
    }  # fmt: skip
    if p.dividend_yield is not None:
        found["yield"] = told("dividend_yield", "percent", 100)
    return found


def _series(scene: Scene, draw: random.Random) -> dict[str, Slot]:
    s, t = draw.sample(list(scene.bars), 2)
    size = len(s)
    i = draw.randrange(60, size - 40)
    j = draw.randrange(i + 5, size - 1)
    close, high, low = (np.asarray(column) for column in (s.close, s.high, s.low))
    rsi = next(c for c, b in zip(scene.rsi, scene.bars, strict=True) if b is s).outputs["rsi"]
    month = [n for n in range(size) if day_of(s, n).replace(day=1) == day_of(s, i).replace(day=1)]
    rise = (close[j] / close[i] - 1) * 100
    whole = (close[-1] / close[0] - 1) * 100
    top = int(np.argmax(high))

    def at(bars: Bars, name: str, n: int, kind: str = "price", pair: str = "i") -> Slot:
        value, twin = getattr(bars, name)[n], getattr(t, name)[n]
        twins = Decimal(repr(twin))
        return amount(value, kind, of=s.symbol, twin=twins, pair=pair)

    def made(value: float, kind: str = "price", **more: Any) -> Slot:
        return amount(value, kind, of=s.symbol, derived=True, **more)

    def word(yes: str, no: str, value: float) -> Slot:
        up = value > 0
        return Slot("word", text=yes if up else no, pair=no if up else yes, of=s.symbol)

    return {
        "S": Slot("symbol", text=s.symbol), "T": Slot("symbol", text=t.symbol),
        "di": Slot("date", day=day_of(s, i), pair="i", of=s.symbol),
        "ci": at(s, "close", i), "hi": at(s, "high", i), "li": at(s, "low", i),
        "oi": at(s, "open", i), "vi": at(s, "volume", i, "quantity"),
        "dj": Slot("date", day=day_of(s, j), pair="j", of=s.symbol),
        "cj": at(s, "close", j, pair="j"), "hj": at(s, "high", j, pair="j"),
        "rise": made(rise, "percent", signed=True, pair="ij"), "points": made(close[j] - close[i]),
        "moved": word("rose", "fell", rise), "gainword": word("gain", "loss", rise),
        "cz": at(s, "close", -1, pair="z"), "dz": Slot("date", day=day_of(s, -1), pair="z"),
        "tz": amount(t.close[-1], of=t.symbol, twin=Decimal(repr(s.close[-1]))),
        "mean20": made(float(np.mean(close[-20:]))), "mean50": made(float(np.mean(close[-50:]))),
        "high20": made(float(np.max(high[-20:]))), "low20": made(float(np.min(low[-20:]))),
        "top": made(float(high[top]), pair="top"),
        "dtop": Slot("date", day=day_of(s, top), pair="top"),
        "bottom": made(float(np.min(low))), "whole": made(whole, "percent", signed=True),
        "wholeword": word("up", "down", whole),
        "month": Slot("date", day=date(day_of(s, i).year, day_of(s, i).month, 1), pair="m"),
        "mhigh": made(float(np.max(high[month])), pair="m"),
        "mlow": made(float(np.min(low[month])), pair="m"),
        "rsi": amount(rsi[-1], "ratio", 1, of=s.symbol),
        "bars": amount(size, "count"),
    }  # fmt: skip


def _portfolio(scene: Scene, draw: random.Random) -> dict[str, Slot]:
    held, course, risk = scene.holdings, scene.performance, scene.risk
    one, two = draw.sample(list(held.positions), 2)
    weights = sorted((p.weight or Decimal(0) for p in held.positions), reverse=True)
    decline = course.declines[0]
    assert held.nav is not None
    assert one.weight
    assert two.weight
    assert one.value
    assert two.value
    assert one.unrealised is not None
    assert course.time_weighted
    assert course.volatility
    assert course.sharpe
    var95, var99 = risk.tails
    assert var95.value_at_risk
    assert var99.value_at_risk
    assert var95.expected_shortfall

    def of(value: Decimal, twin: Decimal, kind: str = "money", **more: Any) -> Slot:
        return amount(value, kind, of=one.symbol, twin=twin, **more)

    def share(value: float | Decimal, **more: Any) -> Slot:
        return amount(Decimal(str(value)) * 100, "percent", **more)

    up = one.unrealised > 0
    return {
        "H": Slot("symbol", text=one.symbol), "K": Slot("symbol", text=two.symbol),
        "w1": of(one.weight * 100, two.weight * 100, "percent"),
        "w2": amount(two.weight * 100, "percent", of=two.symbol, twin=one.weight * 100),
        "v1": of(one.value, two.value), "q1": of(one.quantity, two.quantity, "count"),
        "cost1": of(one.average_cost, two.average_cost, "price"),
        "price1": of(one.price or Decimal(0), two.price or Decimal(0), "price"),
        "un1": of(one.unrealised, two.unrealised or Decimal(0)),
        "unword": Slot("word", text="gain" if up else "loss"),
        "w12": amount((one.weight + two.weight) * 100, "percent", derived=True),
        "top2": amount((weights[0] + weights[1]) * 100, "percent", derived=True),
        "nav": amount(held.nav, "money"), "cash": amount(held.cash[0].amount, "money"),
        "many": amount(len(held.positions), "count", derived=True),
        "twr": share(course.time_weighted), "vola": share(course.volatility),
        "sharpe": amount(course.sharpe, "ratio"), "depth": share(decline.depth),
        "dpeak": Slot("date", day=decline.peak, pair="peak"),
        "dtrough": Slot("date", day=decline.trough, pair="trough"),
        "var95": share(var95.value_at_risk), "var99": share(var99.value_at_risk),
        "es95": share(var95.expected_shortfall), "gain": amount(course.gain, "money"),
        "gain95": amount(held.nav * Decimal(str(var95.value_at_risk)), "money", derived=True),
        "twrword": Slot("word", text="gained" if course.time_weighted > 0 else "lost"),
        "begun": amount(course.begin_value, "money"),
    }  # fmt: skip
