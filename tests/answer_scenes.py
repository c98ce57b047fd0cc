"""What tools told, recorded or made up, for answers to be written over."""

import gzip
import json
import math
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from tio.api.companies import GetProfile, Profile
from tio.api.indicators import Computed
from tio.api.market import Bars, GetBars, GetQuotes, Quote, Timeframe
from tio.api.performance import Decline, Performance
from tio.api.portfolio import Cash, Holdings, Position
from tio.api.portfolio_risk import RiskReport, TailMethod, TailRisk
from tio.api.series import Series, Times, instant, moment
from tio.engine.analyst.grounding.evidence import Evidence
from tio.engine.analyst.grounding.facts import ToolResult

import recorded

ROWS = 500
HELD = (("BAC", 120), ("GOOG", 4), ("WM", 35), ("SPY", 12))


@dataclass(frozen=True)
class Scene:
    """The results of a chat's tools, and the values in them by kind."""

    quotes: tuple[Quote, ...]
    profiles: tuple[Profile, ...]
    bars: tuple[Bars, ...]
    rsi: tuple[Computed, ...]
    holdings: Holdings
    performance: Performance
    risk: RiskReport
    evidence: Evidence
    casual: dict[str, str] = field(default_factory=dict)
    """Symbol → what a writer calls it."""


def recorded_scene() -> Scene:
    """Yahoo's quotes and profiles of February 2025, daily bars until March 2021."""
    file = recorded.path("3_providers/yahoo/quote.shared.json.gz")
    rows: dict[str, dict[str, Any]] = {}
    for kept in json.loads(gzip.decompress(file.read_bytes())).values():
        body = kept["response"].get("bodyJson") or {}
        for row in body.get("quoteResponse", {}).get("result", []):
            if row.get("bid") and row.get("trailingPE"):
                rows[row["symbol"]] = row
    bars = []
    for name in ("BAC", "GOOG", "SPY", "WM", "EEM", "FB"):
        lines = list(recorded.lines(f"2_ohlcv/equity_daily/{name.lower()}.csv.gz"))[1:][-ROWS:]
        cells = [line.split(",") for line in lines]
        days = [datetime.fromisoformat(row[0]).replace(tzinfo=UTC) for row in cells]
        numbers = np.array([[float(cell) for cell in row[1:]] for row in cells])
        bars.append(bars_of(name, days, numbers))
    quotes = tuple(_quote(row) for row in rows.values())
    return scene_of(quotes, tuple(_profile(row) for row in rows.values()), tuple(bars))


def made_scene(seed: int = 7) -> Scene:
    """The same shapes from a seeded walk."""
    draw = np.random.default_rng(seed)
    names = {"ALFA": "Alfa Motors Inc.", "BRVO": "Bravo Corporation", "CHRL": "Charlie Group plc",
             "DLTA": "Delta Foods Ltd"}  # fmt: skip
    at = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)
    quotes, profiles = [], []
    for symbol, name in names.items():
        last = round(float(draw.uniform(20, 480)), 2)
        before = round(last * (1 + float(draw.normal(0, 0.02))), 2)
        row = {
            "symbol": symbol, "longName": name, "regularMarketPrice": last, "currency": "USD",
            "regularMarketOpen": round(before * (1 + float(draw.normal(0, 0.006))), 2),
            "regularMarketPreviousClose": before,
            "regularMarketDayHigh": round(max(last, before) * float(draw.uniform(1.008, 1.02)), 2),
            "regularMarketDayLow": round(min(last, before) * float(draw.uniform(0.98, 0.992)), 2),
            "bid": round(last - float(draw.uniform(0.01, 0.3)), 2),
            "ask": round(last + float(draw.uniform(0.01, 0.3)), 2),
            "regularMarketVolume": int(draw.integers(2_000_000, 90_000_000)),
            "regularMarketChange": last - before,
            "marketCap": int(draw.integers(4 * 10**9, 9 * 10**11)),
            "regularMarketChangePercent": (last / before - 1) * 100,
            "trailingPE": float(draw.uniform(9, 45)), "forwardPE": float(draw.uniform(9, 45)),
            "dividendYield": round(float(draw.uniform(0.4, 4.9)), 2),
            "fiftyTwoWeekHigh": round(last * float(draw.uniform(1.05, 1.5)), 2),
            "fiftyTwoWeekLow": round(last * float(draw.uniform(0.5, 0.9)), 2),
            "epsTrailingTwelveMonths": round(float(draw.uniform(1, 12)), 2),
            "averageDailyVolume3Month": int(draw.integers(2_000_000, 90_000_000)),
            "regularMarketTime": at.timestamp(), "bookValue": round(float(draw.uniform(3, 40)), 2),
        }  # fmt: skip
        quotes.append(_quote(row))
        profiles.append(_profile(row))
    bars = []
    for name in ("BAC", "GOOG", "SPY", "WM", "EEM", "FB"):
        close = float(draw.uniform(30, 900)) * np.exp(np.cumsum(draw.normal(0, 0.013, ROWS)))
        opened = close * (1 + draw.normal(0, 0.005, ROWS))
        numbers = np.stack(
            [opened, np.maximum(opened, close) * (1 + np.abs(draw.normal(0, 0.006, ROWS))),
             np.minimum(opened, close) * (1 - np.abs(draw.normal(0, 0.006, ROWS))), close], axis=1
        ).round(2)  # fmt: skip
        volume = draw.integers(1_000_000, 90_000_000, (ROWS, 1)).astype(float)
        days = [at - timedelta(days=ROWS - 1 - number) for number in range(ROWS)]
        days = [day.replace(hour=0) for day in days]
        bars.append(bars_of(name, days, np.hstack([numbers, volume])))
    return scene_of(tuple(quotes), tuple(profiles), tuple(bars))


