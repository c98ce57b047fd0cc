"""`tio chart`: what options ask of the engine, and what stands on the paper."""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from shell_scene import Tio, shell

from tio.api.charts import (
    Drawing,
    DrawingKind,
    GetSessionLevels,
    ListDrawings,
    Point,
    SessionLevel,
)
from tio.api.errors import NotFound
from tio.api.indicators import (
    Computed,
    ComputeIndicators,
    IndicatorEntry,
    ListIndicators,
    Pane,
)
from tio.api.market import Adjustment, Bars, GetBars, GetQuotes, Hours, Quote, Timeframe
from tio.api.series import Series, Times, moment
from tio.api.watchlists import ListWatchlists, Watchlist
from tio.commands.charting_drawn import bars_at
from tio.draw.table import cell_width

from fakes import FakeEngine

DAY = 86_400_000_000
TIMES = range(20_000 * DAY, 20_040 * DAY, DAY)
ENTRIES = (
    IndicatorEntry(name="ema", title="", group="averages", outputs=("ema",), pane=Pane.overlay),
    IndicatorEntry(name="rsi", title="", group="momentum", outputs=("rsi",)),
)
SIZE = ("--width", "80", "--height", "30")


def bars(symbol: str) -> Bars:
    close = Series(100 + 10 * np.sin(np.arange(40) / 5) + len(symbol))
    return Bars(
        symbol=symbol.upper(),
        timeframe=Timeframe.d1,
        time=Times(TIMES),
        open=close,
        high=close,
        low=close,
        close=close,
        volume=Series([100.0] * 40),
        source="venue",
        adjusted=Adjustment.total if symbol == "TOTAL" else Adjustment.splits,
    )


@pytest.fixture
def engine() -> FakeEngine:
    def told(request: GetBars) -> Bars | NotFound:
        if request.symbol == "NONE":
            return Bars(symbol="NONE", timeframe=request.timeframe)
        if request.symbol == "NOSUCH":
            return NotFound("nothing is known of it")
        return bars(request.symbol)

    def computed(request: ComputeIndicators) -> tuple[Computed, ...]:
        found = []
        for spec in request.specs:
            entry = next(each for each in ENTRIES if each.name == spec.name)
            values = Series([float("nan")] * 10 + [100.0] * 30)
            found.append(
                Computed(
                    name=spec.name,
                    label=f"{spec.name.upper()} 9",
                    pane=entry.pane,
                    time=Times(TIMES),
                    outputs={spec.name: values},
                )
            )
        return tuple(found)

    def levels(request: GetSessionLevels) -> tuple[SessionLevel, ...]:
        return (SessionLevel("prior_high", "PDH", 104.5, moment(TIMES[20])),)

    def quoted(request: GetQuotes) -> tuple[Quote, ...] | NotFound:
        if "NOSUCH" in request.symbols:
            return NotFound("nothing is known of the symbol 'NOSUCH'")
        return tuple(
            Quote(symbol=each, change_percent={"AAPL": 1.25, "SPY": -3.5}.get(each))
            for each in request.symbols
        )

    return FakeEngine(
        {
            GetBars: told,
            GetQuotes: quoted,
            ListWatchlists: (Watchlist("main", ("SPY", "AAPL")),),
            ListIndicators: lambda _: ENTRIES,
            ComputeIndicators: computed,
            GetSessionLevels: levels,
        }
    )


@pytest.fixture
def tio(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, engine: FakeEngine
) -> Tio:
    call = shell(engine, capfd, monkeypatch)
    return lambda *words: call("chart", *words)


@pytest.mark.parametrize("style", ["plotext", "blocks", "ascii"])
def test_indicators_lie_over_the_prices_and_below_them(
    tio: Tio, engine: FakeEngine, style: str
) -> None:
    said = tio("AAPL", "-i", "ema,rsi", "--hours", "regular", "--style", style, *SIZE)
    assert said.code == 0, said.err
    lines = said.out.splitlines()
    assert len(lines) == 30
    assert max(map(cell_width, lines)) == 80
    assert "AAPL 1d venue" in lines[0]
    assert "EMA 9 100.00" in said.out
    assert any(line.startswith("RSI 9 ") for line in lines)
    asked = engine.asked[-1]
    assert isinstance(asked, ComputeIndicators)
    assert (asked.symbol, asked.limit, asked.hours) == ("AAPL", 120, Hours.regular)


