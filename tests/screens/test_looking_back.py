"""AS-OF: the whole terminal at a past moment, and nothing of now behind it."""

import random
from datetime import UTC, datetime, timedelta

import screen_market as market
from past_terminal import AT, THEN, bars, say, terminal
from waiting import at_rest, seen, until

from tio.api.market import GetBars, Quotes
from tio.as_of import AsOfEngine
from tio.looking_back import LookingBack


async def test_the_desk_stands_at_a_moment_and_comes_back() -> None:
    app, fake = terminal()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "350.58" in seen(pilot))
        await say(pilot, f"AS-OF {THEN}")
        await until(pilot, lambda: "77.77" in seen(pilot))
        assert app.as_of == AT
        assert isinstance(app.engine, AsOfEngine)
        told = seen(pilot)
        assert "AS OF 18 Nov 2026 15:30 UTC" in told
        assert "AS-OF +1d goes on, NOW goes back." in told
        assert "350.58" not in told
        assert {quote.last for quote in app.quotes.values()} == {77.77}
        fake.push(Quotes, (market.quote("SPY", last=999.99),))
        await at_rest(pilot)
        assert "999.99" not in seen(pilot)

        await say(pilot, "AS-OF -1d")
        assert app.as_of == AT - timedelta(days=1)
        await say(pilot, "NOW")
        await until(pilot, lambda: "350.58" in seen(pilot))
        assert app.as_of is None
        assert app.engine is fake
        assert "AS OF" not in seen(pilot)
        await say(pilot, "NOW")
        assert "This is now." in seen(pilot)


async def test_a_screen_that_cannot_tell_says_so_and_shows_nothing_of_now() -> None:
    app, _ = terminal("portfolio")
    async with app.run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        await say(pilot, f"AS-OF {THEN}")
        await until(pilot, lambda: "tells of now alone" in seen(pilot))
        await pilot.press("1")
        await until(pilot, lambda: "77.77" in seen(pilot))


async def test_a_moment_to_come_is_now_and_nonsense_is_told() -> None:
    app, fake = terminal()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "350.58" in seen(pilot))
        await say(pilot, f"AS-OF {THEN}")
        await say(pilot, "AS-OF +3d")
        assert app.as_of is None
        assert app.engine is fake
        await say(pilot, "AS-OF soon")
        assert "'soon' is no moment. As 2026-11-18" in seen(pilot).replace("as 2026", "As 2026")
        assert app.engine is fake


async def test_as_of_alone_asks_when() -> None:
    app, _ = terminal()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "350.58" in seen(pilot))
        await say(pilot, "AS-OF")
        await pilot.press(*"-2d", "enter")
        await at_rest(pilot)
        assert app.as_of == datetime(2026, 11, 18, 15, 0, tzinfo=UTC)


async def test_a_drill_hides_symbol_and_date_until_it_is_revealed() -> None:
    app, fake = terminal()
    fake.answers[GetBars] = lambda asked: bars(asked.symbol, asked.timeframe)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "350.58" in seen(pilot))
        app._looking_back = LookingBack(app, random.Random(4))
        await say(pilot, "BLIND")
        await until(pilot, lambda: app.blind and "BLIND" in seen(pilot))
        await at_rest(pilot)
        told = seen(pilot)
        assert app.symbol == "BLIND"
        for name in (*market.PRICES, "2026", "2025"):
            assert name not in told
        await say(pilot, "AS-OF +1d")
        assert app.blind
        await say(pilot, "REVEAL")
        await until(pilot, lambda: not app.blind)
        await at_rest(pilot)
        assert app.symbol in market.PRICES
        assert app.symbol in seen(pilot)
        assert "session later" in app.said[0]
        assert app.as_of is not None
        await say(pilot, "REVEAL")
        assert "no blind drill" in seen(pilot)


async def test_now_leaves_a_drill_for_the_symbol_of_before() -> None:
    app, fake = terminal()
    fake.answers[GetBars] = lambda asked: bars(asked.symbol, asked.timeframe)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "350.58" in seen(pilot))
        before = app.symbol
        await say(pilot, "BLIND")
        await until(pilot, lambda: app.blind)
        await say(pilot, "NOW")
        assert (app.symbol, app.blind, app.engine) == (before, False, fake)


async def test_a_drill_needs_days() -> None:
    app, fake = terminal()
    fake.answers[GetBars] = lambda asked: bars(asked.symbol, asked.timeframe, 20)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "350.58" in seen(pilot))
        await say(pilot, "BLIND")
        await until(pilot, lambda: "days of bars a drill needs" in seen(pilot))
        assert not app.blind
