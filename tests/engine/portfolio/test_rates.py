from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tio.api.errors import NotFound
from tio.api.market import Bars, GetBars, Quote, Timeframe
from tio.api.series import Series, Times, instant
from tio.engine.portfolio.rates import PastRates, now, pairs, wanted

AT = datetime(2026, 3, 5, 12, tzinfo=UTC)


def board(**prices: float) -> dict[str, Quote]:
    return {s.replace("_", "-"): Quote(symbol=s, last=p, source="x") for s, p in prices.items()}


@pytest.mark.parametrize(
    ("currency", "base", "symbol"),
    [
        ("EUR", "USD", "EURUSD"),
        ("USD", "EUR", "EURUSD"),
        ("JPY", "USD", "USDJPY"),
        ("CHF", "GBP", "GBPCHF"),
        ("SEK", "NOK", "NOKSEK"),
        ("USDT", "USD", "USDT-USD"),
        ("SOL", "EUR", "SOL-EUR"),
        ("USD", "BTC", "BTC-USD"),
    ],
)
def test_a_pair_is_named_as_the_market_does(currency: str, base: str, symbol: str) -> None:
    assert wanted(currency, base) == {symbol}


def test_a_rate_is_the_pair_or_turned_upside_down() -> None:
    quotes = board(EURUSD=1.25, USDJPY=150.0)
    eur, usd = now("EUR", "USD", quotes.get), now("USD", "EUR", quotes.get)
    assert eur is not None
    assert usd is not None
    assert (eur.value, usd.value) == (Decimal("1.25"), Decimal("0.8"))
    assert now("USD", "USD", quotes.get) is not None


def test_where_the_pair_is_not_told_it_goes_through_dollars() -> None:
    quotes = board(EURUSD=1.25, USDJPY=150.0)
    rate = now("EUR", "JPY", quotes.get)
    assert rate is not None
    assert rate.value == Decimal("187.5")
    assert len(pairs("EUR", "JPY")) == 2


def test_a_stale_leg_makes_the_rate_stale_and_none_without_a_price() -> None:
    quotes = board(EURUSD=1.25)
    quotes["EURUSD"] = Quote(symbol="EURUSD", last=1.25, stale=True)
    rate = now("EUR", "USD", quotes.get)
    assert rate is not None
    assert rate.stale
    assert now("CHF", "USD", quotes.get) is None
    assert now("EUR", "USD", {"EURUSD": Quote(symbol="EURUSD")}.get) is None


class Past:
    """Daily bars of one pair; counts what was asked."""

    def __init__(self, **closes: float) -> None:
        self.asked = 0
        self._closes = closes

    async def bars(self, asked: GetBars) -> Bars:
        self.asked += 1
        if asked.symbol != "EURUSD":
            raise NotFound("nobody knows it")
        days = [
            datetime.fromisoformat(day.replace("d", "").replace("_", "-") + "T00:00Z")
            for day in self._closes
        ]
        return Bars(
            symbol=asked.symbol,
            timeframe=Timeframe.d1,
            time=Times([instant(day) for day in days]),
            close=Series(list(self._closes.values())),
        )


async def test_a_past_day_has_the_close_of_that_day_or_the_last_before_it() -> None:
    past = Past(d2026_03_03=1.1, d2026_03_04=1.2, d2026_03_06=1.4)
    rates = PastRates(past.bars)
    told = await rates.on("EUR", "USD", AT)
    assert told is not None
    assert told.value == Decimal("1.2")
    again = await rates.on("EUR", "USD", datetime(2026, 3, 6, 23, tzinfo=UTC))
    assert again is not None
    assert again.value == Decimal("1.4")
    assert past.asked == 1


async def test_a_close_older_than_a_week_is_none() -> None:
    rates = PastRates(Past(d2026_02_20=1.1).bars)
    assert await rates.on("EUR", "USD", AT) is None
    assert await rates.on("CHF", "USD", AT) is None
