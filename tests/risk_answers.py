"""A portfolio's risk as an engine would tell it, for the tests of faces."""

from datetime import UTC, date, datetime
from decimal import Decimal

from tio.api.limits import LimitKind, LimitLevel, LimitState
from tio.api.portfolio_risk import (
    Concentration,
    ExposureLine,
    Kupiec,
    LeftOut,
    RiskPart,
    RiskReport,
    Sample,
    TailBacktest,
    TailMethod,
    TailRisk,
)
from tio.api.stress import StressLine, StressResult

AT = datetime(2026, 11, 20, 15, tzinfo=UTC)


def line(key: str, long: int, short: int = 0) -> ExposureLine:
    return ExposureLine(
        key=key,
        long=Decimal(long),
        short=Decimal(short),
        gross=Decimal(long - short),
        net=Decimal(long + short),
    )


def tail(method: TailMethod, confidence: float, days: int, risk: float | None) -> TailRisk:
    return TailRisk(
        method=method,
        confidence=confidence,
        days=days,
        value_at_risk=risk,
        expected_shortfall=None if risk is None else risk * 1.25,
        returns=750,
        independent=750 // days,
        note="" if risk else "skewness 0.1 and excess kurtosis −0.2 are no distribution",
    )


def tested(method: TailMethod, confidence: float, exceedances: int, p: float) -> TailBacktest:
    found = Kupiec(
        exceedances=exceedances,
        days=500,
        expected=500 * (1 - confidence),
        statistic=1.0,
        p_value=p,
    )
    return TailBacktest(method=method, confidence=confidence, window=250, test=found)


REPORT = RiskReport(
    portfolio="main",
    currency="USD",
    at=AT,
    net=Decimal("104210.33"),
    capital=Decimal("104210.33"),
    gross=Decimal(60_000),
    long=Decimal(50_000),
    short=Decimal(-10_000),
    cash=Decimal("64210.33"),
    day_change=Decimal("-812.4"),
    sample=Sample(
        returns=750,
        start=date(2023, 11, 17),
        end=date(2026, 11, 19),
        covered=0.96,
        left_out=(LeftOut(symbol="YOUNG", share=0.04, closes=12, reason="only 12 daily closes"),),
    ),
    tails=tuple(
        tail(method, confidence, days, base * days**0.5 * (1.5 if confidence > 0.95 else 1))
        for days in (1, 10)
        for confidence in (0.95, 0.99)
        for method, base in zip(TailMethod, (0.011, 0.012, 0.013), strict=True)
    ),
    backtests=(
        tested(TailMethod.historical, 0.95, 24, 0.84),
        tested(TailMethod.normal, 0.95, 40, 0.01),
        tested(TailMethod.historical, 0.99, 0, 0.002),
        TailBacktest(method=TailMethod.normal, confidence=0.99, window=250, test=None),
    ),
    benchmark="SPY",
    beta=0.62,
    beta_error=0.04,
    explained=0.55,
    parts=(
        RiskPart(symbol="AAPL", weight=0.4, marginal=0.02, component=0.008),
        RiskPart(symbol="BTC-USD", weight=0.08, marginal=0.06, component=0.0048),
        RiskPart(symbol="SPY", weight=-0.096, marginal=0.0083, component=-0.0008),
    ),
    parts_total=0.012,
    concentration=Concentration(positions=3, herfindahl=0.51, effective=1.96),
    classes=(line("cash", 64_210), line("equity", 42_000, -10_000), line("crypto", 8_000)),
    currencies=(line("USD", 114_210, -10_000),),
    sectors=(line("Technology", 42_000), line("unknown", 8_000, -10_000)),
    limits=(
        LimitState(
            kind=LimitKind.position,
            limit=Decimal(25),
            value=Decimal("40.3033"),
            level=LimitLevel.over,
            note="AAPL",
        ),
        LimitState(
            kind=LimitKind.day_loss,
            limit=Decimal(1),
            value=Decimal("0.85"),
            level=LimitLevel.near,
        ),
        LimitState(
            kind=LimitKind.gross,
            limit=Decimal(150),
            value=Decimal("57.6"),
            level=LimitLevel.within,
        ),
        LimitState(
            kind=LimitKind.heat,
            limit=None,
            value=Decimal("57.6"),
            level=LimitLevel.within,
            note="3 of 3 without a stop, counted whole",
        ),
    ),
    notes=("SPY not adjusted: a split or dividend looks like a fall",),
)


def stress(window: str, title: str, loss: int, *, lacks: tuple[str, ...] = ()) -> StressResult:
    held = (("AAPL", 42_000), ("BTC-USD", 8_000))
    return StressResult(
        title=title,
        window=window,
        lines=tuple(
            StressLine(
                symbol=symbol,
                value=Decimal(value),
                loss=None if symbol in lacks else Decimal(loss) / 2,
                change=None if symbol in lacks else -loss / 2 / value,
                note="no prices of then, and none of a benchmark" if symbol in lacks else "",
            )
            for symbol, value in held
        ),
        loss=Decimal(loss),
        share=loss / 104_210.33,
        worst=None if len(lacks) == len(held) else Decimal(loss + 500),
        worst_day=None if len(lacks) == len(held) else date(2020, 3, 20),
        lacks=lacks,
    )


STRESSES = (
    stress("black-monday", "Black Monday, 1987-10-13 to 1987-10-19", 0, lacks=("AAPL", "BTC-USD")),
    stress("gfc", "The financial crisis, 2007-10-09 to 2009-03-09", 21_000, lacks=("BTC-USD",)),
    stress("covid", "The pandemic, 2020-02-19 to 2020-03-23", 12_500),
    stress("euro", "Debt ceiling and euro crisis, 2011-07-22 to 2011-10-03", -2_000),
)
