"""RISK: limits, worst days and stresses at every size, asked again when booked; keys that ask."""

from decimal import Decimal
from typing import Any

import portfolio_scene as scene
import pytest
from msgspec.structs import replace
from risk_answers import REPORT, STRESSES, stress
from textual.pilot import Pilot
from waiting import at_rest, seen, until

from tio.api.contract import Engine
from tio.api.errors import Invalid, SourceUnavailable
from tio.api.ledger import ListPortfolios, Positions
from tio.api.limits import GetRiskLimits, RiskLimits, SaveRiskLimits
from tio.api.portfolio_risk import GetRisk, RiskReport
from tio.api.risk import SizedPosition, SizePosition
from tio.api.stress import Shock, StressPortfolio, StressWindows
from tio.api.system import SaveSetting
from tio.app import TioApp
from tio.config import Config, Ui
from tio.screens.risk import RiskPane
from tio.screens.widgets.stress_pane import StressPane

from fakes import FakeClock, FakeEngine

D = Decimal
SIZES = [(60, 20), (80, 24), (120, 40), (200, 60)]
OWN = replace(stress("", "market −10 %", 5_000), window="")


def engine(*portfolios: Any, report: RiskReport | Exception = REPORT) -> FakeEngine:
    fake = scene.engine(*(portfolios or (scene.MAIN,)))
    fake.answers[GetRisk] = report
    fake.answers[StressWindows] = STRESSES
    fake.answers[StressPortfolio] = OWN
    fake.answers[GetRiskLimits] = RiskLimits(position=D(25))
    fake.answers[SaveRiskLimits] = RiskLimits()
    fake.answers[SizePosition] = SizedPosition(
        quantity=D(240),
        unrounded=D("240.4"),
        limited_by="buying_power",
        value=D(24_000),
        share=D("0.2303"),
        unit_risk=D(5),
        risk=D(1_200),
        risk_share=D("0.0115"),
    )
    return fake


def app_on(fake: FakeEngine) -> TioApp:
    async def open_engine() -> Engine:
        return fake

    config = Config(ui=Ui(time_zone="UTC"))
    return TioApp(open_engine, config=config, clock=FakeClock(), command="RISK")


async def shown(pilot: Pilot[None], words: str = "LOSS AT MOST") -> str:
    """The screen's text once the words stand on RISK and it has come to rest."""
    await until(pilot, lambda: pilot.app.screen.query(RiskPane) and words in seen(pilot))
    return await at_rest(pilot)


async def answer(pilot: Pilot[None], question: str, text: str) -> None:
    """Answer a question in place of what it proposes."""
    await until(pilot, lambda: question in seen(pilot))
    names = {" ": "space", ".": "full_stop", "-": "minus", "=": "equals_sign", "%": "percent_sign"}
    await pilot.press("home", "ctrl+k", *(names.get(c, c) for c in text), "enter")


def asked(fake: FakeEngine, kind: type[Any]) -> list[Any]:
    return [word for word in fake.asked if isinstance(word, kind)]


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_tells_limits_and_worst_days(size: tuple[int, int]) -> None:
    async with app_on(engine()).run_test(size=size) as pilot:
        text = await shown(pilot)
        assert "risk · main · USD" in text
        assert "71,766.37 USD" in text  # the worth of now, not that of the report
        row = next(line for line in text.splitlines() if "largest position" in line)
        assert "40.30%" in row
        assert "▲ over" in row
        row = next(line for line in text.splitlines() if "1 d, 99 of 100" in line)
        assert "1.65%" in row
        assert all(len(line) <= size[0] for line in text.splitlines())


async def test_back_tests_what_is_left_out_and_beta_are_told_in_words() -> None:
    async with app_on(engine()).run_test(size=(200, 60)) as pilot:
        text = await shown(pilot)
        for words in (
            "750 daily returns, 2023-11-17 to 2026-11-19, 96.0% of gross",
            "normal 95%: 40 of 500 days lost more, 25.0 expected: too low (p 0.01)",
            "historical 99%: 0 of 500 days lost more, 5.0 expected: too high",
            "YOUNG is left out, 4.0% of gross: only 12 daily closes",
            "beta to SPY 0.62 ± 0.04",
        ):
            assert words in text


async def test_whose_risk_it_is_and_what_is_held_stand_beside() -> None:
    async with app_on(engine()).run_test(size=(120, 40)) as pilot:
        text = await shown(pilot)
        assert "whose risk the 1.20% are" in text
        assert "66.7%" in next(line for line in text.splitlines() if " AAPL " in line)
        assert "by currency" in text
        assert "short −10,000.00" in text or "30.7%" in text


async def test_a_narrow_screen_shows_one_pane_and_tab_the_next() -> None:
    async with app_on(engine()).run_test(size=(80, 24)) as pilot:
        assert "The pandemic" not in await shown(pilot)
        await pilot.press("tab")
        assert "LOSS AT MOST" not in await shown(pilot, "whose risk the")
        await pilot.press("tab")
        await shown(pilot, "The pandemic")


