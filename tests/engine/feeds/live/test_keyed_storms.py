"""Hours of every fault: never a request over the budget, no tight loop, and recovery after."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from faulty_server import Says, ScriptedWire, cut, drop, page, silence, status

from tio.api.errors import TioError
from tio.engine.feeds.http import Web
from tio.engine.feeds.live import massive, tiingo, twelvedata
from tio.engine.feeds.live.reach import Reach
from tio.engine.market.demand import Demand
from tio.plugin import Source

from fakes import FakeClock, FakeOutlet

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
AGAIN = 30.0
"""Seconds after which a source that ended is begun anew, as the engine does at the earliest."""


class Venue(NamedTuple):
    """A source, where its quotes are, one good answer, and its limits (requests, seconds)."""

    opened: Callable[[Reach], Source]
    path: str
    good: object
    limits: tuple[tuple[int, float], ...]


VENUES = {
    "twelvedata": Venue(
        twelvedata.open_source,
        "/quote",
        {"symbol": "AAPL", "close": "10.5", "currency": "USD"},
        ((8, 60.0), (800, 86_400.0)),
    ),
    "tiingo": Venue(
        tiingo.open_source,
        "/iex/",
        [{"ticker": "AAPL", "timestamp": "2026-11-20T15:00:00Z", "tngoLast": 10.5}],
        ((50, 3_600.0), (1_000, 86_400.0)),
    ),
    "massive": Venue(
        massive.open_source,
        "/v2/aggs/ticker/AAPL/prev",
        {"status": "OK", "results": [{"T": "AAPL", "t": 0, "o": 1, "h": 1, "l": 1, "c": 10.5}]},
        ((5, 60.0),),
    ),
}
FAULTS = {
    "429": status(429),
    "429 with a time": status(429, retry_after=30),
    "401": status(401),
    "403": status(403),
    "451": status(451),
    "500": status(500),
    "503": status(503, retry_after=60),
    "page": page(),
    "words": Says(200, b"You have run over your hourly request allocation."),
    "cut": cut(b'{"status'),
    "drop": drop(),
    "silence": silence(),
    "nothing": Says(200, b""),
    "garbage": Says(200, b'{"results": 3, "meta": 7}'),
}
FOR_EVER = frozenset({"401", "451"})
"""Faults after which nothing is asked before the key or the address is another."""


@pytest.mark.parametrize("name", VENUES)
@pytest.mark.parametrize("fault", FAULTS)
async def test_hours_of_a_fault_cost_no_request_too_many(name: str, fault: str) -> None:
    venue, clock = VENUES[name], FakeClock(NOW)
    wire = ScriptedWire(clock)
    web = Web(clock, transport=wire, jitter=lambda: 0.5)
    reach = Reach(web, clock, secret=lambda _: "a-key-of-the-test", jitter=lambda: 0.5)
    source, out, demand = venue.opened(reach), FakeOutlet(), Demand()
    demand.add(["AAPL"])
    wire.answer(venue.path, FAULTS[fault])
    engine = asyncio.create_task(_again_and_again(source, demand, out, clock))
    for _ in range(6 * 60):
        await clock.advance(60.0)
    assert not out.ticks
    for most, seconds in venue.limits:
        assert wire.most_in(seconds) <= most
    assert wire.most_in(60.0) <= 8
    if fault in FOR_EVER:
        assert wire.count() == 1
    wire.answer(venue.path, Says(200, json.dumps(venue.good).encode()))
    for _ in range(2 * 60):
        await clock.advance(60.0)
    assert bool(out.ticks) is (fault not in FOR_EVER)
    engine.cancel()
    await asyncio.gather(engine, return_exceptions=True)
    await web.close()


async def _again_and_again(
    source: Source, demand: Demand, out: FakeOutlet, clock: FakeClock
) -> None:
    while True:
        try:
            await source.run(demand.follow(), out)
        except TioError as error:
            assert error.message
        await clock.sleep(AGAIN)
