import asyncio
import itertools
import json
from collections.abc import AsyncIterator

import pytest
from yahoo_server import PAGE, SESSION, TOO_MANY, YahooServer

from tio.api.errors import Busy, NotAllowed, SourceUnavailable, TioError
from tio.engine.feeds.http import Budget, Web
from tio.engine.feeds.http.transport import Raw
from tio.engine.feeds.live.yahoo_session import AGENTS, Places, YahooSession, consent_form

import recorded
from fakes import FakeClock

PLENTY = Budget(rate=100, burst=100)


@pytest.fixture
async def yahoo() -> AsyncIterator[YahooServer]:
    async with YahooServer().serving() as server:
        yield server


@pytest.fixture
async def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def session(yahoo: YahooServer, clock: FakeClock) -> AsyncIterator[YahooSession]:
    web = Web(clock, jitter=lambda: 0.5)
    yield YahooSession(web.host("yahoo", yahoo.url, PLENTY), clock, Places.at(yahoo.url))
    await web.close()


async def test_a_cookie_and_then_a_crumb_make_the_pass(
    yahoo: YahooServer, session: YahooSession
) -> None:
    found = await session.enter()
    assert (found.crumb, found.agent) == ("haT3oykhHqZ", AGENTS[0])
    assert yahoo.asked == {"cookie": 1, "crumb": 1}
    assert "haT3" not in repr(found)


async def test_many_who_need_it_at_once_ask_once_and_keep_it_for_a_day(
    yahoo: YahooServer, session: YahooSession, clock: FakeClock
) -> None:
    passes = await asyncio.gather(*(session.enter() for _ in range(20)))
    assert yahoo.asked == {"cookie": 1, "crumb": 1}
    assert all(each is passes[0] for each in passes)
    await clock.advance(24 * 3_600 - 1)
    await session.enter()
    assert yahoo.asked["crumb"] == 1
    await clock.advance(2)
    await session.enter()
    assert yahoo.asked["crumb"] == 2


async def test_a_refused_pass_is_replaced_once_however_many_saw_it_refused(
    yahoo: YahooServer, session: YahooSession
) -> None:
    first = await session.enter()
    yahoo.crumbs = ["second/1"]
    session.spoil(first)
    second = await session.enter()
    session.spoil(first)
    assert (await session.enter()) is second
    assert second.crumb == "second/1"
    assert yahoo.asked["crumb"] == 2


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (TOO_MANY, Busy),
        ((200, "Too Many Requests"), Busy),
        ((200, "<html>your consent</html>"), SourceUnavailable),
        (PAGE, SourceUnavailable),
        ((200, ""), SourceUnavailable),
        ((401, '{"finance":{"error":{"code":"Unauthorized","description":"x"}}}'), NotAllowed),
    ],
)
async def test_what_is_no_crumb_is_refused_with_words(
    yahoo: YahooServer, session: YahooSession, said: tuple[int, str], kind: type[TioError]
) -> None:
    yahoo.refuses["crumb"] = said
    with pytest.raises(kind, match=r"yahoo\.crumb"):
        await session.enter()


class Refusing:
    """A wire on which every crumb is refused; it keeps when it was asked for."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.at: list[float] = []

    async def send(self, method: str, url: str, *rest: object) -> Raw:
        if "getcrumb" not in url:
            return Raw(404, {})
        self.at.append(self._clock.monotonic())
        return Raw(429, {}, b"Too Many Requests")

    async def close(self) -> None:
        """Nothing is held."""


async def test_after_a_refusal_nobody_asks_for_a_minute_and_after_five_for_five(
    clock: FakeClock,
) -> None:
    wire = Refusing(clock)
    web = Web(clock, jitter=lambda: 0.5, transport=wire)
    session = YahooSession(web.host("yahoo", "https://query1.finance.yahoo.com", PLENTY), clock)
    said: list[str] = []

    async def insist() -> None:
        while True:
            try:
                await session.enter()
            except TioError as error:
                said.append(error.message)
            await clock.sleep(1)

    insisting = asyncio.create_task(insist())
    await clock.advance(1_800)
    insisting.cancel()
    await asyncio.gather(insisting, return_exceptions=True)
    await web.close()
    gaps = [after - before for before, after in itertools.pairwise(wire.at)]
    assert gaps[:4] == [60, 60, 60, 60]
    assert gaps[4:]
    assert all(gap >= 300 for gap in gaps[4:])
    assert len(said) > 1_000


async def test_a_refusal_for_too_many_requests_is_followed_by_another_name(
    yahoo: YahooServer, session: YahooSession, clock: FakeClock
) -> None:
    yahoo.refuses["crumb"] = [TOO_MANY]
    with pytest.raises(Busy):
        await session.enter()
    assert session.agent == AGENTS[1]
    await clock.advance(61)
    assert (await session.enter()).agent == AGENTS[1]


async def test_in_europe_the_way_leads_through_consent(
    yahoo: YahooServer, session: YahooSession
) -> None:
    yahoo.european = True
    assert (await session.enter()).crumb == "haT3oykhHqZ"
    assert yahoo.forms == [
        [
            ("csrfToken", "GoNrer0"),
            ("sessionId", SESSION),
            ("originalDoneUrl", "https://finance.yahoo.com/?a=1&b=2"),
            ("namespace", "yahoo"),
            ("agree", "agree"),
            ("agree", "agree"),
        ]
    ]
    assert yahoo.asked == {"cookie": 1, "crumb": 2, "front": 2, "consent": 1}


async def test_where_the_cookies_host_is_barred_the_front_page_gives_one(
    yahoo: YahooServer, session: YahooSession
) -> None:
    yahoo.european = True
    yahoo.refuses["cookie"] = (400, "")
    assert (await session.enter()).crumb == "haT3oykhHqZ"


def test_a_page_of_consent_without_its_token_is_said() -> None:
    url = f"https://consent.yahoo.com/v2/collectConsent?sessionId={SESSION}"
    with pytest.raises(NotAllowed, match="consent"):
        consent_form(url, "<html></html>")
    assert f"sessionId={SESSION}".encode() in consent_form(
        url, "<input name='csrfToken' value='x'>"
    )


def test_the_recorded_form_of_consent_is_the_one_that_is_sent() -> None:
    told = json.loads(recorded.read_text("3_providers/yahoo/getCrumb.shared.json.gz"))
    assert len(told) == 5
    sent = told["getCrumb-quote-AAPL-collectConsentSubmit.json"]["request"]
    page = (
        '<input name="csrfToken" value="GoNrer0">'
        '<input name="originalDoneUrl" value="https://finance.yahoo.com/quote/AAPL?guccounter=1">'
    )
    assert consent_form(sent["url"], page).decode() == sent["bodyText"]
    assert told["getCrumb-getcrumb.json"]["response"]["bodyText"] == "haT3oykhHqZ"
    assert Places().crumb == told["getCrumb-getcrumb.json"]["request"]["url"]
