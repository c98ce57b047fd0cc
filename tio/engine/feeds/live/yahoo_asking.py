"""What is asked of Yahoo over HTTP: charts and searches by anybody, the rest with a crumb."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from urllib.parse import quote

from tio.api.companies import Profile
from tio.api.errors import NotAllowed, SourceUnavailable
from tio.api.market import Instrument
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.http import Answer, Host, Priority, StaleCredential
from tio.engine.feeds.live.yahoo_session import AGENTS, YahooSession
from tio.engine.feeds.yahoo_chart import Chart, read_chart
from tio.engine.feeds.yahoo_profile import MODULES, read_profile
from tio.engine.feeds.yahoo_quotes import Told, read_quotes
from tio.engine.feeds.yahoo_refusals import names_crumb, refusal
from tio.engine.feeds.yahoo_search import read_search

BATCH = 50
"""Quotes in one answer."""
_PLAIN = {"User-Agent": AGENTS[-1]}


class Asking:
    """Yahoo's answers, read; a TioError where it says no."""

    def __init__(self, host: Host, guarded: Host, session: YahooSession) -> None:
        """`guarded` is the host with the session's cookies, for what needs its crumb."""
        self._host = host
        self._guarded_host = guarded
        self._session = session
        self.heard: Callable[[str, str], None] = lambda url, text: None
        """Gets address and text of every answer of quotes: a recorder."""

    async def quotes(
        self, spellings: Sequence[str], names: Mapping[str, str], priority: Priority
    ) -> tuple[Told, ...]:
        """Quotes of up to `BATCH` spellings; those Yahoo does not know are missing."""
        params = {"symbols": ",".join(spellings), "formatted": "false"}
        answer = await self._guarded("/v7/finance/quote", params, "yahoo.quote", priority)
        self.heard(answer.url, answer.text())
        with reading():
            return read_quotes(answer.body, answer.status, names)

    async def profile(self, spelling: str, symbol: str) -> Profile:
        """What the modules say; NotFound when Yahoo has none of them."""
        params = {"modules": ",".join(MODULES), "formatted": "false"}
        path = f"/v10/finance/quoteSummary/{quote(spelling, safe='')}"
        answer = await self._guarded(path, params, "yahoo.summary", Priority.interactive)
        with reading():
            return read_profile(answer.body, answer.status, spelling, symbol)

    async def chart(
        self, spelling: str, params: Mapping[str, str], priority: Priority, fresh_for: float = 0.0
    ) -> Chart:
        """Bars, events and the quote beside them."""
        answer = await self._host.get(
            f"/v8/finance/chart/{quote(spelling, safe='')}",
            params,
            capability="yahoo.chart",
            priority=priority,
            fresh_for=fresh_for,
            headers=_PLAIN,
            body_error=said_no,
        )
        if params.get("range"):
            self.heard(answer.url, answer.text())
        with reading():
            return read_chart(answer.body, answer.status)

    async def search(self, query: str, limit: int) -> tuple[Instrument, ...]:
        """Instruments found by name or symbol."""
        params = {
            "q": query,
            "quotesCount": str(limit),
            "newsCount": "0",
            "enableFuzzyQuery": "false",
            "quotesQueryId": "tss_match_phrase_query",
        }
        answer = await self._host.get(
            "/v1/finance/search",
            params,
            capability="yahoo.search",
            priority=Priority.interactive,
            fresh_for=300.0,
            headers=_PLAIN,
            body_error=said_no,
        )
        with reading():
            return read_search(answer.body, answer.status)[:limit]

    async def _guarded(
        self, path: str, params: Mapping[str, str], capability: str, priority: Priority
    ) -> Answer:
        """An answer that needs the crumb; a refused crumb is replaced once."""
        for last in (False, True):
            entry = await self._session.enter()
            try:
                return await self._guarded_host.get(
                    path,
                    {**params, "crumb": entry.crumb},
                    capability=capability,
                    priority=priority,
                    headers={"User-Agent": entry.agent},
                    body_error=said_no,
                )
            except NotAllowed as refused:
                if last or not (isinstance(refused, StaleCredential) or names_crumb(refused)):
                    raise
                self._session.spoil(entry)
        raise AssertionError("the second try returns or raises")


@contextmanager
def reading() -> Iterator[None]:
    """What cannot be read is an answer nobody gave, and another source's turn."""
    try:
        yield
    except Garbage as garbage:
        words = f"Yahoo's answer cannot be read: {garbage.sentence}"
        raise SourceUnavailable(words, "another source answers meanwhile") from None


def said_no(answer: Answer) -> None:
    """Raise the error an answer's body is; one of crumb or cookie asks for new ones."""
    error = refusal(answer.body, answer.status)
    if error is not None and names_crumb(error):
        raise StaleCredential(error.message, error.next)
    if error is not None:
        raise error
