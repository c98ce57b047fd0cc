import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest

from tio.api.errors import Busy, NotAllowed, SourceUnavailable, TioError
from tio.engine.feeds.live.yahoo_session import (
    AGENTS,
    Cookies,
    Form,
    Pass,
    Reply,
    YahooSession,
    consent_form,
)

import recorded
from fakes import FakeClock, settle

FC = "https://fc.yahoo.com/"
FRONT = "https://finance.yahoo.com/"
CRUMB = "https://query1.finance.yahoo.com/v1/test/getcrumb"
A3 = "A3=d=AQAB&S=xyz; Expires=Sun, 22 Nov 2027 12:40:11 GMT; Domain=.yahoo.com; Path=/; Secure"
COOKIE = Reply(404, "nothing here", cookies=(A3,))
GIVEN = Reply(200, "haT3oykhHqZ")


class FakeYahoo:
    """Answers addresses from a table; a list of replies is used up one by one."""

    def __init__(self, replies: Mapping[str, Any]) -> None:
        self.replies = dict(replies)
        self.asked: list[str] = []
        self.headers: list[Mapping[str, str]] = []
        self.forms: list[Form] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, url: str, headers: Mapping[str, str], form: Form) -> Reply:
        self.asked.append(url)
        self.headers.append(headers)
        self.forms.append(form)
        await self.gate.wait()
        reply = self.replies.get(url) or self.replies.get(url.partition("?")[0])
        if isinstance(reply, list):
            reply = reply.pop(0)
        if isinstance(reply, TioError):
            raise reply
        assert isinstance(reply, Reply), url
        return reply


async def test_a_cookie_and_then_a_crumb_make_the_pass() -> None:
    yahoo = FakeYahoo({FC: COOKIE, CRUMB: GIVEN})
    found = await YahooSession(yahoo, FakeClock()).enter()
    assert (found.crumb, found.cookie) == ("haT3oykhHqZ", "A3=d=AQAB&S=xyz")
    assert yahoo.asked == [FC, CRUMB]
    assert yahoo.headers[1] == {"Cookie": "A3=d=AQAB&S=xyz", "User-Agent": AGENTS[0]}
    assert "haT3" not in repr(found)


async def test_many_who_need_it_at_once_ask_once_and_keep_it_for_a_day() -> None:
    clock = FakeClock()
    yahoo = FakeYahoo({FC: COOKIE, CRUMB: GIVEN})
    yahoo.gate.clear()
    session = YahooSession(yahoo, clock)
    asking = [asyncio.create_task(session.enter()) for _ in range(20)]
    await settle()
    yahoo.gate.set()
    passes = await asyncio.gather(*asking)
    assert len(yahoo.asked) == 2
    assert all(each is passes[0] for each in passes)
    await clock.advance(24 * 3_600 - 1)
    await session.enter()
    assert len(yahoo.asked) == 2
    await clock.advance(2)
    await session.enter()
    assert len(yahoo.asked) == 4


async def test_a_refused_pass_is_replaced_once_however_many_saw_it_refused() -> None:
    yahoo = FakeYahoo({FC: COOKIE, CRUMB: [GIVEN, Reply(200, "second/1")]})
    session = YahooSession(yahoo, FakeClock())
    first = await session.enter()
    session.spoil(first)
    second = await session.enter()
    session.spoil(first)
    assert (await session.enter()) is second
    assert second.crumb == "second/1"
    assert len(yahoo.asked) == 4


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(429, "Too Many Requests\r\n"), Busy),
        (Reply(200, "Too Many Requests"), Busy),
        (Reply(200, "<html>consent</html>"), NotAllowed),
        (Reply(200, "<!doctype html><html></html>"), SourceUnavailable),
        (Reply(200, ""), SourceUnavailable),
        (Reply(401, '{"finance":{"error":{"code":"Unauthorized","description":"Invalid Cookie"}}}'),
         NotAllowed),
        (Reply(500, "oops"), SourceUnavailable),
    ],
)  # fmt: skip
async def test_what_is_no_crumb_is_refused_with_words(reply: Reply, kind: type[TioError]) -> None:
    yahoo = FakeYahoo({FC: COOKIE, CRUMB: reply})
    with pytest.raises(kind, match="Yahoo"):
        await YahooSession(yahoo, FakeClock()).enter()


async def test_after_a_refusal_nobody_asks_for_a_minute_and_after_five_for_five() -> None:
    clock = FakeClock()
    yahoo = FakeYahoo({FC: COOKIE, CRUMB: Reply(429, "Too Many Requests")})
    session = YahooSession(yahoo, clock)
    at: list[float] = []
    for _ in range(1_200):
        before = len(yahoo.asked)
        with pytest.raises(Busy):
            await session.enter()
        if len(yahoo.asked) > before:
            at.append(clock.monotonic())
        await clock.advance(1)
    assert at == [0, 60, 120, 180, 240, 540, 840, 1_140]


async def test_a_refusal_for_too_many_requests_is_followed_by_another_name() -> None:
    clock = FakeClock()
    yahoo = FakeYahoo({FC: COOKIE, CRUMB: [Reply(429, "Too Many Requests"), GIVEN]})
    session = YahooSession(yahoo, clock)
    with pytest.raises(Busy):
        await session.enter()
    await clock.advance(61)
    assert (await session.enter()).agent == AGENTS[1]
    assert yahoo.headers[-1]["User-Agent"] == AGENTS[1]


