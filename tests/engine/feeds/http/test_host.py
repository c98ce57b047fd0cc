"""A host over the real wire: each fault of a server, what is said of it, what stays secret."""

import asyncio
import logging

import pytest
from faulty_server import Says, cut, drop, faulty_server, no_such_name, page, silence, status
from faulty_server import slow_loris as loris

from tio.api.errors import (
    Busy,
    Invalid,
    NotAllowed,
    NotFound,
    SourceUnavailable,
    TioError,
    TooLarge,
)
from tio.engine.feeds.http import (
    Answer,
    Budget,
    Circuit,
    Host,
    QuotaSpent,
    StaleCredential,
    Web,
    no_page,
)

from fakes import FakeClock, settle

AMPLE = Budget(rate=1_000, burst=1_000, concurrency=20)
KEY = "k3y-of-the-owner"


def web_of(clock: FakeClock) -> Web:
    return Web(clock, jitter=lambda: 0.0, timeout=0.2)


async def refused(host: Host, path: str, **more: object) -> TioError:
    with pytest.raises(TioError) as caught:
        await host.get(path, capability="chart", **more)  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        (status(400), Invalid, "refuses what was asked"),
        (status(401), NotAllowed, "the key is refused"),
        (status(403), NotAllowed, "refused (403)"),
        (status(404), NotFound, "nothing there"),
        (status(418, retry_after=60), Busy, "at 15:01:00"),
        (status(429, retry_after=300), Busy, "asked too often (429), next try at 15:05:00"),
        (status(451), NotAllowed, "not available from here"),
        (status(503, retry_after=300), Busy, "next try at 15:05:00"),
        (page(), SourceUnavailable, "a web page came"),
        (Says(302, headers={"Location": "http://169.254.169.254/"}), NotAllowed, "not encrypted"),
        (Says(302, headers={"Location": "https://[::ffff:10.0.0.1]/"}), NotAllowed, "private"),
        (Says(302, headers={"Location": "/x"}), SourceUnavailable, "redirects without end"),
    ],
)
async def test_a_fault_that_is_not_tried_again(
    fault: Says, kind: type[TioError], words: str
) -> None:
    clock = FakeClock()
    async with faulty_server(clock) as server:
        server.answer("/x", fault)
        web = web_of(clock)
        host = web.host("yahoo", server.url, AMPLE, credential=KEY)
        error = await refused(host, "/x", body_error=no_page)
        assert type(error) is kind
        assert error.message.startswith("yahoo.chart: ")
        assert words in error.message
        await web.close()


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (status(500), "out of order (500)"),
        (status(524), "out of order (524)"),
        (status(408), "not ready"),
        (drop(), "connection was lost"),
        (cut(b'{"last": '), "cut off"),
        (silence(), "no answer in time"),
        (loris(), "no answer in time"),
    ],
)
async def test_a_fault_that_is_tried_four_times_and_then_told(fault: Says, words: str) -> None:
    clock = FakeClock()
    async with faulty_server(clock) as server:
        server.answer("/x", fault)
        web = web_of(clock)
        host = web.host("yahoo", server.url, AMPLE)
        error = await refused(host, "/x")
        assert type(error) is SourceUnavailable
        assert words in error.message
        assert host.state().calls == 4
        server.answer("/x", json={"last": 1})
        assert (await host.get("/x", capability="chart")).body == b'{"last": 1}'
        await web.close()


async def test_a_post_is_sent_once() -> None:
    clock = FakeClock()
    async with faulty_server(clock) as server:
        server.answer("/x", status(503))
        web = web_of(clock)
        with pytest.raises(SourceUnavailable):
            await web.host("v", server.url, AMPLE).post("/x", capability="c", body={"a": "b"})
        assert [asked.body for asked in server.asked] == [b"a=b"]
        await web.close()


async def test_one_429_holds_back_every_call_to_the_host_for_as_long_as_told() -> None:
    clock = FakeClock()
    async with faulty_server(clock) as server:
        server.then("/a", status(429, retry_after=10))
        server.answer("/a", json=1)
        server.answer("/b", json=2)
        web = web_of(clock)
        host = web.host("v", server.url, AMPLE)
        first = asyncio.create_task(host.get("/a", capability="a"))
        await server.until(lambda: host.state().blocked_until is not None)
        second = asyncio.create_task(host.get("/b", capability="b"))
        await clock.advance(9.9)
        assert server.count() == 1
        await clock.advance(0.2)
        assert ((await first).body, (await second).body) == (b"1", b"2")
        await web.close()


async def test_equal_calls_share_one_request_and_one_may_leave() -> None:
    clock = FakeClock()
    async with faulty_server(clock) as server:
        server.answer("/x", json=1)
        web = web_of(clock)
        host = web.host("v", server.url, AMPLE)
        calls = [asyncio.create_task(host.get("/x", {"s": "A"}, capability="c")) for _ in range(5)]
        await settle(2)
        calls[0].cancel()
        answers = await asyncio.gather(*calls, return_exceptions=True)
        assert [getattr(answer, "body", None) for answer in answers] == [None, *[b"1"] * 4]
        assert server.count() == 1
        await web.close()