@pytest.mark.parametrize("style", ["plotext", "blocks", "ascii"])
def test_a_chart_in_a_pipe_has_no_escapes_unless_they_are_asked_for(tio: Tio, style: str) -> None:
    assert "\x1b" not in tio("AAPL", "--style", style, *SIZE).out
    always = tio("AAPL", "--style", style, "--color", "always", *SIZE).out
    assert ("\x1b" in always) is (style != "ascii")


def test_ascii_is_ascii_alone(tio: Tio) -> None:
    assert tio("AAPL", "--style", "ascii", "-i", "ema,rsi", *SIZE).out.isascii()


def test_others_are_asked_for_over_the_same_range_and_rebased(tio: Tio, engine: FakeEngine) -> None:
    said = tio("AAPL", "--compare", "SPY,QQQ", "--compare", "TOTAL", "--limit", "40", *SIZE)
    assert [each.symbol for each in engine.asked if isinstance(each, GetBars)] == [
        *("AAPL", "SPY", "QQQ", "TOTAL")
    ]
    assert {each.limit for each in engine.asked if isinstance(each, GetBars)} == {40}
    assert "SPY +" in said.out
    assert "0.00%┤" in said.out
    assert "TOTAL is total, AAPL split adjusted" in said.err


def test_a_ratio_stands_in_place_of_the_prices(tio: Tio) -> None:
    said = tio("AAPL", "--ratio", "VODAFONE", *SIZE)
    assert "AAPL ÷ VODAFONE 1d ratio of closes" in said.out
    assert "0.96" in said.out


def test_levels_are_those_of_the_end_of_the_range(tio: Tio, engine: FakeEngine) -> None:
    said = tio("AAPL", "--levels", "--end", "2026-01-31T15:00Z", *SIZE)
    assert "PDH 104.50" in said.out
    asked = engine.asked[-1]
    assert isinstance(asked, GetSessionLevels)
    assert asked.at is not None


def test_levels_that_cannot_be_told_are_said(tio: Tio, engine: FakeEngine) -> None:
    engine.answers[GetSessionLevels] = ()
    said = tio("AAPL", "--levels", *SIZE)
    assert said.code == 0
    assert "no session levels are known" in said.err


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        ((), 2, "a chart is of one symbol, were 0"),
        (("A", "B"), 2, "a chart is of one symbol, were 2"),
        (("NONE",), 3, "no bars of NONE"),
        (("AAPL", "--kind", "pie"), 2, "there is no kind of chart 'pie'"),
        (("AAPL", "--kind", "hollow"), 2, "plotext draws no hollow candles"),
        (("AAPL", "--scale", "sqrt"), 2, "there is no scale 'sqrt'"),
        (("AAPL", "--style", "oil"), 2, "--style 'oil' is not known"),
        (("AAPL", "--color", "red"), 2, "--color 'red' is not known"),
        (("AAPL", "--theme", "pink"), 2, "--theme 'pink' is not known"),
        (("AAPL", "--width", "-1"), 2, "cannot be drawn"),
        (("AAPL", "--limit", "0"), 2, "--limit must be at least 1"),
        (("AAPL", "--compare", "A,B,C,D,E"), 2, "at most 4 symbols are compared"),
        (("AAPL", "--ratio", "B", "--levels"), 2, "a ratio is drawn alone"),
        (("AAPL", "--hours", "lunch"), 2, "there are no hours 'lunch'"),
        (("AAPL", "-i", "emo"), 3, "did you mean ema?"),
        (("AAPL", "--drawings"), 2, "plotext draws no drawings"),
        (("--grid",), 2, "which symbols?"),
        (("--grid", "--list", "none"), 3, "there is no watchlist 'none'"),
        (("--grid", "NONE", "NOSUCH"), 3, "no bars of NONE, NOSUCH"),
        (("--grid", "--heat", "AAPL"), 2, "a grid is no heat map"),
        (("--grid", "AAPL", "-i", "ema"), 2, "shows prices alone"),
        (("--heat", "NOSUCH"), 3, "nothing is known of the symbol 'NOSUCH'"),
        (("AAPL", "--list", "main"), 2, "those of a list"),
    ],
)
def test_mistakes_are_told_in_a_sentence(
    tio: Tio, words: tuple[str, ...], code: int, sentence: str
) -> None:
    said = tio(*words)
    assert said.code == code
    assert sentence in said.err
    assert not said.out


