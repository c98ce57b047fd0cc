import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from tio.api.market import Bars, Delay, Timeframe
from tio.api.series import instant
from tio.api.ticks import Tick, Trade
from tio.engine.feeds.simulator.source import SimulatedSource
from tio.plugin import Traits

from fakes import FakeClock, FakeOutlet

FRIDAY = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)


class Everything:
    symbols: frozenset[str] = frozenset()

    async def changed(self) -> None:
        await asyncio.Event().wait()


class Kept(FakeOutlet):
    """Keeps what was emitted, batch by batch."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[list[Tick]] = []
        self.first = asyncio.Event()

    def emit(
        self,
        ticks: Sequence[Tick],
        received_at: int | None = None,
        traits: Traits | None = None,
    ) -> None:
        self.batches.append(list(ticks))
        self.first.set()

    def frame(self, url: str, text: str) -> None:
        raise AssertionError("the simulator has no frames")


def simulator(rate: float = 500, symbols: int = 26, now: datetime = FRIDAY) -> SimulatedSource:
    return SimulatedSource(7, symbols, rate, FakeClock(now))


async def bars(
    source: SimulatedSource,
    symbol: str,
    timeframe: Timeframe,
    start: datetime | None = None,
    end: datetime = FRIDAY,
    limit: int = 500,
) -> Bars:
    answer = await source.history(symbol, timeframe, start, end, limit)
    assert answer is not None
    return answer


async def running(source: SimulatedSource, kept: Kept) -> "asyncio.Task[None]":
    task = asyncio.create_task(source.run(Everything(), kept))
    await kept.first.wait()
    return task


async def ended(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def folded(ticks: Sequence[Tick], symbol: str, opened: int, step: int) -> list[float]:
    trades = [
        tick
        for tick in ticks
        if isinstance(tick, Trade)
        and tick.folds
        and tick.symbol == symbol
        and opened <= tick.at < opened + step
    ]
    prices = [tick.price for tick in trades]
    return [prices[0], max(prices), min(prices), prices[-1], sum(tick.size for tick in trades)]


async def test_ten_years_of_days_are_there() -> None:
    days = await bars(simulator(), "SIM:BTC-USD", Timeframe.d1, limit=5_000)
    assert len(days) == 5_000
    assert days.delay is Delay.simulated
    assert days.forming
    assert days.time[-1] == instant(datetime(2026, 11, 20, tzinfo=UTC))


async def test_stock_days_are_weekdays_and_minutes_are_sessions() -> None:
    source = simulator()
    days = np.asarray((await bars(source, "SIM:ACME", Timeframe.d1)).time)[:-1]
    weekends = (2, 3)  # of 1970, which began on a Thursday
    assert not np.isin(days // Timeframe.d1.step % 7, weekends).any()
    thursday = datetime(2026, 11, 19, tzinfo=UTC)
    end = thursday + timedelta(days=1)
    minutes = await bars(source, "SIM:ACME", Timeframe.m1, thursday, end)
    assert len(minutes) == 390
    assert minutes.time[0] == instant(thursday + timedelta(hours=14, minutes=30))
    assert not minutes.forming


async def test_crypto_has_every_minute_and_currencies_no_weekend() -> None:
    source = simulator(now=datetime(2026, 11, 24, 12, tzinfo=UTC))
    saturday = datetime(2026, 11, 21, tzinfo=UTC)
    span = (saturday, saturday + timedelta(days=1), 5_000)
    assert len(await bars(source, "SIM:BTC-USD", Timeframe.m1, *span)) == 1_440
    assert len(await bars(source, "SIM:EURUSD", Timeframe.m1, *span)) == 0
    monday = saturday + timedelta(days=2)
    span = (monday, monday + timedelta(days=1), 5_000)
    assert len(await bars(source, "SIM:EURUSD", Timeframe.m1, *span)) == 1_440


@pytest.mark.parametrize("symbol", ["SIM:ACME", "SIM:EURUSD", "SIM:BTC-USD"])
@pytest.mark.parametrize("timeframe", [Timeframe.m1, Timeframe.m15, Timeframe.h1, Timeframe.h4])
async def test_intraday_bars_fold_into_the_days(symbol: str, timeframe: Timeframe) -> None:
    source = simulator()
    start = datetime(2026, 11, 2, tzinfo=UTC)
    days = await bars(source, symbol, Timeframe.d1, start)
    parts = await bars(source, symbol, timeframe, start, limit=50_000)
    day = np.asarray(parts.time) // Timeframe.d1.step * Timeframe.d1.step
    for at, opened in enumerate(days.time):
        chosen = np.flatnonzero(day == opened)
        assert parts.open[chosen[0]] == days.open[at]
        assert np.asarray(parts.high)[chosen].max() == days.high[at]
        assert np.asarray(parts.low)[chosen].min() == days.low[at]
        assert parts.close[chosen[-1]] == days.close[at]
        assert np.asarray(parts.volume)[chosen].sum() == pytest.approx(days.volume[at])


async def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    source = simulator()
    weeks = await bars(source, "SIM:ACME", Timeframe.w1, limit=100)
    months = await bars(source, "SIM:ACME", Timeframe.mo1, limit=24)
    assert len(weeks) == 100
    assert weeks.time[-1] == instant(datetime(2026, 11, 16, tzinfo=UTC))
    assert months.time[-1] == instant(datetime(2026, 11, 1, tzinfo=UTC))
    assert weeks.forming
    assert months.forming


async def test_start_end_and_limit_choose_the_newest_of_the_range() -> None:
    source = simulator()
    start, end = datetime(2026, 11, 18, tzinfo=UTC), datetime(2026, 11, 19, tzinfo=UTC)
    chosen = await bars(source, "SIM:BTC-USD", Timeframe.m5, start, end, 10)
    assert chosen.time[-1] == instant(end) - Timeframe.m5.step
    assert len(chosen) == 10
    assert not chosen.forming
    assert len(await bars(source, "SIM:BTC-USD", Timeframe.m5, end, start)) == 0


async def test_no_bar_opens_in_the_future() -> None:
    source = simulator()
    for timeframe in (Timeframe.m1, Timeframe.h1, Timeframe.d1):
        later = FRIDAY + timedelta(days=90)
        newest = await bars(source, "SIM:BTC-USD", timeframe, end=later, limit=3)
        assert newest.time[-1] <= instant(FRIDAY)


async def test_clock_before_the_first_day_finds_no_history() -> None:
    source = simulator(now=datetime(2009, 6, 1, tzinfo=UTC))
    for timeframe in (Timeframe.s1, Timeframe.m1, Timeframe.d1):
        assert len(await bars(source, "SIM:ACME", timeframe)) == 0


async def test_history_before_the_first_day_is_empty() -> None:
    old = datetime(2009, 1, 1, tzinfo=UTC)
    for timeframe in (Timeframe.m1, Timeframe.d1):
        assert len(await bars(simulator(), "SIM:ACME", timeframe, end=old)) == 0


async def test_unknown_symbols_have_no_history() -> None:
    source = simulator()
    assert await source.history("SIM:NOBODY", Timeframe.d1, None, FRIDAY, 10) is None


@pytest.mark.parametrize("symbol", ["SIM:ACME", "SIM:EURUSD", "SIM:BTC-USD", "SIM:MUTT-USD"])
async def test_seconds_of_the_last_two_hours_fold_into_their_minutes(symbol: str) -> None:
    source = simulator()
    seconds = await bars(source, symbol, Timeframe.s1, limit=50_000)
    minutes = await bars(source, symbol, Timeframe.m1, limit=120)
    minute = np.asarray(seconds.time) // Timeframe.m1.step * Timeframe.m1.step
    assert np.unique(minute).tolist() == np.asarray(minutes.time).tolist()
    for at, opened in enumerate(minutes.time):
        chosen = np.flatnonzero(minute == opened)
        assert seconds.open[chosen[0]] == minutes.open[at]
        assert np.asarray(seconds.high)[chosen].max() == minutes.high[at]
        assert np.asarray(seconds.low)[chosen].min() == minutes.low[at]
        assert seconds.close[chosen[-1]] == minutes.close[at]
        assert np.asarray(seconds.volume)[chosen].sum() == pytest.approx(minutes.volume[at])
    fives = await bars(source, symbol, Timeframe.s5, limit=50_000)
    assert 0 < len(fives) <= 1_440
    assert np.asarray(fives.volume).sum() == pytest.approx(np.asarray(seconds.volume).sum())


async def test_no_second_opens_in_the_future() -> None:
    now = FRIDAY + timedelta(seconds=31.5)
    source = simulator(now=now)
    for timeframe in (Timeframe.s1, Timeframe.s5, Timeframe.s15):
        newest = await bars(source, "SIM:BTC-USD", timeframe, end=now + timedelta(hours=1))
        assert newest.time[-1] + 1_000_000 <= instant(now)


async def test_instances_agree_and_seeds_differ() -> None:
    first, second = simulator(), simulator()
    other = SimulatedSource(8, 26, 500, FakeClock(FRIDAY))
    for timeframe in (Timeframe.m1, Timeframe.d1):
        one = await bars(first, "SIM:NOVA", timeframe)
        assert one == await bars(second, "SIM:NOVA", timeframe)
        assert one != await bars(other, "SIM:NOVA", timeframe)


async def test_past_keeps_its_figures_as_time_goes_on() -> None:
    end = datetime(2026, 11, 19, tzinfo=UTC)
    early = await bars(simulator(), "SIM:ACME", Timeframe.d1, end=end)
    later = await bars(
        simulator(now=FRIDAY + timedelta(days=800)), "SIM:ACME", Timeframe.d1, end=end
    )
    assert early == later


async def test_live_minute_equals_history_a_minute_later() -> None:
    clock = FakeClock(FRIDAY)
    source = SimulatedSource(7, 26, 200, clock)
    kept = Kept()
    task = await running(source, kept)
    await clock.advance(61)
    await ended(task)
    ticks = [tick for batch in kept.batches for tick in batch]
    opened = instant(FRIDAY)
    for symbol in ("SIM:ACME", "SIM:EURUSD", "SIM:BTC-USD", "SIM:MUTT-USD"):
        past = await bars(source, symbol, Timeframe.m1, FRIDAY, FRIDAY + timedelta(minutes=1))
        live = folded(ticks, symbol, opened, Timeframe.m1.step)
        columns = (past.open, past.high, past.low, past.close, past.volume)
        assert live == pytest.approx([column[0] for column in columns], rel=1e-12)


async def test_forming_minute_of_history_joins_the_live_ticks() -> None:
    clock = FakeClock(FRIDAY)
    source = SimulatedSource(7, 26, 1_000, clock)
    kept = Kept()
    task = await running(source, kept)
    await clock.advance(30)
    await ended(task)
    ticks = [tick for batch in kept.batches for tick in batch]
    past = await bars(source, "SIM:ACME", Timeframe.m1, end=FRIDAY + timedelta(minutes=5), limit=1)
    live = folded(ticks, "SIM:ACME", instant(FRIDAY), Timeframe.m1.step)
    assert past.forming
    assert past.time[0] == instant(FRIDAY)
    assert past.open[0] == live[0]
    assert past.close[0] == pytest.approx(live[3], rel=1e-3)
    assert past.volume[0] == pytest.approx(live[4], rel=0.1)


async def test_run_keeps_its_rate_in_short_batches() -> None:
    clock = FakeClock(FRIDAY)
    kept = Kept()
    task = await running(SimulatedSource(7, 26, 2_000, clock), kept)
    await clock.advance(10)
    await ended(task)
    live = kept.batches[1:]
    spans = [instant(clock.now()), *(max(tick.at or 0 for tick in batch) for batch in live)]
    assert sum(map(len, live)) == pytest.approx(20_000, rel=0.05)
    assert np.diff(spans[1:]).max() <= 100_000
    assert spans[0] - spans[-1] < 100_000


class Stalling(FakeClock):
    """A clock that jumps once, as if the loop had been blocked for `stall` seconds."""

    def __init__(self, stall: float) -> None:
        super().__init__(FRIDAY)
        self.stall = stall
        self.jumped = 0.0

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self.jumped)

    def monotonic(self) -> float:
        return super().monotonic() + self.jumped


async def test_slow_loop_catches_up_in_bounded_bursts() -> None:
    clock = Stalling(2.0)
    kept = Kept()
    source = SimulatedSource(7, 60, 20_000, clock)
    task = await running(source, kept)
    await clock.advance(1)
    clock.jumped = clock.stall
    await clock.advance(1)
    await ended(task)
    assert source.skipped == 0
    assert max(map(len, kept.batches[1:])) <= 20_000 * 0.3
    assert sum(map(len, kept.batches[1:])) == pytest.approx(80_000, rel=0.05)


async def test_long_stall_is_skipped_not_replayed() -> None:
    clock = Stalling(600.0)
    kept = Kept()
    source = SimulatedSource(7, 26, 2_000, clock)
    task = await running(source, kept)
    await clock.advance(1)
    clock.jumped = clock.stall
    await clock.advance(1)
    await ended(task)
    assert source.skipped == pytest.approx(600e6, rel=0.01)
    assert sum(map(len, kept.batches[1:])) < 6_000


async def test_session_kinds_are_told() -> None:
    source = simulator()
    kinds = [source.session_kind(symbol) for symbol in ("SIM:ACME", "SIM:EURUSD", "SIM:BTC-USD")]
    assert kinds == ["stock", "fx", "crypto"]
    assert source.instruments()[0].symbol == "SIM:ACME"


async def test_the_first_prices_come_before_any_bar() -> None:
    source, out = simulator(), FakeOutlet()
    task = asyncio.create_task(source.run(Everything(), out))
    await asyncio.sleep(0)
    await bars(source, "SIM:ACME", Timeframe.d1)
    assert out.ticks
    await ended(task)