async def test_the_cache_keeps_when_it_came_and_asks_only_for_news() -> None:
    clock = FakeClock()
    async with faulty_server(clock) as server:
        server.then("/x", Says(200, b"old", {"ETag": '"1"'}))
        server.answer("/x", Says(304))
        web = web_of(clock)
        host = web.host("v", server.url, AMPLE)
        first = await host.get("/x", capability="c", fresh_for=10)
        await clock.advance(9)
        second = await host.get("/x", capability="c", fresh_for=10)
        await clock.advance(9)
        third = await host.get("/x", capability="c", fresh_for=10)
        assert [answer.body for answer in (first, second, third)] == [b"old"] * 3
        assert [answer.age for answer in (first, second, third)] == [0, 9, 18]
        assert third.from_cache
        assert third.received_at == first.received_at
        assert server.count() == 2
        assert server.asked[1].headers["If-None-Match"] == '"1"'
        await web.close()


async def test_the_key_is_nowhere_to_be_seen(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    clock = FakeClock()
    async with faulty_server(clock) as server:
        echo = Says(200, f'{{"Note": "your key {KEY} is spent"}}'.encode(), {"X-Key": KEY})
        server.answer("/x", echo)
        web = web_of(clock)
        host = web.host("v", f"{server.url}/", AMPLE, credential=KEY, headers={"X-Api-Key": KEY})
        answer = await host.get("/x", {"apikey": KEY, "s": "A"}, capability="c")
        assert server.asked[0].query["apikey"] == KEY
        assert server.asked[0].headers["X-Api-Key"] == KEY
        assert answer.url.endswith("/x?apikey=***&s=A")

        def spent(answer: Answer) -> None:
            raise QuotaSpent(answer.text())

        error = await refused(host, "/x", params={"apikey": KEY}, body_error=spent)
        # The server of the test logs what it was asked, as servers do.
        ours = [str(r.getMessage()) for r in caplog.records if r.name != "aiohttp.access"]
        seen = f"{answer} {error!r} {error.__context__!r} {host.state()} {ours}"
        assert KEY not in seen
        await web.close()


async def test_a_spent_quota_rests_until_midnight() -> None:
    clock = FakeClock()

    def spent(answer: Answer) -> None:
        raise QuotaSpent("25 a day are used up")

    async with faulty_server(clock) as server:
        server.answer("/x", json={"Information": "…"})
        web = web_of(clock)
        host = web.host("v", server.url, AMPLE)
        assert "next try at 00:00:00" in (await refused(host, "/x", body_error=spent)).message
        await clock.advance(8 * 3_600)
        assert "25 a day" in (await refused(host, "/x")).message
        assert server.count() == 1
        await clock.advance(3_601)
        await host.get("/x", capability="chart")
        await web.close()


async def test_a_stale_crumb_opens_no_circuit_while_a_bad_key_does_until_it_is_another() -> None:
    clock = FakeClock()

    def stale(answer: Answer) -> None:
        if answer.status == 401:
            raise StaleCredential("its crumb has expired")

    async with faulty_server(clock) as server:
        server.answer("/x", status(401))
        web = web_of(clock)
        host = web.host("v", server.url, AMPLE, credential=KEY)
        await refused(host, "/x", body_error=stale)
        assert host.state().capabilities[0].circuit is Circuit.closed
        await refused(host, "/x")
        await clock.advance(1e6)
        await refused(host, "/x")
        assert server.count() == 2
        assert host.state().capabilities[0].circuit is Circuit.open
        server.answer("/x", json=1)
        await web.host("v", server.url, AMPLE, credential="another").get("/x", capability="chart")
        await web.close()


async def test_an_answer_without_end_is_cut_short() -> None:
    clock = FakeClock()
    async with faulty_server(clock) as server:
        server.answer("/x", Says(200, b"x" * 10_000))
        web = web_of(clock)
        host = web.host("v", server.url, AMPLE)
        assert type(await refused(host, "/x", at_most=9_999)) is TooLarge
        await web.close()


async def test_cookies_stay_with_their_host() -> None:
    clock = FakeClock()
    async with faulty_server(clock) as server:
        server.answer("/x", Says(200, b"1", {"Set-Cookie": "A3=crumbly; Path=/"}))
        web = web_of(clock)
        host = web.host("v", server.url, AMPLE)
        other = web.host("w", server.url, AMPLE)
        for each in (host, host, other):
            await each.get("/x", capability="c")
        assert ["Cookie" in asked.headers for asked in server.asked] == [False, True, False]
        await web.close()


async def test_a_name_that_leads_home_or_nowhere_is_refused() -> None:
    async def home(host: str, port: int) -> list[str]:
        return ["93.184.216.34", "127.0.0.1"]

    clock = FakeClock()
    for lookup, kind in ((home, NotAllowed), (no_such_name, SourceUnavailable)):
        web = Web(clock, jitter=lambda: 0.0, lookup=lookup, timeout=1)
        error = await refused(web.host("v", "https://venue.example", AMPLE), "/x")
        assert type(error) is kind
        await web.close()
