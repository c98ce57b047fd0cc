"""Storms of every refusal for simulated hours: never over budget, no tight loop, then recovery."""

import asyncio
import json
from collections.abc import Callable, Mapping
from urllib.parse import parse_qs, urlsplit

import pytest

from tio.api.errors import TioError
from tio.api.sources import SourceState
from tio.api.ticks import DayFigures
from tio.engine.feeds.http import Budget, Web
from tio.engine.feeds.http.transport import Raw, Unreachable
from tio.engine.feeds.live import cboe, ecb, frankfurter, fred
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.reference import pair_of
from tio.engine.market.demand import Demand
from tio.plugin import Source

from fakes import FakeClock, FakeOutlet

HOURS = 3 * 3_600.0
ECB = "<E><Cube><Cube time='2026-11-19'><Cube currency='USD' rate='1.1'/></Cube></Cube></E>"
FIX = {"base": "EUR", "date": "2026-11-19", "rates": {"USD": 1.1}}
QUOTE = {"data": {"current_price": 1.0}, "symbol": "A"}

STORMS: dict[str, Raw | None] = {
    "429": Raw(429, {}),
    "429 with a time": Raw(429, {"retry-after": "120"}),
    "500": Raw(500, {}),
    "403": Raw(403, {}, b"no"),
    "451": Raw(451, {}),
    "a page": Raw(200, {}, b"<!DOCTYPE html><html>robot?</html>"),
    "garbage": Raw(200, {}, b"\x00\xff{"),
    "empty": Raw(200, {}, b""),
    "no answer": None,
}
FINE: dict[str, tuple[Callable[[Reach], Source], Budget, str, bytes]] = {
    "cboe": (cboe.open_source, cboe.BUDGETS["cboe"], "A", json.dumps(QUOTE).encode()),
    "ecb": (ecb.open_source, ecb.BUDGETS["ecb"], "EURUSD", ECB.encode()),
    "frankfurter": (
        frankfurter.open_source,
        frankfurter.BUDGETS["frankfurter"],
        "EURUSD",
        json.dumps(FIX).encode(),
    ),
    "fred": (fred.open_source, fred.BUDGETS["fred"], "FRED:A", b"DATE,A\n2026-11-19,1.5\n"),
}
ENDED_BY_A_RESTART = {"451"}


class Wire:
    """Answers at once what it is told to; keeps when it was asked, and for what."""

    def __init__(self, clock: FakeClock, fine: bytes) -> None:
        self._clock = clock
        self._fine = fine
        self.at: list[float] = []
        self.urls: list[str] = []
        self.storming: str = ""

    async def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        timeout: float,
        at_most: int,
    ) -> Raw:
        self.at.append(self._clock.monotonic())
        self.urls.append(url)
        if not self.storming:
            return Raw(200, {}, self._fine)
        said = STORMS[self.storming]
        if said is None:
            raise Unreachable("no answer in time")
        return said

    async def close(self) -> None:
        """Nothing is held."""

    def most_over(self, budget: Budget, seconds: float) -> float:
        """By how many requests any span of so many seconds was over the budget."""
        worst, first = -1e9, 0
        for last, at in enumerate(self.at):
            while at - self.at[first] > seconds:
                first += 1
            worst = max(worst, last - first + 1 - (budget.burst + budget.rate * seconds))
        return worst


class Scene:
    def __init__(self, name: str) -> None:
        open_source, self.budget, self.symbol, fine = FINE[name]
        self.clock = FakeClock()
        self.wire = Wire(self.clock, fine)
        self.web = Web(self.clock, jitter=lambda: 0.5, transport=self.wire)
        self.source = open_source(Reach(self.web, self.clock, jitter=lambda: 0.5))
        if isinstance(self.source, frankfurter.Frankfurter):
            self.source.learn((pair_of("EUR", "USD", "frankfurter"),))
        self.out = FakeOutlet()

    async def live(self, *symbols: str) -> "asyncio.Task[None]":
        """Run on; begun again 30 s after a failure, as the engine does."""
        demand = Demand()
        demand.add(list(symbols))

        async def again_and_again() -> None:
            while True:
                try:
                    await self.source.run(demand.follow(), self.out)
                except TioError as error:
                    self.out.standing(SourceState.failed, error.message)
                    await self.clock.sleep(30)

        return asyncio.create_task(again_and_again())


@pytest.mark.parametrize("storm", STORMS)
@pytest.mark.parametrize("name", FINE)
async def test_a_storm_is_borne_within_the_budget_and_ends(name: str, storm: str) -> None:
    scene = Scene(name)
    scene.wire.storming = storm
    task = await scene.live(scene.symbol)
    try:
        await scene.clock.advance(HOURS)
        asked = len(scene.wire.at)
        for seconds in (1.0, 10.0, 60.0):
            assert scene.wire.most_over(scene.budget, seconds) <= 0
        assert 1 <= asked <= HOURS / 15
        assert scene.out.ticks == []
        assert all(why for state, why in scene.out.standings if state is SourceState.failed)
        assert scene.out.standings or scene.out.refusals
        scene.wire.storming = ""
        await scene.clock.advance(3_600)
        healed = any(isinstance(tick, DayFigures) for tick in scene.out.ticks)
        assert healed is (storm not in ENDED_BY_A_RESTART)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await scene.web.close()


async def test_five_hundred_symbols_of_cboes_take_their_turns() -> None:
    scene = Scene("cboe")
    names = [f"S{a}{b}" for a in "ABCDEFGHIJKLMNOPQRSTUVWXY" for b in "ABCDEFGHIJKLMNOPQRST"]
    task = await scene.live(*names)
    try:
        await scene.clock.advance(600)
        told = {tick.symbol for tick in scene.out.ticks if isinstance(tick, DayFigures)}
        assert told == set(names)
        for seconds in (1.0, 10.0, 60.0):
            assert scene.wire.most_over(scene.budget, seconds) <= 0
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await scene.web.close()


async def test_many_pairs_of_one_base_are_one_question() -> None:
    scene = Scene("frankfurter")
    quotes = "USD JPY GBP CHF SEK NOK DKK PLN CZK HUF".split()
    assert isinstance(scene.source, frankfurter.Frankfurter)
    scene.source.learn(tuple(pair_of("EUR", quote, "frankfurter") for quote in quotes))
    task = await scene.live(*(f"EUR{quote}" for quote in quotes))
    try:
        await scene.clock.advance(60)
        (url,) = scene.wire.urls
        assert len(parse_qs(urlsplit(url).query)["symbols"][0].split(",")) == len(quotes)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await scene.web.close()
