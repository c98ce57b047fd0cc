"""Drawing on a chart by keys and clicks: placed, selected, moved, deleted, put back, live."""

from datetime import timedelta

import pytest
import screen_market as market
from chart_scene import Scene, chart_scene
from drawing_board import DrawingBoard
from msgspec.structs import replace
from textual.geometry import Offset

from tio.api.charts import Drawing, DrawingKind, Drawings, Point, SaveDrawing
from tio.api.errors import NotAllowed
from tio.api.market import Adjustment, Timeframe
from tio.api.series import instant, moment
from tio.draw.canvas import Pen
from tio.draw.view import ChartView, Figure, Shape
from tio.screens.widgets.compare_part import ComparePart
from tio.screens.widgets.drawings_part import DrawingsPart

AGO = market.NOW - timedelta(minutes=20)
LEVEL = Drawing(
    id="a",
    symbol="BTC-USD",
    kind=DrawingKind.horizontal,
    points=(Point(AGO, 64_200.0),),
    adjusted=Adjustment.raw,
)
TREND = Drawing(
    id="b",
    symbol="BTC-USD",
    kind=DrawingKind.trend,
    points=(Point(AGO, 64_100.0), Point(AGO + timedelta(minutes=10), 64_300.0)),
    text="support",
    adjusted=Adjustment.raw,
)
SPLIT = replace(
    LEVEL,
    id="c",
    suspended="BTC-USD split 4:1 on 2026-11-16, after these prices were set",
    proposed=(Point(AGO, 16_050.0),),
)


def part(scene: Scene) -> DrawingsPart:
    found = scene.chart.parts["drawings"]
    assert isinstance(found, DrawingsPart)
    return found


def view(scene: Scene) -> ChartView:
    return scene.chart._view(scene.chart.plot_width)


def figures(scene: Scene) -> tuple[Figure, ...]:
    return view(scene).figures


def said(scene: Scene) -> str:
    return scene.app.said[0]


async def kept(scene: Scene, board: DrawingBoard, count: int = 1) -> None:
    """Wait until so many are kept and shown as kept."""
    await scene.until(lambda: len(board.kept) == count and not part(scene).kept_ones._writes)


async def test_a_trend_is_placed_by_keys_alone() -> None:
    board = DrawingBoard()
    async with chart_scene(board.engine) as scene:
        times = scene.chart.columns.time
        await scene.press("d")
        assert said(scene).startswith("Draw: t trend")
        await scene.press("t")
        assert said(scene).startswith("trend 1/2")
        assert view(scene).cursor == (399, float(scene.chart.columns.close[399]))
        await scene.press("left", "left", "up", "enter", "right", "6", "4", "1", "enter", "enter")
        await kept(scene, board)
        made = board.only
        assert (made.kind, made.symbol, made.adjusted) == (
            DrawingKind.trend,
            "BTC-USD",
            Adjustment.raw,
        )
        assert [instant(each.time) for each in made.points] == [int(times[397]), int(times[398])]
        assert made.points[0].price > float(scene.chart.columns.close[399])
        assert made.points[1].price == 641.0
        assert [each.shape for each in figures(scene)] == [Shape.trend]


@pytest.mark.parametrize(
    ("key", "kind"),
    [("i", "ray"), ("v", "horizontal"), ("c", "channel"), ("f", "fibonacci")],
)
async def test_every_kind_is_placed_by_its_points(key: str, kind: str) -> None:
    board = DrawingBoard()
    async with chart_scene(board.engine) as scene:
        await scene.press("d", key)
        for _ in range(DrawingKind(kind).points):
            assert not board.kept
            await scene.press("enter", "left", "left")
        await kept(scene, board)
        assert board.only.kind == kind
        assert figures(scene)[0].shape == kind


async def test_a_text_asks_for_its_words_and_without_them_is_not_made() -> None:
    board = DrawingBoard()
    async with chart_scene(board.engine) as scene:
        await scene.press("d", "x", "enter")
        await scene.type("")
        assert part(scene).kind is DrawingKind.text
        await scene.press("enter")
        await scene.type("buy here")
        await kept(scene, board)
        assert board.only.text == "buy here"


