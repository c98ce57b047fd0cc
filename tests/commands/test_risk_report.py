"""`tio risk report`, `stress` and `limits`: what is asked, what prints, what is refused."""

import csv
import io
import json
from decimal import Decimal

import pytest
from risk_answers import REPORT, STRESSES
from shell_scene import Tio, shell

from tio.api.ledger import ListPortfolios
from tio.api.limits import GetRiskLimits, RiskLimits, SaveRiskLimits
from tio.api.portfolio import Portfolio
from tio.api.portfolio_risk import GetRisk
from tio.api.stress import Shock, StressPortfolio, StressWindows
from tio.commands.risk import WINDOWS
from tio.engine.risk import windows

from fakes import FakeEngine


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(
        {
            ListPortfolios: (Portfolio(name="main", currency="USD"),),
            GetRisk: REPORT,
            StressPortfolio: STRESSES[1],
            StressWindows: STRESSES,
            GetRiskLimits: RiskLimits(gross=Decimal(150)),
            SaveRiskLimits: RiskLimits(position=Decimal(25)),
        }
    )


@pytest.fixture
def tio(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, engine: FakeEngine
) -> Tio:
    call = shell(engine, capfd, monkeypatch)
    return lambda *words: call("risk", *words)


def test_a_report_is_asked_of_the_only_portfolio(tio: Tio, engine: FakeEngine) -> None:
    tio("report", "--confidence", "0.9", "--horizon", "5", "--benchmark", "SPY")
    assert engine.asked[-1] == GetRisk("main", 0.9, 5, 750, "SPY")


def test_a_report_prints_section_by_section(tio: Tio) -> None:
    said = tio("report", "-p", "main")
    for words in (
        "main  104,210.33 USD · gross 57.6%",
        "equity  32,000.00  30.7%  −10,000.00",
        "of today's holdings over 750 daily returns",
        " 1 d   95%  historical      1.10%  1,146.31",
        "24 of 500 days lost more, 25.0 expected: holds",
        "AAPL      40.0%   0.80%  833.68   66.7%",
        "largest position   40.30%    25%  over      AAPL",
        "beta to SPY 0.62",
    ):
        assert words in said.out
    assert "YOUNG is left out, 4.0% of gross: only 12 daily closes" in said.err


def test_a_report_as_csv_is_a_line_a_figure(tio: Tio) -> None:
    rows = list(csv.reader(io.StringIO(tio("report", "--csv").out)))
    assert rows[0] == ["section", "name", "figure", "value"]
    assert ["portfolio", "main", "net", "104210.33"] in rows
    assert ["parts", "BTC-USD", "component", "0.0048"] in rows
    assert ["limits", "position", "level", "over"] in rows
    assert json.loads(tio("report", "--json").out)["parts_total"] == 0.012


def test_shocks_reach_the_engine_as_fractions(tio: Tio, engine: FakeEngine) -> None:
    tio("stress", "--shock", "AAPL=-20%", "--shock", "market=-10%", "--benchmark", "SPY")
    shocks = (Shock(change=Decimal("-0.2"), of="AAPL"), Shock(change=Decimal("-0.1"), of="market"))
    assert engine.asked[-1] == StressPortfolio("main", shocks, "", "SPY")


def test_a_stress_prints_each_position_and_what_it_lacks(tio: Tio) -> None:
    said = tio("stress", "--window", "gfc")
    assert "The financial crisis" in said.out
    assert "BTC-USD   8,000.00           –        –  no prices of then" in said.out
    assert "all together −21,000.00, −20.2% of net value" in said.out
    assert "without BTC-USD" in said.err


def test_without_shock_or_window_all_windows_are_told(tio: Tio, engine: FakeEngine) -> None:
    said = tio("stress")
    assert engine.asked[-1] == StressWindows("main")
    assert "covid         The pandemic" in said.out
    rows = list(csv.DictReader(io.StringIO(tio("stress", "--csv").out)))
    assert [row["window"] for row in rows][:2] == ["black-monday", "gfc"]


def test_the_windows_completed_are_those_there_are() -> None:
    assert tuple(each.alias for each in windows.WINDOWS) == WINDOWS


def test_limits_are_told_set_and_taken_away(tio: Tio, engine: FakeEngine) -> None:
    assert "gross      150%" in tio("limits").out
    assert engine.asked == [GetRiskLimits()]
    tio("limits", "--position", "25%", "--loss", "none")
    assert engine.asked[-1] == SaveRiskLimits(position=Decimal(25), day_loss=None)
    rows = list(csv.DictReader(io.StringIO(tio("limits", "--csv").out)))
    assert rows[0]["gross"] == "150"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("stress", "--shock", "AAPL"), "'AAPL' is no shock"),
        (("limits", "--heat", "some"), "a limit of heat is a percentage, was 'some'"),
    ],
)
def test_a_mistake_is_one_sentence(tio: Tio, words: tuple[str, ...], sentence: str) -> None:
    said = tio(*words)
    assert said.code == 2
    assert sentence in said.err
    assert said.out == ""