SESSION = "3_cc-session_dcf3"
CONSENT = "https://guce.yahoo.com/consent?brandType=nonEu&gcrumb=GoNrer0&done=https%3A%2F%2Ff"
COLLECT = f"https://consent.yahoo.com/v2/collectConsent?sessionId={SESSION}"
COPY = f"https://guce.yahoo.com/copyConsent?sessionId={SESSION}&lang=en-GB"
PAGE = (
    '<form method="post"><input type="hidden" name="csrfToken" value="GoNrer0">'
    f'<input type="hidden" name="sessionId" value="{SESSION}">'
    '<input value="https://finance.yahoo.com/?a=1&amp;b=2" name="originalDoneUrl">'
    '<input type="hidden" name="namespace" value="yahoo"></form>'
)


def european(front: str = FRONT) -> dict[str, Any]:
    return {
        FC: SourceUnavailable("no such host"),
        front: [
            Reply(307, location=CONSENT, cookies=("GUCS=AR; Domain=.yahoo.com",)),
            Reply(200, "<html>quotes</html>"),
        ],
        CONSENT: Reply(302, location=COLLECT),
        COLLECT: [
            Reply(200, PAGE),
            Reply(302, location=COPY, cookies=("CFC=x; Domain=consent.yahoo.com",)),
        ],
        COPY: Reply(302, location=front, cookies=(A3, "A1=one; Domain=.yahoo.com")),
        CRUMB: GIVEN,
    }


async def test_in_europe_the_way_leads_through_consent() -> None:
    yahoo = FakeYahoo(european())
    found = await YahooSession(yahoo, FakeClock()).enter()
    assert yahoo.asked == [FC, FRONT, CONSENT, COLLECT, COLLECT, COPY, FRONT, CRUMB]
    assert yahoo.forms[4] == (
        ("csrfToken", "GoNrer0"),
        ("sessionId", SESSION),
        ("originalDoneUrl", "https://finance.yahoo.com/?a=1&b=2"),
        ("namespace", "yahoo"),
        ("agree", "agree"),
        ("agree", "agree"),
    )
    assert [bool(form) for form in yahoo.forms].count(True) == 1
    assert found.cookie == "GUCS=AR; A3=d=AQAB&S=xyz; A1=one"
    assert yahoo.headers[5]["Cookie"] == "GUCS=AR", "a cookie of consent.yahoo.com stays there"


async def test_consent_whose_page_has_no_token_uses_that_of_the_redirect() -> None:
    assert dict(consent_form(COLLECT, "<html></html>", "GoNrer0"))["csrfToken"] == "GoNrer0"
    with pytest.raises(NotAllowed, match="consent"):
        consent_form(COLLECT, "<html></html>")


@pytest.mark.parametrize(
    "location", ["https://evil.test/", "http://guce.yahoo.com/", "https://yahoo.com.evil.test/"]
)
async def test_nobody_is_followed_away_from_yahoo(location: str) -> None:
    yahoo = FakeYahoo({FC: SourceUnavailable("x"), FRONT: Reply(302, location=location)})
    with pytest.raises(SourceUnavailable, match="foreign"):
        await YahooSession(yahoo, FakeClock()).enter()
    assert yahoo.asked == [FC, FRONT]


async def test_a_ring_of_redirects_ends() -> None:
    yahoo = FakeYahoo({FC: Reply(302, location=FC), FRONT: Reply(302, location=FRONT)})
    with pytest.raises(SourceUnavailable, match="page to page"):
        await YahooSession(yahoo, FakeClock()).enter()
    assert len(yahoo.asked) == 16


async def test_without_any_cookie_it_is_said() -> None:
    yahoo = FakeYahoo({FC: Reply(200, "hi"), FRONT: Reply(200, "hi")})
    with pytest.raises(NotAllowed, match="no cookie"):
        await YahooSession(yahoo, FakeClock()).enter()


def test_cookies_go_to_their_domain_and_foreign_ones_are_not_taken() -> None:
    jar = Cookies()
    jar.take(FRONT, ("a=1; Domain=.yahoo.com", "b=2", "c=3; Domain=evil.test", "d=4; Domain=com"))
    assert jar.header(FRONT) == "a=1; b=2"
    assert jar.header(CRUMB) == "a=1"
    assert jar.header("https://evil.test/") == ""


async def test_the_recorded_european_visit_ends_with_its_crumb() -> None:
    """The recorded answers in their order; the consent page itself was not recorded."""
    told = json.loads(recorded.read_text("3_providers/yahoo/getCrumb.shared.json.gz"))
    assert len(told) == 5
    replies: dict[str, Any] = {FC: SourceUnavailable("no such host")}
    for answer in told.values():
        headers, url = answer["response"]["headers"], answer["request"]["url"]
        reply = Reply(
            answer["response"]["status"],
            answer["response"]["bodyText"],
            headers.get("location", ""),
            tuple(headers.get("set-cookie", ())),
        )
        replies.setdefault(url, []).append(reply)
    collect = next(url for url in replies if "collectConsent" in url)
    replies[collect].insert(0, Reply(200, "<html>the page</html>"))
    copy = replies[collect][1].location
    replies[copy] = Reply(302, location=f"{FRONT}quote/AAPL?guccounter=1", cookies=(A3,))
    replies[f"{FRONT}quote/AAPL/"] = Reply(200, "<html>Apple</html>")
    replies[FRONT] = Reply(302, location=f"{FRONT}quote/AAPL")
    yahoo = FakeYahoo(replies)
    found = await YahooSession(yahoo, FakeClock()).enter()
    assert isinstance(found, Pass)
    assert found.crumb == "haT3oykhHqZ"
    assert dict(next(form for form in yahoo.forms if form))["csrfToken"] == "GoNrer0"
