"""Minute bars of stocks, played across a change of clocks and with half an hour missing.

The expected bars are grouped here by wall clock, sharing no code with ours.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from tio.api.market import Bars, Timeframe
from tio.api.series import Series, Times, instant
from tio.engine.bus import Bus
from tio.engine.feeds.bar_replay import bar_trades
from tio.engine.market.folding import fold
from tio.engine.market.market import Market
from tio.engine.market.sessions import rules_of
from tio.engine.market.symbols import classify
from tio.plugin import Traits

from fakes import FakeClock

MINUTE = timedelta(minutes=1)


class Venue(NamedTuple):
    """Hours by the wall, extended (`begins`, `ends`) and regular; its trading days."""

    symbol: str
    zone: str
    begins: time
    opens: time
    closes: time
    ends: time
    days: tuple[date, ...]


NEW_YORK = ("America/New_York", time(4), time(9, 30), time(16), time(20))
LONDON = ("Europe/London", time(5, 5), time(8), time(16, 30), time(17, 15))
VENUES = (
    Venue("AAPL", *NEW_YORK, (date(2026, 3, 5), date(2026, 3, 6), date(2026, 3, 9))),
    Venue("AAPL", *NEW_YORK, (date(2026, 10, 30), date(2026, 11, 2), date(2026, 11, 3))),
    Venue("VOD.LSE", *LONDON, (date(2026, 3, 26), date(2026, 3, 27), date(2026, 3, 30))),
)


class Minute(NamedTuple):
    """One bar as its venue's wall says when."""

    wall: datetime
    prices: tuple[float, float, float, float]
    volume: float

    @property
    def at(self) -> int:
        return instant(self.wall.astimezone(UTC))


def played_days(venue: Venue, gap: time) -> list[Minute]:
    """Every minute of the venue's days but the half hour from `gap` on; no two prices are alike."""
    bars: list[Minute] = []
    for day in venue.days:
        wall = datetime.combine(day, venue.begins, ZoneInfo(venue.zone))
        missing = datetime.combine(day, gap, ZoneInfo(venue.zone))
        while wall.time() < venue.ends:
            if not missing <= wall < missing + 30 * MINUTE:
                first = 100.0 + (len(bars) * 7919 % 2_003) / 8
                prices = (first, first + 0.5, first - 0.5, first + 0.25)
                bars.append(Minute(wall, prices, float(1 + len(bars) % 10)))
            wall += MINUTE
    return bars


def grouped(bars: list[Minute], opening: dict[datetime, int]) -> list[tuple[float, ...]]:
    groups: dict[int, list[Minute]] = {}
    for bar in bars:
        if bar.wall in opening:
            groups.setdefault(opening[bar.wall], []).append(bar)
    return [
        (
            begins,
            group[0].prices[0],
            max(bar.prices[1] for bar in group),
            min(bar.prices[2] for bar in group),
            group[-1].prices[3],
            sum(bar.volume for bar in group),
        )
        for begins, group in sorted(groups.items())
    ]


def expected(venue: Venue, bars: list[Minute], timeframe: Timeframe) -> list[tuple[float, ...]]:
    opening: dict[datetime, int] = {}
    for bar in bars:
        day = bar.wall.date()
        if timeframe is Timeframe.d1:
            if venue.opens <= bar.wall.time() < venue.closes:
                opening[bar.wall] = instant(datetime.combine(day, time(), UTC))
            continue
        opens = datetime.combine(day, venue.opens, ZoneInfo(venue.zone))
        steps = (bar.wall - opens) // timedelta(microseconds=timeframe.step)
        begins = opens + steps * timedelta(microseconds=timeframe.step)
        opening[bar.wall] = instant(begins.astimezone(UTC))
    return grouped(bars, opening)


def replayed(symbol: str, bars: list[Minute]) -> Market:
    o, h, low, c = (Series([bar.prices[n] for bar in bars]) for n in range(4))
    file = Bars(
        symbol=symbol,
        timeframe=Timeframe.m1,
        time=Times([bar.at for bar in bars]),
        open=o,
        high=h,
        low=low,
        close=c,
        volume=Series([bar.volume for bar in bars]),
    )
    clock = FakeClock(bars[-1].wall.astimezone(UTC))
    market = Market(clock, Bus(clock))
    traits = Traits(name="file")
    for at, trade in bar_trades(file):
        market.take([trade], traits, at)
    return market


@pytest.mark.parametrize("venue", VENUES, ids=lambda venue: f"{venue.symbol} {venue.days[0]}")
@pytest.mark.parametrize("gap", [time(9, 30), time(10, 45), time(16, 10)], ids=str)
def test_replayed_minutes_anchor_at_the_open_and_days_hold_regular_hours_only(
    venue: Venue, gap: time
) -> None:
    bars = played_days(venue, gap)
    line = replayed(venue.symbol, bars).board.lines[venue.symbol]
    rules = rules_of(classify(venue.symbol))
    stored = line.bars.ladder(Timeframe.m1).columns(10_000)
    kept = [bar for bar in bars if bar.at >= stored.time[0]]
    for timeframe in (Timeframe.m30, Timeframe.h1, Timeframe.h2, Timeframe.h4, Timeframe.d1):
        told = [tuple(row) for row in line.bars.ladder(timeframe).columns(10_000).rows()]
        assert told == expected(venue, bars, timeframe)
        folded = fold(stored, Timeframe.m1, timeframe, rules)
        assert [tuple(row) for row in folded.rows()] == expected(venue, kept, timeframe)


def test_the_hour_of_the_open_moves_with_the_clocks() -> None:
    venue = VENUES[0]
    line = replayed("AAPL", played_days(venue, time(10, 0))).board.lines["AAPL"]
    hours = set(line.bars.ladder(Timeframe.h1).time)
    assert instant(datetime(2026, 3, 6, 14, 30, tzinfo=UTC)) in hours
    assert instant(datetime(2026, 3, 9, 13, 30, tzinfo=UTC)) in hours
    halves = set(line.bars.ladder(Timeframe.m30).time)
    assert instant(datetime(2026, 3, 9, 14, 0, tzinfo=UTC)) not in halves
    assert list(line.bars.ladder(Timeframe.d1).time) == [
        instant(datetime.combine(day, time(), UTC)) for day in venue.days
    ]
