import pytest

from tio.api.market import AssetClass, Delay, Instrument, Quote, Session
from tio.api.ticks import DayFigures, TopOfBook, Trade
from tio.engine.market.line import decimals_of
from tio.engine.market.market import Market
from tio.plugin import Traits

from fakes import FakeClock

SECOND = 1_000_000
DAY = 86_400 * SECOND


def quote_of(market: Market, symbol: str) -> Quote:
    quote = market.board.render(symbol)
    assert quote is not None
    return quote


async def test_age_follows_the_engines_clock_and_silence_makes_stale(
    market: Market, venue: Traits, noon: int, clock: FakeClock
) -> None:
    market.take([Trade("BTC-USD", 1.0, 1.0, noon - SECOND, id="1")], venue, noon)
    assert (quote_of(market, "BTC-USD").age, quote_of(market, "BTC-USD").stale) == (1.0, False)
    await clock.advance(59.5)
    quote = quote_of(market, "BTC-USD")
    assert (quote.age, quote.stale, quote.flags) == (60.5, True, ("stale",))


async def test_a_share_is_not_stale_while_its_session_is_over(
    market: Market, noon: int, clock: FakeClock
) -> None:
    shares = Traits(name="file", delay=Delay.delayed, delay_minutes=15)
    market.take([Trade("AAPL", 1.0, 1.0, noon - 900 * SECOND)], shares, noon)
    assert not quote_of(market, "AAPL").stale
    await clock.advance(61)
    assert quote_of(market, "AAPL").stale
    await clock.advance(6 * 3_600)
    quote = quote_of(market, "AAPL")
    assert (quote.session, quote.stale) == (Session.post, False)


def test_crypto_shows_the_venues_day_or_nothing(market: Market, venue: Traits, noon: int) -> None:
    market.take([Trade("BTC-USD", 110.0, 1.0, noon, id="1")], venue, noon)
    quote = quote_of(market, "BTC-USD")
    assert (quote.open, quote.high, quote.volume, quote.change) == (None, None, None, None)
    market.take([DayFigures(symbol="BTC-USD", at=noon, open=100.0, volume=7.0)], venue, noon)
    quote = quote_of(market, "BTC-USD")
    assert (quote.open, quote.volume) == (100.0, 7.0)
    assert (quote.change, quote.change_percent) == (10.0, 10.0)


def test_figures_that_are_not_said_stay_and_older_ones_do_not_win(
    market: Market, venue: Traits, noon: int
) -> None:
    market.take([DayFigures(symbol="BTC-USD", at=noon, high=9.0, low=1.0)], venue, noon)
    market.take([DayFigures(symbol="BTC-USD", at=noon + 1, high=10.0)], venue, noon)
    market.take([DayFigures(symbol="BTC-USD", at=noon - 1, high=5.0)], venue, noon)
    quote = quote_of(market, "BTC-USD")
    assert (quote.high, quote.low) == (10.0, 1.0)


def test_a_new_day_of_a_share_begins_without_figures_before_its_open(
    market: Market, noon: int
) -> None:
    shares = Traits(name="file")
    friday, before_monday = noon, noon + 3 * DAY - 2 * 3_600 * SECOND
    market.take([Trade("AAPL", 100.0, 5.0, friday)], shares, friday)
    quote = quote_of(market, "AAPL")
    assert (quote.open, quote.volume, quote.previous_close) == (100.0, 5.0, None)
    market.take([Trade("AAPL", 103.0, 1.0, before_monday)], shares, before_monday)
    quote = quote_of(market, "AAPL")
    assert (quote.last, quote.open, quote.high) == (103.0, None, None)
    assert (quote.previous_close, quote.change) == (100.0, 3.0)
    open_at = noon + 3 * DAY
    market.take([Trade("AAPL", 99.0, 1.0, open_at)], shares, open_at)
    quote = quote_of(market, "AAPL")
    assert (quote.open, quote.high, quote.low, quote.change) == (99.0, 99.0, 99.0, -1.0)


def test_simulated_instruments_change_since_their_previous_close(market: Market, noon: int) -> None:
    demo = Traits(name="simulator", delay=Delay.simulated, asset_class=AssetClass.simulated)
    market.take(
        [DayFigures(symbol="SIM:ACME", last=12.0, open=11.0, previous_close=10.0)], demo, noon
    )
    quote = quote_of(market, "SIM:ACME")
    assert (quote.change, quote.change_percent, quote.delay) == (2.0, 20.0, "simulated")


def test_decimals_are_the_instruments_else_those_prices_need(
    market: Market, venue: Traits, noon: int
) -> None:
    market.introduce([Instrument(symbol="BTC-USD", price_decimals=2)])
    tops = [TopOfBook(symbol, 6.37e-06, 1.25, at=noon) for symbol in ("BTC-USD", "LRC-BTC")]
    market.take(tops, venue, noon)
    assert quote_of(market, "BTC-USD").price_decimals == 2
    assert quote_of(market, "LRC-BTC").price_decimals == 8


@pytest.mark.parametrize(
    ("price", "decimals"),
    [(100.0, 0), (0.5, 1), (14.7645, 4), (6.37e-06, 8), (1.3867800000000001, 5), (50_000.25, 2)],
)
def test_decimals_needed_ignore_the_noise_of_floats(price: float, decimals: int) -> None:
    assert decimals_of(price) == decimals


def test_nobody_spoken_of_has_a_session_and_no_prices(market: Market) -> None:
    assert market.board.render("NOPE") is None
    quote = market.board.quote("VOD.LSE")
    assert (quote.last, quote.currency, quote.session) == (None, "GBP", "regular")
