"""What is asked of Binance over HTTP, at the first of its addresses that serves this place."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar

import msgspec

from tio.api.errors import Busy, NotAllowed, SourceUnavailable, TioError
from tio.api.market import Instrument, Timeframe
from tio.api.ticks import BookSnapshot, Tick
from tio.engine.feeds.binance import Named, read_book
from tio.engine.feeds.binance_rest import (
    INTERVALS,
    Aggregate,
    read_aggregates,
    read_days,
    read_klines,
    read_listing,
    refusal,
)
from tio.engine.feeds.http import Answer, Budget, Host, Limiter, Priority, Window
from tio.engine.feeds.live.answering import reading
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.rows import Row
from tio.plugin import Traits

T = TypeVar("T")

WEIGHT = "weight 1m"
PAGE = 1_000
"""The most klines or trades in one answer."""
BATCH = 100
"""The most symbols in one question for their figures."""
_DAY = 86_400.0
_LIST = 40_000_000
"""Bytes the whole list may have."""


class Door(NamedTuple):
    """One way in: where it is asked and where it streams; `name` is "" for the first."""

    web: str
    socket: str
    name: str = ""


class Venue(msgspec.Struct, frozen=True, kw_only=True):
    """One exchange that speaks this language; `weight` a minute is four fifths of what it allows.

    Its doors are tried in order; `list_params` make its list shorter.
    """

    traits: Traits
    title: str
    doors: tuple[Door, ...]
    weight: float
    list_params: Mapping[str, str] = {}

    @property
    def name(self) -> str:
        return self.traits.name

    @property
    def budget(self) -> Budget:
        """In weights: as even as the minute allows, a twelfth of it at once."""
        window = Window(self.weight, 60, WEIGHT)
        rate, burst = self.weight / 60, self.weight / 12
        return Budget(rate=rate, burst=burst, concurrency=4, windows=(window,))


class Weights:
    """Scales costs so that our window holds four fifths of what the venue says it allows."""

    def __init__(self, planned: float) -> None:
        self._planned = planned
        self.scale = 1.0

    def learn(self, allowed: float | None) -> None:
        """The weight a minute of its list."""
        if allowed:
            self.scale = self._planned / (0.8 * allowed)

    def __call__(self, answer: Answer, limiter: Limiter) -> None:
        """Take what any answer says was used this minute."""
        used = answer.headers.get("x-mbx-used-weight-1m", "")
        if used.isdecimal():
            limiter.used(WEIGHT, float(used) * self.scale)


class BinanceAsking:
    """Binance's answers, read; a TioError where it says no."""

    def __init__(self, reach: Reach, venue: Venue) -> None:
        self._venue = venue
        self.weights = Weights(venue.weight)
        own = reach.settings
        self.doors = venue.doors[:1] if own.base_url or own.ws_url else venue.doors
        """The person's own address is the only one."""
        self._hosts: dict[Door, Host] = {
            door: reach.host(
                f"{venue.name}/{door.name}" if door.name else venue.name,
                door.web,
                venue.budget,
                limits=self.weights,
            )
            for door in self.doors
        }

    async def probe(self, door: Door) -> None:
        """Whether a door serves this place, remembered for a day; NotAllowed where it does not."""
        await self._ask(self._hosts[door], "ping", {}, cost=1, fresh_for=_DAY)

    async def listing(self) -> Sequence[Instrument]:
        """The pairs that trade now; what weight is allowed is learned with them."""
        venue = self._venue
        told = await self._read(
            "exchangeInfo",
            venue.list_params,
            lambda body: read_listing(body, venue.name, venue.title),
            cost=20,
        )
        self.weights.learn(told.weight)
        return told.instruments

    async def klines(self, spelling: str, timeframe: Timeframe, last: int, limit: int) -> list[Row]:
        """The newest `limit` bars that open at `last` (ms) or before, oldest first."""
        params = {
            "symbol": spelling,
            "interval": INTERVALS[timeframe],
            "endTime": str(last),
            "limit": str(limit),
        }
        return await self._read("klines", params, read_klines, cost=2, priority=Priority.background)

    async def aggregates(
        self, spelling: str, symbol: str, first: int, limit: int = PAGE
    ) -> list[Aggregate]:
        """Trades from this number on, oldest first."""
        params = {"symbol": spelling, "fromId": str(first), "limit": str(limit)}
        return await self._read(
            "aggTrades", params, lambda body: read_aggregates(body, symbol), cost=4
        )

    async def book(self, spelling: str, symbol: str) -> BookSnapshot:
        """The thousand best levels of both sides, with the number they were reached at."""
        params = {"symbol": spelling, "limit": "1000"}
        return await self._read("depth", params, lambda body: read_book(body, symbol), cost=50)

    async def days(self, spellings: Sequence[str], named: Named) -> list[Tick]:
        """Figures and best prices of up to `BATCH` symbols."""
        listed = ",".join(f'"{spelling}"' for spelling in spellings)
        cost = 2 if len(spellings) <= 20 else 40
        params = {"symbols": f"[{listed}]"}
        return await self._read(
            "ticker/24hr", params, lambda body: read_days(body, named), cost=cost
        )

    async def _read(
        self,
        what: str,
        params: Mapping[str, str],
        read: Callable[[bytes], T],
        *,
        cost: float,
        priority: Priority = Priority.visible,
    ) -> T:
        """The answer of the first door that gives one; too many questions end the asking."""
        shut: list[TioError] = []
        for host in self._hosts.values():
            try:
                answer = await self._ask(host, what, params, cost=cost, priority=priority)
                with reading(host.name):
                    return read(answer.body)
            except (NotAllowed, SourceUnavailable) as no:
                shut.append(no)
        raise outcome(shut)

    async def _ask(
        self,
        host: Host,
        what: str,
        params: Mapping[str, str],
        *,
        cost: float,
        priority: Priority = Priority.visible,
        fresh_for: float = 0.0,
    ) -> Answer:
        try:
            return await host.get(
                f"/api/v3/{what}",
                params,
                capability=f"{self._venue.name}.{what.partition('/')[0]}",
                cost=cost * self.weights.scale,
                priority=priority,
                fresh_for=fresh_for,
                body_error=refusal,
                at_most=_LIST,
            )
        except SourceUnavailable as no:
            if host.state().blocked_until is not None:
                # A ban is of our address: another door would only make it longer.
                raise Busy(no.message, no.next) from None
            raise


def outcome(shut: Sequence[TioError]) -> TioError:
    """What several closed doors come to: not allowed only where none of them allows."""
    passing = [no for no in shut if not isinstance(no, NotAllowed)]
    return passing[-1] if passing else shut[-1]
