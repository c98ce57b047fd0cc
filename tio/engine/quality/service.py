"""Quality as the engine's service: light until somebody asks, so that tio starts as fast."""

import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from tio.api.access import Principal
from tio.api.contract import Request, Topic
from tio.api.market import Bars
from tio.api.quality import FindFaults, ListRepairs, RepairBars, UndoRepair
from tio.engine.market.market import Market
from tio.engine.market.sessions import SessionRules
from tio.engine.service import Answer, Stream
from tio.engine.store.bars import BarStore
from tio.engine.store.database import Database
from tio.plugin import Clock

if TYPE_CHECKING:
    from tio.engine.quality.desk import QualityDesk


class QualityService:
    """Opens the desk of faults and repairs with the first question to it."""

    def __init__(
        self,
        clock: Clock,
        database: Database,
        store: BarStore | None,
        market: Market,
        symbol: Callable[[str], str],
        rules: Callable[[str], SessionRules],
        settle: Callable[[], Awaitable[None]],
    ) -> None:
        self._clock = clock
        self._database = database
        self._store = store
        self._market = market
        self._symbol = symbol
        self._rules = rules
        self._settle = settle
        self._opened: QualityDesk | None = None
        self._ever = False
        """Whether anything was ever repaired."""

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return dict.fromkeys((FindFaults, RepairBars, UndoRepair, ListRepairs), self._answer)

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {}

    async def start(self) -> None:
        self._ever = await self._database.read(_any_repair)

    async def close(self) -> None:
        """The store is the engine's to close."""

    async def marked(self, bars: Bars) -> Bars:
        """These bars, those of them told that were repaired."""
        return await self._desk().marked(bars) if self._ever else bars

    async def _answer(self, asked: Request[Any], by: Principal) -> Any:
        answer = self._desk().answers()[type(asked)]
        told = await answer(asked, by)
        self._ever = self._ever or isinstance(asked, RepairBars)
        return told

    def _desk(self) -> "QualityDesk":
        if self._opened is None:
            from tio.engine.quality.desk import QualityDesk
            from tio.engine.quality.live import take_over

            self._opened = QualityDesk(
                self._clock,
                self._database,
                self._store,
                self._symbol,
                self._rules,
                self._settle,
                lambda key, bars: take_over(self._market, key, bars),
            )
        return self._opened


def _any_repair(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM repairs LIMIT 1").fetchone() is not None
