"""Made-up results of tools: two quotes, a year of bars, a profile, a portfolio."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np

from tio.api.companies import GetProfile, Profile
from tio.api.market import Bars, GetBars, GetQuotes, Quote, Timeframe
from tio.api.portfolio import Cash, Holdings, Position
from tio.api.series import Series, Times, instant
from tio.engine.analyst.grounding.facts import ToolResult

AT = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)


def quotes() -> ToolResult:
    """AAPL up, MSFT down."""
    told = (
        Quote(
            symbol="AAPL", name="Apple Inc.", last=187.2, bid=187.18, ask=187.22, open=186.1,
            high=188.4, low=185.05, previous_close=184.89, change=2.31, change_percent=1.249,
            volume=54_321_098.0, currency="USD", as_of=AT, source="yahoo",
        ),
        Quote(
            symbol="MSFT", name="Microsoft Corporation", last=402.1, open=405.0, high=406.2,
            low=400.3, previous_close=405.49, change=-3.39, change_percent=-0.836,
            volume=21_000_345.0, currency="USD", as_of=AT, source="yahoo",
        ),
    )  # fmt: skip
    return ToolResult("c1", GetQuotes(symbols=("AAPL", "MSFT")), told)


def bars(symbol: str = "AAPL", count: int = 300, seed: int = 1, call: str = "c2") -> ToolResult:
    """Daily bars of a walk that ends on the day of the quotes."""
    draw = np.random.default_rng(seed)
    close = np.round(150 * np.exp(np.cumsum(draw.normal(0, 0.012, count))), 2)
    opened = np.round(close * (1 + draw.normal(0, 0.004, count)), 2)
    high = np.round(np.maximum(opened, close) * 1.006, 2)
    low = np.round(np.minimum(opened, close) * 0.994, 2)
    first = datetime(2026, 11, 20, tzinfo=UTC) - timedelta(days=count - 1)
    told = Bars(
        symbol=symbol,
        timeframe=Timeframe.d1,
        time=Times(instant(first + timedelta(days=day)) for day in range(count)),
        open=Series(opened.tolist()),
        high=Series(high.tolist()),
        low=Series(low.tolist()),
        close=Series(close.tolist()),
        volume=Series(np.round(draw.uniform(1e6, 9e7, count)).tolist()),
        source="yahoo",
    )
    return ToolResult(call, GetBars(symbol=symbol, timeframe=Timeframe.d1), told)


def profile() -> ToolResult:
    """What a company is."""
    told = Profile(
        symbol="AAPL", name="Apple Inc.", currency="USD", employees=164_000, year_low=164.08,
        year_high=237.49, market_cap=2.87e12, pe=29.14, forward_pe=26.3, beta=1.24, eps=6.42,
        dividend_yield=0.0051, profit_margin=0.2531, target_price=212.5, as_of=AT,
    )  # fmt: skip
    return ToolResult("c3", GetProfile(symbol="AAPL"), told)


def holdings() -> ToolResult:
    """A portfolio of three positions and cash."""
    rows = (("AAPL", "40", "187.20", "0.4680"), ("MSFT", "15", "402.10", "0.3770"),
            ("SAP", "10", "148.00", "0.0925"))  # fmt: skip
    told = Holdings(
        portfolio="main",
        currency="USD",
        at=AT,
        positions=tuple(
            Position(
                symbol=symbol, quantity=Decimal(quantity), currency="USD",
                cost=Decimal(quantity) * 100, average_cost=Decimal(100),
                base_cost=Decimal(quantity) * 100, price=Decimal(price),
                value=Decimal(quantity) * Decimal(price), weight=Decimal(weight),
                unrealised=Decimal(quantity) * (Decimal(price) - 100), as_of=AT,
            )
            for symbol, quantity, price, weight in rows
        ),
        cash=(Cash(currency="USD", amount=Decimal("1000.50")),),
        nav=Decimal("16000.00"),
    )  # fmt: skip
    return ToolResult("c4", None, told)
