"""Bars of a past moment: those that had ended, at the prices of that day."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from msgspec.structs import replace

from tio.api.companies import CorporateEvent, EventKind
from tio.api.market import Adjustment, AssetClass, Bars, GetBars, Instrument, Session, Timeframe
from tio.api.series import Series, Times, instant, moment
from tio.engine.market.bars_then import BarsThen, ended_by
from tio.engine.market.quotes_then import QuotesThen
from tio.engine.market.sessions import bar_end, rules_of

from fakes import FakeClock

APPLE = Instrument(symbol="AAPL", venue="US", currency="USD", price_decimals=2)
COIN = Instrument(symbol="BTC-USD", asset_class=AssetClass.crypto, currency="USD")
THEN = datetime(2026, 11, 18, 15, 17, 30, tzinfo=UTC)
SPLIT = CorporateEvent(
    symbol="AAPL", kind=EventKind.share_split, ex_date=date(2026, 12, 1), ratio=4.0, source="x"
)
PAID = CorporateEvent(
    symbol="AAPL", kind=EventKind.dividend, ex_date=date(2026, 12, 3), amount=1.0, source="x"
)


class Told:
    """A source that knows everything until now, its prices split-adjusted as of now."""

    def __init__(self, *times: datetime, adjusted: Adjustment = Adjustment.splits) -> None:
        self.times = np.array([instant(each) for each in times])
        self.adjusted = adjusted
        self.asked: list[GetBars] = []

    async def __call__(self, asked: GetBars) -> Bars:
        self.asked.append(asked)
        end = 2**62 if asked.end is None else instant(asked.end)
        times = self.times[self.times < end][-asked.limit :]
        price = {Adjustment.raw: 100.0, Adjustment.total: 24.0}.get(asked.adjusted, 25.0)
        column = Series(np.full(len(times), price))
        return Bars(
            symbol=asked.symbol, timeframe=asked.timeframe, time=Times(times), open=column,
            high=column, low=column, close=column, volume=Series(np.full(len(times), 400.0)),
            adjusted=asked.adjusted, forming=True,
        )  # fmt: skip


def then(told: Told, known: Instrument = APPLE, *events: CorporateEvent) -> BarsThen:
    async def known_events(_: str) -> tuple[CorporateEvent, ...]:
        return events

    clock = FakeClock(datetime(2026, 12, 20, tzinfo=UTC))
    return BarsThen(clock, told, lambda text: text, lambda _: known, known_events)


@pytest.mark.parametrize("known", [APPLE, COIN])
@pytest.mark.parametrize("timeframe", list(Timeframe))
@pytest.mark.parametrize("hour", [0, 9, 15, 21, 23])
def test_the_last_bar_told_had_ended_and_the_next_one_had_not(
    known: Instrument, timeframe: Timeframe, hour: int
) -> None:
    rules = rules_of(known)
    at = instant(datetime(2026, 11, 18, hour, 17, 30, tzinfo=UTC))
    until = ended_by(rules, at, timeframe)
    opening = rules.day(at).opening(at, timeframe)
    assert until in (opening, opening + 1)
    assert (bar_end(rules, opening, timeframe) <= at) == (until == opening + 1)


async def test_what_opens_beside_the_grid_is_looked_at_too() -> None:
    told = Told(*(THEN.replace(hour=hour, minute=47, second=0) for hour in (12, 13, 14)))
    bars = await then(told, COIN).of(GetBars("BTC-USD", Timeframe.h1, limit=1), THEN)
    assert [moment(each).hour for each in bars.time] == [13]
    assert not bars.forming


async def test_an_earlier_end_is_kept_and_a_later_one_is_not() -> None:
    told = Told(THEN - timedelta(days=5))
    early = GetBars("AAPL", Timeframe.m1, end=THEN - timedelta(days=2))
    await then(told).of(early, THEN)
    await then(told).of(replace(early, end=THEN + timedelta(days=2)), THEN)
    assert [each.end for each in told.asked] == [early.end, THEN.replace(second=0)]


async def test_a_split_of_later_is_taken_out_again() -> None:
    told = Told(THEN - timedelta(days=5))
    bars = await then(told, APPLE, SPLIT).of(GetBars("AAPL", Timeframe.d1), THEN)
    assert (bars.close[0], bars.high[0], bars.volume[0]) == (100.0, 100.0, 100.0)
    of_before = replace(SPLIT, ex_date=date(2026, 11, 2))
    bars = await then(told, APPLE, of_before).of(GetBars("AAPL", Timeframe.d1), THEN)
    assert (bars.close[0], bars.volume[0]) == (25.0, 400.0)
    raw = GetBars("AAPL", Timeframe.d1, adjusted=Adjustment.raw)
    assert (await then(told, APPLE, SPLIT).of(raw, THEN)).close[0] == 100.0


async def test_a_dividend_of_later_is_taken_out_by_what_was_paid_then() -> None:
    told = Told(THEN - timedelta(days=5))
    asked = GetBars("AAPL", Timeframe.d1, adjusted=Adjustment.total)
    bars = await then(told, APPLE, SPLIT, PAID).of(asked, THEN)
    assert bars.close[0] == pytest.approx(100.0)
    assert bars.volume[0] == 100.0


async def test_a_quote_without_minutes_is_that_of_the_last_day() -> None:
    days = Told(*(datetime(2026, 11, day, tzinfo=UTC) for day in (13, 16, 17)))

    async def bars(asked: GetBars, at: datetime) -> Bars:
        if asked.timeframe is not Timeframe.d1:
            return Bars(symbol="AAPL", timeframe=asked.timeframe)
        return await then(days).of(asked, at)

    quote = await QuotesThen(bars, lambda _: APPLE).quote("AAPL", THEN)
    assert (quote.last, quote.previous_close, quote.change) == (100.0, 100.0, 0.0)
    assert quote.as_of == datetime(2026, 11, 17, 21, 0, tzinfo=UTC)
    assert (quote.session, quote.stale, quote.bid) == (Session.regular, True, None)


async def test_a_quote_of_what_had_no_bars_tells_no_price_and_says_why() -> None:
    async def bars(asked: GetBars, at: datetime) -> Bars:
        return Bars(symbol="AAPL", timeframe=asked.timeframe)

    quote = await QuotesThen(bars, lambda _: APPLE).quote("AAPL", THEN)
    assert (quote.last, quote.change, quote.as_of) == (None, None, None)
    assert quote.note == "no bar of it had ended by 2026-11-18 15:17 UTC"