async def test_the_price_snaps_to_open_high_low_and_close() -> None:
    async with chart_scene(DrawingBoard().engine) as scene:
        await scene.press("d", "v", "left", "up", "s")
        columns = scene.chart.columns
        four = sorted(float(c[398]) for c in (columns.open, columns.high, columns.low))
        first = part(scene).price
        assert first in (*four, float(columns.close[398]))
        seen = {first}
        for _ in range(3):
            await scene.press("s")
            seen.add(part(scene).price)
        assert seen == {*four, float(columns.close[398])}


async def test_points_set_wait_for_the_next_time_when_one_leaves() -> None:
    board = DrawingBoard()
    async with chart_scene(board.engine) as scene:
        await scene.press("d", "t", "enter", "left", "escape", "escape")
        assert not part(scene).grabs
        assert not board.kept
        await scene.press("d")
        assert said(scene).startswith("trend 2/2")
        await scene.press("left", "enter")
        await kept(scene, board)


async def test_what_is_kept_is_shown_on_every_timeframe_at_its_moment() -> None:
    board = DrawingBoard(TREND)
    async with chart_scene(board.engine) as scene:
        await scene.until(lambda: figures(scene))
        assert [round(bar) for bar, _ in figures(scene)[0].points] == [379, 389]
        scene.app.timeframe = Timeframe.m5
        await scene.until(lambda: scene.chart.held[1] is Timeframe.m5 and scene.chart.history)
        await scene.until(lambda: figures(scene))
        assert [round(bar) for bar, _ in figures(scene)[0].points] == [395, 397]


async def test_a_key_walks_through_and_arrows_move_the_whole() -> None:
    board = DrawingBoard(LEVEL, TREND)
    async with chart_scene(board.engine) as scene:
        await scene.until(lambda: len(figures(scene)) == 2)
        await scene.press("d", "n")
        assert said(scene).startswith("horizontal 1/2, all: arrows")
        await scene.press("n")
        assert said(scene).startswith("trend 2/2, all")
        assert figures(scene)[1].selected
        await scene.press("left", "left", "up")
        assert board.kept["b"] == TREND
        await scene.press("escape")
        await scene.until(lambda: board.kept["b"] != TREND)
        moved = board.kept["b"]
        assert [a.time - b.time for a, b in zip(moved.points, TREND.points, strict=True)] == [
            timedelta(minutes=-2)
        ] * 2
        assert all(a.price > b.price for a, b in zip(moved.points, TREND.points, strict=True))


async def test_one_point_is_moved_alone_and_typed() -> None:
    board = DrawingBoard(TREND)
    async with chart_scene(board.engine) as scene:
        await scene.until(lambda: figures(scene))
        await scene.press("d", "n", "p", "p")
        assert said(scene).startswith("trend 1/1, point 2")
        await scene.press("right", "enter")
        await scene.until(lambda: board.only != TREND and not part(scene).kept_ones._writes)
        assert board.only.points[0] == TREND.points[0]
        assert board.only.points[1].time - TREND.points[1].time == timedelta(minutes=1)
        await scene.press("6", "4", "2", "5", "0", "full_stop", "5", "enter")
        await scene.until(lambda: board.only.points[1].price == 64_250.5)


async def test_words_and_colour_are_changed_and_every_change_is_undone() -> None:
    board = DrawingBoard(TREND)
    async with chart_scene(board.engine) as scene:
        await scene.until(lambda: figures(scene))
        await scene.press("d", "n", "w")
        await scene.type("floor")
        await scene.until(lambda: board.only.text == "floor")
        await scene.press("o", "o")
        await scene.until(lambda: board.only.pen == "accent")
        assert figures(scene)[0].pen is Pen.accent
        await scene.press("u", "u", "u")
        await scene.until(lambda: (board.only.text, board.only.pen) == ("support", ""))
        await scene.press("u")
        assert said(scene) == "There is nothing to undo."


async def test_what_was_deleted_comes_back() -> None:
    board = DrawingBoard(TREND)
    async with chart_scene(board.engine) as scene:
        await scene.until(lambda: figures(scene))
        await scene.press("d", "n", "o", "delete")
        await kept(scene, board, 0)
        assert not figures(scene)
        await scene.press("u")
        await kept(scene, board)
        assert (board.only.points, board.only.pen) == (TREND.points, "violet")
        await scene.press("u")
        await scene.until(lambda: board.only.pen == "")


