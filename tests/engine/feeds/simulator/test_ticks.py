from collections import defaultdict
from datetime import UTC, datetime

import pytest

from tio.api.series import instant
from tio.api.ticks import DayFigures, Tick, TopOfBook, Trade
from tio.engine.feeds.simulator.history import DAYS_KEPT, History
from tio.engine.feeds.simulator.pace import Pace
from tio.engine.feeds.simulator.sessions import DAY, MINUTE
from tio.engine.feeds.simulator.ticks import TickStream
from tio.engine.feeds.simulator.universe import listings

NOON = instant(datetime(2026, 11, 20, 15, 30, tzinfo=UTC))


def stream(rate: float, count: int = 26, seed: int = 7) -> TickStream:
    return TickStream(History(seed), listings(count), seed, Pace(rate, count))


def told(ticks: TickStream, begin: int, past: int) -> list[Tick]:
    slot = ticks.pace.slot
    return [tick for number in range(begin // slot, past // slot) for tick in ticks.slot(number)]


def folded(ticks: list[Tick]) -> dict[tuple[str, int], list[float]]:
    """Trades by symbol and minute, folded plainly: open, high, low, close, volume."""
    bars: dict[tuple[str, int], list[float]] = {}
    for tick in ticks:
        if isinstance(tick, Trade) and tick.folds:
            price = tick.price
            bar = bars.setdefault((tick.symbol, tick.at // MINUTE), [price, price, price, price, 0])
            bar[1], bar[2], bar[3] = max(bar[1], price), min(bar[2], price), price
            bar[4] += tick.size
    return bars


@pytest.mark.parametrize(("rate", "count"), [(20, 26), (500, 26), (4_000, 60)])
def test_live_minutes_fold_into_historys_bars(rate: float, count: int) -> None:
    ticks = stream(rate, count)
    ticks.start(NOON)
    bars = folded(told(ticks, NOON, NOON + 2 * MINUTE))
    history = History(7)
    for listing in listings(count):
        day = history.minutes(listing, NOON // DAY)
        for minute in (NOON // MINUTE, NOON // MINUTE + 1):
            at = minute % 1_440
            steps, units = 10**listing.decimals, 10**listing.size_decimals
            bar = bars[listing.symbol, minute]
            assert bar[0] == day.open[at] / steps
            assert bar[1] == day.high[at] / steps
            assert bar[2] == day.low[at] / steps
            assert bar[3] == day.close[at] / steps
            assert bar[4] == pytest.approx(day.volume[at] / units)


@pytest.mark.parametrize("rate", [1, 50, 2_000, 20_000])
def test_rate_holds_within_five_percent(rate: float) -> None:
    ticks = stream(rate)
    ticks.start(NOON)
    seconds = 120 if rate < 100 else 6
    count = len(told(ticks, NOON + 10_000_000, NOON + (10 + seconds) * 1_000_000))
    expected = rate - (26 * 4 / 60 if seconds == 6 else 0)
    assert count == pytest.approx(expected * seconds, rel=0.05, abs=3)


def test_ticks_come_in_order_of_time_with_ask_above_bid() -> None:
    ticks = stream(2_000)
    ticks.start(NOON)
    latest = NOON
    for tick in told(ticks, NOON, NOON + 5_000_000):
        assert tick.at is not None
        assert tick.at >= latest or isinstance(tick, DayFigures)
        latest = max(latest, tick.at)
        if isinstance(tick, TopOfBook):
            assert tick.bid is not None
            assert tick.ask is not None
            assert tick.ask > tick.bid > 0
            assert tick.bid_size is not None
            assert tick.bid_size > 0
        if isinstance(tick, Trade):
            assert tick.price > 0
            assert tick.size > 0


def test_another_engine_started_later_tells_the_same_market() -> None:
    early, late = stream(500), stream(500)
    early.start(NOON)
    told(early, NOON, NOON + MINUTE)
    late.start(NOON + MINUTE)
    begin, past = NOON + MINUTE, NOON + MINUTE + 10_000_000
    assert told(early, begin, past) == told(late, begin, past)


def test_every_instrument_ticks_every_minute() -> None:
    ticks = stream(2, 26)
    ticks.start(NOON)
    symbols = {tick.symbol for tick in told(ticks, NOON, NOON + MINUTE)}
    assert len(symbols) == 26


def test_busier_instruments_come_first() -> None:
    ticks = stream(2_000)
    ticks.start(NOON)
    counts: dict[str, int] = defaultdict(int)
    for tick in told(ticks, NOON, NOON + 5_000_000):
        counts[tick.symbol] += 1
    order = [counts[listing.symbol] for listing in listings(26)]
    assert order[0] > 3 * order[-1] > 0


def test_start_tells_where_everything_stands_without_folding() -> None:
    opening = stream(50).start(NOON + 30_000_000)
    for kind in (DayFigures, TopOfBook, Trade):
        assert {tick.symbol for tick in opening if isinstance(tick, kind)} == {
            listing.symbol for listing in listings(26)
        }
    assert not any(tick.folds for tick in opening if isinstance(tick, Trade))


def test_start_within_a_minute_joins_the_path() -> None:
    whole, joined = stream(2_000), stream(2_000)
    whole.start(NOON)
    middle = NOON + 30_000_000
    before = told(whole, NOON, middle)
    opening = {tick.symbol: tick.price for tick in joined.start(middle) if isinstance(tick, Trade)}
    bar = folded(before)["SIM:ACME", NOON // MINUTE]
    assert abs(opening["SIM:ACME"] - bar[3]) <= max(bar[1] - bar[2], 0.02)


def test_day_figures_follow_the_trades() -> None:
    ticks = stream(500)
    opening = ticks.start(NOON)
    first = {tick.symbol: tick for tick in opening if isinstance(tick, DayFigures)}
    later = told(ticks, NOON, NOON + MINUTE)
    figures = {tick.symbol: tick for tick in later if isinstance(tick, DayFigures)}
    history = History(7)
    for listing in listings(26):
        then, now = first[listing.symbol], figures[listing.symbol]
        assert now.previous_close == then.previous_close
        assert now.high is not None
        assert now.low is not None
        assert now.last is not None
        assert now.low <= now.last <= now.high
        close = history.previous_close(listing, NOON // DAY) / 10**listing.decimals
        assert now.previous_close == close
        assert now.volume is not None
        assert then.volume is not None
        assert now.volume > then.volume


def test_new_high_is_told_in_the_slot_that_made_it() -> None:
    ticks = stream(20_000)
    midnight = NOON // DAY * DAY
    opening = ticks.start(midnight)
    highs = {tick.symbol: tick.high or 0.0 for tick in opening if isinstance(tick, DayFigures)}
    made = 0
    for number in range(midnight // ticks.pace.slot, (midnight + 5_000_000) // ticks.pace.slot):
        batch = ticks.slot(number)
        raised = set()
        for tick in batch:
            if isinstance(tick, Trade) and tick.price > highs[tick.symbol]:
                highs[tick.symbol] = tick.price
                raised.add(tick.symbol)
        figures = {tick.symbol: tick.high for tick in batch if isinstance(tick, DayFigures)}
        assert raised <= figures.keys()
        assert all(highs[symbol] == high for symbol, high in figures.items())
        made += len(raised)
    assert made > 10


def test_midnight_begins_a_new_day() -> None:
    midnight = (NOON // DAY + 1) * DAY
    ticks = stream(200)
    ticks.start(midnight - 2_000_000)
    told(ticks, midnight - 2_000_000, midnight)
    after = told(ticks, midnight, midnight + 20_000_000)
    acme = [tick for tick in after if isinstance(tick, DayFigures) and tick.symbol == "SIM:ACME"]
    history = History(7)
    acme_listing = listings(1)[0]
    days, at = history.day(acme_listing, midnight // DAY)
    assert acme[-1].open == days.start[at] / 100
    assert acme[-1].previous_close == days.close[at - 1] / 100


def test_a_large_market_keeps_nothing_of_whole_lives_and_a_small_one_does() -> None:
    for count, kept in ((DAYS_KEPT + 2, 0), (3, 3)):
        history = History(7)
        listed = listings(count)
        TickStream(history, listed, 7, Pace(40, count)).prepare(NOON)
        assert history.kept_days == kept
