from datetime import UTC, datetime

import pytest

from tio.api.market import Timeframe
from tio.engine.analyst.rules.intents import (
    Matter,
    frame_of,
    indicator_of,
    matter_of,
    span_of,
)

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("question", "matter"),
    [
        ("What can you do?", Matter.help),
        ("How many shares of AAPL should I buy if I risk 1%?", Matter.size),
        ("what position size for a stop at 48?", Matter.size),
        ("Which orders are working?", Matter.orders),
        ("Why did NVDA drop 6% today?", Matter.why),
        ("what happened to oil?", Matter.why),
        ("what is behind the move in BTC?", Matter.why),
        ("Compare AAPL and MSFT", Matter.compare),
        ("AAPL vs MSFT", Matter.compare),
        ("is AAPL stronger than SPY?", Matter.compare),
        ("how correlated are gold and silver?", Matter.correlation),
        ("does it hedge my oil?", Matter.correlation),
        ("How much income did I get this year?", Matter.income),
        ("what dividends will I get?", Matter.income),
        ("show my ideas", Matter.ideas),
        ("How did my trades do this month?", Matter.journal),
        ("what is my expectancy by setup?", Matter.journal),
        ("Which setup works best?", Matter.journal),
        ("Do I hold any TSLA?", Matter.position),
        ("where is my break-even in TSLA", Matter.position),
        ("am I long or short?", Matter.position),
        ("How much could I lose in a day?", Matter.risk),
        ("what's my 95% VaR?", Matter.risk),
        ("am I over a limit?", Matter.risk),
        ("what was my worst drawdown?", Matter.risk),
        ("How is my portfolio doing?", Matter.portfolio),
        ("what are my winners and losers", Matter.portfolio),
        ("how am i doing", Matter.portfolio),
        ("What should I look at this morning?", Matter.morning),
        ("movers on my watchlist", Matter.morning),
        ("Is the NYSE open for AAPL?", Matter.hours),
        ("When does AAPL open?", Matter.hours),
        ("is thursday a holiday?", Matter.hours),
        ("When does AAPL report earnings?", Matter.events),
        ("next ex-date of KO", Matter.events),
        ("RSI of BTC-USD?", Matter.indicator),
        ("is it overbought?", Matter.indicator),
        ("where is AAPL against its 200-day moving average?", Matter.indicator),
        ("what is MACD saying", Matter.indicator),
        ("Where is support in ETH?", Matter.levels),
        ("key levels of SPY", Matter.levels),
        ("what's the 52-week high of AAPL?", Matter.extreme),
        ("the range of the last month", Matter.extreme),
        ("how volatile is BTC?", Matter.volatility),
        ("is the volume unusual?", Matter.volume),
        ("is this quote stale?", Matter.quality),
        ("where does this price come from?", Matter.quality),
        ("how has AAPL performed since March?", Matter.change),
        ("is it up this week?", Matter.change),
        ("What's the price of AAPL?", Matter.price),
        ("AAPL bid and ask", Matter.price),
        ("How does AAPL stand?", Matter.outlook),
        ("what do you think of AAPL", Matter.outlook),
        ("should I sell?", Matter.outlook),
        ("tell me about AAPL", Matter.outlook),
        ("AAPL", Matter.none),
    ],
)
def test_a_question_is_about_one_matter(question: str, matter: Matter) -> None:
    assert matter_of(question) is matter


@pytest.mark.parametrize(
    ("question", "start"),
    [
        ("over the last 3 months", datetime(2026, 8, 19, 15, tzinfo=UTC)),
        ("in 10 days", datetime(2026, 11, 10, 15, tzinfo=UTC)),
        ("since March", datetime(2026, 3, 1, tzinfo=UTC)),
        ("since 3 December", datetime(2025, 12, 3, tzinfo=UTC)),
        ("since Dec 24, 2024", datetime(2024, 12, 24, tzinfo=UTC)),
        ("since 2026-02-28", datetime(2026, 2, 28, tzinfo=UTC)),
        ("this year", datetime(2026, 1, 1, tzinfo=UTC)),
        ("the 52-week high over 52 weeks", datetime(2025, 11, 21, 15, tzinfo=UTC)),
    ],
)
def test_a_span_is_counted_back_from_now(question: str, start: datetime) -> None:
    span = span_of(question, NOW)
    assert span is not None
    assert span.start == start


@pytest.mark.parametrize("question", ["now", "since 2026-13-45", "since 2030-01-01", "in 0 hours"])
def test_no_span_is_made_up(question: str) -> None:
    assert span_of(question, NOW) is None


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("RSI of AAPL", ("rsi", None)),
        ("rsi 21", ("rsi", 21)),
        ("its 200-day moving average", ("sma", 200)),
        ("the 50 day EMA", ("ema", 50)),
        ("EMA(20)", ("ema", 20)),
        ("bollinger bands", ("bbands", None)),
        ("sma 9999", ("sma", None)),
    ],
)
def test_an_indicator_has_the_length_that_is_told(
    question: str, found: tuple[str, int | None]
) -> None:
    assert indicator_of(question) == found


@pytest.mark.parametrize(
    ("question", "frame"),
    [
        ("on the 15m chart", Timeframe.m15),
        ("on the 5 minute", Timeframe.m5),
        ("hourly", Timeframe.h1),
        ("4h", Timeframe.h4),
        ("weekly", Timeframe.w1),
        ("of it", Timeframe.d1),
    ],
)
def test_a_timeframe_is_the_day_unless_told(question: str, frame: Timeframe) -> None:
    assert frame_of(question) is frame
