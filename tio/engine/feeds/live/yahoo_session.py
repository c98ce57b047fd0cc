"""Yahoo's cookie and crumb, without which quotes and profiles are refused: one flight for all.

A cookie comes from a first visit; in Europe through Yahoo's consent pages, to which serving prices
from Yahoo agrees. The host keeps it. The crumb belongs to it and is kept in memory for a day.
"""

import asyncio
import re
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec

from tio.api.errors import Busy, NotAllowed, NotFound, SourceUnavailable, TioError
from tio.engine.feeds.http.host import Host
from tio.engine.feeds.http.shapes import Answer, Priority
from tio.engine.feeds.yahoo_refusals import refusal
from tio.plugin import Clock

AGENTS = (
    "Mozilla/5.0",
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/142.0.0.0 Safari/537.36"
    ),
)
"""How we name ourselves: the next one after a refusal for too many requests."""

LASTS = 24 * 3_600.0
RESTS = 60.0
LONG_REST = 300.0
PATIENCE = 5
"""Failures after which the rest is the long one."""
_AT_ONCE = 1.5
"""Seconds in which the limiter must let the crumb be asked for: it is asked once, then it rests."""
_NEXT = "another source answers meanwhile"
_CRUMB = re.compile(r"[^\s<>{}\"]{1,64}")
_INPUT = re.compile(r"<input\b[^>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(name|value)\s*=\s*["']([^"']{0,4096})["']""", re.IGNORECASE)


class Pass(msgspec.Struct, frozen=True):
    """What opens the guarded addresses until then, to whom asked with this name."""

    crumb: str
    agent: str
    until: float

    def __repr__(self) -> str:
        return "Pass(***)"


class Places(msgspec.Struct, frozen=True):
    """Where cookie, consent and crumb are had."""

    cookie: str = "https://fc.yahoo.com/"
    front: str = "https://finance.yahoo.com/"
    crumb: str = "https://query1.finance.yahoo.com/v1/test/getcrumb"

    @classmethod
    def at(cls, base_url: str) -> "Places":
        """All of them at one address of the person's own."""
        base = base_url.rstrip("/")
        return cls(f"{base}/", f"{base}/front", f"{base}/v1/test/getcrumb")


class YahooSession:
    """Gives the pass to whoever needs it; a failure keeps all of them waiting alike."""

    def __init__(self, host: Host, clock: Clock, places: Places | None = None) -> None:
        self._host = host
        self._clock = clock
        self._places = places or Places()
        self._lock = asyncio.Lock()
        self._pass: Pass | None = None
        self._failures = 0
        self._agent = 0
        self._rests_until = 0.0
        self._trouble: TioError | None = None

    @property
    def agent(self) -> str:
        """How we name ourselves at present."""
        return AGENTS[self._agent]

    async def enter(self) -> Pass:
        """The pass, asked for if there is none; raises the last trouble while it rests."""
        async with self._lock:
            if self._pass is not None and self._clock.monotonic() < self._pass.until:
                return self._pass
            if self._trouble is not None and self._clock.monotonic() < self._rests_until:
                raise self._trouble
            try:
                crumb = await self._begin()
            except TioError as trouble:
                self._rest(trouble)
                raise
            self._failures, self._trouble = 0, None
            self._pass = Pass(crumb, self.agent, self._clock.monotonic() + LASTS)
            return self._pass

    def spoil(self, refused: Pass) -> None:
        """A pass was refused: the next one who asks gets a new one."""
        if self._pass == refused:
            self._pass = None

    def _rest(self, trouble: TioError) -> None:
        self._failures += 1
        rest = LONG_REST if self._failures >= PATIENCE else RESTS
        self._rests_until = self._clock.monotonic() + rest
        self._trouble = trouble
        if isinstance(trouble, Busy):
            self._agent = (self._agent + 1) % len(AGENTS)

    async def _begin(self) -> str:
        try:
            await self._visit(self._places.cookie)
            return await self._crumb()
        except Busy:
            raise
        except TioError:
            # That host is on lists of advertisers, and in Europe its cookie may not be enough.
            await self._visit(self._places.front)
            return await self._crumb()

    async def _visit(self, url: str) -> None:
        """Get the cookies of an address, through consent where it is asked; the crumb will tell."""
        named = {"User-Agent": self.agent, "Accept": "text/html,application/xhtml+xml"}
        try:
            answer = await self._host.get(
                url, capability="yahoo.cookie", priority=Priority.interactive, headers=named
            )
            if "collectConsent" in urlsplit(answer.url).path:
                await self._host.post(
                    answer.url,
                    capability="yahoo.cookie",
                    body=consent_form(answer.url, answer.text()),
                    priority=Priority.interactive,
                    headers={**named, "Content-Type": "application/x-www-form-urlencoded"},
                )
        except (NotFound, SourceUnavailable):
            return

    async def _crumb(self) -> str:
        answer = await self._host.get(
            self._places.crumb,
            capability="yahoo.crumb",
            priority=Priority.interactive,
            patience=_AT_ONCE,
            headers={"User-Agent": self.agent},
            body_error=no_crumb,
        )
        return answer.text().strip()


def no_crumb(answer: Answer) -> None:
    """Raise what an answer means that is no crumb: a page, words, nothing."""
    if answer.status == 200 and _CRUMB.fullmatch(answer.text().strip()):
        return
    error = refusal(answer.body, answer.status)
    if isinstance(error, (Busy, NotAllowed)):
        raise error
    raise SourceUnavailable(f"Yahoo gives no crumb (status {answer.status})", _NEXT)


def consent_form(url: str, page: str) -> bytes:
    """What agreeing to Yahoo's cookies posts, from the page that asks."""
    fields = {
        found["name"]: unescape(found.get("value", ""))
        for tag in _INPUT.findall(page[:1_000_000])
        if "name" in (found := {name.lower(): value for name, value in _ATTRIBUTE.findall(tag)})
    }
    asked = parse_qs(urlsplit(url).query).get("sessionId", [""])[0]
    session, token = fields.get("sessionId") or asked, fields.get("csrfToken", "")
    if not token or not session:
        raise NotAllowed("Yahoo's consent page cannot be read", _NEXT)
    form = (
        ("csrfToken", token),
        ("sessionId", session),
        ("originalDoneUrl", fields.get("originalDoneUrl", "https://finance.yahoo.com/")),
        ("namespace", fields.get("namespace", "yahoo")),
        ("agree", "agree"),
        ("agree", "agree"),
    )
    return urlencode(form).encode()