@pytest.mark.parametrize("kind", ["candles", "hollow", "heikin-ashi", "bars", "line", "area"])
@pytest.mark.parametrize("scale", ["linear", "log", "percent"])
def test_every_kind_and_scale_is_drawn(tio: Tio, kind: str, scale: str) -> None:
    said = tio("AAPL", "--kind", kind, "--scale", scale, "--style", "blocks", *SIZE)
    assert said.code == 0
    assert len(said.out.splitlines()) == 30


def test_a_narrow_terminal_gets_a_chart_all_the_same(tio: Tio) -> None:
    for style in ("plotext", "blocks"):
        said = tio("AAPL", "-i", "ema,rsi", "--style", style, "--width", "24", "--height", "8")
        assert said.code == 0
        lines = said.out.splitlines()
        assert len(lines) == 8
        assert max(map(cell_width, lines)) <= 24


def test_a_grid_stands_side_by_side_and_says_which_have_no_bars(
    tio: Tio, engine: FakeEngine
) -> None:
    said = tio("--grid", "AAPL", "NOSUCH", "--list", "main", "--tf", "1w", *SIZE)
    assert said.code == 0
    asked = [each for each in engine.asked if isinstance(each, GetBars)]
    assert [each.symbol for each in asked] == ["AAPL", "NOSUCH", "SPY"]
    assert {each.timeframe for each in asked} == {Timeframe.w1}
    lines = said.out.splitlines()
    assert len(lines) == 30
    assert "AAPL" in lines[0]
    assert "not known" in said.out


def test_a_grid_is_as_high_as_its_charts_need(tio: Tio) -> None:
    many = [f"SYM{number}" for number in range(40)]
    said = tio("--grid", *many, "--width", "80")
    assert all(symbol in said.out for symbol in many)


def test_a_heat_map_tells_every_change(tio: Tio) -> None:
    said = tio("--heat", "AAPL", "SPY", "OTHER", *SIZE)
    for told in ("AAPL", "▲+1.25%", "SPY", "▼−3.50%", "OTHER"):
        assert told in said.out
    assert "AAPL" in tio("--heat", "--list", "main", "NOSUCH", *SIZE).out


def test_a_picture_is_written_once_and_never_over_another(tio: Tio, tmp_path: Path) -> None:
    file = tmp_path / "chart.svg"
    said = tio("AAPL", "-i", "ema", "--svg", str(file))
    assert said.code == 0
    assert not said.out
    assert str(file) in said.err
    written = file.read_text()
    assert ElementTree.fromstring(written).get("role") == "img"
    assert "AAPL 1d venue" in written
    again = tio("SPY", "--svg", str(file))
    assert again.code != 0
    assert "is there already" in again.err
    assert file.read_text() == written


def test_a_picture_can_go_to_standard_output(tio: Tio) -> None:
    said = tio("--grid", "AAPL", "SPY", "--svg", "-", "--theme", "16-colours")
    assert ElementTree.fromstring(said.out).get("width")
    assert not said.err


def test_drawings_stand_where_they_were_made(tio: Tio, engine: FakeEngine) -> None:
    def line(id: str, suspended: str = "") -> Drawing:
        return Drawing(
            id=id,
            symbol="AAPL",
            kind=DrawingKind.text,
            points=(Point(moment(TIMES[10]), 106.0),),
            text=f"note {id}",
            suspended=suspended,
        )

    engine.answers[ListDrawings] = (line("a"), line("b", "a split since"))
    said = tio("AAPL", "--drawings", "--style", "blocks", *SIZE)
    assert engine.asked[-1] == ListDrawings("AAPL")
    assert "note a" in said.out
    assert "note b" not in said.out
    assert "b is not drawn: a split since" in said.err


def test_a_moment_stands_between_bars_or_beyond_them() -> None:
    times = np.array([0, 10, 30], np.int64) * 1_000_000
    moments = [moment(second * 1_000_000) for second in (0, 5, 20, 50, -20)]
    assert bars_at(moments, times, 10_000_000) == [0.0, 0.5, 1.5, 4.0, -2.0]
