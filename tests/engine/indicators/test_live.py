"""Indicators bar by bar answer as they do over all bars at once."""

from math import isnan

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from indicator_bars import REPAINTED, brief, first, furthest, odd, other, rows, same, sessions, walk

from tio.engine.indicators.catalogue import CATALOGUE
from tio.engine.indicators.compute import compute
from tio.engine.indicators.declare import Floats, Spec
from tio.engine.indicators.live import Bar, live, memory
from tio.engine.store.columns import Columns

NAMES = sorted(CATALOGUE)
PLAIN = [name for name in NAMES if CATALOGUE[name].compute.__qualname__.startswith("ta.")]
"""What is one function of TA-Lib and nothing else."""
GROWING = {"session_profile"}
"""What costs more the more bars its session has."""
FEW = settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


def told(bars: Columns, spec: Spec) -> list[Floats]:
    """Each output in columns, as it was at each bar: what is painted anew is asked for each."""
    number, against = sessions(bars), other(len(bars))
    whole = compute(bars, spec, session=number, against=against)
    for output in whole:
        if (spec.name, output) in REPAINTED:
            for at in range(len(bars)):
                part = compute(first(bars, at + 1), spec, session=number[: at + 1])
                whole[output][at] = part[output][-1]
    return list(whole.values())


@pytest.mark.parametrize("name", NAMES)
@given(bars=odd(most=80), longest=st.integers(3, 20))
@FEW
def test_each_bar_peeked_at_and_pushed_answers_as_columns_do(
    name: str, bars: Columns, longest: int
) -> None:
    spec = Spec(name, brief(name, longest))
    columns, handle = told(bars, spec), live(spec)

    for at, bar in enumerate(rows(bars, session=sessions(bars))):
        seen, answer = handle.peek(bar), handle.push(bar)
        wanted = [float(column[at]) for column in columns]
        assert len(answer) == len(wanted)
        assert all(map(same, answer, wanted)), (at, answer, wanted)
        assert repr(seen) == repr(answer)


@pytest.mark.parametrize("name", PLAIN)
def test_what_talib_streams_is_equal_to_the_last_bit(name: str) -> None:
    bars = walk(300, seed=8)
    handle = live(Spec(name))
    pushed = np.array([handle.push(bar) for bar in rows(bars)]).T

    for ours, column in zip(pushed, compute(bars, Spec(name)).values(), strict=True):
        assert np.array_equal(ours, column, equal_nan=True)


@pytest.mark.parametrize("name", NAMES)
@given(bars=odd(most=60), cut=st.floats(0, 1))
@FEW
def test_a_history_told_at_once_is_as_told_bar_by_bar(name: str, bars: Columns, cut: float) -> None:
    count, spec, number = int(cut * len(bars)), Spec(name, brief(name)), sessions(bars)
    row = rows(bars, session=number)
    slowly, quickly = live(spec), live(spec)
    one_by_one = [slowly.push(bar) for bar in row]
    at_once = quickly.push_many(
        first(bars, count), session=number[:count], against=other(len(bars))[:count]
    )

    assert [len(column) for column in at_once] == [count] * len(CATALOGUE[name].outputs)
    after = [*zip(*(column.tolist() for column in at_once), strict=True)]
    after += [quickly.push(bar) for bar in row[count:]]
    for ours, theirs in zip(after, one_by_one, strict=True):
        assert all(map(same, ours, theirs))


@pytest.mark.parametrize("name", NAMES)
def test_no_bar_and_one_bar_of_history_are_as_told_one_by_one(name: str) -> None:
    bars = walk(2, seed=9)
    one, two = rows(bars)
    plain, none, single = live(Spec(name)), live(Spec(name), Columns.empty()), live(Spec(name))
    columns = single.push_many(first(bars, 1), against=other(1))
    answer = plain.push(one)

    assert [len(column) for column in columns] == [1] * len(answer)
    assert all(map(same, [float(column[0]) for column in columns], answer))
    assert repr(none.push(one)) == repr(answer)
    assert all(map(same, single.push(two), plain.push(two)))


@pytest.mark.parametrize("name", NAMES)
def test_no_more_bars_are_remembered_than_is_told(name: str) -> None:
    bars = walk(700, seed=6)
    row, reach = rows(bars), memory(Spec(name))
    whole, late = live(Spec(name)), live(Spec(name))
    if reach is None:
        assert CATALOGUE[name].warm_up_of({}) < 700
        return
    for bar in row[:-1]:
        whole.push(bar)
    for bar in row[-1 - reach : -1]:
        late.push(bar)

    assert reach <= 260
    assert all(map(same, late.push(row[-1]), whole.push(row[-1])))


def test_a_bar_costs_the_same_whatever_came_before() -> None:
    assert {name for name in NAMES if not live(Spec(name)).constant} == GROWING


def test_what_smooths_for_ever_or_counts_sessions_remembers_without_bound() -> None:
    assert [memory(Spec(name)) for name in ("ema", "rsi", "supertrend", "vwap")] == [None] * 4
    assert [memory(Spec(name)) for name in ("sma", "ichimoku", "hv", "medprice")] == [19, 77, 20, 0]


@pytest.mark.parametrize("name", NAMES)
def test_looking_at_what_forms_leaves_no_trace(name: str) -> None:
    bars = walk(90, seed=2)
    row, spec = rows(bars), Spec(name, brief(name))
    looked, quiet = live(spec), live(spec)
    for bar in row:
        for price in (bar.close * 0.9, bar.close * 1.2):
            looked.peek(bar._replace(close=price, high=price * 1.01, session=7, volume=price))
        assert repr(looked.push(bar)) == repr(quiet.push(bar))


@pytest.mark.parametrize("name", NAMES)
def test_a_bar_that_misses_a_number_is_passed_over(name: str) -> None:
    bars, nothing = walk(60, seed=4), float("nan")
    row, spec = rows(bars), Spec(name, brief(name))
    holed, whole = live(spec), live(spec)
    for bar in row[:50]:
        holed.push(bar)
        whole.push(bar)

    missing = Bar(row[50].time, nothing, nothing, nothing, nothing, nothing)
    assert all(map(isnan, holed.peek(missing)))
    assert all(map(isnan, holed.push(missing)))
    assert repr(holed.push(row[51])) == repr(whole.push(row[51]))


@pytest.mark.parametrize("price", ["open", "hl2", "hlc3", "ohlc4"])
def test_another_price_takes_the_place_of_the_close(price: str) -> None:
    bars, spec = walk(80), Spec("bbands", {"length": 5, "price": price})
    handle = live(spec, first(bars, 79))

    wanted = [float(column[-1]) for column in compute(bars, spec).values()]
    assert all(map(same, handle.push(rows(bars)[-1]), wanted))


def test_without_a_session_told_a_day_in_utc_is_one() -> None:
    bars, spec = walk(60), Spec("vwap")
    handle = live(spec, first(bars, 59))

    assert same(handle.push(rows(bars)[-1])[0], float(compute(bars, spec)["vwap"][-1]))


def test_a_long_history_is_told_in_columns() -> None:
    bars = walk(20_000)
    handle = live(Spec("macd"))
    columns = handle.push_many(bars)

    for ours, theirs in zip(columns, compute(bars, Spec("macd")).values(), strict=True):
        assert furthest(ours, theirs) == 0.0