def bars_of(symbol: str, days: list[datetime], numbers: Any) -> Bars:
    """Daily bars of rows of open, high, low, close, volume."""
    columns = [Series(numbers[:, number].tolist()) for number in range(5)]
    return Bars(
        symbol=symbol, timeframe=Timeframe.d1, time=Times(instant(day) for day in days),
        open=columns[0], high=columns[1], low=columns[2], close=columns[3], volume=columns[4],
        source="recorded",
    )  # fmt: skip


def _quote(row: dict[str, Any]) -> Quote:
    return Quote(
        symbol=row["symbol"], name=row["longName"], last=row["regularMarketPrice"],
        bid=row["bid"], ask=row["ask"], open=row["regularMarketOpen"],
        high=row["regularMarketDayHigh"], low=row["regularMarketDayLow"],
        previous_close=row["regularMarketPreviousClose"], change=row["regularMarketChange"],
        change_percent=row["regularMarketChangePercent"], currency=row["currency"],
        volume=float(row["regularMarketVolume"]), source="yahoo",
        as_of=datetime.fromtimestamp(row["regularMarketTime"], UTC),
    )  # fmt: skip


def _profile(row: dict[str, Any]) -> Profile:
    told = row.get("dividendYield")
    return Profile(
        symbol=row["symbol"], name=row["longName"], currency=row["currency"],
        year_low=row["fiftyTwoWeekLow"], year_high=row["fiftyTwoWeekHigh"], pe=row["trailingPE"],
        forward_pe=row["forwardPE"], market_cap=float(row["marketCap"]),
        eps=row["epsTrailingTwelveMonths"], book_value=row["bookValue"],
        average_volume=float(row["averageDailyVolume3Month"]),
        dividend_yield=told / 100 if told else None,
        as_of=datetime.fromtimestamp(row["regularMarketTime"], UTC),
    )  # fmt: skip


def scene_of(
    quotes: tuple[Quote, ...],
    profiles: tuple[Profile, ...],
    bars: tuple[Bars, ...],
    held_are: tuple[tuple[str, int], ...] = HELD,
) -> Scene:
    """The results of tools that told all of these, and of a portfolio of those held."""
    rsi = tuple(_rsi(one) for one in bars)
    held, course, risk = _portfolio(bars, held_are)
    results = [ToolResult("q", GetQuotes(symbols=tuple(q.symbol for q in quotes)), quotes)]
    results += [ToolResult(f"p{n}", GetProfile(symbol=p.symbol), p) for n, p in enumerate(profiles)]
    for number, one in enumerate(bars):
        asked = GetBars(symbol=one.symbol, timeframe=Timeframe.d1)
        results.append(ToolResult(f"b{number}", asked, one, "recorded"))
        results.append(ToolResult(f"i{number}", asked, (rsi[number],), "recorded"))
    results += [ToolResult("h", None, held), ToolResult("f", None, course)]
    results.append(ToolResult("r", None, risk))
    return Scene(quotes, profiles, bars, rsi, held, course, risk, Evidence(results))


