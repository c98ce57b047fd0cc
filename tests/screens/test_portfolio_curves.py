"""PORT's curves and allocation at every size: hidden, lacking, short, rolling."""

import numpy as np
import portfolio_scene as scene
import pytest
from msgspec.structs import replace
from portfolio_terminal import SIZES, app_on, shown
from waiting import at_rest

from tio.api.ledger import Positions
from tio.api.performance import GetPerformance, Performance, Rolled
from tio.api.portfolio import Holdings
from tio.api.series import Series
from tio.draw.allocation import by_currency
from tio.screens.widgets.allocation_lines import allocation_rows, table_of
from tio.screens.widgets.curve_lines import curve_rows
from tio.screens.widgets.table_lines import Row

from fakes import FakeEngine

D = scene.D
ROLLING = Rolled(
    days=10,
    growth=Series([np.nan] * 9 + [0.01 * n for n in range(31)]),
    volatility=Series([np.nan] * 9 + [0.2] * 31),
    sharpe=Series([np.nan] * 9 + [1.0 + n / 31 for n in range(31)]),
    beta=Series([np.nan] * 9 + [0.8] * 31),
)
TOLD: Performance = replace(
    scene.PERFORMANCE,
    drawdown=Series([-0.1 * np.sin(n / 40 * np.pi) for n in range(40)]),
    benchmark="SPY",
    benchmark_growth=Series(list(np.linspace(0, 0.1, 40))),
    rolled=ROLLING,
)


def engine(held: Holdings = scene.HELD) -> FakeEngine:
    fake = scene.engine(scene.MAIN, held=held)
    fake.answers[GetPerformance] = TOLD
    return fake


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_draws_growth_beside_the_benchmark(size: tuple[int, int]) -> None:
    async with app_on(engine()).run_test(size=size) as pilot:
        await shown(pilot)
        await pilot.press("tab", "o")
        text = await shown(pilot, "curves")
        assert "main +20.00%" in text
        assert "SPY +10.00%" in text
        assert "⣀" in text or "⠉" in text or "⠒" in text
        assert all(len(line) <= size[0] for line in text.splitlines())


async def test_o_goes_through_the_rolling_figures() -> None:
    async with app_on(engine()).run_test(size=(200, 60)) as pilot:
        await shown(pilot)
        await pilot.press("tab")
        for name in ("return +30.00%", "volatility +20.00%", "Sharpe 1.97", "beta 0.80", "return"):
            await pilot.press("o")
            value = name.rpartition(" ")[2]
            assert f"{name.partition(' ')[0]} of 10 days" in await shown(pilot, value)


def words(rows: list[Row]) -> str:
    return "\n".join("".join(text for text, _ in line) for line, _ in rows)


def test_round_values_stand_at_the_left_and_months_below() -> None:
    told = words(curve_rows(TOLD, 100, 40, 0, hidden=False))
    assert "+10.00% ┈" in told
    assert "Feb" in told
    assert "worth 1,200.00 · put in 1,000.00 USD" in told


def test_discreet_keeps_shapes_and_hides_amounts() -> None:
    assert "1,200.00" not in words(curve_rows(TOLD, 100, 40, 0, hidden=True))
    held = words(allocation_rows(scene.HELD, 100, hidden=True))
    assert "•••" in held
    assert "25,488.00" not in held
    assert "35.5%" in held


def test_what_cannot_be_drawn_says_why() -> None:
    assert "Too narrow for a curve." in words(curve_rows(TOLD, 20, 40, 0, hidden=False))
    short = replace(TOLD, rolled=None)
    assert "too short a time for rolling figures" in words(curve_rows(short, 100, 40, 0, False))
    day = replace(TOLD, time=type(TOLD.time)(list(TOLD.time)[:1]))
    assert "Two days at least make a curve." in words(curve_rows(day, 100, 40, 0, False))


def test_unknown_days_break_the_line_and_are_told() -> None:
    broken = replace(TOLD, growth=Series([np.nan] * 40))
    told = words(curve_rows(broken, 100, 40, 0, hidden=False))
    assert "main –" in told
    assert "1 not known throughout" in told


@pytest.mark.parametrize("size", SIZES)
async def test_allocation_is_live_at_every_size(size: tuple[int, int]) -> None:
    fake = engine()
    async with app_on(fake).run_test(size=size) as pilot:
        await shown(pilot)
        await pilot.press("tab", "o", "v")
        text = await shown(pilot, "allocation")
        assert "gross 81.9%" in text
        assert "net 81.9%" in text
        fake.push(Positions, replace(scene.HELD, positions=scene.POSITIONS[:1], nav=D("38490.33")))
        assert "gross 66.2%" in await shown(pilot, "gross 66.2%")
        assert all(len(line) <= size[0] for line in (await at_rest(pilot)).splitlines())


def test_shorts_count_against_net_and_for_gross() -> None:
    short = scene.position("TSLA", "-10", "250", "300", "0")
    held = replace(scene.HELD, positions=(scene.POSITIONS[0], short), nav=D("10000"), cash=())
    told = words(allocation_rows(held, 100, hidden=False))
    assert "long 254.9%  short −30.0%  gross 284.9%  net 224.9%" in told
    assert "−30.0%" in next(line for line in told.splitlines() if line.startswith("TSLA"))


def test_currencies_add_up_to_what_it_is_worth() -> None:
    sums = {name: value for name, value, _ in by_currency(scene.HELD)}
    assert sum(sums.values()) == scene.HELD.nav
    assert set(sums) == {"USD", "GBP", "EUR"}
    assert table_of(scene.HELD)[1][:2] == ("position", "AAPL")


def test_without_a_worth_it_says_for_want_of_what() -> None:
    lacking = replace(scene.HELD, nav=None, lacks=("price of X",))
    assert words(allocation_rows(lacking, 100, False)) == (
        "What it is worth is not known for want of price of X."
    )
