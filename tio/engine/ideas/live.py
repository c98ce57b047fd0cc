"""Cards that are still to be scored: marked by what quotes show, scored by bars when due."""

import asyncio
import logging
from datetime import datetime, timedelta

from msgspec.structs import replace

from tio.api.errors import TioError
from tio.api.ideas import Idea, IdeaScore, Outcome
from tio.engine.ideas.history import Past, PlanHistory
from tio.engine.ideas.marking import marked
from tio.engine.ideas.scoring import Verdict, scored
from tio.engine.market.service import MarketService
from tio.engine.store.database import Database
from tio.engine.store.ideas import IdeaTable
from tio.plugin import Clock

log = logging.getLogger(__name__)

BEAT = 2.0
"""Seconds between two looks at the quotes of live cards."""
DUE_EVERY = 15.0
GRACE = timedelta(seconds=90)
"""Waited after a horizon, for the bars of its end."""
AGAIN = (60.0, 300.0, 1_800.0, 3_600.0)
"""Seconds after which a card whose bars are missing is tried again; the last one repeats."""

Key = tuple[str, str]
"""Owner and id."""


class LiveIdeas:
    """Every open card of a workspace; `lock` is held while a card changes."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        market: MarketService,
        history: PlanHistory | None = None,
    ) -> None:
        self.lock = asyncio.Lock()
        self._database = database
        self._clock = clock
        self._market = market
        self._history = history or PlanHistory(market)
        self._open: dict[Key, Idea] = {}
        self._unkept: set[Key] = set()
        """Cards that quotes marked and that are not on disk so."""
        self._followed: frozenset[str] = frozenset()
        self._tries: dict[Key, tuple[int, float]] = {}
        """How often a due card was tried, and when it is again (monotonic)."""
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Take up the cards a former life left; those that came due meanwhile are scored."""
        for owner, idea in await self._database.read(IdeaTable.open):
            self._open[owner, idea.id] = idea
        self._follow()
        self._tasks = [
            asyncio.create_task(self._watch(), name="quotes of ideas"),
            asyncio.create_task(self._settle(), name="horizons of ideas"),
        ]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._keep_marks()
        self._open.clear()
        self._follow()

    def put(self, owner: str, idea: Idea) -> None:
        """A card was written, changed or ended."""
        key = owner, idea.id
        self._unkept.discard(key)
        if idea.open:
            self._open[key] = idea
        else:
            self._open.pop(key, None)
            self._tries.pop(key, None)
        self._follow()

    def now(self, owner: str, idea: Idea) -> Idea:
        """A card from disk with what quotes have shown since it was kept."""
        seen = self._open.get((owner, idea.id))
        if seen is None or (owner, idea.id) not in self._unkept:
            return idea
        return replace(
            idea, entered_at=seen.entered_at, ended_at=seen.ended_at, ended_by=seen.ended_by
        )

    async def _keep_marks(self) -> None:
        """Have on disk what quotes marked."""
        while self._unkept:
            key = self._unkept.pop()
            idea = self._open.get(key)
            if idea is not None:
                await self._keep(key[0], idea)

    async def seen_in_bars(self, owner: str, idea: Idea) -> Idea:
        """The card with its entry as the bars since its plan have it, where they have."""
        past = await self._history.so_far(idea.symbol, idea.plan, self._clock.now())
        verdict = Verdict() if past is None else scored(past.plan, past.bars, final=False)
        if verdict.entered_at is not None:
            idea = replace(idea, entered_at=verdict.entered_at)
        elif verdict.outcome is Outcome.never_entered:
            idea = replace(idea, ended_at=verdict.ended_at, ended_by=Outcome.invalidated)
        else:
            return idea
        await self._keep(owner, idea)
        self.put(owner, idea)
        return idea

    def look(self) -> None:
        """Mark the cards whose entry or end the newest quotes show."""
        now = self._clock.now()
        for key, idea in self._open.items():
            seen = marked(idea, self._market.quote(idea.symbol), now)
            if seen is not idea:
                self._open[key] = seen
                self._unkept.add(key)

    async def score_due(self) -> None:
        """Score every card whose horizon is over and whose bars are there."""
        now = self._clock.now()
        for key, idea in list(self._open.items()):
            _, at = self._tries.get(key, (0, 0.0))
            if idea.plan.due + GRACE <= now and at <= self._clock.monotonic():
                await self._score(key, now)

    async def _score(self, key: Key, now: datetime) -> None:
        owner, idea = key[0], self._open[key]
        try:
            past = await self._history.whole(idea.symbol, idea.plan, now)
        except TioError as error:
            await self._wait(key, error.message)
            return
        async with self.lock:
            if key not in self._open:
                return
            idea = self._open[key]
            done = replace(idea, score=_score_of(past, now), waits="")
            await self._keep(owner, done)
            self.put(owner, done)
        log.info("idea %s of %s is scored", idea.id, idea.symbol)

    async def _wait(self, key: Key, why: str) -> None:
        """Bars are missing: say so and try again later."""
        count, _ = self._tries.get(key, (0, 0.0))
        pause = AGAIN[min(count, len(AGAIN) - 1)]
        self._tries[key] = count + 1, self._clock.monotonic() + pause
        async with self.lock:
            idea = self._open.get(key)
            if idea is not None and idea.waits != why:
                waiting = replace(idea, waits=why)
                await self._keep(key[0], waiting)
                self._open[key] = waiting

    async def _keep(self, owner: str, idea: Idea) -> None:
        await self._database.write(lambda c: IdeaTable.put(c, owner, idea))

    async def _watch(self) -> None:
        while True:
            try:
                self.look()
                if self._unkept:
                    async with self.lock:
                        await self._keep_marks()
            except Exception:
                log.exception("the quotes of ideas could not be looked at")
            await self._clock.sleep(BEAT)

    async def _settle(self) -> None:
        while True:
            try:
                await self.score_due()
            except Exception:
                log.exception("ideas could not be scored")
            await self._clock.sleep(DUE_EVERY)

    def _follow(self) -> None:
        """Hear the symbols of open cards and no others."""
        wanted = frozenset(idea.symbol for idea in self._open.values())
        begun, ended = wanted - self._followed, self._followed - wanted
        self._followed = wanted
        if begun:
            self._market.demand.add(begun)
        if ended:
            self._market.demand.drop(ended)


def _score_of(past: Past, now: datetime) -> IdeaScore:
    verdict = scored(past.plan, past.bars)
    assert verdict.outcome is not None
    return IdeaScore(
        outcome=verdict.outcome,
        r=verdict.r,
        mae=verdict.mae,
        mfe=verdict.mfe,
        entered_at=verdict.entered_at,
        entry=verdict.entry,
        ended_at=verdict.ended_at,
        exit=verdict.exit,
        ambiguous=verdict.ambiguous,
        said=verdict.said,
        since=past.plan.at,
        until=past.plan.due,
        timeframe=past.timeframe,
        bars=verdict.bars,
        source=past.source,
        scored_at=now,
    )