def _rsi(bars: Bars) -> Computed:
    moves = np.diff(np.asarray(bars.close))
    rises = np.convolve(np.maximum(moves, 0), np.ones(14), "valid")
    falls = np.convolve(np.maximum(-moves, 0), np.ones(14), "valid")
    values = [None] * 14 + (100 * rises / (rises + falls + 1e-12)).tolist()
    return Computed(name="rsi", label="RSI 14", params={"length": 14}, time=bars.time,
                    outputs={"rsi": Series(values)})  # fmt: skip


def _portfolio(
    bars: tuple[Bars, ...], held_are: tuple[tuple[str, int], ...]
) -> tuple[Holdings, Performance, RiskReport]:
    closes = {one.symbol: np.asarray(one.close) for one in bars}
    times = bars[0].time
    at = moment(times[-1])
    nav = np.sum([closes[symbol] * many for symbol, many in held_are], axis=0) + 1_250.75
    end = Decimal(str(round(float(nav[-1]), 2)))
    positions = []
    for symbol, many in held_are:
        price, cost = (Decimal(str(round(float(closes[symbol][n]), 2))) for n in (-1, 40))
        value = price * many
        positions.append(
            Position(
                symbol=symbol, quantity=Decimal(many), currency="USD", cost=cost * many,
                average_cost=cost, base_cost=cost * many, price=price, value=value,
                unrealised=value - cost * many, weight=(value / end).quantize(Decimal("0.000001")),
                as_of=at, source="recorded",
            )
        )  # fmt: skip
    gains = [one.unrealised for one in positions if one.unrealised is not None]
    held = Holdings(
        portfolio="main", currency="USD", at=at, positions=tuple(positions), nav=end,
        cash=(Cash(currency="USD", amount=Decimal("1250.75")),), unrealised=sum(gains, Decimal(0)),
    )  # fmt: skip
    moves = nav[1:] / nav[:-1] - 1
    peak = np.maximum.accumulate(nav)
    trough = int(np.argmin(nav / peak))
    top = int(np.argmax(nav[: trough + 1]))
    days = [moment(time).date() for time in times]
    volatility = float(np.std(moves, ddof=1) * math.sqrt(252))
    course = Performance(
        portfolio="main", currency="USD", start=days[0], end=days[-1], time=times,
        nav=Series(nav.tolist()), flow=Series([0.0] * len(nav)),
        growth=Series((nav / nav[0] - 1).tolist()), drawdown=Series((nav / peak - 1).tolist()),
        begin_value=float(nav[0]), end_value=float(nav[-1]), put_in=0.0, taken_out=0.0,
        gain=float(nav[-1] - nav[0]), simple=float(nav[-1] / nav[0] - 1),
        time_weighted=float(nav[-1] / nav[0] - 1), annual=float(np.mean(moves) * 252),
        money_weighted=None, volatility=volatility, sharpe=float(np.mean(moves) * 252 / volatility),
        sortino=None, calmar=None, omega=None,
        declines=(Decline(depth=float(nav[trough] / nav[top] - 1), peak=days[top],
                          trough=days[trough], recovered=None, days=trough - top),),
    )  # fmt: skip
    tails = tuple(_tail(np.sort(moves), level) for level in (0.95, 0.99))
    risk = RiskReport(portfolio="main", currency="USD", at=at, net=end, tails=tails,
                      beta=0.913, benchmark="SPY")  # fmt: skip
    return held, course, risk


def _tail(moves: Any, level: float) -> TailRisk:
    worst = moves[: max(1, int(len(moves) * (1 - level)))]
    return TailRisk(
        method=TailMethod.historical, confidence=level, days=1, returns=len(moves),
        value_at_risk=float(-np.quantile(moves, 1 - level)), independent=len(moves),
        expected_shortfall=float(-np.mean(worst)),
    )  # fmt: skip


def day_of(bars: Bars, index: int) -> date:
    """The day of a bar."""
    return moment(bars.time[index]).date()
