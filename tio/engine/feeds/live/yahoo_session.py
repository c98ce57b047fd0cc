"""Yahoo's cookie and crumb, without which quotes and profiles are refused: one flight for all.

A cookie comes from a first visit; in Europe through Yahoo's consent pages, to which serving prices
from Yahoo agrees. The crumb then belongs to the cookie. Both are kept in memory for a day.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from html import unescape
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urljoin, urlsplit

import msgspec

from tio.api.errors import Busy, NotAllowed, SourceUnavailable, TioError
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
_HOPS = 8
_CRUMB = re.compile(r"[^\s<>{}\"]{1,64}")
_INPUT = re.compile(r"<input\b[^>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(name|value)\s*=\s*["']([^"']{0,4096})["']""", re.IGNORECASE)


class Reply(msgspec.Struct, frozen=True):
    """An answer whose redirect was not followed."""

    status: int
    text: str = ""
    location: str = ""
    cookies: tuple[str, ...] = ()
    """Its Set-Cookie headers."""


Form = tuple[tuple[str, str], ...]
Fetch = Callable[[str, Mapping[str, str], Form], Awaitable[Reply]]
"""Asks an address with these headers; with a form it is posted. A TioError when nobody answers."""


class Pass(msgspec.Struct, frozen=True):
    """What opens the guarded addresses for a day."""

    crumb: str
    cookie: str
    agent: str
    until: float

    def __repr__(self) -> str:
        return "Pass(***)"

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": self.cookie, "User-Agent": self.agent}


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

    def __init__(self, fetch: Fetch, clock: Clock, places: Places | None = None) -> None:
        self._fetch = fetch
        self._clock = clock
        self._places = places or Places()
        self._lock = asyncio.Lock()
        self._pass: Pass | None = None
        self._failures = 0
        self._agent = 0
        self._rests_until = 0.0
        self._trouble: TioError | None = None

    async def enter(self) -> Pass:
        """The pass, asked for if there is none; raises the last trouble while it rests."""
        async with self._lock:
            now = self._clock.monotonic()
            if self._pass is not None and now < self._pass.until:
                return self._pass
            if self._trouble is not None and now < self._rests_until:
                raise self._trouble
            try:
                self._pass = await self._begin(now)
            except TioError as trouble:
                self._rest(trouble)
                raise
            self._failures, self._trouble = 0, None
            return self._pass

    def spoil(self, refused: Pass) -> None:
        """A pass was refused: the next one who asks gets a new one."""
        if self._pass == refused:
            self._pass = None

    @property
    def agent(self) -> str:
        return AGENTS[self._agent]

    def _rest(self, trouble: TioError) -> None:
        self._failures += 1
        rest = LONG_REST if self._failures >= PATIENCE else RESTS
        self._rests_until = self._clock.monotonic() + rest
        self._trouble = trouble
        if isinstance(trouble, Busy):
            self._agent = (self._agent + 1) % len(AGENTS)

    async def _begin(self, now: float) -> Pass:
        agent = self.agent
        visit = _Visit(self._fetch, agent, (self._places.cookie, self._places.front))
        try:
            await visit.go(self._places.cookie)
        except (Busy, NotAllowed):
            raise
        except TioError:
            visit.jar.clear()  # its host is on lists of advertisers: the front page will do
        if not visit.jar:
            await visit.go(self._places.front)
        if not visit.jar:
            raise NotAllowed("Yahoo gives no cookie", "another source answers meanwhile")
        cookie = visit.jar.header(self._places.crumb)
        reply = await self._fetch(self._places.crumb, {"Cookie": cookie, "User-Agent": agent}, ())
        return Pass(crumb_of(reply), cookie, agent, now + LASTS)


def crumb_of(reply: Reply) -> str:
    """The crumb an answer is; a TioError for pages, words and emptiness."""
    text = reply.text.strip()
    if reply.status == 200 and _CRUMB.fullmatch(text):
        return text
    error = refusal(reply.text, reply.status)
    if isinstance(error, (Busy, NotAllowed)):
        raise error
    raise SourceUnavailable(
        f"Yahoo gives no crumb (status {reply.status})", "another source answers meanwhile"
    )


