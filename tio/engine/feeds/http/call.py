"""One call with all its manners: admitted, granted, sent, judged, tried again."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import NoReturn
from urllib.parse import urljoin

import msgspec

from tio.api.clean import clean
from tio.api.errors import Busy, NotAllowed, SourceUnavailable, TioError
from tio.api.series import instant
from tio.engine.feeds.http import addresses, retry, verdict
from tio.engine.feeds.http.breaker import Breaker
from tio.engine.feeds.http.hooks import rate_headers
from tio.engine.feeds.http.limiter import Limiter, Urgency
from tio.engine.feeds.http.redact import Redactor, is_secret
from tio.engine.feeds.http.refusals import QuotaSpent, Throttled
from tio.engine.feeds.http.shapes import Answer
from tio.engine.feeds.http.tally import Tally
from tio.engine.feeds.http.transport import Raw, Transport, Unreachable
from tio.engine.feeds.http.verdict import Effect
from tio.plugin import Clock

REDIRECTS = 3
_MOVED = frozenset({301, 302, 303, 307, 308})
BAN = 900.0


class Line(msgspec.Struct):
    """What all calls to one host share."""

    clock: Clock
    jitter: Callable[[], float]
    transport: Transport
    limiter: Limiter
    redactor: Redactor
    tally: Tally
    own: frozenset[addresses.Place]
    origin: addresses.Place
    has_key: bool
    timeout: float
    limits: Callable[[Answer, Limiter], None] | None = None


class Wish(msgspec.Struct, frozen=True):
    """What is asked for."""

    method: str
    url: str
    capability: str
    headers: Mapping[str, str]
    cost: float
    patience: float
    at_most: int
    body: bytes | None = None
    body_error: Callable[[Answer], None] | None = None


class _Again(Exception):
    """It failed and may be tried again: after a pause, or when the limiter lets it."""

    def __init__(self, error: TioError, throttled: bool = False) -> None:
        super().__init__(error.message)
        self.error, self.throttled = error, throttled


class _Heard(Exception):
    """No answer came."""

    def __init__(self, error: TioError, again: bool) -> None:
        super().__init__(error.message)
        self.error, self.again = error, again


class Call:
    """Asks until there is an answer, an error that stays one, or patience has ended."""

    def __init__(self, line: Line, breaker: Breaker, wish: Wish, urgency: Urgency) -> None:
        self._line, self._breaker, self._wish, self._urgency = line, breaker, wish, urgency
        self._deadline = line.clock.monotonic() + wish.patience

    async def run(self) -> Answer:
        """The answer; a TioError in words, without secrets."""
        tries = retry.TRIES if self._wish.method == "GET" else 1
        for number in range(tries):
            try:
                return await self._once()
            except _Again as again:
                rest = 0.0 if again.throttled else retry.pause(number, self._line.jitter())
                late = self._line.clock.monotonic() + rest > self._deadline
                if number == tries - 1 or late:
                    raise again.error from None
                await self._line.clock.sleep(rest)
        raise AssertionError("a call is tried at least once")

    async def _once(self) -> Answer:
        """One try, its redirects included, each of them granted by the limiter."""
        url, headers, method = self._wish.url, dict(self._wish.headers), self._wish.method
        body = self._wish.body
        for _ in range(REDIRECTS + 1):
            raw = await self._hop(method, url, headers, body)
            if raw.status not in _MOVED or "location" not in raw.headers:
                return self._judged(raw, url)
            there = urljoin(url, raw.headers["location"])
            if addresses.place_of(there) != addresses.place_of(url):
                headers = {n: v for n, v in headers.items() if not is_secret(n)}
            if raw.status == 303 or (raw.status in (301, 302) and method == "POST"):
                method, body = "GET", None
            self._breaker.abandoned()
            url = there
        return self._fail(SourceUnavailable(self._said("redirects without end")), Effect.failed)

    async def _hop(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> Raw:
        line, wish = self._line, self._wish
        self._check(url)
        probe = self._breaker.admit()
        try:
            left = max(0.0, self._deadline - line.clock.monotonic())
            lease = await line.limiter.acquire(wish.cost, self._urgency, left, wish.capability)
        except BaseException:
            if probe:
                self._breaker.abandoned()
            raise
        answered = False
        try:
            # While this one waited its turn, the breaker may have opened.
            probe = probe or self._breaker.admit()
            line.tally.calls += 1
            raw = await self._sent(method, url, headers, body)
            answered = True
            return raw
        except _Heard as heard:
            answered = True
            self._fail(heard.error, Effect.failed, again=heard.again)
        finally:
            if probe and not answered:
                self._breaker.abandoned()
            line.limiter.release(lease)

    async def _sent(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> Raw:
        line, wish = self._line, self._wish
        began = line.clock.monotonic()
        try:
            raw = await line.transport.send(method, url, headers, body, line.timeout, wish.at_most)
        except Unreachable as lost:
            raise _Heard(SourceUnavailable(self._said(str(lost))), True) from None
        except addresses.Forbidden as refused:
            raise _Heard(NotAllowed(self._said(refused.message)), False) from None
        except TioError as error:
            raise _Heard(type(error)(self._said(error.message)), False) from None
        took = line.clock.monotonic() - began
        line.tally.answered(took, line.clock.now())
        self._listen(raw, took)
        return raw

    def _check(self, url: str) -> None:
        try:
            addresses.check(url, self._line.own)
        except addresses.Forbidden as refused:
            self._fail(NotAllowed(self._said(refused.message)), Effect.failed)

    def _listen(self, raw: Raw, took: float) -> None:
        """Take what any answer says of time and limits."""
        line = self._line
        at = retry.moment(raw.headers.get("date", ""))
        if at is not None and "age" not in raw.headers:
            line.limiter.server_clock(at, took)
        answer = Answer(raw.status, raw.headers, b"", "", 0)
        rate_headers(answer, line.limiter, (at or line.clock.now()).timestamp())
        if line.limits is not None:
            line.limits(answer, line.limiter)

    def _judged(self, raw: Raw, url: str) -> Answer:
        """The answer if it is one; else breaker and limiter hear of it, and it is raised."""
        line, wish = self._line, self._wish
        headers = {name: line.redactor.text(value) for name, value in raw.headers.items()}
        body, shown = line.redactor.body(raw.body), line.redactor.url(url)
        answer = Answer(raw.status, headers, body, shown, instant(line.clock.now()))
        bad = verdict.of_status(raw, line.has_key)
        told: TioError | None = None
        if wish.body_error is not None and raw.status != 304:
            try:
                wish.body_error(answer)
            except TioError as error:
                told = self._named(error)
            except ValueError as error:
                told = SourceUnavailable(self._said(f"cannot be read: {clean(str(error))}"))
        if told is not None and (
            bad is None
            or bad.effect in (Effect.answered, Effect.failed)
            or verdict.of_error(told) in (Effect.stale, Effect.bad_key)
        ):
            self._fail(told, verdict.of_error(told), raw)
        if bad is not None:
            self._fail(bad.kind(self._said(bad.words)), bad.effect, raw, again=bad.again)
        self._breaker.succeeded()
        line.limiter.answered()
        return answer

    def _fail(
        self, error: TioError, effect: Effect, raw: Raw | None = None, again: bool = False
    ) -> NoReturn:
        """Count it, and raise what the caller shall hear."""
        told = self._count(error, effect, raw)
        throttled = effect is Effect.throttled
        if again or (throttled and raw is not None and raw.status == 200):
            raise _Again(told, throttled)
        raise told

    def _count(self, error: TioError, effect: Effect, raw: Raw | None = None) -> TioError:
        line, breaker = self._line, self._breaker
        line.tally.erred(error.message)
        words = error.message.removeprefix(f"{self._wish.capability}: ")
        now = line.clock.now()
        asked = retry.retry_after(raw.headers, now) if raw is not None else None
        match effect:
            case Effect.answered:
                breaker.succeeded()
                line.limiter.answered()
            case Effect.failed:
                breaker.failed(words)
            case Effect.stale:
                breaker.abandoned()
            case Effect.throttled:
                seconds = error.seconds if isinstance(error, Throttled) else asked
                line.limiter.throttled(seconds, line.jitter(), words)
                breaker.failed(words)
                return self._with_time(error)
            case Effect.banned:
                line.limiter.block(asked if asked is not None else BAN, words)
                breaker.open(words, asked if asked is not None else BAN)
                return self._with_time(error)
            case Effect.spent:
                seconds = self._until_reset(error, now)
                line.limiter.block(seconds, words)
                breaker.open(words, seconds)
                return self._with_time(error)
            case Effect.barred | Effect.bad_key:
                breaker.open(words, refused=True)
        return error

    def _until_reset(self, error: TioError, now: datetime) -> float:
        until = error.until if isinstance(error, QuotaSpent) else None
        if until is not None:
            return max(1.0, (until - now).total_seconds())
        reset = self._line.limiter.daily_reset()
        if reset is None:
            midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
            reset = (midnight - now).total_seconds()
        return max(1.0, reset)

    def _with_time(self, error: TioError) -> TioError:
        """The error, saying when it is tried again; of the kind everyone knows."""
        kind = Busy if isinstance(error, Busy) else SourceUnavailable
        until, _ = self._line.limiter.blocked()
        when = f", next try at {until:%H:%M:%S}" if until is not None else ""
        return kind(f"{error.message}{when}", error.next)

    def _named(self, error: TioError) -> TioError:
        """The error with the capability before it and no secrets in it."""
        message = self._line.redactor.text(error.message)
        if not message.startswith(f"{self._wish.capability}: "):
            message = self._said(message)
        error.message, error.args = message, (message,)
        return error

    def _said(self, words: str) -> str:
        return f"{self._wish.capability}: {words}"
