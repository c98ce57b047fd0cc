"""JRNL: trades at every size, what keys ask of the engine, words where there is none."""

from collections.abc import Sequence
from typing import Any

import pytest
import screen_market as market
from journal_scene import AT, OPEN, REPORT, STEPS, TRADE, D
from msgspec.structs import replace
from textual.pilot import Pilot
from waiting import at_rest, seen, until

from tio.api.chats import ChipKind
from tio.api.contract import Engine, Request
from tio.api.errors import NotFound
from tio.api.journal import (
    AnnotateTrade,
    By,
    GetExpectancy,
    GetTrade,
    ListTrades,
    Trade,
    TradeStory,
)
from tio.api.ledger import ListPortfolios, Positions
from tio.api.market import Bars, Timeframe
from tio.api.portfolio import Holdings, Portfolio
from tio.api.series import Series, Times, instant
from tio.app import TioApp
from tio.config import Config, Ui
from tio.screens.journal import JournalPane

from fakes import FakeClock, FakeEngine

SIZES = [(60, 20), (80, 24), (120, 40), (200, 60)]
PRICES = Series([187.0 + n / 10 for n in range(80)])
BARS = Bars(
    symbol="AAPL",
    timeframe=Timeframe.m30,
    time=Times([instant(AT) + (n - 28) * Timeframe.m30.step for n in range(80)]),
    open=PRICES,
    high=Series([p + 0.5 for p in PRICES]),
    low=Series([p - 0.5 for p in PRICES]),
    close=PRICES,
    volume=PRICES,
    source="alpaca",
)
HELD = Holdings(portfolio="main", currency="EUR", at=AT)


def story(trade: Trade) -> TradeStory:
    return TradeStory(trade=trade, steps=STEPS, bars=BARS, timeframe=Timeframe.m30)


def engine(found: Sequence[Trade] = (OPEN, TRADE)) -> FakeEngine:
    fake = market.engine()
    by_id = {each.id: each for each in (OPEN, TRADE)}
    fake.answers |= {
        ListPortfolios: (Portfolio(name="main", currency="EUR"),),
        ListTrades: tuple(found),
        GetTrade: lambda asked: story(by_id[asked.trade]),
        GetExpectancy: lambda asked: replace(REPORT, by=asked.by),
        AnnotateTrade: lambda asked: by_id[asked.trade],
    }
    fake.topics[Positions] = HELD
    return fake


def app_on(fake: FakeEngine) -> TioApp:
    async def open_engine() -> Engine:
        return fake

    config = Config(ui=Ui(time_zone="UTC"))
    return TioApp(open_engine, config=config, clock=FakeClock(), command="JRNL")


async def shown(pilot: Pilot[None], words: str = "AAPL") -> str:
    await until(pilot, lambda: pilot.app.screen.query(JournalPane) and words in seen(pilot))
    return await at_rest(pilot)


def asked(fake: FakeEngine, kind: type[Request[Any]]) -> list[Any]:
    return [each for each in fake.asked if isinstance(each, kind)]


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_says_what_a_trade_risked_and_brought(size: tuple[int, int]) -> None:
    async with app_on(engine()).run_test(size=size) as pilot:
        text = await shown(pilot, "trade · 9")
        assert "journal · main · 1 closed" in text
        row = next(line for line in text.splitlines() if "+1.82R" in line)
        assert "+70.10" in row
        assert ("195.00" in row) == (size[0] >= 80)
        assert all(len(line) <= size[0] for line in text.splitlines())


async def test_below_stands_the_trade_whole_with_its_chart() -> None:
    async with app_on(engine()).run_test(size=(200, 60)) as pilot:
        await shown(pilot, "trade · 9")
        await pilot.press("j")
        text = await shown(pilot, "trade · 3")
        for words in (
            "stop 183.00, target 195.00 (its orders)",
            "0.50R against it, 2.00R its way",
            "312 bars of 5m, alpaca",
            "sell 10 at 195.00  +70.10",
            "for the retest",
            "AAPL · 30m · alpaca · as it was",
        ):
            assert words in text
        assert "▲" in text
        assert "▼" in text


