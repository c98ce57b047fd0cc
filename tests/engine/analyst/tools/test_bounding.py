"""A chat about the past, and what it may not know."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from both_engines import running
from made_up_words import Access, AskWeather

from tio.api import words
from tio.api.access import Principal
from tio.api.analyst import ExplainMove
from tio.api.as_of import AskAsOf, AskedAsOf
from tio.api.companies import GetEvents
from tio.api.contract import Role
from tio.api.errors import Conflict, Invalid
from tio.api.hours import GetHours
from tio.api.ledger import GetPositions, ListPortfolios
from tio.api.market import Bars, GetBars, GetQuotes, Timeframe
from tio.api.series import Series, Times, instant
from tio.engine.analyst.models.speech import ToolCall
from tio.engine.analyst.tools.bounding import bounded, later
from tio.engine.analyst.tools.desk import ToolDesk
from tio.engine.analyst.tools.shelf import shelf
from tio.engine.as_of.words import SAME

from fakes import FakeClock, FakeEngine

assert words
AS_OF = datetime(2026, 11, 18, 12, 30, tzinfo=UTC)


def call(name: str, arguments: str = "{}") -> ToolCall:
    return ToolCall("c1", name, arguments)


@pytest.mark.parametrize("timeframe", list(Timeframe))
def test_the_last_bar_told_has_ended(timeframe: Timeframe) -> None:
    asked = bounded(GetBars("AAPL", timeframe), AS_OF).request
    assert isinstance(asked, GetBars)
    assert asked.end is not None
    step = timedelta(microseconds=timeframe.step)
    assert asked.end - timedelta(microseconds=1) + step == AS_OF


def test_an_earlier_end_is_kept_and_a_later_one_told() -> None:
    before = GetBars("AAPL", end=datetime(2026, 11, 1, tzinfo=UTC))
    assert bounded(before, AS_OF).request == before
    assert bounded(before, AS_OF).said == "prices are adjusted by the splits known today"
    after = bounded(GetBars("AAPL", end=datetime(2026, 11, 20, tzinfo=UTC)), AS_OF)
    assert after.said.startswith("end was set to 2026-11-17T12:30")


def test_days_end_where_they_had_ended_everywhere() -> None:
    asked = bounded(GetEvents("AAPL"), AS_OF).request
    assert isinstance(asked, GetEvents)
    assert asked.end == date(2026, 11, 17)
    asked = bounded(GetEvents("AAPL"), datetime(2026, 11, 18, 9, tzinfo=UTC)).request
    assert isinstance(asked, GetEvents)
    assert asked.end == date(2026, 11, 16)


def test_what_is_made_of_days_ends_a_day_before() -> None:
    asked = bounded(GetPositions("main"), AS_OF).request
    assert isinstance(asked, GetPositions)
    assert asked.at == AS_OF - timedelta(days=1)


def test_calendars_are_the_same_at_every_moment() -> None:
    assert bounded(GetHours("NYSE"), AS_OF).request == GetHours("NYSE")


@pytest.mark.parametrize(
    "answer",
    [
        AS_OF + timedelta(seconds=1),
        {"rows": [{"at": date(2026, 11, 20)}]},
        Bars(
            symbol="A", timeframe=Timeframe.d1, time=Times([instant(AS_OF) + 1]), close=Series([1])
        ),
        ("2026-11-18T12:31:00Z",),
        [AskWeather("Kiel", at=datetime(2027, 1, 1, tzinfo=UTC))],
    ],
)
def test_a_later_moment_is_found_wherever_it_stands(answer: object) -> None:
    assert later(answer, AS_OF)


def test_a_moment_that_had_come_is_none() -> None:
    earlier = {"a": AS_OF, "b": (date(2026, 11, 18), "2026-11-18", "1234567890", "2026-99-99")}
    assert later(earlier, AS_OF) == ""


async def test_a_chat_about_the_past_asks_as_of_its_moment() -> None:
    told = AskedAsOf(at=AS_OF, answer="[]", said="less was asked")
    engine = FakeEngine({AskAsOf: told})
    desk = ToolDesk(Access(engine), Principal(), FakeClock(), AS_OF)
    made = await desk.call(call("GetQuotes", '{"symbols": ["AAPL"]}'))
    (asked,) = engine.asked
    assert isinstance(asked, AskAsOf)
    assert (asked.at, asked.word) == (AS_OF, "GetQuotes")
    assert json.loads(asked.fields)["symbols"] == ["AAPL"]
    assert (made.answer, made.request) == ((), GetQuotes(("AAPL",)))
    assert "Note: less was asked." in made.text


async def test_what_cannot_be_known_of_the_past_is_told_in_its_words() -> None:
    engine = FakeEngine({AskAsOf: Conflict("ListOrders tells of now alone", "NOW goes back")})
    desk = ToolDesk(Access(engine), Principal(), FakeClock(), AS_OF)
    made = await desk.call(call("ListOrders", '{"portfolio": "main"}'))
    assert (made.ok, made.answer) == (False, None)
    assert "tells of now alone. NOW goes back." in made.text


async def test_a_chat_about_now_is_not_bounded() -> None:
    engine, clock = FakeEngine({GetQuotes: ()}), FakeClock()
    assert (
        await ToolDesk(Access(engine), Principal(), clock, clock.now()).call(call("GetQuotes"))
    ).ok
    assert (await ToolDesk(Access(engine), Principal(), clock).call(call("GetQuotes"))).ok


async def test_no_tool_of_the_demo_tells_of_later() -> None:
    """Every word that is a tool, asked of an engine that lives two days after the moment."""
    asked = {
        "symbol": "ACME", "symbols": ["ACME", "GLOBEX"], "portfolio": "main", "specs": ["sma"],
        "start": "2026-10-01", "of": "NYSE", "figure": "nav", "id": "1", "trade": "1",
        "side": "buy", "quantity": "1", "equity": "1000", "entry": "10", "stop": "9",
        "risk_percent": "1",
    }  # fmt: skip
    told_well = []
    async with running(portfolio=True) as engine:
        names = [each.name for each in await engine.session().ask(ListPortfolios())]
        asked["portfolio"] = names[0]
        clock = FakeClock()
        desk = ToolDesk(engine, Principal(role=Role.owner), clock, AS_OF)
        for tool in desk.shelf:
            fields = tool.tool.schema.get("properties", {})
            arguments: dict[str, Any] = {k: v for k, v in asked.items() if k in fields}
            made = await desk.call(call(tool.name, json.dumps(arguments)))
            if made.ok:
                told_well.append(tool.name)
                assert later(made.answer, AS_OF) == "" or tool.name in SAME
    known = {
        "GetBars",
        "GetPositions",
        "ComputeIndicators",
        "GetPerformance",
        "GetRisk",
    }
    assert known <= set(told_well)
    assert not {"ListOrders", "GetIncome", "ListTrades", "GetProfile"} & set(told_well)


def test_every_tool_is_bounded_timeless_or_refused() -> None:
    for tool in shelf(Role.owner):
        fields = tool.tool.schema.get("properties", {})
        bounds = {"end", "at", "until"} & set(fields)
        assert len(bounds) <= 1 or "at" in bounds, tool.name


def test_a_report_is_bounded_by_what_it_knows_not_by_its_last_day() -> None:
    asked = bounded(ExplainMove("ACME", end=date(2026, 12, 1)), AS_OF).request
    assert isinstance(asked, ExplainMove)
    assert (asked.at, asked.end) == (AS_OF, date(2026, 12, 1))


def test_nothing_may_be_asked_before_its_reason_is_told() -> None:
    with pytest.raises(Invalid, match="cannot be asked of"):
        bounded(GetQuotes(), AS_OF)
