"""Indicators become lines, clouds and panes of a chart."""

import numpy as np

from tio.api.indicators import Computed, Pane
from tio.api.series import Series, Times
from tio.draw.canvas import Pen
from tio.draw.studied import at_times, studied
from tio.draw.view import ChartView, Stroke

TIMES = np.array([10, 20, 30], np.int64)


def computed(name: str, *outputs: str, overlay: bool = True, **rest: object) -> Computed:
    return Computed(
        name=name,
        label=name.upper(),
        pane=Pane.overlay if overlay else Pane.own,
        time=Times([10, 20, 30]),
        outputs={output: Series([1.0, 2.0, 3.0]) for output in outputs},
        **rest,  # type: ignore[arg-type]
    )


def test_values_stand_at_the_bars_of_the_same_time() -> None:
    told = Computed(name="ema", time=Times([20, 30, 40]), outputs={"ema": Series([2, 3, 4])})
    assert np.array_equal(at_times(told, TIMES)["ema"], [np.nan, 2, 3], equal_nan=True)
    none = Computed(name="ema", time=Times(), outputs={"ema": Series()})
    assert np.isnan(at_times(none, TIMES)["ema"]).all()


def test_each_line_over_the_prices_has_its_own_pen_and_name() -> None:
    found = studied([computed("ema", "ema"), computed("sma", "sma")], TIMES)
    assert [(line.name, line.pen) for line in found.overlays] == [
        ("EMA", Pen.accent),
        ("SMA", Pen.blue),
    ]


def test_a_bands_edges_look_alike_and_what_is_no_price_is_left_out() -> None:
    found = studied([computed("bbands", "upper", "middle", "lower", "percent_b")], TIMES)
    assert [line.name for line in found.overlays] == ["BBANDS upper", "middle", "lower"]
    assert {line.pen for line in found.overlays} == {Pen.accent}


def test_one_of_many_lines_is_named_once() -> None:
    found = studied([computed("gmma", *(f"ema_{n}" for n in range(12)))], TIMES)
    assert [line.name for line in found.overlays if line.name] == ["GMMA"]


def test_the_ichimoku_cloud_is_drawn_ahead() -> None:
    told = computed(
        *("ichimoku", "tenkan", "span_a", "span_b", "lead_a", "lead_b"),
        drawn={"lead_a": 26, "lead_b": 26},
    )
    found = studied([told], TIMES)
    (cloud,) = found.clouds
    assert cloud.shift == 26
    assert [line.shift for line in found.overlays] == [0, 26, 26]


def test_others_have_a_pane_each_with_their_guides() -> None:
    rsi = computed("rsi", "rsi", overlay=False, guides=(30.0, 70.0))
    macd = computed("macd", "macd", "signal", "histogram", overlay=False)
    found = studied([rsi, macd], TIMES)
    assert [pane.title for pane in found.panes] == ["RSI", "MACD"]
    assert found.panes[0].guides == (30.0, 70.0)
    assert found.panes[0].lines[0].name == "RSI"
    assert [(line.name, line.stroke) for line in found.panes[1].lines] == [
        ("macd", Stroke.line),
        ("signal", Stroke.line),
        ("histogram", Stroke.histogram),
    ]


def test_a_view_keeps_what_it_shows_already() -> None:
    first = studied([computed("ema", "ema")], TIMES).on(ChartView(80, 24))
    both = studied([computed("rsi", "rsi", overlay=False)], TIMES).on(first)
    assert len(both.overlays) == len(both.panes) == 1
