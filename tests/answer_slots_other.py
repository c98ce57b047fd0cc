"""More values a scene lends to templates: sums, second symbols, quarters, casual names."""

import random
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from answer_scenes import Scene, day_of
from answer_slots import slots
from answer_values import Slot, amount


def more_slots(scene: Scene, draw: random.Random) -> dict[str, Slot]:
    """The values of `slots`, and those only later wordings say."""
    found = slots(scene, draw)
    known = {quote.symbol for quote in scene.quotes} | {one.symbol for one in scene.bars}
    if found["X1"].text in known:
        found["X1"] = Slot("symbol", text="ORCL", of="other")
    return {
        **found,
        **_quoted(scene, found),
        **_charted(scene, found),
        **_owned(scene, found),
    }


def _quoted(scene: Scene, found: dict[str, Slot]) -> dict[str, Slot]:
    a, b = found["A"].text, found["B"].text
    by = {quote.symbol: quote for quote in scene.quotes}
    of = {profile.symbol: profile for profile in scene.profiles}
    p, o, q = of[a], of[b], by[a]
    assert p.pe
    assert o.pe
    assert p.market_cap
    assert o.market_cap
    assert p.average_volume
    assert q.volume
    assert q.bid
    assert q.ask
    casual = scene.casual

    def made(value: float, kind: str = "ratio", **more: Any) -> Slot:
        return amount(value, kind, of=a, derived=True, **more)

    def word(name: str, symbol: str) -> Slot:
        up = (by[symbol].change or 0) > 0
        yes, no = name.split("/")
        return Slot("word", text=yes if up else no, pair=no if up else yes, of=symbol)

    more = {
        "Ac": Slot("symbol", text=casual.get(a, a), pair=a),
        "Bc": Slot("symbol", text=casual.get(b, b), pair=b),
        "gainw": word("gain/loss", a), "gainw2": word("gain/loss", b),
        "volx": made(q.volume / p.average_volume),
        "volratio": made(q.volume / (by[b].volume or 1)),
        "mid": made((q.bid + q.ask) / 2, "price", places=3),
        "cap2": amount(o.market_cap, "money", of=b, twin=Decimal(repr(p.market_cap))),
        "pe2": amount(o.pe, "ratio", of=b, twin=Decimal(repr(p.pe))),
        "capx": made(p.market_cap / o.market_cap),
        "pegap": made(abs(p.pe - o.pe)),
    }  # fmt: skip
    if p.dividend_yield and o.dividend_yield:
        one, two = (Decimal(repr(each)) * 100 for each in (p.dividend_yield, o.dividend_yield))
        more["yield2"] = amount(two, "percent", of=b, twin=one)
    return more


def _charted(scene: Scene, found: dict[str, Slot]) -> dict[str, Slot]:
    s = next(one for one in scene.bars if one.symbol == found["S"].text)
    close, high, low, volume = (np.asarray(column) for column in (s.close, s.high, s.low, s.volume))
    i = next(n for n in range(len(s)) if day_of(s, n) == found["di"].day)
    day = day_of(s, i)
    quarter = [n for n in range(len(s)) if _quarter(day_of(s, n)) == _quarter(day)]
    sma = float(np.mean(close[-50:]))
    over = (close[-1] / sma - 1) * 100
    last = (close[-1] / close[-2] - 1) * 100

    def made(value: float, kind: str = "price", **more: Any) -> Slot:
        return amount(float(value), kind, of=s.symbol, derived=True, **more)

    def word(yes: str, no: str, value: float) -> Slot:
        up = value > 0
        return Slot("word", text=yes if up else no, pair=no if up else yes, of=s.symbol)

    return {
        "d0": Slot("date", day=day_of(s, 0), pair="0", of=s.symbol),
        "first": amount(close[0], of=s.symbol, pair="0"),
        "cy": amount(close[-2], of=s.symbol),
        "qhigh": made(np.max(high[quarter]), pair="i"),
        "qlow": made(np.min(low[quarter]), pair="i"),
        "sma": amount(sma, of=s.symbol),
        "oversma": made(over, "percent", signed=True), "smaword": word("above", "below", over),
        "dayz": made(last, "percent", signed=True), "movedz": word("rose", "fell", last),
        "avgvol20": made(np.mean(volume[-20:]), "quantity"),
    }  # fmt: skip


def _quarter(day: date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3


def _owned(scene: Scene, found: dict[str, Slot]) -> dict[str, Slot]:
    held = {one.symbol: one for one in scene.holdings.positions}
    one, two = held[found["H"].text], held[found["K"].text]
    nav, cash = scene.holdings.nav, scene.holdings.cash[0].amount
    assert nav
    assert one.value
    assert two.value
    assert one.weight
    assert one.unrealised is not None
    assert scene.holdings.unrealised is not None
    assert scene.risk.beta is not None
    up = one.unrealised > 0

    def other(value: Decimal, twin: Decimal, kind: str) -> Slot:
        return amount(value, kind, of=two.symbol, twin=twin)

    return {
        "v2": other(two.value, one.value, "money"),
        "q2": other(two.quantity, one.quantity, "count"),
        "v12": amount(one.value + two.value, "money", derived=True),
        "invested": amount(nav - cash, "money", derived=True),
        "cashw": amount(cash / nav * 100, "percent", derived=True),
        "wrest": amount(100 - one.weight * 100, "percent", derived=True),
        "unall": amount(scene.holdings.unrealised, "money"),
        "unup": Slot("word", text="up" if up else "down"),
        "beta": amount(scene.risk.beta, "ratio"),
        "bench": Slot("word", text=scene.risk.benchmark, pair=scene.risk.benchmark),
    }
