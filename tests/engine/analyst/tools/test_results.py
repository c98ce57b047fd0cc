"""Answers in the room a conversation has for them."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_words import Access

from tio.api.access import Principal
from tio.api.clean import clean
from tio.api.indicators import Computed
from tio.api.market import Bars, GetBars, GetQuotes, Quote, SearchInstruments, Timeframe
from tio.api.series import Series, Times, instant
from tio.engine.analyst.models.speech import ToolCall
from tio.engine.analyst.tools.desk import ToolDesk
from tio.engine.analyst.tools.results import ROOM, told

from fakes import FakeClock, FakeEngine

BEGIN = datetime(2020, 1, 1, tzinfo=UTC)


def bars(count: int) -> Bars:
    times = Times(instant(BEGIN + timedelta(days=day)) for day in range(count))
    values = np.arange(count) + 100.123456789
    each: dict[str, Any] = {
        name: Series(values + place) for place, name in enumerate(("open", "high", "low"))
    }
    return Bars(
        symbol="ACME", timeframe=Timeframe.d1, time=times, close=Series(values), **each,
        volume=Series(values * 1_000), source="yahoo",
    )  # fmt: skip


def quotes(count: int) -> tuple[Quote, ...]:
    return tuple(Quote(symbol=f"S{place}", last=place + 0.5) for place in range(count))


def test_a_short_answer_is_told_whole() -> None:
    made = told((Quote(symbol="AAPL", last=188.25, bid=float("nan")),))
    (quote,) = json.loads(made.json)
    assert (quote["symbol"], quote["last"], quote["bid"]) == ("AAPL", 188.25, None)
    assert made.left == ()


def test_columns_are_summed_up_and_their_newest_rows_told() -> None:
    made = told(bars(2_000))
    value = json.loads(made.json)
    assert (value["count"], value["from"], value["to"]) == (2_000, "2020-01-01", "2025-06-22")
    assert value["over_all"]["close"] == {
        "count": 2_000, "first": 100.12346, "last": 2099.1235, "min": 100.12346, "max": 2099.1235,
    }  # fmt: skip
    newest = value["newest"]
    assert newest["columns"] == ["time", "open", "high", "low", "close", "volume"]
    assert newest["rows"][-1][0] == "2025-06-22"
    assert made.left[0][1].endswith("older rows of 2000")


def test_outputs_of_an_indicator_are_columns_too() -> None:
    one = Computed(
        name="rsi", time=bars(300).time, outputs={"rsi": Series([float("nan")] * 14 + [50.0] * 286)}
    )
    value = json.loads(told((one,)).json)
    assert value[0]["over_all"]["rsi"]["count"] == 286
    assert value[0]["newest"]["rows"][-1][1] == 50
    assert "outputs" not in value[0]


def test_decimals_stay_exact_and_what_says_nothing_is_left_out() -> None:
    class Sum(msgspec.Struct):
        amount: Decimal
        note: str = ""
        rate: Decimal | None = None

    assert json.loads(told(Sum(Decimal("12.500"))).json) == {"amount": "12.500"}


values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.integers() | st.datetimes(),
    lambda each: st.lists(each, max_size=30) | st.dictionaries(st.text(), each, max_size=30),
    max_leaves=100,
)


@given(values)
def test_no_answer_is_longer_than_its_room(value: Any) -> None:
    text = told(value, 1_000).json
    assert len(text) <= 1_000
    assert clean(text) == text
    assert not set(text.replace("{", "").replace("}", "")) & set("<>")


@pytest.mark.parametrize(
    "answer",
    [quotes(5_000), bars(50_000), "x" * 1_000_000, [[[1] * 99] * 99]],
    ids=["many", "bars", "a text", "lists"],
)
def test_large_answers_fit_and_say_what_is_left_out(answer: object) -> None:
    made = told(answer)
    assert len(made.json) <= ROOM
    assert made.left


async def test_the_rest_is_read_by_its_handle() -> None:
    engine = FakeEngine({GetQuotes: quotes(500), GetBars: bars(500)})
    desk = ToolDesk(Access(engine), Principal(), FakeClock())
    assert "read_more" not in [each.name for each in desk.offered("quotes")[0]]
    first = await desk.call(ToolCall("a", "GetQuotes", "{}"))
    assert "read_more with handle r1" in first.text
    assert "read_more" in [each.name for each in desk.offered("quotes")[0]]
    more = await desk.call(ToolCall("b", "read_more", '{"handle": "r1", "skip": 100, "count": 3}'))
    assert [each["symbol"] for each in _data(more.text)] == ["S100", "S101", "S102"]
    await desk.call(ToolCall("c", "GetBars", '{"symbol": "ACME"}'))
    rows = await desk.call(ToolCall("d", "read_more", '{"handle": "r2", "skip": 1, "count": 2}'))
    assert [row[0] for row in _data(rows.text)["rows"]] == ["2020-01-02", "2020-01-03"]
    part = await desk.call(ToolCall("e", "read_more", '{"handle": "r2", "part": "close"}'))
    assert _data(part.text)[0] == 100.12346
    none = await desk.call(ToolCall("f", "read_more", '{"handle": "r9"}'))
    assert "there is no result 'r9'. there is r1, r2" in none.text
    wrong = await desk.call(ToolCall("g", "read_more", '{"handle": "r2", "part": "__class__"}'))
    assert "has no part" in wrong.text
    assert len(engine.asked) == 2


async def test_a_search_that_finds_nothing_says_so() -> None:
    desk = ToolDesk(Access(FakeEngine({SearchInstruments: ()})), Principal(), FakeClock())
    assert _data((await desk.call(ToolCall("a", "SearchInstruments", "{}"))).text) == []


def _data(text: str) -> Any:
    return json.loads(text.partition("<data>")[2].partition("</data>")[0])
