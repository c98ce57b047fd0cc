import pytest

from tio.engine.analyst.rules.intents import (
    Matter,
    currency_of,
    indicator_of,
    matter_of,
    matters_of,
)


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
        ("What is AAPL trading at?", Matter.price),
        ("what does it trade for", Matter.price),
        ("Is the trend of AAPL up or down?", Matter.trend),
        ("any headlines on AAPL?", Matter.news),
        ("What's driving gold?", Matter.why),
        ("did ETH beat BTC last month", Matter.compare),
        ("where should I put my stop on AAPL?", Matter.levels),
        ("Where is my stop?", Matter.orders),
        ("what did I pay for it", Matter.position),
        ("does my thesis still hold", Matter.ideas),
        ("How risky is AAPL?", Matter.volatility),
        ("what if the market crashes", Matter.risk),
        ("am I making money", Matter.portfolio),
        ("how much cash do I have", Matter.portfolio),
        ("am I too concentrated", Matter.portfolio),
        ("when is my next dividend", Matter.income),
        ("is it worth buying", Matter.outlook),
        ("AAPL", Matter.none),
    ],
)
def test_a_question_is_about_one_matter(question: str, matter: Matter) -> None:
    assert matter_of(question) is matter


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


def test_the_likelier_matter_comes_first_and_the_others_are_kept() -> None:
    assert matters_of("which of my holdings did better?") == (Matter.compare, Matter.portfolio)


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("what is it worth in euros?", "EUR"),
        ("my account in £", "GBP"),
        ("in yen please", "JPY"),
        ("is the euro strong", ""),
        ("in a week", ""),
    ],
)
def test_a_currency_is_what_something_is_told_in(question: str, code: str) -> None:
    assert currency_of(question) == code
