"""A person's drawings: kept once, told to every terminal, suspended when their symbol splits."""

import asyncio
import logging
import sqlite3
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from tio.api.access import Principal
from tio.api.charts import (
    DeleteDrawing,
    Drawing,
    DrawingKind,
    Drawings,
    ListDrawings,
    Point,
    RescaleDrawing,
    SaveDrawing,
)
from tio.api.clean import clean
from tio.api.companies import CorporateEvent
from tio.api.contract import After, Item, Request, Topic, Watch
from tio.api.errors import Conflict, Invalid, TioError
from tio.api.series import instant
from tio.engine.bus import Bus
from tio.engine.charts.rescaling import as_it_stands
from tio.engine.market.sessions import SessionRules
from tio.engine.service import Answer, Stream
from tio.engine.store.database import Database
from tio.engine.store.drawings import DrawingTable
from tio.engine.written import written
from tio.plugin import Clock

log = logging.getLogger(__name__)

Shown = tuple[Drawing, ...]
Key = tuple[str, str]
"""Owner and symbol."""
AGAIN = 60.0
"""Seconds between two looks whether what is watched has split."""


class DrawingDesk:
    """Answers for drawings. `events` tells what is known to have happened to a symbol.

    `clock` is the workspace's, by which a split is past; `wall` the real one, by which write keys
    age.
    """

    def __init__(
        self,
        database: Database,
        wall: Clock,
        clock: Clock,
        bus: Bus,
        symbol: Callable[[str], str],
        events: Callable[[str], Awaitable[Sequence[CorporateEvent]]],
        rules: Callable[[str], SessionRules],
    ) -> None:
        self._database = database
        self._wall = wall
        self._clock = clock
        self._symbol = symbol
        self._events = events
        self._rules = rules
        self._shown: dict[Key, Shown] = {}
        self._watched: dict[Key, int] = {}
        self._reading = asyncio.Lock()
        self._channel = bus.latest(self._shown.get)
        self._looking: asyncio.Task[None] | None = None

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {
            ListDrawings: self._list,
            SaveDrawing: self._save,
            DeleteDrawing: self._delete,
            RescaleDrawing: self._rescale,
        }

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {Drawings: self._watch}

    async def start(self) -> None:
        self._looking = asyncio.create_task(self._look(), name="splits of what is drawn on")

    async def close(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _list(self, asked: ListDrawings, by: Principal) -> Shown:
        symbol = self._symbol(asked.symbol) if asked.symbol else ""
        kept = await self._database.read(lambda c: DrawingTable.list(c, by.name, symbol))
        return await self._standing(kept)

    async def _save(self, asked: SaveDrawing, by: Principal) -> Drawing:
        wanted = _checked(replace(asked.drawing, symbol=self._symbol(asked.drawing.symbol)))
        now = self._clock.now()

        def save(connection: sqlite3.Connection) -> Drawing:
            if not wanted.id:
                # One put back after it was deleted has the prices of the day they were typed.
                made = min(wanted.made_at or now, now)
                fresh = replace(wanted, id=uuid.uuid4().hex[:12], made_at=made)
                return DrawingTable.add(connection, by.name, fresh)
            before = DrawingTable.get(connection, by.name, wanted.id)
            if before.symbol != wanted.symbol:
                raise Conflict(
                    f"drawing {wanted.id} is one of {before.symbol}, not of {wanted.symbol}",
                    "save it without an id to draw it there too",
                )
            same = (before.points, before.adjusted) == (wanted.points, wanted.adjusted)
            made_at = before.made_at if same else now
            return DrawingTable.put(connection, by.name, replace(wanted, made_at=made_at))

        saved = await written(self._database, self._wall, asked, by, save, Drawing)
        await self._reload((by.name, saved.symbol))
        return (await self._standing((saved,)))[0]

    async def _delete(self, asked: DeleteDrawing, by: Principal) -> Drawing:
        def delete(connection: sqlite3.Connection) -> Drawing:
            return DrawingTable.delete(connection, by.name, asked.id)

        gone = await written(self._database, self._wall, asked, by, delete, Drawing)
        await self._reload((by.name, gone.symbol))
        return gone

    async def _rescale(self, asked: RescaleDrawing, by: Principal) -> Drawing:
        kept = await self._database.read(lambda c: DrawingTable.list(c, by.name))
        symbol = next((each.symbol for each in kept if each.id == asked.id), "")
        events = await self._events(symbol) if symbol else ()
        now = self._clock.now()

        def rescale(connection: sqlite3.Connection) -> Drawing:
            drawing = DrawingTable.get(connection, by.name, asked.id)
            told = as_it_stands(drawing, events, self._rules(drawing.symbol), instant(now))
            if not told.suspended:
                raise Invalid(f"drawing {asked.id} is not suspended", "there is nothing to rescale")
            fresh = replace(drawing, points=told.proposed, made_at=now)
            return DrawingTable.put(connection, by.name, fresh)

        rescaled = await written(self._database, self._wall, asked, by, rescale, Drawing)
        await self._reload((by.name, rescaled.symbol))
        return rescaled

    async def _standing(self, kept: Shown) -> Shown:
        """Drawings as they stand now, by the splits since they were made."""
        now = instant(self._clock.now())
        events = {symbol: await self._events(symbol) for symbol in {e.symbol for e in kept}}
        return tuple(
            as_it_stands(each, events[each.symbol], self._rules(each.symbol), now) for each in kept
        )

    async def _reload(self, key: Key) -> None:
        """Tell those who watch, if what they saw has changed."""
        if key not in self._watched:
            return
        # One reading at a time: two could end in the other order than they began.
        async with self._reading:
            kept = await self._database.read(lambda c: DrawingTable.list(c, *key))
            shown = await self._standing(kept)
            changed = key in self._watched and self._shown.get(key) != shown
            if changed:
                self._shown[key] = shown
        if changed:
            self._channel.touch(key)

    async def _look(self) -> None:
        while True:
            await self._clock.sleep(AGAIN)
            for key in tuple(self._watched):
                try:
                    await self._reload(key)
                except TioError as error:
                    log.warning("the drawings of %s: %s", key[1], error.message)

    def _watch(self, topic: Drawings, by: Principal, _: After | None) -> Watch[Shown]:
        key = by.name, self._symbol(topic.symbol)

        def newest(values: Sequence[Shown]) -> Shown:
            return values[-1]

        watch = self._channel.watch([key], lambda: self._shown.get(key, ()), newest)
        return _Loaded(self, key, watch)

    async def begin(self, key: Key) -> None:
        """Somebody watches a symbol's drawings: have them at hand."""
        self._watched[key] = self._watched.get(key, 0) + 1
        await self._reload(key)

    def end(self, key: Key) -> None:
        """Somebody watches no more."""
        self._watched[key] -= 1
        if not self._watched[key]:
            del self._watched[key]
            self._shown.pop(key, None)


class _Loaded:
    """A watch that begins when what it tells first has been read."""

    def __init__(self, desk: DrawingDesk, key: Key, watch: Watch[Shown]) -> None:
        self._desk, self._key, self._watch = desk, key, watch

    async def __aenter__(self) -> AsyncIterator[Item[Shown]]:
        try:
            await self._desk.begin(self._key)
            return await self._watch.__aenter__()
        except BaseException:
            self._desk.end(self._key)
            raise

    async def __aexit__(self, *exc: object) -> None:
        await self._watch.__aexit__(*exc)
        self._desk.end(self._key)


def _checked(drawing: Drawing) -> Drawing:
    """A drawing that can be drawn, its texts cleaned; Invalid."""
    kind, points = drawing.kind, drawing.points
    if len(points) != kind.points:
        raise Invalid(f"a {kind} is drawn by {kind.points} points, were {len(points)}")
    for point in points:
        if point.time.tzinfo is None:
            raise Invalid(f"a point's time must carry a zone, was {point.time.isoformat()}")
    made_at = drawing.made_at
    if made_at is not None and made_at.tzinfo is None:
        raise Invalid(f"made_at must carry a zone, was {made_at.isoformat()}", "add a Z")
    text = clean(drawing.text).strip()
    if kind is DrawingKind.text and not text:
        raise Invalid("a text needs words", "give 1 to 200 characters")
    return replace(
        drawing,
        points=tuple(Point(point.time, point.price) for point in points),
        text=text,
        pen=clean(drawing.pen).strip(),
        suspended="",
        proposed=(),
    )
