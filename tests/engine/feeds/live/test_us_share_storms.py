"""Hours of every fault for the keyed sources of US shares: no request too many, and recovery."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from faulty_server import Says, ScriptedWire, cut, drop, page, silence, status

from tio.api.errors import TioError
from tio.config import SourceSettings
from tio.engine.feeds.http import Web
from tio.engine.feeds.live import alpaca, alpha_vantage, finnhub
from tio.engine.feeds.live.reach import Reach
from tio.engine.market.demand import Demand
from tio.plugin import Source

from fakes import NOWHERE, FakeClock, FakeOutlet, no_address

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
"""Half an hour before New York's early trading."""
AGAIN = 30.0
"""Seconds after which a source that ended is begun anew, as the engine does at the earliest."""


class Venue(NamedTuple):
    """A source, where its quotes are, one good answer, its limits, and the hours to recover."""

    opened: Callable[[Reach], Source]
    path: str
    good: object
    limits: tuple[tuple[int, float], ...]
    recovers: int = 1


VENUES = {
    "finnhub": Venue(
        finnhub.open_source, "/api/v1/quote", {"c": 10.5, "pc": 10.0, "t": 0}, ((60, 60.0),)
    ),
    "alpaca": Venue(
        alpaca.open_source,
        "/v2/stocks/snapshots",
        {"AAPL": {"latestTrade": {"t": "2026-11-20T15:00:00Z", "p": 10.5, "s": 1}}},
        ((200, 60.0),),
    ),
    # What a storm used of its day comes back with the next.
    "alpha_vantage": Venue(
        alpha_vantage.open_source,
        "/query",
        {"Global Quote": {"05. price": "10.5", "07. latest trading day": "2026-11-19"}},
        ((2, 1.0), (25, 2 * 3_600.0)),
        recovers=12,
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
    "words": Says(200, b"asked too often"),
    "cut": cut(b'{"status'),
    "drop": drop(),
    "silence": silence(),
    "nothing": Says(200, b""),
    "garbage": Says(200, b'{"c": [], "AAPL": 7, "Global Quote": 3}'),
}
FOR_EVER = frozenset({"401", "451"})
"""Faults after which nothing is asked before the key or the address is another."""


@pytest.mark.parametrize("name", VENUES)
@pytest.mark.parametrize("fault", FAULTS)
async def test_hours_of_a_fault_cost_no_request_too_many(name: str, fault: str) -> None:
    venue, clock = VENUES[name], FakeClock(NOW)
    wire = ScriptedWire(clock)
    web = Web(clock, transport=wire, jitter=lambda: 0.5, lookup=no_address)
    settings = SourceSettings(ws_url=NOWHERE)
    reach = Reach(web, clock, settings, lambda _: "a-key-of-the-test", lambda: 0.5)
    source, out, demand = venue.opened(reach), FakeOutlet(), Demand()
    demand.add(["AAPL"])
    wire.answer(venue.path, FAULTS[fault])
    engine = asyncio.create_task(_again_and_again(source, demand, out, clock))
    for _ in range(2 * 60):
        await clock.advance(60.0)
    assert not out.ticks
    for most, seconds in venue.limits:
        assert wire.most_in(seconds) <= most
    assert wire.most_in(60.0) <= 8, "no tight loop"
    for _, words in out.standings:
        assert "a-key-of-the-test" not in words
    if fault in FOR_EVER:
        assert wire.count() == 1
    wire.answer(venue.path, Says(200, json.dumps(venue.good).encode()))
    for _ in range(venue.recovers * 60):
        await clock.advance(120.0 if venue.recovers > 1 else 60.0)
        if out.ticks:
            break
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
