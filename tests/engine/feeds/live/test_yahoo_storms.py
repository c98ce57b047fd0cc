"""Storms of every refusal for simulated hours, and five hundred symbols: never over budget."""

import asyncio
import itertools
import json
from collections.abc import Callable, Mapping
from urllib.parse import parse_qs, urlsplit

import pytest
from yahoo_answers import chart, quote

from tio.api.errors import TioError
from tio.api.ticks import DayFigures
from tio.config import SourceSettings
from tio.engine.feeds.http import Web
from tio.engine.feeds.http.transport import Raw, Unreachable
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.live.yahoo import BUDGETS, Yahoo
from tio.engine.market.demand import Demand

from fakes import NOWHERE, FakeClock, FakeOutlet, no_address

SYMBOLS = [f"S{a}{b}" for a, b in itertools.product("ABCDEFGHIJKLMNOPQRSTUVWXY", repeat=2)][:500]


class FakeWire:
    """Answers at once like Yahoo, unless `storm` answers instead; keeps when it was asked."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.at: list[float] = []
        self.storm: Callable[[str], Raw | None] = lambda _: None

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
        parts = urlsplit(url)
        stormy = self.storm(parts.path)
        if stormy is not None:
            return stormy
        if parts.path.endswith("getcrumb"):
            return Raw(200, {}, b"haT3oykhHqZ")
        if "/v7/" in parts.path:
            names = parse_qs(parts.query)["symbols"][0].split(",")
            told = {"quoteResponse": {"result": [quote(name, 10.0) for name in names]}}
            return Raw(200, {}, json.dumps(told).encode())
        if "/v8/" in parts.path:
            return Raw(200, {}, chart(parts.path.rpartition("/")[2]).encode())
        return Raw(404, {})

    async def close(self) -> None:
        """Nothing is held."""


class Scene:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.wire = FakeWire(self.clock)
        self.web = Web(self.clock, jitter=lambda: 0.5, lookup=no_address, transport=self.wire)
        settings = SourceSettings(ws_url=NOWHERE)
        self.yahoo = Yahoo(Reach(self.web, self.clock, settings, jitter=lambda: 0.5))
        self.out = FakeOutlet()

    async def live(self, symbols: list[str], seconds: float) -> None:
        """Run for so long; begun again after a failure, as the engine does, 30 s later."""
        demand = Demand()
        demand.add(symbols)

        async def again_and_again() -> None:
            while True:
                try:
                    await self.yahoo.run(demand.follow(), self.out)
                except TioError:
                    await self.clock.sleep(30)

        task = asyncio.create_task(again_and_again())
        try:
            await self.clock.advance(seconds)
            if task.done():
                task.result()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await self.web.close()

    def most_over(self, seconds: float) -> float:
        """By how many requests any span of so many seconds was over the budget."""
        rate = sum(budget.rate for budget in BUDGETS.values())
        burst = sum(budget.burst for budget in BUDGETS.values())
        worst = -1e9
        first = 0
        for last, at in enumerate(self.wire.at):
            while at - self.wire.at[first] > seconds:
                first += 1
            worst = max(worst, last - first + 1 - (burst + rate * seconds))
        return worst


def told(scene: Scene) -> set[str]:
    return {tick.symbol for tick in scene.out.ticks if isinstance(tick, DayFigures)}


@pytest.mark.parametrize("span", [1, 10, 60])
async def test_five_hundred_symbols_are_polled_and_never_one_request_over(span: int) -> None:
    scene = Scene()
    await scene.live(SYMBOLS, 300)
    assert told(scene) == set(SYMBOLS)
    rounds = len(scene.out.ticks) / len(SYMBOLS)
    assert rounds >= 12, "at least every 25 seconds: the pause and ten batches"
    assert scene.most_over(span) <= 0


TOO_MANY = Raw(429, {}, b"Too Many Requests")
PATIENT = Raw(429, {"retry-after": "120"}, b"Too Many Requests")
DOWN = Raw(503, {}, b"")
PAGE = Raw(200, {"content-type": "text/html"}, b"<!doctype html><html>captcha</html>")
CRUMB = Raw(401, {}, b'{"finance":{"error":{"code":"Unauthorized","description":"Invalid Crumb"}}}')
FORBIDDEN = Raw(403, {}, b"<html>no</html>")
BARRED = Raw(451, {}, b"")


@pytest.mark.parametrize(
    "answer", [TOO_MANY, PATIENT, DOWN, PAGE, CRUMB, FORBIDDEN, BARRED, Raw(200, {}, b"[")]
)
@pytest.mark.parametrize(("where", "seconds"), [("/", 7_200), ("/v7/", 2_400)])
async def test_hours_of_a_storm_are_survived_within_the_budget(
    answer: Raw, where: str, seconds: int
) -> None:
    scene = Scene()
    scene.wire.storm = lambda path: answer if path.startswith(where) else None
    symbols = SYMBOLS[:8]
    await scene.live(symbols, seconds)
    assert scene.most_over(10) <= 0
    asked = len(scene.wire.at)
    if where == "/":
        assert asked < seconds / 2, "less than one in two seconds while nothing is answered"
        assert not scene.out.ticks
    else:
        assert told(scene) == set(symbols), "charts tell where quotes are refused"


async def test_after_a_storm_quotes_come_fifty_at_once_again() -> None:
    scene = Scene()
    scene.wire.storm = lambda path: TOO_MANY if scene.clock.monotonic() < 600 else None
    await scene.live(SYMBOLS, 3_600)
    assert told(scene) == set(SYMBOLS)
    assert scene.most_over(10) <= 0
    late = [at for at in scene.wire.at if at > 3_300]
    assert len(late) / 300 <= 10 / 15 + 0.1, "ten batches every fifteen seconds"


async def test_one_refusal_at_the_start_does_not_block_it() -> None:
    scene = Scene()
    answers = iter([TOO_MANY])
    scene.wire.storm = lambda path: next(answers, None)
    await scene.live(["AAPL"], 30)
    assert told(scene) == {"AAPL"}


async def test_a_network_that_is_gone_is_no_tight_loop() -> None:
    scene = Scene()

    def gone(path: str) -> Raw:
        raise Unreachable("its name cannot be resolved")

    scene.wire.storm = gone
    await scene.live(["AAPL"], 7_200)
    assert not scene.out.ticks
    assert len(scene.wire.at) < 1_800
