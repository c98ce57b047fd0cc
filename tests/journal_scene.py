"""Two trades of a journal and what such prove."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from msgspec.structs import replace

from tio.api.journal import (
    By,
    Excursion,
    Expectancy,
    ExpectancyReport,
    PlanSource,
    Trade,
    TradeStep,
)
from tio.api.market import Side, Timeframe

D = Decimal
AT = datetime(2026, 11, 2, 14, 30, tzinfo=UTC)
TRADE = Trade(
    id="3",
    portfolio="main",
    symbol="AAPL",
    account="",
    side=Side.buy,
    quantity=Decimal(10),
    left=Decimal(0),
    currency="USD",
    entry=Decimal("187.20"),
    exit=Decimal(195),
    opened_at=AT,
    closed_at=AT + timedelta(hours=26),
    base="EUR",
    gain=Decimal("70.10"),
    orders=("p1",),
    setup="breakout",
    stop=Decimal(183),
    target=Decimal(195),
    plan=PlanSource.order,
    risk=Decimal("38.60"),
    r=1.816,
    excursion=Excursion(
        adverse=2.1,
        favourable=8.4,
        adverse_r=0.5,
        favourable_r=2.0,
        bars=312,
        timeframe=Timeframe.m5,
        source="alpaca",
    ),
    notes="waited\nfor the retest",
    rating=4,
    paper=True,
)
OPEN = replace(TRADE, id="9", closed_at=None, exit=None, plan=PlanSource.none, r=None, risk=None)
STEPS = (
    TradeStep(at=AT, entry="3", side=Side.buy, quantity=Decimal(10), price=Decimal("187.20")),
    TradeStep(
        at=AT + timedelta(hours=26),
        entry="7",
        side=Side.sell,
        quantity=Decimal(10),
        price=Decimal(195),
        gain=Decimal("70.10"),
    ),
)
GROUP = Expectancy(
    group="breakout",
    trades=24,
    wins=14,
    gain=Decimal("812.4"),
    win_rate=14 / 24,
    win_rate_low=0.388,
    win_rate_high=0.755,
    mean=33.85,
    mean_low=-4.2,
    mean_high=71.9,
    with_r=24,
    mean_r=0.31,
    mean_r_low=-0.05,
    mean_r_high=0.67,
    payoff=1.4,
    profit_factor=1.96,
)
REPORT = ExpectancyReport(
    portfolio="main",
    currency="EUR",
    zone="Europe/Berlin",
    by=By.setup,
    all=replace(GROUP, group="all"),
    groups=(GROUP, replace(GROUP, group="–", trades=3, mean_low=None, mean_r=None)),
    marked=2,
    open=1,
)
