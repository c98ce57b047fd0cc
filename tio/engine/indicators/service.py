"""The words of indicators; what answers them is imported when the first is asked."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tio.api.access import Principal
from tio.api.contract import Request, Topic
from tio.api.indicators import (
    Computed,
    ComputeIndicators,
    GetVolumeProfile,
    IndicatorEntry,
    ListIndicators,
    VolumeProfile,
)
from tio.engine.market.service import MarketService
from tio.engine.service import Answer, Stream

if TYPE_CHECKING:
    from tio.engine.indicators.desk import IndicatorDesk


class IndicatorService:
    """Answers for indicators."""

    def __init__(self, market: MarketService) -> None:
        self._market = market
        self._opened: IndicatorDesk | None = None

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {
            ListIndicators: self._list,
            ComputeIndicators: self._compute,
            GetVolumeProfile: self._profile,
        }

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {}

    async def start(self) -> None:
        """Nothing runs here until somebody asks."""

    async def close(self) -> None:
        """The market's bars are its own to close."""

    async def _list(self, asked: ListIndicators, by: Principal) -> tuple[IndicatorEntry, ...]:
        return await (await self._desk()).list(asked, by)

    async def _compute(self, asked: ComputeIndicators, by: Principal) -> tuple[Computed, ...]:
        return await (await self._desk()).compute(asked, by)

    async def _profile(self, asked: GetVolumeProfile, by: Principal) -> VolumeProfile:
        return await (await self._desk()).profile(asked, by)

    async def _desk(self) -> "IndicatorDesk":
        if self._opened is None:
            # The catalogue is a third of the engine's imports: off the loop.
            made = await asyncio.to_thread(_imported)
            if self._opened is None:
                self._opened = made(self._market)
        return self._opened


def _imported() -> "type[IndicatorDesk]":
    from tio.engine.indicators.desk import IndicatorDesk

    return IndicatorDesk
