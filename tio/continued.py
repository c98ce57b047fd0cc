"""A watch that goes on when its engine moves to another process."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Generic, Protocol, TypeVar

from tio.api.contract import After, Delivery, Engine, Item, Topic, Watch
from tio.wire.gone import EngineGone

R = TypeVar("R")


class Moving(Protocol):
    """What knows where the engine is just now."""

    async def present(self) -> Engine: ...
    def missing(self, engine: Engine, /) -> None: ...


class ContinuedWatch(Generic[R]):
    """One topic on whatever engine is present; after a move it begins with a snapshot again."""

    def __init__(
        self,
        connection: Moving,
        topic: Topic[R],
        after: After | None,
        open_watches: "set[ContinuedWatch[Any]]",
    ) -> None:
        self._connection = connection
        self._topic = topic
        self._after = after
        self._open = open_watches
        self._watch: Watch[R] | None = None
        self._items: AsyncIterator[Item[R]] | None = None
        self._engine: Engine | None = None
        self._step: asyncio.Task[Item[R]] | None = None
        self._moved = False

    async def __aenter__(self) -> AsyncIterator[Item[R]]:
        await self._enter()
        self._open.add(self)
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._open.discard(self)
        await self._leave()

    def __aiter__(self) -> AsyncIterator[Item[R]]:
        return self

    async def __anext__(self) -> Item[R]:
        while True:
            if self._moved or self._items is None:
                self._moved = False
                await self._leave()
                await self._enter()
            self._step = asyncio.create_task(self._next())
            try:
                item = await self._step
            except EngineGone:
                assert self._engine is not None
                self._connection.missing(self._engine)
                self._moved = True
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if not self._moved or (task is not None and task.cancelling()):
                    raise
            else:
                if self._topic.meaning.delivery is Delivery.ordered:
                    self._after = After(item.epoch, item.seq)
                return item

    def move(self) -> None:
        """The engine is leaving: let go of it and begin again at the next."""
        self._moved = True
        if self._step is not None:
            self._step.cancel()

    async def _next(self) -> Item[R]:
        assert self._items is not None
        return await anext(self._items)

    async def _enter(self) -> None:
        while True:
            engine = await self._connection.present()
            watch = engine.watch(self._topic, after=self._after)
            try:
                items = await watch.__aenter__()
            except EngineGone:
                self._connection.missing(engine)
            else:
                self._engine, self._watch, self._items = engine, watch, items
                return

    async def _leave(self) -> None:
        watch, self._watch, self._items = self._watch, None, None
        if watch is not None:
            await watch.__aexit__(None, None, None)
