"""One host as a source sees it: ask it, and hear how it does."""

import asyncio
from collections.abc import Callable, Mapping
from urllib.parse import urlencode, urljoin, urlsplit

import msgspec

from tio.engine.feeds.http import addresses
from tio.engine.feeds.http.breaker import Breaker
from tio.engine.feeds.http.cache import AnswerCache, conditions
from tio.engine.feeds.http.call import Call, Line, Wish
from tio.engine.feeds.http.limiter import Urgency
from tio.engine.feeds.http.redact import is_secret
from tio.engine.feeds.http.shapes import Answer, HostState, Priority

AT_MOST = 8_000_000
"""Bytes of an answer once unpacked, unless the caller expects more."""


class _Flight:
    """A GET on its way, and how many wait for it."""

    def __init__(self, urgency: Urgency, task: "asyncio.Task[Answer]") -> None:
        self.urgency, self.task = urgency, task
        self.waiting = 0


class Host:
    """Asks one host with manners; made by `Web.host`. Its cookies are its own."""

    def __init__(
        self,
        name: str,
        base_url: str,
        headers: Mapping[str, str],
        line: Line,
        cache: AnswerCache,
        capability: str = "",
    ) -> None:
        self.name, self.base_url = name, base_url
        self._headers = dict(headers)
        self._line, self._cache = line, cache
        self._capability = capability
        self._breakers: dict[str, Breaker] = {}
        self._flights: dict[str, _Flight] = {}

    async def get(
        self,
        path: str,
        params: Mapping[str, str] = {},
        *,
        capability: str = "",
        priority: Priority = Priority.visible,
        cost: float = 1,
        fresh_for: float = 0,
        patience: float = 20.0,
        headers: Mapping[str, str] = {},
        body_error: Callable[[Answer], None] | None = None,
        at_most: int = AT_MOST,
    ) -> Answer:
        """What the host answers within `patience` seconds; one not older than `fresh_for` will do.

        `path` is below the base address, or a whole address. Equal calls share one request.
        `body_error` raises what a body means that is no answer, whatever its status.
        """
        url = self._url(path, params)
        # The name keeps apart what two hosts, or one with another key, say to the same question.
        key = "\n".join((self.name, self._line.limiter.name, url, *map(repr, headers.items())))
        kept = self._kept(key, fresh_for)
        if kept is not None:
            return kept
        flight = self._flights.get(key)
        if flight is None:
            named = self._named(capability)
            wish = self._wish("GET", url, named, headers, cost, patience, at_most, body_error)
            urgency = Urgency(priority)
            fetch = self._fetch(key, wish, urgency, fresh_for > 0)
            flight = _Flight(urgency, asyncio.create_task(fetch, name=f"asking {self.name}"))
            flight.task.add_done_callback(lambda task: self._landed(key, task))
            self._flights[key] = flight
        elif priority < flight.urgency.priority:
            flight.urgency.raise_to(priority)
            self._line.limiter.serve()
        return await self._await(key, flight)

    async def post(
        self,
        path: str,
        params: Mapping[str, str] = {},
        *,
        capability: str = "",
        body: bytes | Mapping[str, str] = b"",
        priority: Priority = Priority.visible,
        cost: float = 1,
        patience: float = 20.0,
        headers: Mapping[str, str] = {},
        body_error: Callable[[Answer], None] | None = None,
        at_most: int = AT_MOST,
    ) -> Answer:
        """Send a body (a mapping as a form); never tried again, never shared, never kept."""
        told = dict(headers)
        if not isinstance(body, bytes):
            self._line.redactor.learn_from(body)
            body = urlencode(body).encode()
            told.setdefault("Content-Type", "application/x-www-form-urlencoded")
        url = self._url(path, params)
        capability = self._named(capability)
        wish = self._wish("POST", url, capability, told, cost, patience, at_most, body_error)
        wish = msgspec.structs.replace(wish, body=body)
        return await Call(self._line, self._breaker(capability), wish, Urgency(priority)).run()

    def watch(self, breaker: Breaker) -> None:
        """Tell of a breaker its source keeps itself, and try it with the others."""
        self._breakers[breaker.capability] = breaker

    def state(self) -> HostState:
        """How the host does, and what is left of its limits."""
        line = self._line
        until, why = line.limiter.blocked()
        return HostState(
            name=self.name,
            base_url=line.redactor.url(self.base_url),
            capabilities=tuple(breaker.state() for breaker in self._breakers.values()),
            limits=line.limiter.left(),
            blocked_until=until,
            blocked_reason=why,
            waiting=line.limiter.waiting,
            calls=line.tally.calls,
            errors=line.tally.errors,
            latency_p50=line.tally.latency(0.5),
            latency_p95=line.tally.latency(0.95),
            last_answer_at=line.tally.last_answer_at,
            last_error=line.tally.last_error,
        )

    def try_now(self) -> None:
        """Let the next call of every capability that rests be its probe."""
        for breaker in self._breakers.values():
            breaker.try_now()

    def shown(self, text: str) -> str:
        """Text without this host's secrets, for logs and recordings."""
        return self._line.redactor.text(text)

    async def close(self) -> None:
        """End what is on its way and let the connections go."""
        tasks = [flight.task for flight in self._flights.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._line.transport.close()

    async def _await(self, key: str, flight: _Flight) -> Answer:
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                flight.task.cancel()
                if self._flights.get(key) is flight:
                    del self._flights[key]

    def _landed(self, key: str, task: "asyncio.Task[Answer]") -> None:
        flight = self._flights.get(key)
        if flight is not None and flight.task is task:
            del self._flights[key]
        if not task.cancelled():
            task.exception()  # everyone who waited may have gone

    async def _fetch(self, key: str, wish: Wish, urgency: Urgency, keep: bool) -> Answer:
        kept = self._cache.get(key) if keep else None
        if kept is not None:
            asked = {**wish.headers, **conditions(kept.answer)}
            wish = msgspec.structs.replace(wish, headers=asked)
        call = Call(self._line, self._breaker(wish.capability), wish, urgency)
        answer = await call.run()
        now = self._line.clock.monotonic()
        if answer.status == 304 and kept is not None:
            self._cache.put(key, kept.answer, now)
            return self._aged(kept.answer)
        if keep and answer.status == 200:
            self._cache.put(key, answer, now)
        return answer

    def _kept(self, key: str, fresh_for: float) -> Answer | None:
        kept = self._cache.get(key) if fresh_for > 0 else None
        if kept is None or self._line.clock.monotonic() - kept.at >= fresh_for:
            return None
        return self._aged(kept.answer)

    def _aged(self, answer: Answer) -> Answer:
        now = int(self._line.clock.now().timestamp() * 1_000_000)
        age = max(0.0, (now - answer.received_at) / 1_000_000)
        return msgspec.structs.replace(answer, age=age, from_cache=True)

    def _breaker(self, capability: str) -> Breaker:
        if capability not in self._breakers:
            breaker = Breaker(capability, self._line.clock, self._line.jitter)
            self._breakers[capability] = breaker
        return self._breakers[capability]

    def _named(self, capability: str) -> str:
        """`chart` of the host `yahoo` is `yahoo.chart`."""
        capability = capability or self._capability or self.name
        is_whole = "." in capability or capability == self.name
        return capability if is_whole else f"{self.name}.{capability}"

    def _url(self, path: str, params: Mapping[str, str]) -> str:
        self._line.redactor.learn_from(params)
        below = urljoin(self.base_url.rstrip("/") + "/", path.lstrip("/"))
        url = path if "://" in path else below
        query = urlencode(params)
        if query:
            url += ("&" if urlsplit(url).query else "?") + query
        return url

    def _wish(
        self,
        method: str,
        url: str,
        capability: str,
        headers: Mapping[str, str],
        cost: float,
        patience: float,
        at_most: int,
        body_error: Callable[[Answer], None] | None,
    ) -> Wish:
        self._line.redactor.learn_from(headers)
        standing = self._headers
        if addresses.place_of(url) != self._line.origin:
            standing = {n: v for n, v in standing.items() if not is_secret(n)}
        told = {**standing, **headers}
        return Wish(method, url, capability, told, cost, patience, at_most, body_error=body_error)
