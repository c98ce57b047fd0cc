"""What every engine promises charts, in this process and across the socket."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest
from both_engines import DOORS, Afternoon, running, through
from msgspec.structs import replace

from tio.api.access import Principal
from tio.api.charts import (
    DeleteDrawing,
    DeleteLayout,
    Drawing,
    DrawingKind,
    Drawings,
    GetSessionLevels,
    ListDrawings,
    ListLayouts,
    Point,
    RescaleDrawing,
    SaveDrawing,
    SaveLayout,
)
from tio.api.companies import CorporateEvent, EventKind
from tio.api.contract import Engine, Role
from tio.api.errors import Conflict, Invalid, NotFound
from tio.api.market import GetBars, Timeframe
from tio.api.series import instant
from tio.config import Config, Demo
from tio.engine.local import LocalEngine
from tio.engine.store.companies import CompanyStore
from tio.paths import Paths

ACME, PATIENCE = "SIM:ACME", 20.0
OPENED = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
LINE = Drawing(
    symbol=ACME,
    kind=DrawingKind.trend,
    points=(Point(OPENED, 100.0), Point(OPENED.replace(minute=30), 104.0)),
    text="support",
)
LEVEL = replace(LINE, kind=DrawingKind.horizontal, points=LINE.points[:1])


@pytest.fixture
async def local() -> AsyncIterator[LocalEngine]:
    async with running() as made:
        yield made


@pytest.fixture(params=DOORS)
async def engine(request: pytest.FixtureRequest, local: LocalEngine) -> AsyncIterator[Engine]:
    async with through(local, request.param) as opened:
        yield opened


async def split(local: LocalEngine, ratio: float, on: date) -> None:
    event = CorporateEvent(symbol=ACME, kind=EventKind.share_split, ex_date=on, ratio=ratio)
    await CompanyStore(local._history).add_events(ACME, "test", [event], instant(OPENED))


async def test_a_drawing_is_kept_found_changed_and_removed(engine: Engine) -> None:
    saved = await engine.ask(SaveDrawing(LINE))
    assert saved.id
    assert saved.made_at is not None
    assert saved.made_at.date() == date(2026, 11, 20)
    assert await engine.ask(ListDrawings("acme")) == (saved,)

    moved = await engine.ask(SaveDrawing(replace(saved, text="resistance")))
    assert moved == replace(saved, text="resistance")
    other = await engine.ask(SaveDrawing(LEVEL))
    assert await engine.ask(ListDrawings()) == (moved, other)
    assert await engine.ask(DeleteDrawing(moved.id)) == moved
    assert await engine.ask(ListDrawings(ACME)) == (other,)


async def test_a_drawing_deleted_by_mistake_can_be_put_back(engine: Engine) -> None:
    saved = await engine.ask(SaveDrawing(LINE))
    gone = await engine.ask(DeleteDrawing(saved.id))
    back = await engine.ask(SaveDrawing(replace(gone, id="")))
    assert replace(back, id=saved.id) == saved


async def test_whoever_watches_a_symbols_drawings_sees_each_change(engine: Engine) -> None:
    async with asyncio.timeout(PATIENCE), engine.watch(Drawings("acme")) as items:
        assert (await anext(items)).value == ()
        saved = await engine.ask(SaveDrawing(LINE))
        assert (await anext(items)).value == (saved,)
        await engine.ask(SaveDrawing(replace(LEVEL, symbol="SIM:EURUSD")))
        await engine.ask(DeleteDrawing(saved.id))
        assert (await anext(items)).value == ()


async def test_a_watch_that_begins_later_begins_with_what_is_there(engine: Engine) -> None:
    saved = await engine.ask(SaveDrawing(LINE))
    async with asyncio.timeout(PATIENCE), engine.watch(Drawings(ACME)) as items:
        first = await anext(items)
    assert first.snapshot
    assert first.value == (saved,)


@pytest.mark.parametrize(
    ("drawing", "said"),
    [
        (replace(LINE, points=LINE.points[:1]), "a trend is drawn by 2 points, were 1"),
        (replace(LINE, kind=DrawingKind.channel), "a channel is drawn by 3 points, were 2"),
        (replace(LEVEL, kind=DrawingKind.text, text=" "), "a text needs words"),
        (replace(LEVEL, points=(Point(OPENED, float("nan")),)), "points.0..price"),
    ],
)
async def test_what_cannot_be_drawn_is_not_kept(
    local: LocalEngine, drawing: Drawing, said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        await local.session().ask(SaveDrawing(drawing))
    assert await local.session().ask(ListDrawings()) == ()


async def test_what_is_not_there_cannot_be_changed(engine: Engine) -> None:
    for request in (DeleteDrawing("nope"), RescaleDrawing("nope")):
        with pytest.raises(NotFound, match="no drawing 'nope'"):
            await engine.ask(request)
    saved = await engine.ask(SaveDrawing(LINE))
    with pytest.raises(NotFound):
        await engine.ask(SaveDrawing(replace(LINE, id="nope")))
    with pytest.raises(Conflict, match="not of SIM:EURUSD"):
        await engine.ask(SaveDrawing(replace(saved, symbol="SIM:EURUSD")))
    with pytest.raises(Invalid, match="is not suspended"):
        await engine.ask(RescaleDrawing(saved.id))


async def test_texts_are_cleaned_where_they_enter(engine: Engine) -> None:
    saved = await engine.ask(SaveDrawing(replace(LEVEL, text="a\x1b[31mb\n", pen="\x07red")))
    assert (saved.text, saved.pen) == ("a[31mb", "red")


async def test_each_sees_drawings_and_layouts_of_their_own(local: LocalEngine) -> None:
    ann = local.session(Principal("ann", Role.trader))
    bob = local.session(Principal("bob", Role.trader))
    saved = await ann.ask(SaveDrawing(LINE))
    await ann.ask(SaveLayout("swing", "layout", "{}"))
    assert await bob.ask(ListDrawings()) == ()
    assert await bob.ask(ListLayouts()) == ()
    with pytest.raises(NotFound):
        await bob.ask(DeleteDrawing(saved.id))


async def test_a_write_said_again_happens_once(engine: Engine) -> None:
    first = await engine.ask(SaveDrawing(LINE), key="k1")
    again = await engine.ask(SaveDrawing(LINE), key="k1")
    assert again == first
    assert await engine.ask(ListDrawings()) == (first,)


async def test_a_split_suspends_what_was_drawn_before_it_until_it_is_rescaled(
    engine: Engine, local: LocalEngine
) -> None:
    early = replace(LINE, made_at=datetime(2026, 11, 10, 15, 0, tzinfo=UTC))
    saved = await engine.ask(SaveDrawing(early))
    new = await engine.ask(SaveDrawing(LEVEL))
    await split(local, 4.0, date(2026, 11, 16))

    before, after = await engine.ask(ListDrawings(ACME))
    assert before.suspended == f"{ACME} split 4:1 on 2026-11-16, after these prices were set"
    assert [point.price for point in before.proposed] == [25.0, 26.0]
    assert after == new
    assert not after.suspended

    rescaled = await engine.ask(RescaleDrawing(saved.id))
    assert [point.price for point in rescaled.points] == [25.0, 26.0]
    assert not rescaled.suspended
    assert await engine.ask(ListDrawings(ACME)) == (rescaled, new)


async def test_drawings_and_layouts_are_there_after_a_restart() -> None:
    place, demo = Paths.find().workspace("demo"), Config(demo=Demo(symbols=3, rate=50.0))
    before = LocalEngine(place, demo, wall=Afternoon())
    await before.start()
    saved = await before.session().ask(SaveDrawing(LINE))
    layout = await before.session().ask(SaveLayout("swing", "layout", '{"a":[1]}'))
    await before.close()

    after = LocalEngine(place, demo, wall=Afternoon())
    await after.start()
    try:
        assert await after.session().ask(ListDrawings()) == (saved,)
        assert await after.session().ask(ListLayouts()) == (layout,)
    finally:
        await after.close()


async def test_a_layout_is_kept_under_its_name(engine: Engine) -> None:
    swing = await engine.ask(SaveLayout(" swing ", "layout", '{"timeframe":"1d"}'))
    trend = await engine.ask(SaveLayout("trend", "indicators", '["ema:20"]'))
    assert swing.name == "swing"
    assert await engine.ask(ListLayouts()) == (trend, swing)
    assert await engine.ask(ListLayouts("layout")) == (swing,)
    assert await engine.ask(DeleteLayout("swing", "layout")) == swing
    with pytest.raises(NotFound, match="no layout 'swing'"):
        await engine.ask(DeleteLayout("swing", "layout"))


async def test_a_layout_is_json_whose_texts_are_cleaned(engine: Engine) -> None:
    for content in ("{", "[" * 60_000):
        with pytest.raises(Invalid, match="must be JSON"):
            await engine.ask(SaveLayout("swing", "layout", content))
    saved = await engine.ask(SaveLayout("swing", "layout", '{"a":["x\\u001b[31m"]}'))
    assert saved.content == '{"a":["x[31m"]}'


async def test_the_levels_of_a_session_are_told_from_its_minutes(engine: Engine) -> None:
    levels = {each.label: each for each in await engine.ask(GetSessionLevels("acme"))}
    assert {"PDH", "PDL", "PDC", "ORH", "ORL", "VWAP", "WO"} <= levels.keys()
    assert levels["PDL"].price <= levels["PDC"].price <= levels["PDH"].price
    assert levels["ORL"].price <= levels["ORH"].price
    assert not levels["ORH"].forming
    assert levels["VWAP"].forming


async def test_on_a_monday_the_day_before_is_the_friday(engine: Engine) -> None:
    monday = datetime(2026, 11, 16, 18, 0, tzinfo=UTC)
    levels = {each.label: each for each in await engine.ask(GetSessionLevels("acme", at=monday))}
    friday = datetime(2026, 11, 13, tzinfo=UTC)
    asked = GetBars(ACME, Timeframe.d1, friday, friday + timedelta(days=1))
    (high,) = (await engine.ask(asked)).high
    assert levels["PDH"].price == high


async def test_levels_at_a_moment_know_nothing_later(engine: Engine) -> None:
    early = datetime(2026, 11, 20, 0, 10, tzinfo=UTC)
    then = {each.label: each for each in await engine.ask(GetSessionLevels(ACME, at=early))}
    now = {each.label: each for each in await engine.ask(GetSessionLevels(ACME))}
    assert then["PDH"].price == now["PDH"].price
    assert then["ORH"].forming
    assert then["ORH"].price <= now["ORH"].price
    with pytest.raises(Invalid, match="zone"):
        await engine.ask(GetSessionLevels(ACME, at=datetime(2026, 11, 20)))  # noqa: DTZ001
