"""Hours of every fault on the fake clock: never over budget, no tight loop, and recovery."""

import asyncio
import random

import pytest
from faulty_server import Says, ScriptedWire, cut, drop, page, silence, status

from tio.api.errors import TioError
from tio.engine.feeds.http import Budget, Circuit, Host, Priority, Web, Window, no_page

from fakes import FakeClock

STORMS = {
    "429 with a time": status(429, retry_after=30),
    "429 without": status(429),
    "401": status(401),
    "403": status(403),
    "418": status(418),
    "451": status(451),
    "500": status(500),
    "503 with a time": status(503, retry_after=45),
    "524": status(524),
    "silence": silence(),
    "dropped": drop(),
    "cut": cut(b"{"),
    "captcha": page(),
}
FOR_GOOD = {"451", "401"}
HOURS = 1


async def keep_asking(host: Host, clock: FakeClock, name: str, answers: list[float]) -> None:
    while True:
        try:
            await host.get(f"/{name}", capability="quote", body_error=no_page, patience=10)
            answers.append(clock.monotonic())
        except TioError:
            pass
        await clock.sleep(1.0)


@pytest.mark.slow
@pytest.mark.parametrize("storm", STORMS)
async def test_a_storm_is_borne(storm: str) -> None:
    clock = FakeClock()
    server = ScriptedWire(clock)
    for name in "abcd":
        server.answer(f"/{name}", STORMS[storm])
    web = Web(clock, transport=server, jitter=random.Random(7).random)
    host = web.host("v", "https://venue.example", Budget(rate=2, burst=4), credential="a-secret")
    answers: list[float] = []
    askers = [asyncio.create_task(keep_asking(host, clock, name, answers)) for name in "abcd"]
    await clock.advance(HOURS * 3_600)
    asked = server.count()
    # Four askers, one a second, would be 14,400; four are on their way when the first is refused.
    assert asked <= (4 if storm in FOR_GOOD else HOURS * 240)
    assert server.most_in(10) <= 4 + 2 * 10
    for name in "abcd":
        server.answer(f"/{name}", Says(200, b"{}"))
    if storm in FOR_GOOD:
        host.try_now()
    ended = clock.monotonic()
    await clock.advance(1_000)
    assert answers
    assert answers[0] - ended <= 960
    assert host.state().capabilities[0].circuit is Circuit.closed
    for asker in askers:
        asker.cancel()
    await asyncio.gather(*askers, return_exceptions=True)
    await web.close()


async def test_500_symbols_are_never_one_request_over_the_budget() -> None:
    clock = FakeClock()
    server = ScriptedWire(clock)
    budget = Budget(rate=5, burst=10, windows=(Window(60, 60, "minute"),))
    web = Web(clock, transport=server, jitter=random.Random(3).random)
    host = web.host("v", "https://venue.example", budget)
    for number in range(500):
        server.answer(f"/{number}", Says(200, b"{}"))
    calls = [
        asyncio.create_task(
            host.get(f"/{n}", capability="quote", patience=3_600, priority=Priority(n % 3))
        )
        for n in range(500)
    ]
    await clock.advance(1_800)
    assert all(call.done() for call in calls)
    minutes = [int(asked.at // 60) for asked in server.asked]
    assert max(minutes.count(minute) for minute in set(minutes)) <= 60
    assert server.most_in(1) <= 10 + 5
    assert server.count() == 500
    await web.close()
