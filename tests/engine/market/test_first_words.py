"""An ask waits for first words, for less time where something older is known."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from tio.api.market import AssetClass, Bars, Instrument, Quote, Timeframe
from tio.api.series import moment
from tio.engine.bus import Bus
from tio.engine.market import first_words
from tio.engine.market.demand import Demand
from tio.engine.market.feeding import Feeds
from tio.engine.market.first_words import FirstWords
from tio.engine.market.market import Market
from tio.plugin import Outlet, Traits, Wanted

from fakes import FakeClock

COIN = Instrument(symbol="BTC-USD", asset_class=AssetClass.crypto, source="mute")


class Mute:
    """A source that never says a word."""

    traits = Traits(name="mute", asset_class=AssetClass.crypto)

    def instruments(self) -> tuple[Instrument, ...]:
        return (COIN,)

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        await asyncio.Event().wait()

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        return None


@pytest.fixture
async def words(clock: FakeClock) -> AsyncIterator[tuple[FirstWords, Market]]:
    bus = Bus(clock)
    market, demand = Market(clock, bus), Demand()
    feeds = Feeds(clock, bus, market, demand, (Mute(),))
    await feeds.start()
    yield FirstWords(clock, market, demand, feeds), market
    await feeds.close()


async def test_what_is_stored_is_answered_soon_though_nobody_tells_anything(
    words: tuple[FirstWords, Market], noon: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, market = words
    market.board.remembered["BTC-USD"] = Quote(symbol="BTC-USD", last=100.0, as_of=moment(noon))
    monkeypatch.setattr(first_words, "SOON", 0.01)
    monkeypatch.setattr(first_words, "WITHIN", 1e9)
    async with asyncio.timeout(10):
        assert await first.wait(["BTC-USD"]) == ({}, {})


async def test_of_what_nothing_is_known_first_words_are_waited_for(
    words: tuple[FirstWords, Market], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = words
    monkeypatch.setattr(first_words, "SOON", 1e9)
    monkeypatch.setattr(first_words, "WITHIN", 0.01)
    async with asyncio.timeout(10):
        assert await first.wait(["BTC-USD"]) == ({}, {})
