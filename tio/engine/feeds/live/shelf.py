"""The live sources of a workspace: opened when first needed, each with its list and its keys."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from tio.api.errors import TioError
from tio.api.market import Instrument
from tio.api.series import instant
from tio.engine.feeds.live.catalogue import CATALOGUE, Known
from tio.plugin import Clock, Lists, Source, Spells

log = logging.getLogger(__name__)

LIST_LASTS = 24 * 3_600 * 1_000_000
"""Microseconds for which a venue's list is taken as it is."""
LIST_AGAIN = 60.0
"""Seconds after which a list that could not be had is asked for again, doubled up to an hour."""


class Kept(Protocol):
    """A list as it was kept."""

    @property
    def at(self) -> int: ...
    @property
    def instruments(self) -> tuple[Instrument, ...]: ...


class Keeping(Protocol):
    """Where venues' lists are kept between runs."""

    async def get(self, source: str) -> Kept | None: ...
    async def put(self, source: str, at: int, instruments: Sequence[Instrument]) -> None: ...


class LiveShelf:
    """Which live sources can be used, and the sources themselves.

    `switches` holds what a person switched, by name.
    """

    def __init__(
        self,
        clock: Clock,
        open_source: Callable[[str], Source],
        configured: Callable[[str], bool | None],
        secret: Callable[[str, str], str],
        lists: Keeping,
        catalogue: Mapping[str, Known] = CATALOGUE,
        barred: str = "",
    ) -> None:
        self.catalogue = catalogue
        self.switches: dict[str, bool] = {}
        self.on_listed: Callable[[str, Sequence[Instrument]], None] = _nobody
        """Gets a source and its instruments when a list is learned; none when it cannot be had."""
        self._clock = clock
        self.barred = barred
        """Why none of them may be used at all; "" when they may."""
        self._open = open_source
        self._configured = configured
        self._secret = secret
        self._lists = lists
        self._sources: dict[str, Source] = {}
        self._broken: dict[str, str] = {}
        self._listed: set[str] = set()
        self._troubles: dict[str, str] = {}
        """Why a list could not be had when it was last asked for."""
        self._again: dict[str, datetime] = {}
        """When such a list is asked for again."""
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def lacks(self, name: str) -> tuple[str, ...]:
        """The credentials a source needs and has not."""
        return tuple(f for f in self.catalogue[name].needs_key if not self._secret(name, f))

    def is_on(self, name: str) -> bool:
        """Whether a person, their configuration or else tio's default has it on."""
        if name in self.switches:
            return self.switches[name]
        configured = self._configured(name)
        return self.catalogue[name].on if configured is None else configured

    def unusable(self, name: str) -> str:
        """Why a source cannot be used; "" when it can."""
        if name not in self.catalogue:
            return "there is no such source"
        if self.barred:
            return self.barred
        if not self.is_on(name):
            return "switched off"
        lacking = self.lacks(name)
        if lacking:
            return f"no key: tio keys set {name}"
        return self._broken.get(name, "")

    def source(self, name: str) -> Source | None:
        """The source, opened now if need be; None when it cannot be used."""
        if self.unusable(name):
            return None
        if name not in self._sources:
            try:
                self._sources[name] = self._open(name)
            except Exception as error:
                # Of one source: the others, and who routes them, go on.
                if not isinstance(error, TioError | ImportError):
                    log.exception("the source %s could not be opened", name)
                self._broken[name] = str(error) or type(error).__name__
                return None
        return self._sources[name]

    def opened(self, name: str) -> Source | None:
        """The source when it was opened before."""
        return self._sources.get(name)

    def reopen(self, name: str) -> None:
        """Forget a source, as when its key changed: the next who needs it opens it anew."""
        self._sources.pop(name, None)
        self._broken.pop(name, None)
        self._listed.discard(name)
        self._troubles.pop(name, None)
        task = self._tasks.pop(name, None)
        if task is not None:
            task.cancel()

    def why_not(self, name: str, symbol: str) -> str:
        """Why a source does not serve a symbol; "" when it does. Opens it."""
        source = self.source(name)
        if source is None:
            return self.unusable(name)
        if isinstance(source, Lists) and not self._known(name):
            trouble = self._troubles.get(name, "")
            return f"its list of instruments is not here yet{trouble and f' ({trouble})'}"
        if isinstance(source, Spells) and source.spelled(symbol) is None:
            return "does not list it"
        return ""

    def awaits_list(self, name: str) -> bool:
        """Whether a source that can be used has yet to learn what it serves, and may soon."""
        source = self.source(name)
        return isinstance(source, Lists) and not self._known(name) and name not in self._troubles

    def trouble(self, name: str) -> tuple[str, datetime | None]:
        """Why the list of a source is not here, and when it is asked for again; "" while it may."""
        return self._troubles.get(name, ""), self._again.get(name)

    async def close(self) -> None:
        """End what still asks for lists."""
        tasks = list(self._tasks.values())
        self._tasks.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _known(self, name: str) -> bool:
        """Whether the list is here; else somebody is sent for it."""
        if name in self._listed:
            return True
        if name not in self._tasks:
            self._tasks[name] = asyncio.create_task(self._learn(name), name=f"list of {name}")
        return False

    async def _learn(self, name: str) -> None:
        """Take the kept list at once, ask for a fresh one when it is old; for ever, once a day."""
        source = self._sources[name]
        if not isinstance(source, Lists):
            return
        kept = None
        try:
            kept = await self._lists.get(name)
        except TioError as error:
            log.warning("the kept list of %s could not be read: %s", name, error)
        if kept is not None:
            self._take(name, source, kept.instruments)
        age = LIST_LASTS if kept is None else instant(self._clock.now()) - kept.at
        await self._clock.sleep(max(0.0, (LIST_LASTS - age) / 1_000_000))
        rest = LIST_AGAIN
        while True:
            try:
                listed = await source.listing()
            except Exception as error:
                # Whatever it was: with this task gone the source would never serve anything.
                unforeseen = not isinstance(error, TioError | OSError)
                log.info("the list of %s could not be had: %s", name, error, exc_info=unforeseen)
                self._troubles[name] = str(error)
                self._again[name] = self._clock.now() + timedelta(seconds=rest)
                self.on_listed(name, ())
                await self._clock.sleep(rest)
                rest = min(3_600.0, rest * 2)
                continue
            rest = LIST_AGAIN
            self._take(name, source, listed)
            try:
                await self._lists.put(name, instant(self._clock.now()), listed)
            except TioError as error:
                log.warning("the list of %s could not be kept: %s", name, error)
            await self._clock.sleep(LIST_LASTS / 1_000_000)

    def _take(self, name: str, source: Lists, listed: Sequence[Instrument]) -> None:
        source.learn(listed)
        self._listed.add(name)
        self._troubles.pop(name, None)
        self.on_listed(name, listed)


def _nobody(name: str, listed: Sequence[Instrument]) -> None:
    """Nobody wants to hear of it."""
