"""Answers what is asked of trading hours."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, date, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from tio.api.access import Principal
from tio.api.contract import Request, Topic
from tio.api.errors import Invalid, NotFound
from tio.api.hours import (
    GetHours,
    GetSessions,
    HoursSheet,
    ListVenues,
    RefreshHours,
    TradingDay,
    VenueHours,
)
from tio.api.market import Instrument
from tio.engine.hours.table import in_force
from tio.engine.jobs import JobDesk
from tio.engine.market.sessions import renew
from tio.engine.market.symbols import classify, normal
from tio.engine.service import Answer, Stream, time_of
from tio.plugin import Clock

log = logging.getLogger(__name__)
FILE = "hours.json"
LONGEST = timedelta(days=8)
MOST_DAYS = timedelta(days=366)
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


class HoursService:
    """Trading hours by the workspace's clock; `folder` is where a refreshed table is kept.

    `known` gives the instrument a text means, or raises NotFound.
    """

    def __init__(
        self, clock: Clock, jobs: JobDesk, folder: Path, known: Callable[[str], Instrument]
    ) -> None:
        self._clock, self._jobs, self._known = clock, jobs, known
        self._file = folder / FILE

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {
            GetHours: self._get,
            GetSessions: self._sessions,
            ListVenues: self._list,
            RefreshHours: self._refresh,
        }

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {}

    async def start(self) -> None:
        """The shipped table is read when the first venue is asked about; a refreshed one now."""
        if self._file.exists():
            in_force.prefer(self._file)
            await asyncio.to_thread(in_force)
            renew()

    async def close(self) -> None:
        """Nothing is held."""

    async def _get(self, asked: GetHours, _: Principal) -> VenueHours:
        from tio.engine.hours import telling

        if asked.day is not None and not EARLIEST <= asked.day <= LATEST:
            raise Invalid(f"the day must lie in 1900 to 2199, was {asked.day}")
        now = time_of(self._clock)
        venue = None if asked.of.startswith("$") else telling.of_venue(asked.of, now, asked.day)
        if venue is not None:
            return venue
        text = asked.of.removeprefix("$")
        try:
            return telling.of_instrument(self._known(text), now, asked.day)
        except NotFound:
            instrument = classify(normal(text))
        told = telling.of_instrument(instrument, now, asked.day)
        unknown = f"no source knows {instrument.symbol}: the hours are those its spelling means"
        return replace(told, note="; ".join(each for each in (told.note, unknown) if each))

    async def _sessions(self, asked: GetSessions, _: Principal) -> tuple[TradingDay, ...]:
        from tio.engine.hours import telling

        for on in (asked.start, asked.end):
            if not EARLIEST <= on <= LATEST:
                raise Invalid(f"a day must lie in 1900 to 2199, was {on}")
        if not asked.start <= asked.end < asked.start + MOST_DAYS:
            raise Invalid(
                f"from {asked.start} to {asked.end} is no time of up to 366 days",
                "ask for less at once",
            )
        try:
            instrument = self._known(asked.symbol)
        except NotFound:
            instrument = classify(normal(asked.symbol))
        return await asyncio.to_thread(telling.days, instrument, asked.start, asked.end)

    async def _list(self, asked: ListVenues, _: Principal) -> tuple[VenueHours, ...]:
        from tio.engine.hours import telling

        now = time_of(self._clock)
        midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        start = asked.start or midnight
        end = asked.end or start + timedelta(days=1)
        if not start < end <= start + LONGEST:
            raise Invalid(f"from {start} to {end} is no time of up to eight days")
        return telling.venues(now, start, end)

    async def _refresh(self, _: RefreshHours, by: Principal) -> HoursSheet:
        from tio.engine.hours.refreshing import refresh

        number, made = await self._jobs.begin(
            "Make the table of hours", refresh(self._file), owner=by.name
        )
        table = await made
        renew()
        log.info("%s: the table of hours of %s is in force", number, table.made)
        return HoursSheet(
            made=table.made,
            by=table.by,
            calendars=len(table.codes),
            covers_until=min(table.calendar(code).last for code in table.codes),
        )
