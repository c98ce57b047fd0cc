"""A portfolio west of Greenwich: its days end when UTC has begun the next one."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from ledgers import entry
from msgspec.structs import replace

from tio.api.market import Bars, GetBars, Timeframe
from tio.api.portfolio import Portfolio, TransactionKind
from tio.api.series import Series, Times, instant
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.moments import closed_by, day_end
from tio.engine.portfolio.past import Past
from tio.engine.portfolio.rates import PastRates
from tio.engine.portfolio.strands import Unbooked

NEW_YORK = ZoneInfo("America/New_York")
END = day_end(date(2026, 3, 5), NEW_YORK)


async def closes(asked: GetBars) -> Bars:
    days = [datetime(2026, 3, day, tzinfo=UTC) for day in (4, 5, 6)]
    return Bars(
        symbol=asked.symbol,
        timeframe=Timeframe.d1,
        time=Times([instant(day) for day in days]),
        close=Series([1.04, 1.05, 1.06]),
    )


async def test_the_end_of_a_day_has_that_days_rate_and_not_the_next_ones() -> None:
    rate = await PastRates(closes).on("EUR", "USD", closed_by(END, NEW_YORK))
    assert rate is not None
    assert rate.value == Decimal("1.05")


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Tokyo"])
def test_elsewhere_a_moment_is_never_moved_past_itself(zone: str) -> None:
    end = day_end(date(2026, 3, 5), ZoneInfo(zone))
    assert closed_by(end, ZoneInfo(zone)) == end
    assert closed_by(end - timedelta(hours=20), ZoneInfo(zone)) == end - timedelta(hours=20)


async def test_an_entrys_price_stands_from_its_own_day_on() -> None:
    bought = replace(entry(TransactionKind.buy, 5, symbol="X", quantity=1, price=7), at=END)
    home = Portfolio(name="main", currency="USD", zone=NEW_YORK.key)

    async def none(asked: GetBars) -> Bars:
        return Bars(symbol=asked.symbol, timeframe=Timeframe.d1)

    told = await Past(none, lambda _: "USD").closes(
        Books(home, [bought]), "X", date(2026, 3, 5), date(2026, 3, 5)
    )
    assert [date.fromordinal(int(day)) for day in told.day] == [date(2026, 3, 5)]


async def test_what_cannot_be_booked_is_named_by_its_day_there() -> None:
    sold = replace(entry(TransactionKind.sell, 5, symbol="X", quantity=1, price=7), at=END)
    home = Portfolio(name="main", currency="USD", zone=NEW_YORK.key)
    with pytest.raises(Unbooked, match="the sell of X on 2026-03-05"):
        Books(home, [sold])