async def test_a_stress_opens_position_by_position_and_escape_shows_all() -> None:
    async with app_on(engine()).run_test(size=(120, 40)) as pilot:
        await shown(pilot, "The pandemic")
        await pilot.press("tab", "tab", "down", "enter")
        text = await shown(pilot, "esc shows all")
        assert "no prices of then, and none of a benchmark" in text
        assert "▼ −20.2%" in text
        await pilot.press("escape")
        assert "The pandemic" in await shown(pilot, "enter tells each position")


async def test_a_window_without_prices_is_no_zero() -> None:
    async with app_on(engine()).run_test(size=(120, 40)) as pilot:
        text = await shown(pilot, "The pandemic")
        row = next(line for line in text.splitlines() if "black-monday" in line)
        assert "no prices of then" in row
        assert "0.00" not in row


async def test_a_shock_of_ones_own_stands_above_the_windows() -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("x")
        await answer(pilot, "Shock, as", "market=-10%")
        await shown(pilot, "stress · market −10 %")
        (told,) = asked(fake, StressPortfolio)
        assert told.shocks == (Shock(change=D("-0.1"), of="market"),)
        await pilot.press("escape")
        text = await shown(pilot, "enter tells each position")
        assert next(n for n, each in enumerate(text.splitlines()) if " own " in each)


async def test_a_shock_that_is_refused_stays_to_be_mended() -> None:
    fake = engine()
    fake.answers[StressPortfolio] = Invalid("nothing held is 'MSFT'", "shock AAPL")
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("x")
        await answer(pilot, "Shock, as", "MSFT=-10%")
        await until(pilot, lambda: "Nothing held is 'MSFT'" in seen(pilot))
        assert "MSFT=-10%" in seen(pilot)


async def test_limits_are_proposed_and_kept() -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("m")
        await until(pilot, lambda: "position=25" in seen(pilot))
        await answer(pilot, "Limits in %", "position=none heat=6.5")
        await until(pilot, lambda: asked(fake, SaveRiskLimits))
        assert asked(fake, SaveRiskLimits) == [SaveRiskLimits(position=None, heat=D("6.5"))]
        await until(pilot, lambda: len(asked(fake, GetRisk)) == 2)


async def test_a_size_is_told_with_r_and_what_bound_it() -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("s")
        await answer(pilot, "Size: entry stop risk", "100 95 1%")
        await until(pilot, lambda: "limited by buying power" in seen(pilot))
        text = seen(pilot)
        assert "1,200.00 USD, 1.15%: what the stop at 95 costs" in text
        assert "at a price of 110" in text
        (told,) = asked(fake, SizePosition)
        assert (told.equity, told.risk_percent, told.short) == (D("104210.33"), 1, False)


async def test_a_benchmark_is_remembered_and_asked_with() -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("b")
        await answer(pilot, "Benchmark for beta", "SPY")
        await until(pilot, lambda: GetRisk("main", benchmark="SPY") in fake.asked)
        assert SaveSetting(key="risk.benchmark", value='"SPY"') in fake.asked
        await until(pilot, lambda: StressWindows("main", "SPY") in fake.asked)


async def test_what_is_booked_is_reckoned_anew_and_a_price_is_not() -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        fake.push(Positions, replace(scene.HELD, nav=D(80_000)))
        await shown(pilot, "80,000.00 USD")
        assert len(asked(fake, GetRisk)) == 1
        fake.push(Positions, replace(scene.HELD, positions=scene.POSITIONS[:2]))
        await until(pilot, lambda: len(asked(fake, GetRisk)) == 2)


async def test_p_shows_the_next_portfolio() -> None:
    fake = engine(scene.MAIN, scene.SECOND)
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("p")
        await until(pilot, lambda: GetRisk("savings") in fake.asked)
        await shown(pilot, "risk · savings · EUR")


async def test_amounts_can_be_hidden() -> None:
    async with app_on(engine()).run_test(size=(120, 40)) as pilot:
        await shown(pilot, "The pandemic")
        await pilot.press("z")
        text = await shown(pilot, "•••")
        for amount in ("71,766.37", "1,146.31", "−12,500.00", "32,000.00"):
            assert amount not in text
        assert pilot.app.screen.query_one(RiskPane).receipt() == ""


async def test_a_refusal_is_a_sentence_and_the_report_of_before_stays() -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        fake.answers[GetRisk] = SourceUnavailable("the engine left", "Wait.")
        await pilot.press("r")
        text = await shown(pilot, "The engine left. Wait.")
        assert "LOSS AT MOST" in text


async def test_without_a_portfolio_it_says_how_to_make_one() -> None:
    fake = engine()
    fake.answers[ListPortfolios] = ()
    async with app_on(fake).run_test(size=(80, 24)) as pilot:
        await shown(pilot, "No portfolio yet: n on PORT makes one")


async def test_receipts_and_tables_hold_what_is_shown() -> None:
    async with app_on(engine()).run_test(size=(120, 40)) as pilot:
        await shown(pilot, "The pandemic")
        pane = pilot.app.screen.query_one(RiskPane)
        assert pane.receipt().startswith("value at risk 0.011000 of 104210.33 USD, 1 d, 0.95")
        name, rows = pane.table()
        assert (name, len(rows)) == ("main-risk", 13)
        name, rows = pilot.app.screen.query_one(StressPane).table()
        assert (name, len(rows)) == ("main-stress", 5)