async def test_a_change_made_elsewhere_is_shown_at_once() -> None:
    board = DrawingBoard()
    async with chart_scene(board.engine) as scene:
        await scene.until(lambda: any(isinstance(t, Drawings) for t in scene.fake.watching))
        board.kept["b"] = TREND
        board.tell("BTC-USD")
        await scene.until(lambda: [each.text for each in figures(scene)] == ["support"])


async def test_another_symbol_has_its_own() -> None:
    async with chart_scene(DrawingBoard(TREND).engine) as scene:
        await scene.until(lambda: figures(scene))
        scene.app.symbol = "SPY"
        await scene.until(lambda: scene.chart.held[0] == "SPY" and scene.chart.history)
        assert not figures(scene)


async def test_one_suspended_by_a_split_says_why_and_takes_the_prices_proposed() -> None:
    board = DrawingBoard(SPLIT)
    async with chart_scene(board.engine) as scene:
        await scene.until(lambda: "1 drawn before a split: d, n" in scene.title)
        assert not figures(scene)
        await scene.press("d", "n")
        assert "split 4:1 on 2026-11-16" in said(scene)
        assert "a takes 16,050.00" in said(scene)
        await scene.press("up")
        assert board.only == SPLIT
        await scene.press("a")
        await scene.until(lambda: not board.only.suspended)
        await scene.until(lambda: figures(scene) and figures(scene)[0].points[0][1] == 16_050.0)


async def test_those_on_prices_less_dividends_are_not_drawn_over_others() -> None:
    board = DrawingBoard(replace(LEVEL, adjusted=Adjustment.total))
    async with chart_scene(board.engine) as scene:
        await scene.until(lambda: "1 drawn on other prices" in scene.title)
        assert not figures(scene)


async def test_clicks_place_points_and_select() -> None:
    board = DrawingBoard()
    async with chart_scene(board.engine) as scene:
        chart = scene.chart
        await scene.until(lambda: chart.layout_drawn)
        await scene.press("d", "t")
        place = chart.content_region.offset - chart.region.offset
        await scene.pilot.click(chart, offset=place + Offset(20, 10))
        await scene.pilot.click(chart, offset=place + Offset(40, 14))
        await kept(scene, board)
        layout = chart.layout_drawn
        assert layout is not None
        bars = [layout.bar_at(20), layout.bar_at(40)]
        times = chart.columns.time
        assert [each.time for each in board.only.points] == [
            moment(int(times[b or 0])) for b in bars
        ]
        await scene.press("escape")
        assert not part(scene).selected
        await scene.pilot.click(chart, offset=place + Offset(21, 10))
        assert part(scene).kept_ones.named(part(scene).selected) == board.only.id


async def test_a_viewer_is_told_that_it_is_not_kept() -> None:
    board = DrawingBoard()
    board.engine.answers[SaveDrawing] = NotAllowed("viewers cannot draw")
    async with chart_scene(board.engine) as scene:
        await scene.press("d", "v", "enter")
        await scene.until(lambda: "The drawing is not kept: Viewers cannot draw" in said(scene))
        assert not figures(scene)


async def test_nothing_is_drawn_on_a_ratio() -> None:
    async with chart_scene(DrawingBoard().engine) as scene:
        compare = scene.chart.parts["compare"]
        assert isinstance(compare, ComparePart)
        compare.show(("ETH-USD",), True)
        await scene.until(lambda: compare.is_shown_as_ratio)
        await scene.press("d")
        assert not part(scene).grabs
        assert "end the ratio" in said(scene)


async def test_other_keys_still_do_what_they_do() -> None:
    async with chart_scene(DrawingBoard().engine) as scene:
        await scene.press("d", "t")
        zoom = scene.chart.window.zoom
        await scene.press("plus")
        assert scene.chart.window.zoom != zoom


async def test_one_selected_out_of_sight_is_panned_to() -> None:
    old = Point(market.NOW - timedelta(minutes=390), 64_100.0)
    board = DrawingBoard(replace(TREND, points=(old, replace(old, price=64_000.0))))
    async with chart_scene(board.engine) as scene:
        await scene.until(lambda: figures(scene))
        assert view(scene).start > 9
        await scene.press("d", "n")
        assert view(scene).start <= 9
