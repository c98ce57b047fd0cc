"""Frankfurter v1, keyless: the reference rates of the European Central Bank and their history."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from tio.api.errors import NotFound, TioError
from tio.api.market import Bars, Instrument, Timeframe
from tio.api.ticks import Tick
from tio.engine.feeds import frankfurter
from tio.engine.feeds.dated import Span, bars_of_fixes
from tio.engine.feeds.http import Answer, Budget, Host, Priority
from tio.engine.feeds.live.answering import Answers, Telling, Told, checked, parsed, reading
from tio.engine.feeds.live.names import Names
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.polling import poll
from tio.engine.feeds.reference import pair_of
from tio.plugin import Outlet, Source, Wanted

NAME = frankfurter.NAME
BASE = "https://api.frankfurter.dev"
BUDGETS = {NAME: Budget(rate=2, burst=5, concurrency=2)}
ASSETS = frankfurter.ASSETS
NEEDS_KEY: tuple[str, ...] = ()
UNOFFICIAL = False
ATTRIBUTION = "European Central Bank reference rates, through Frankfurter"

EVERY = 1_800.0
"""Seconds between two looks: there is a new fix once a working day."""
FIRST = date(1999, 1, 4)
_FRESH = 900.0


def open_source(reach: Reach) -> Source:
    """The source; nothing is asked before somebody needs it."""
    return Frankfurter(reach)


class Frankfurter:
    """One question a base currency; cross rates are those Frankfurter tells of that base."""

    def __init__(self, reach: Reach) -> None:
        self.traits = frankfurter.TRAITS
        self._clock = reach.clock
        self._host: Host = reach.host(NAME, BASE, BUDGETS[NAME])
        self._names = Names(NAME)

    def instruments(self) -> Sequence[Instrument]:
        """Nothing before the list of currencies is here."""
        return ()

    async def listing(self) -> Sequence[Instrument]:
        """Every pair of the currencies Frankfurter lists."""
        answer = await self._get("/v1/currencies", {}, "list", None, Priority.background, 0.0)
        with reading("Frankfurter"):
            return frankfurter.read_listing(answer.body)

    def learn(self, listed: Sequence[Instrument]) -> None:
        """Serve these pairs."""
        self._names.learn(listed)

    def spelled(self, symbol: str) -> str | None:
        """`EUR/USD` of `EURUSD`; None of what is not listed."""
        return self._names.spelled(symbol)

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        """Look for a new fix now and then."""
        telling = Telling(self._answers, out, lambda symbol: f"there is no fix of {symbol}")
        await poll(telling, wanted, out, self._clock, every=EVERY, batch=1_000)

    async def quotes(self, symbols: Sequence[str]) -> Sequence[Tick]:
        """The newest fix of these pairs, with its own date."""
        return (await self._answers(symbols, Priority.interactive)).ticks

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        """One bar a fix since 1999, its four prices the rate; None of anything but days."""
        spelling = self.spelled(symbol)
        if timeframe is not Timeframe.d1 or limit <= 0 or spelling is None:
            return None
        until = min(end, self._clock.now()).date()
        since = start.date() if start else until - timedelta(days=min(limit, 20_000) * 1.6 + 10)
        since = max(since, FIRST)
        if since > until:
            return None
        base, _, quote = spelling.partition("/")

        def read(body: bytes) -> Bars:
            return bars_of_fixes(
                frankfurter.read_fixes(body, quote), symbol, Span(start, end, limit), self.traits
            )

        try:
            answer = await self._get(
                f"/v1/{since.isoformat()}..{until.isoformat()}",
                {"base": base, "symbols": quote},
                "history",
                None,
                Priority.visible,
                0.0,
            )
        except NotFound:
            return None
        return await parsed("Frankfurter", read, answer.body)

    async def _answers(
        self, symbols: Sequence[str], priority: Priority = Priority.visible
    ) -> Answers:
        by_base: dict[str, list[str]] = defaultdict(list)
        for symbol in symbols:
            if self.spelled(symbol) is not None:
                by_base[symbol[:3]].append(symbol)
        told: list[Told] = []
        unsure: set[str] = set()
        trouble: TioError | None = None
        for base, pairs in by_base.items():
            try:
                told += await self._told(base, pairs, priority)
            except NotFound:
                continue
            except TioError as error:
                trouble = error
                unsure |= set(pairs)
        if trouble is not None and len(unsure) == sum(map(len, by_base.values())):
            raise trouble
        return Answers(tuple(told), frozenset(unsure))

    async def _told(self, base: str, symbols: Sequence[str], priority: Priority) -> list[Told]:
        quotes = ",".join(sorted(symbol[3:] for symbol in symbols))
        params = {"base": base, "symbols": quotes}
        answer = await self._get("/v1/latest", params, "quote", frankfurter.parse, priority)
        with reading("Frankfurter"):
            ticks = frankfurter.parse(answer.body)
        return [
            Told(self._instrument(tick.symbol), (tick,), self.traits, answer.received_at)
            for tick in ticks
            if tick.symbol in symbols
        ]

    def _instrument(self, symbol: str) -> Instrument:
        return self._names.instrument(symbol) or pair_of(symbol[:3], symbol[3:], NAME)

    async def _get(
        self,
        path: str,
        params: dict[str, str],
        what: str,
        read: Callable[[bytes], object] | None,
        priority: Priority,
        fresh_for: float = _FRESH,
    ) -> Answer:
        return await self._host.get(
            path,
            params,
            capability=what,
            priority=priority,
            fresh_for=fresh_for,
            body_error=checked(frankfurter.refusal, read),
        )