async def test_where_only_one_fits_the_chart_takes_the_place_of_the_words() -> None:
    async with app_on(engine()).run_test(size=(80, 24)) as pilot:
        text = await shown(pilot, "trade · 9")
        assert "so far" not in text
        await pilot.press("g")
        assert "AAPL · 30m · alpaca · so far" in await at_rest(pilot)


async def test_the_view_goes_through_what_trades_prove() -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot, "trade · 9")
        await pilot.press("v")
        text = await shown(pilot, "by setup")
        assert "58% [39%, 76%]" in text
        assert "+0.31R [−0.05R, +0.67R]" in text
        assert "no edge shown" in text
        assert "2 delayed left out" in text
        assert "all gains by all losses" in text
        assert "as it was" not in text
        for _ in range(7):
            await pilot.press("v")
            await at_rest(pilot)
        assert [each.by for each in asked(fake, GetExpectancy)] == [
            *(By.setup, By.hour, By.weekday, By.month, By.symbol, By.side, By.rating)
        ]
        assert "1 closed" in await at_rest(pilot)


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        (("s", "ctrl+u", *"gap", "enter"), AnnotateTrade("main", "9", setup="gap")),
        (("n", "ctrl+u", *"late", "enter"), AnnotateTrade("main", "9", notes="late")),
        (("a", "ctrl+u", "2", "enter"), AnnotateTrade("main", "9", rating=2)),
        (
            ("t", "ctrl+u", *"stop", "space", *"180", "enter"),
            AnnotateTrade("main", "9", stop=D(180), target=None),
        ),
    ],
)
async def test_keys_write_of_the_trade_one_stands_on(
    keys: tuple[str, ...], wanted: AnnotateTrade
) -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot, "trade · 9")
        await pilot.press(*keys)
        await until(pilot, lambda: wanted in fake.asked)


@pytest.mark.parametrize("keys", [("a", "ctrl+u", "9", "enter"), ("t", "ctrl+u", *"x", "enter")])
async def test_what_makes_no_sense_is_written_nowhere(keys: tuple[str, ...]) -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot, "trade · 9")
        await pilot.press(*keys)
        await shown(pilot, "is not it.")
        assert not asked(fake, AnnotateTrade)


async def test_a_ledger_that_was_written_to_is_asked_again() -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot, "trade · 9")
        fake.push(Positions, HELD)
        await at_rest(pilot)
        assert len(asked(fake, ListTrades)) == 1
        fake.push(Positions, replace(HELD, realised=D(1)))
        await until(pilot, lambda: len(asked(fake, ListTrades)) == 2)


async def test_discreet_hides_amounts_and_leaves_multiples() -> None:
    async with app_on(engine()).run_test(size=(120, 40)) as pilot:
        await shown(pilot, "trade · 9")
        await pilot.press("j", "z")
        text = await shown(pilot, "•••")
        assert "+70.10" not in text
        assert "38.60" not in text
        assert "+1.82R" in text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({ListTrades: ()}, "No trade yet: a buy and the sale that closes it make one."),
        ({ListPortfolios: ()}, "No portfolio"),
        ({ListTrades: NotFound("the ledger is gone", "ask again")}, "The ledger is gone"),
    ],
)
async def test_words_where_there_is_nothing(change: dict[Any, Any], words: str) -> None:
    fake = engine()
    fake.answers |= change
    async with app_on(fake).run_test(size=(80, 24)) as pilot:
        await shown(pilot, words)


async def test_nothing_closed_proves_nothing() -> None:
    fake = engine((OPEN,))
    fake.answers[GetExpectancy] = lambda told: replace(REPORT, by=told.by, all=None, groups=())
    async with app_on(fake).run_test(size=(80, 24)) as pilot:
        await shown(pilot, "trade · 9")
        await pilot.press("v")
        await shown(pilot, "No trade is closed yet")


async def test_a_trade_without_bars_says_so() -> None:
    fake = engine()
    fake.answers[GetTrade] = TradeStory(trade=TRADE, steps=STEPS)
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot, "No source tells bars of AAPL for that time.")


async def test_the_trade_one_stands_on_goes_with_the_next_question() -> None:
    app = app_on(engine())
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "AAPL" in seen(pilot))
        await at_rest(pilot)
        await pilot.press("at")
        (chip,) = app.chips
        assert chip.kind is ChipKind.trade
        assert chip.portfolio == "main"
