"""Views that wait: each is scored once its last session is over and its bars are there."""

import asyncio
import logging
from datetime import datetime, timedelta

from msgspec.structs import replace

from tio.api.errors import TioError
from tio.api.views import GivenView, ViewOutcome
from tio.engine.analyst.views.history import DailyHistory
from tio.engine.analyst.views.scoring import scored, unscored
from tio.engine.analyst.views.sessions import horizon
from tio.engine.store.database import Database
from tio.engine.store.views import ViewTable
from tio.plugin import Clock

log = logging.getLogger(__name__)

EVERY = 60.0
GRACE = timedelta(minutes=30)
"""Waited after the last close: sources tell a day's bar late."""
AGAIN = (900.0, 3_600.0, 21_600.0)
"""Seconds after which bars that are missing are looked for again; the last one repeats."""
PATIENCE = timedelta(days=21)
"""How long they are waited for before a view is given up."""

Key = tuple[str, str]
"""Owner and id."""


class DueViews:
    """Every view of a workspace that is still to be scored."""

    def __init__(self, database: Database, clock: Clock, history: DailyHistory) -> None:
        self._database = database
        self._clock = clock
        self._history = history
        self._waiting: dict[Key, GivenView] = {}
        self._tries: dict[Key, tuple[int, float]] = {}
        """How often a due view was tried, and when it is again (monotonic)."""
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Take up the views a former life left."""
        for owner, view in await self._database.read(ViewTable.waiting):
            self.put(owner, view)
        self._task = asyncio.create_task(self._settle(), name="views that are due")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def put(self, owner: str, view: GivenView) -> None:
        """A view was given."""
        if view.outcome is ViewOutcome.waiting:
            self._waiting[owner, view.id] = view

    async def score_due(self) -> None:
        """Score every view whose last session is over and whose bars are there."""
        now = self._clock.now()
        for key, view in list(self._waiting.items()):
            _, at = self._tries.get(key, (0, 0.0))
            if view.due + GRACE <= now and at <= self._clock.monotonic():
                try:
                    await self._score(key, view, now)
                except Exception:
                    # One that cannot be scored keeps none of the others waiting.
                    log.exception("view %s of %s could not be scored", view.id, view.symbol)
                    self._postpone(key)

    async def _score(self, key: Key, view: GivenView, now: datetime) -> None:
        try:
            past = await self._history.since(view.symbol, view.reference_day, now)
            last = horizon(past.rules, view.given, view.days)
            done = scored(view, past.days, last, now, exact=past.exact)
        except TioError as error:
            if now - view.due < PATIENCE:
                await self._later(key, view, error.message)
                return
            done = unscored(view, now, error.message)
        await self._keep(key, done)
        self._waiting.pop(key, None)
        self._tries.pop(key, None)
        log.info("view %s of %s: %s", view.id, view.symbol, done.outcome)

    async def _later(self, key: Key, view: GivenView, why: str) -> None:
        """Bars are missing: say so and look again later."""
        self._postpone(key)
        if view.waits != why:
            self._waiting[key] = waiting = replace(view, waits=why)
            await self._keep(key, waiting)

    def _postpone(self, key: Key) -> None:
        count, _ = self._tries.get(key, (0, 0.0))
        pause = AGAIN[min(count, len(AGAIN) - 1)]
        self._tries[key] = count + 1, self._clock.monotonic() + pause

    async def _keep(self, key: Key, view: GivenView) -> None:
        await self._database.write(lambda c: ViewTable.put(c, key[0], view))

    async def _settle(self) -> None:
        while True:
            await self.score_due()
            await self._clock.sleep(EVERY)
