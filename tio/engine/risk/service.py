"""The words of risk; what answers them is imported when the first is asked."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tio.api.access import Principal
from tio.api.contract import Request, Topic
from tio.api.risk import CorrelationMatrix, GetCorrelation, SizedPosition, SizePosition
from tio.engine.market.service import MarketService
from tio.engine.service import Answer, Stream

if TYPE_CHECKING:
    from tio.engine.risk.comparing import Comparing


class RiskService:
    """Answers for risk that needs no portfolio."""

    def __init__(self, market: MarketService) -> None:
        self._market = market
        self._comparing: Comparing | None = None

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {GetCorrelation: self._correlation, SizePosition: self._size}

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {}

    async def start(self) -> None:
        """Nothing runs here."""

    async def close(self) -> None:
        """Nothing to let go of."""

    async def _correlation(self, asked: GetCorrelation, by: Principal) -> CorrelationMatrix:
        if self._comparing is None:
            kind = await asyncio.to_thread(_imported)
            self._comparing = kind(self._market)
        return await self._comparing.correlation(asked, by)

    async def _size(self, asked: SizePosition, _: Principal) -> SizedPosition:
        from tio.engine.risk.sizing import size_position

        return await asyncio.to_thread(size_position, asked)


def _imported() -> "type[Comparing]":
    from tio.engine.risk.comparing import Comparing

    return Comparing