class Cookies:
    """Cookies by name and by whom they are for: `.yahoo.com` and below, or one host alone."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], str] = {}

    def __bool__(self) -> bool:
        return bool(self._kept)

    def clear(self) -> None:
        self._kept.clear()

    def take(self, url: str, lines: Sequence[str]) -> None:
        """Those an answer from `url` set for its own host or a domain above it."""
        host = _host(url)
        for line in lines:
            read: SimpleCookie = SimpleCookie()
            try:
                read.load(line)
            except CookieError:
                continue
            for name, morsel in read.items():
                domain = morsel["domain"].lstrip(".").lower()
                if not domain:
                    self._kept[host, name] = morsel.value
                elif "." in domain and _within(host, domain):
                    self._kept[f".{domain}", name] = morsel.value

    def header(self, url: str) -> str:
        """The Cookie header for an address."""
        host = _host(url)
        sent = {
            name: value
            for (whose, name), value in self._kept.items()
            if whose == host or (whose.startswith(".") and _within(host, whose[1:]))
        }
        return "; ".join(f"{name}={value}" for name, value in sent.items())


class _Visit:
    """One walk from an address along its redirects, through the consent pages where they come."""

    def __init__(self, fetch: Fetch, agent: str, allowed: Sequence[str]) -> None:
        self.jar = Cookies()
        self._fetch = fetch
        self._agent = agent
        self._allowed = frozenset(_host(each) for each in allowed)
        self._token = ""

    async def go(self, url: str) -> None:
        form: Form = ()
        for _ in range(_HOPS):
            reply = await self._fetch(url, self._headers(url), form)
            self.jar.take(url, reply.cookies)
            if reply.status == 429:
                raise Busy("Yahoo says too many requests", "it is asked again later")
            self._token = _asked(url, "gcrumb") or self._token
            if reply.location and 300 <= reply.status < 400:
                form, url = (), self._onward(url, reply.location)
            elif not form and "collectConsent" in urlsplit(url).path:
                form = consent_form(url, reply.text, self._token)
            else:
                return
        raise SourceUnavailable("Yahoo sends from page to page", "it is asked again later")

    def _headers(self, url: str) -> dict[str, str]:
        headers = {"User-Agent": self._agent, "Accept": "text/html,application/xhtml+xml"}
        cookie = self.jar.header(url)
        return {**headers, "Cookie": cookie} if cookie else headers

    def _onward(self, url: str, location: str) -> str:
        onward = urljoin(url, location)
        parts, host = urlsplit(onward), _host(onward)
        ours = host in self._allowed
        if not ours and not (parts.scheme == "https" and _within(host, "yahoo.com")):
            raise SourceUnavailable("Yahoo sends to a foreign address", "it is asked again later")
        return onward


def consent_form(url: str, page: str, token: str = "") -> Form:
    """What agreeing to Yahoo's cookies posts; `token` where the page that asks has none."""
    fields = {
        found["name"]: unescape(found.get("value", ""))
        for tag in _INPUT.findall(page[:1_000_000])
        if "name" in (found := {name.lower(): value for name, value in _ATTRIBUTE.findall(tag)})
    }
    session = fields.get("sessionId") or _asked(url, "sessionId")
    token = fields.get("csrfToken") or token
    if not token or not session:
        raise NotAllowed("Yahoo's consent page cannot be read", "another source answers meanwhile")
    return (
        ("csrfToken", token),
        ("sessionId", session),
        ("originalDoneUrl", fields.get("originalDoneUrl", "https://finance.yahoo.com/")),
        ("namespace", fields.get("namespace", "yahoo")),
        ("agree", "agree"),
        ("agree", "agree"),
    )


def _asked(url: str, name: str) -> str:
    return parse_qs(urlsplit(url).query).get(name, [""])[0]


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()


def _within(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")
