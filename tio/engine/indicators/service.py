"""The words of indicators; what answers them is imported when the first is asked."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

from tio.api.access import Principal
from tio.api.contract import After, Item, Request, Topic, Watch
from tio.api.indicators import (
    Computed,
    ComputeIndicators,
    GetVolumeProfile,
    IndicatorEntry,
    IndicatorUpdates,
    ListIndicators,
    VolumeProfile,
)
from tio.engine.bus import Bus
from tio.engine.market.service import MarketService
from tio.engine.service import Answer, Stream
from tio.plugin import Clock

if TYPE_CHECKING:
    from tio.engine.indicators.desk import IndicatorDesk


class IndicatorService:
    """Answers for indicators."""

    def __init__(self, market: MarketService, bus: Bus, clock: Clock) -> None:
        self._market = market
        self._bus = bus
        self._clock = clock
        self._opened: IndicatorDesk | None = None

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {
            ListIndicators: self._list,
            ComputeIndicators: self._compute,
            GetVolumeProfile: self._profile,
        }

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {IndicatorUpdates: self._watch}

    async def start(self) -> None:
        """Nothing runs here until somebody asks."""

    async def close(self) -> None:
        """End what computes in a process of its own."""
        if self._opened is not None:
            await self._opened.close()

    async def _list(self, asked: ListIndicators, by: Principal) -> tuple[IndicatorEntry, ...]:
        return await (await self.desk()).list(asked, by)

    async def _compute(self, asked: ComputeIndicators, by: Principal) -> tuple[Computed, ...]:
        return await (await self.desk()).compute(asked, by)

    async def _profile(self, asked: GetVolumeProfile, by: Principal) -> VolumeProfile:
        return await (await self.desk()).profile(asked, by)

    def _watch(
        self, topic: IndicatorUpdates, by: Principal, _: After | None
    ) -> Watch[tuple[Computed, ...]]:
        return _Opening(self.desk, topic, by)

    async def desk(self) -> "IndicatorDesk":
        if self._opened is None:
            # The catalogue is a third of the engine's imports: off the loop.
            made = await asyncio.to_thread(_imported)
            if self._opened is None:
                self._opened = made(self._market, self._bus, self._clock)
        return self._opened


class _Opening:
    """A watch of what is imported when it begins."""

    def __init__(
        self,
        desk: Callable[[], Awaitable["IndicatorDesk"]],
        topic: IndicatorUpdates,
        by: Principal,
    ) -> None:
        self._desk = desk
        self._topic = topic
        self._by = by
        self._open = AsyncExitStack()

    async def __aenter__(self) -> AsyncIterator[Item[tuple[Computed, ...]]]:
        watch = await (await self._desk()).watch(self._topic, self._by)
        return await self._open.enter_async_context(watch)

    async def __aexit__(self, *exc: object) -> None:
        await self._open.aclose()


def _imported() -> "type[IndicatorDesk]":
    from tio.engine.indicators.desk import IndicatorDesk

    return IndicatorDesk
