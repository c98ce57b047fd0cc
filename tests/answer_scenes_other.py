"""Another scene, for wordings never tuned on: other symbols, other sources, other years."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
from answer_scenes import Scene, bars_of, scene_of

from tio.api.companies import Profile
from tio.api.indicators import Computed
from tio.api.market import Bars, GetBars, Quote, Timeframe
from tio.api.series import Series
from tio.engine.analyst.grounding.facts import ToolResult

import recorded

ROWS = 240
NAMES = {
    "JNJ": ("Johnson & Johnson", "Johnson & Johnson"),
    "UNH": ("UnitedHealth Group Incorporated", "UnitedHealth"),
    "XOM": ("Exxon Mobil Corporation", "Exxon Mobil"),
    "NVDA": ("NVIDIA Corporation", "Nvidia"),
    "META": ("Meta Platforms, Inc.", "Meta"),
    "BRK-B": ("Berkshire Hathaway Inc.", "Berkshire Hathaway"),
    "AMZN": ("Amazon.com, Inc.", "Amazon"),
    "GOOGL": ("Alphabet Inc.", "Alphabet"),
}
"""What a tool calls a company, and what a writer does."""
HELD = (("AMD", 130), ("INFY", 410), ("USO", 85), ("XOM", 44))
SERIES = (
    ("AMD", "2_ohlcv/yahoo_1y/AMD.csv.gz", "2019-05-23"),
    ("INFY", "2_ohlcv/yahoo_1y/INFY.csv.gz", "2019-07-12"),
    ("BTC-USD", "2_ohlcv/crypto/coinbase_btcusd_daily.csv.gz", "2018-08-13"),
    ("USO", "2_ohlcv/equity_daily/uso.csv.gz", "2016-06-30"),
    ("NVDA", "2_ohlcv/backtrader/nvda-1999-2014.txt.gz", "2013-12-31"),
    ("XOM", "2_ohlcv/stooq/xom.us.txt.gz", "2008-12-31"),
)


def other_scene() -> Scene:
    """Quotes of 20 February 2026 out of Stooq's bars, and a year of bars of each series."""
    draw = np.random.default_rng(11)
    quotes, profiles = [], []
    for symbol, (name, _) in NAMES.items():
        rows = _rows(f"2_ohlcv/stooq/{symbol.lower()}.us.txt.gz", "2026-02-20")
        quotes.append(_quote(symbol, name, rows[-2][1], *rows[-1], draw))
        profiles.append(_profile(symbol, name, np.array([row for _, row in rows]), draw))
    bars = []
    for symbol, file, end in SERIES:
        rows = _rows(file, end)
        numbers = np.array([row for _, row in rows])
        bars.append(bars_of(symbol, [day for day, _ in rows], numbers))
    scene = scene_of(tuple(quotes), tuple(profiles), tuple(bars), HELD)
    for number, one in enumerate(bars):
        asked = GetBars(symbol=one.symbol, timeframe=Timeframe.d1)
        scene.evidence.add(ToolResult(f"s{number}", asked, (_average(one),), "recorded"))
    return replace(scene, casual={symbol: casual for symbol, (_, casual) in NAMES.items()})


def _rows(file: str, end: str) -> list[tuple[datetime, list[float]]]:
    """Day and open, high, low, close, volume of the last rows until `end`, of either format."""
    found = []
    for line in list(recorded.lines(file))[1:]:
        cells = line.split(",")
        stooq = len(cells) > 8
        text = cells[2] if stooq else cells[0]
        day = datetime.strptime(text.replace("-", ""), "%Y%m%d").replace(tzinfo=UTC)
        numbers = [float(cell) for cell in (cells[4:9] if stooq else [*cells[1:5], cells[-1]])]
        if f"{day:%Y-%m-%d}" <= end:
            found.append((day, [round(one, 4) for one in numbers]))
    return found[-ROWS:]


def _quote(
    symbol: str, name: str, before: list[float], day: datetime, row: list[float],
    draw: np.random.Generator,
) -> Quote:  # fmt: skip
    opened, high, low, last, volume = row
    return Quote(
        symbol=symbol, name=name, last=last, open=opened, high=high, low=low,
        bid=round(last - float(draw.uniform(0.01, 0.2)), 2), volume=volume, currency="USD",
        ask=round(last + float(draw.uniform(0.01, 0.2)), 2), previous_close=before[3],
        change=last - before[3], change_percent=(last / before[3] - 1) * 100,
        as_of=day.replace(hour=21), source="stooq",
    )  # fmt: skip


def _profile(symbol: str, name: str, rows: np.ndarray, draw: np.random.Generator) -> Profile:
    last = float(rows[-1, 3])
    eps = round(last / float(draw.uniform(11, 41)), 2)
    return Profile(
        symbol=symbol, name=name, currency="USD", year_low=float(rows[:, 2].min()),
        year_high=float(rows[:, 1].max()), pe=round(last / eps, 4), eps=eps,
        forward_pe=round(float(draw.uniform(10, 38)), 4), book_value=round(last / 3.7, 2),
        market_cap=round(last * float(draw.uniform(1e9, 9e9))),
        average_volume=float(rows[-63:, 4].mean().round()),
        dividend_yield=round(float(draw.uniform(0.002, 0.041)), 4),
        as_of=datetime(2026, 2, 20, 21, tzinfo=UTC),
    )  # fmt: skip


def _average(bars: Bars) -> Computed:
    closes = np.asarray(bars.close)
    means = np.convolve(closes, np.ones(50) / 50, "valid")
    return Computed(name="sma", label="SMA 50", params={"length": 50}, time=bars.time,
                    outputs={"sma": Series([None] * 49 + means.tolist())})  # fmt: skip
