"""What every engine promises of a portfolio's risk, in this process and across the socket."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from both_engines import DOORS, Afternoon, running, through

from tio.api.contract import Engine
from tio.api.errors import Invalid, NotFound
from tio.api.files import ImportBars
from tio.api.ledger import AddTransaction, CreatePortfolio, GetPositions
from tio.api.limits import GetRiskLimits, LimitKind, LimitLevel, RiskLimits, SaveRiskLimits
from tio.api.market import Side, Timeframe
from tio.api.orders import OrderType, TimeInForce
from tio.api.portfolio import TransactionKind
from tio.api.portfolio_risk import (
    GetRisk,
    RiskReport,
    TailMethod,
)
from tio.api.stress import (
    Shock,
    StressPortfolio,
    StressWindows,
)
from tio.api.trading import PlaceOrder
from tio.config import Config
from tio.engine.local import LocalEngine
from tio.paths import Paths

DAYS = np.arange("2023-01-02", "2026-11-20", dtype="datetime64[D]")
DAYS = DAYS[np.is_busday(DAYS)]
KIND = TransactionKind


@pytest.fixture(params=DOORS)
async def engine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Engine]:
    """An engine of files alone: two shares, one young, a coin, the euro and an index."""
    local = LocalEngine(Paths.find().workspace("main"), Config(), wall=Afternoon())
    await local.start()
    try:
        for word in _market(tmp_path):
            await local.session().ask(word)
        async with through(local, request.param) as opened:
            yield opened
    finally:
        await local.close()


def _market(folder: Path) -> list[ImportBars]:
    steps = np.random.default_rng(3).normal(0, 0.01, (4, len(DAYS)))
    index = 4_000 * np.exp(np.cumsum(steps[0]))
    return [
        _wrote(folder, "^GSPC", DAYS, index),
        _wrote(folder, "AAPL", DAYS, 200 * np.exp(np.cumsum(1.5 * steps[0] + steps[1]))),
        _wrote(folder, "BTC-USD", DAYS, 50_000 * np.exp(np.cumsum(3 * steps[2]))),
        _wrote(folder, "EURUSD", DAYS, 1.1 * np.exp(np.cumsum(0.4 * steps[3]))),
        _wrote(folder, "YOUNG", DAYS[-12:], np.full(12, 20.0)),
    ]


def _wrote(folder: Path, symbol: str, days: np.ndarray, close: np.ndarray) -> ImportBars:
    path = folder / f"{symbol}.csv"
    rows = [
        f"{day},{price:.6f},{price:.6f},{price:.6f},{price:.6f},1"
        for day, price in zip(days, close, strict=True)
    ]
    path.write_text("time,open,high,low,close,volume\n" + "\n".join(rows) + "\n")
    return ImportBars(str(path), symbol, Timeframe.d1)


async def entered(engine: Engine, *entries: dict[str, Any], currency: str = "USD") -> None:
    await engine.ask(CreatePortfolio("main", currency))
    for each in entries:
        told: dict[str, Any] = {
            k: Decimal(str(v)) if type(v) in (int, float) else v for k, v in each.items()
        }
        await engine.ask(AddTransaction("main", date="2026-11-02", **told))


CASH = {"kind": KIND.deposit, "amount": 100_000}
SHARES = {"kind": KIND.buy, "symbol": "AAPL", "quantity": 100, "price": 200}
COIN = {"kind": KIND.buy, "symbol": "BTC-USD", "quantity": 0.5, "price": 50_000}


def tail(told: RiskReport, method: TailMethod, confidence: float, days: int) -> float:
    (found,) = [
        each.value_at_risk
        for each in told.tails
        if (each.method, each.confidence, each.days) == (method, confidence, days)
    ]
    assert found is not None
    return found


async def test_a_portfolio_is_told_from_exposure_to_limits(engine: Engine) -> None:
    await entered(engine, CASH, SHARES, COIN)
    told = await engine.ask(GetRisk("main", benchmark="^GSPC"))
    assert told.net is not None
    assert told.long == told.gross == told.net - told.cash
    assert {line.key for line in told.classes} == {"equity", "crypto", "cash"}
    assert [line.key for line in told.currencies] == ["USD"]
    assert [line.key for line in told.sectors] == ["unknown"]
    assert told.sample.returns == 750
    assert told.sample.end == date(2026, 11, 19)
    assert told.sample.covered == 1
    assert told.concentration is not None
    assert told.concentration.positions == 2
    assert told.beta == pytest.approx(
        1.5 * float(told.long - _of(told, "crypto")) / float(told.net), abs=0.1
    )
    assert told.beta_error is not None
    assert len(told.tails) == 12
    assert len(told.backtests) == 6
    tested = told.backtests[0].test
    assert tested is not None
    assert tested.days == 500


def _of(told: RiskReport, asset_class: str) -> Decimal:
    return next(line.net for line in told.classes if line.key == asset_class)


async def test_parts_add_up_to_the_normal_value_at_risk(engine: Engine) -> None:
    await entered(engine, CASH, SHARES, COIN)
    told = await engine.ask(GetRisk("main", confidence=0.99))
    assert told.parts_total is not None
    assert sum(each.component for each in told.parts) == pytest.approx(told.parts_total)
    assert told.parts_total == pytest.approx(tail(told, TailMethod.normal, 0.99, 1))


async def test_worse_is_rarer_and_ten_days_are_more_than_one(engine: Engine) -> None:
    await entered(engine, CASH, SHARES, COIN)
    told = await engine.ask(GetRisk("main"))
    for method in (TailMethod.historical, TailMethod.normal):
        assert tail(told, method, 0.99, 1) > tail(told, method, 0.95, 1) > 0
        assert tail(told, method, 0.95, 10) > tail(told, method, 0.95, 1)


async def test_what_is_asked_for_stands_beside_the_usual(engine: Engine) -> None:
    await entered(engine, CASH, SHARES)
    told = await engine.ask(GetRisk("main", confidence=0.9, horizon=5, window=300))
    assert tail(told, TailMethod.normal, 0.9, 5) > 0
    assert len(told.tails) == 27
    assert told.sample.returns == 300


async def test_another_currency_is_a_risk_of_its_own(engine: Engine) -> None:
    dollars = {**CASH, "currency": "USD", "rate": 0.9}
    await entered(engine, dollars, currency="EUR")
    told = await engine.ask(GetRisk("main"))
    assert [each.symbol for each in told.parts] == ["cash USD"]
    assert told.gross == 0
    assert told.parts[0].weight == pytest.approx(1)
    # The euro moves by 0.4 % a day.
    assert told.parts_total == pytest.approx(0.004 * 1.645, rel=0.1)
    stress = await engine.ask(StressPortfolio("main", (Shock(change=Decimal("-0.05"), of="usd"),)))
    assert stress.share == pytest.approx(0.05)


async def test_what_has_too_little_past_is_named_and_weighed(engine: Engine) -> None:
    young = {"kind": KIND.buy, "symbol": "YOUNG", "quantity": 50, "price": 20}
    await entered(engine, CASH, SHARES, young)
    told = await engine.ask(GetRisk("main"))
    (out,) = told.sample.left_out
    assert (out.symbol, out.closes, out.reason) == ("YOUNG", 12, "only 12 daily closes")
    assert out.share == pytest.approx(1 - told.sample.covered)
    assert [each.symbol for each in told.parts] == ["AAPL"]


async def test_a_portfolio_of_nothing_is_told_in_words(engine: Engine) -> None:
    await entered(engine)
    told = await engine.ask(GetRisk("main"))
    assert told.net == 0
    assert not told.tails
    assert not told.parts
    assert told.notes == ("nothing is held whose value could change",)
    stress = await engine.ask(StressPortfolio("main", (Shock(change=Decimal("-0.1")),)))
    assert stress.loss == 0


async def test_what_no_source_knows_leaves_the_rest_told(engine: Engine) -> None:
    barn = {"kind": KIND.buy, "symbol": "BARN", "quantity": 1, "price": 500, "unlisted": True}
    await entered(engine, CASH, SHARES, barn)
    told = await engine.ask(GetRisk("main"))
    assert [each.symbol for each in told.sample.left_out] == ["BARN"]
    assert [each.symbol for each in told.parts] == ["AAPL"]


async def test_shocks_fall_upon_what_they_name(engine: Engine) -> None:
    await entered(engine, CASH, SHARES, COIN)
    fifth = Decimal("-0.2")
    told = await engine.ask(
        StressPortfolio("main", (Shock(change=fifth, of="aapl"), Shock(change=fifth, of="crypto")))
    )
    risk = await engine.ask(GetRisk("main"))
    assert told.loss == risk.gross / 5
    market = await engine.ask(
        StressPortfolio("main", (Shock(change=Decimal("-0.1")),), benchmark="^GSPC")
    )
    by_symbol = {line.symbol: line for line in market.lines}
    assert by_symbol["AAPL"].change == pytest.approx(-0.15, abs=0.02)
    assert not by_symbol["AAPL"].proxied


async def test_a_window_is_lived_through_again(engine: Engine) -> None:
    await entered(engine, CASH, SHARES, COIN)
    own = await engine.ask(StressPortfolio("main", window="2023-06-01..2023-12-01"))
    assert own.lacks == ()
    assert own.worst is not None
    assert own.worst >= own.loss
    told = await engine.ask(StressWindows("main", benchmark="^GSPC"))
    assert [each.window for each in told][2] == "gfc"
    assert told[2].lacks == ("AAPL", "BTC-USD")
    assert told[2] == await engine.ask(StressPortfolio("main", window="GFC", benchmark="^GSPC"))


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        (GetRisk("other"), NotFound, "other"),
        (GetRisk("main", benchmark="NO:SUCH"), NotFound, "NO:SUCH"),
        (GetRisk("main", confidence=0.4), Invalid, "0.5"),
        (StressPortfolio("main"), Invalid, "shocks or a window, one of both"),
        (StressPortfolio("main", window="1929"), NotFound, "no historical window '1929'"),
        (
            StressPortfolio("main", (Shock(change=Decimal(-1), of="MSFT"),)),
            Invalid,
            "nothing held is 'MSFT'",
        ),
        (SaveRiskLimits(position=Decimal(0)), Invalid, "above zero, was 0"),
    ],
)
async def test_what_cannot_be_told_is_said_in_a_sentence(
    engine: Engine, asked: Any, error: type[Exception], said: str
) -> None:
    await entered(engine, CASH, SHARES)
    with pytest.raises(error, match=said):
        await engine.ask(asked)


async def test_limits_are_kept_one_by_one_and_taken_away(engine: Engine) -> None:
    assert await engine.ask(GetRiskLimits()) == RiskLimits()
    await engine.ask(SaveRiskLimits(position=Decimal(25), gross=Decimal("150.5")))
    await engine.ask(SaveRiskLimits(heat=Decimal(6), position=None))
    kept = await engine.ask(GetRiskLimits())
    assert kept == RiskLimits(gross=Decimal("150.5"), heat=Decimal(6))


async def test_a_report_says_how_each_limit_stands(engine: Engine) -> None:
    await engine.ask(SaveRiskLimits(position=Decimal(10), gross=Decimal(90), heat=Decimal(30)))
    await entered(engine, CASH, SHARES)
    told = await engine.ask(GetRisk("main"))
    levels = {each.kind: each.level for each in told.limits}
    assert levels[LimitKind.position] is LimitLevel.over
    assert levels[LimitKind.gross] is LimitLevel.within
    assert told.limits[0].note == "AAPL"


@pytest.mark.parametrize("door", DOORS)
async def test_a_stop_on_paper_bounds_the_heat(door: str) -> None:
    async with running(rate=200.0) as local, through(local, door) as engine:
        await entered(engine, CASH, {**SHARES, "symbol": "SIM:ACME"})
        bare = {each.kind: each for each in (await engine.ask(GetRisk("main"))).limits}
        assert bare[LimitKind.heat].note == "1 of 1 without a stop, counted whole"
        (position,) = (await engine.ask(GetPositions("main"))).positions
        assert position.price is not None
        stop = PlaceOrder(
            "main",
            "SIM:ACME",
            Side.sell,
            position.quantity,
            OrderType.stop,
            stop=(position.price * Decimal("0.9")).quantize(Decimal("0.01")),
            time_in_force=TimeInForce.gtc,
        )
        await engine.ask(stop)
        told = {each.kind: each for each in (await engine.ask(GetRisk("main"))).limits}
        heat, gross = told[LimitKind.heat], told[LimitKind.gross]
        assert heat.note == ""
        assert heat.value is not None
        assert gross.value is not None
        assert float(heat.value / gross.value) == pytest.approx(0.1, abs=0.03)
