"""What is to come of an instrument: earnings, ex-dividend days and splits, as sources tell them."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, timedelta
from typing import Any, TypeVar

from tio.api.access import Principal
from tio.api.companies import CorporateEvent, EventKind, GetEvents, GetProfile, Profile
from tio.api.contract import Request
from tio.api.errors import TioError
from tio.api.tickets import AheadKind, EventAhead
from tio.engine.service import Answer
from tio.plugin import Clock

PATIENCE = 1.5
"""Seconds a ticket waits for sources; what comes later is in the next one."""
LASTS = 600.0
"""Seconds after which a symbol is asked for anew."""
_ENGINE = Principal()
R = TypeVar("R")
Known = tuple[Profile | None, tuple[CorporateEvent, ...]]
AnswerOf = Callable[[type[Request[Any]]], Answer | None]


class Ahead:
    """Asks who knows companies, and keeps what they told for a while."""

    def __init__(self, answer_of: AnswerOf, clock: Clock) -> None:
        self._answer_of = answer_of
        self._clock = clock
        self._asked: dict[str, tuple[float, asyncio.Task[Known]]] = {}

    async def events(self, symbol: str, days: int) -> tuple[EventAhead, ...] | None:
        """What comes within so many days, the soonest first; None where no source tells dates."""
        task = self._task(symbol)
        await asyncio.wait((task,), timeout=PATIENCE)
        if not task.done():
            return None
        profile, told = task.result()
        if profile is None and not told:
            return None
        today = self._clock.now().date()
        last = today + timedelta(days=days)
        found = {each for each in _told(profile, told) if today <= each.on <= last}
        return tuple(sorted(found, key=lambda each: (each.on, each.kind)))

    async def close(self) -> None:
        tasks = [task for _, task in self._asked.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _task(self, symbol: str) -> asyncio.Task[Known]:
        now = self._clock.monotonic()
        before = self._asked.get(symbol)
        if before is None or now - before[0] >= LASTS:
            task = asyncio.create_task(self._ask(symbol), name=f"what is ahead of {symbol}")
            before = self._asked[symbol] = now, task
        return before[1]

    async def _ask(self, symbol: str) -> Known:
        profile = await self._answered(GetProfile(symbol))
        events = await self._answered(GetEvents(symbol))
        dated = profile is not None and (profile.ex_dividend or profile.earnings_from)
        return profile if dated else None, events or ()

    async def _answered(self, asked: Request[R]) -> R | None:
        answer = self._answer_of(type(asked))
        if answer is None:
            return None
        try:
            told: R = await answer(asked, _ENGINE)
        except TioError:
            return None
        return told


def _told(profile: Profile | None, events: tuple[CorporateEvent, ...]) -> Iterator[EventAhead]:
    dividends = {each.ex_date for each in events if each.kind is not EventKind.share_split}
    if profile is not None and profile.earnings_from is not None:
        yield EventAhead(
            kind=AheadKind.earnings,
            on=profile.earnings_from.astimezone(UTC).date(),
            estimated=profile.earnings_estimated,
            source=profile.told_by.get("earnings_from", ""),
        )
    paid = None if profile is None else profile.ex_dividend
    if profile is not None and paid is not None and paid not in dividends:
        source = profile.told_by.get("ex_dividend", "")
        yield EventAhead(kind=AheadKind.ex_dividend, on=paid, source=source)
    for each in events:
        split = each.kind is EventKind.share_split
        kind = AheadKind.share_split if split else AheadKind.ex_dividend
        yield EventAhead(kind=kind, on=each.ex_date, source=each.source)
