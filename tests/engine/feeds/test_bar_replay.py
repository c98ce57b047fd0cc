import asyncio
from datetime import UTC, datetime, timedelta
from math import isnan, nan
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.api.errors import Invalid
from tio.api.market import AssetClass, Bars, Delay, Timeframe
from tio.api.series import Series, Times
from tio.api.ticks import Trade
from tio.engine.feeds.bar_replay import BarReplayer, bar_trades

from fakes import FakeOutlet

MINUTE = 60_000_000
START = 1_600_000_020 * 1_000_000 // MINUTE * MINUTE


class HastyClock:
    """A real clock whose sleeps pass at once."""

    elapsed = 0.0

    def now(self) -> datetime:
        return datetime(2026, 11, 20, tzinfo=UTC) + timedelta(seconds=self.elapsed)

    def monotonic(self) -> float:
        return self.elapsed

    async def sleep(self, seconds: float) -> None:
        self.elapsed += seconds
        await asyncio.sleep(0)


class Everything:
    symbols: frozenset[str] = frozenset()

    async def changed(self) -> None:
        await asyncio.Event().wait()


class Heard(FakeOutlet):
    def frame(self, url: str, text: str) -> None:
        raise AssertionError("bars have no raw frames")


def bars_of(
    rows: list[tuple[float, float, float, float, float]],
    timeframe: Timeframe = Timeframe.m1,
    start: int = START,
    symbol: str = "AAPL",
) -> Bars:
    opens, highs, lows, closes, volumes = (Series(column) for column in zip(*rows, strict=True))
    times = Times(start + i * timeframe.step for i in range(len(rows)))
    return Bars(
        symbol=symbol,
        timeframe=timeframe,
        time=times,
        open=opens,
        high=highs,
        low=lows,
        close=closes,
        volume=volumes,
        delay=Delay.reference,
    )


def folded(bars: Bars) -> list[tuple[int, float, float, float, float, float]]:
    """A plain fold of the trades into bars of the same timeframe, by span."""
    step = bars.timeframe.step
    rows: dict[int, tuple[float, float, float, float, float]] = {}
    for _, trade in bar_trades(bars):
        opening = trade.at // step * step
        price, size = trade.price, trade.size
        if opening not in rows:
            rows[opening] = (price, price, price, price, size)
        else:
            first, high, low, _, volume = rows[opening]
            rows[opening] = (first, max(high, price), min(low, price), price, volume + size)
    return [(opening, *row) for opening, row in sorted(rows.items())]


prices = st.floats(0.001, 1e6)
sound = st.tuples(prices, prices, prices, prices, st.floats(0, 1e9)).map(
    lambda row: (row[0], max(row[:4]), min(row[:4]), row[3], row[4])
)


@given(st.lists(sound, min_size=1, max_size=20))
def test_folding_the_trades_gives_every_bar_back_exactly(
    rows: list[tuple[float, float, float, float, float]],
) -> None:
    bars = bars_of(rows)
    assert folded(bars) == [(START + i * MINUTE, *row) for i, row in enumerate(rows)]


def test_a_rising_bar_visits_its_low_first_and_a_falling_one_its_high() -> None:
    rising, falling = (10.0, 13.0, 9.0, 12.0, 5.0), (12.0, 13.0, 9.0, 10.0, 7.0)
    told = [trade.price for _, trade in bar_trades(bars_of([rising, falling]))]
    assert told == [10.0, 9.0, 13.0, 12.0, 12.0, 13.0, 9.0, 10.0]
    sizes = [trade.size for _, trade in bar_trades(bars_of([rising, falling]))]
    assert sizes == [0.0, 0.0, 0.0, 5.0, 0.0, 0.0, 0.0, 7.0]


def test_a_bar_without_volume_has_none_and_one_without_a_price_is_left_out() -> None:
    trades = [trade for _, trade in bar_trades(bars_of([(1, 1, 1, 1, nan), (1, nan, 1, 1, 5)]))]
    assert len(trades) == 4
    assert isnan(trades[-1].size)


@pytest.mark.parametrize("timeframe", [Timeframe.d1, Timeframe.w1, Timeframe.mo1])
@pytest.mark.parametrize("month", [1, 7])
def test_daily_bars_play_within_the_regular_hours_of_their_date(
    timeframe: Timeframe, month: int
) -> None:
    date = datetime(2024, month, 3, tzinfo=UTC)
    bars = bars_of([(1, 2, 0.5, 1.5, 9)], timeframe, int(date.timestamp()) * 1_000_000)
    for at, trade in bar_trades(bars):
        assert at == trade.at
        there = datetime.fromtimestamp(at / 1e6, ZoneInfo("America/New_York"))
        assert there.date() == date.date()
        # 3 July closes at 13:00.
        assert (9, 30) <= (there.hour, there.minute) < (13, 0)


@pytest.mark.parametrize("speed", [0.0, 60.0])
async def test_bars_play_at_any_speed_and_the_clock_stays_where_they_end(speed: float) -> None:
    bars = bars_of([(1.25, 2, 0.5, 1.5, 9), (1.5, 2, 1, 1.75, 3)])
    real = HastyClock()
    replayer = BarReplayer(bars, Path("aapl.csv"), speed, real=real)
    heard = Heard()
    await replayer.run(Everything(), heard)
    trades = [tick for ticks, _ in heard.emissions for tick in ticks]
    assert [at for _, at in heard.emissions] == [tick.at for tick in trades]
    assert len(trades) == 8
    last = trades[-1]
    assert isinstance(last, Trade)
    assert replayer.clock.instant() == last.at
    assert real.elapsed == pytest.approx(105 / speed if speed else 0.0)
    report = replayer.report
    assert (report.frames, report.ticks, report.garbage, report.done) == (8, 8, 0, True)


def test_its_instrument_has_the_decimals_of_its_prices() -> None:
    replayer = BarReplayer(
        bars_of([(1.25, 2, 0.125, 1.5, 9)]), Path("aapl.csv"), 0, real=HastyClock()
    )
    (instrument,) = replayer.instruments()
    assert (instrument.symbol, instrument.price_decimals) == ("AAPL", 3)
    assert replayer.traits.asset_class is AssetClass.equity
    assert replayer.traits.delay is Delay.reference


def test_no_bars_are_refused() -> None:
    with pytest.raises(Invalid, match=r"a\.csv holds no bar"):
        BarReplayer(Bars(symbol="A", timeframe=Timeframe.m1), Path("a.csv"), 0, real=HastyClock())
