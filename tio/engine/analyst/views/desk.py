"""Keeps the views the analyst gives, answers for them and tells how often they held."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from tio.api.access import Principal
from tio.api.analyst import Report, Workflow
from tio.api.clean import clean
from tio.api.contract import Request, Topic
from tio.api.errors import TioError
from tio.api.views import GetViewRecord, GivenView, ListViews, ViewRecord
from tio.engine.analyst.views.due import DueViews
from tio.engine.analyst.views.giving import Said, given
from tio.engine.analyst.views.history import DailyHistory
from tio.engine.market.service import MarketService
from tio.engine.service import Answer, Stream
from tio.engine.store.database import Database
from tio.engine.store.views import ViewTable
from tio.plugin import Clock

log = logging.getLogger(__name__)

PRESENT = timedelta(minutes=15)
"""What knows everything up to so long ago is of now; older, and of a past moment, is not kept."""


class ViewDesk:
    """The views of a workspace, each owner's apart."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        market: MarketService,
        history: DailyHistory | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._market = market
        self._history = history or DailyHistory(market)
        self.due = DueViews(database, clock, self._history)

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {ListViews: self._list, GetViewRecord: self._record}

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {}

    async def start(self) -> None:
        await self.due.start()

    async def close(self) -> None:
        await self.due.close()

    async def given(
        self, owner: str, said: Said, *, chat: str = "", message: str = ""
    ) -> GivenView | None:
        """Keep a view given now; None where it is of the past, or nothing could measure it.

        The same author saying the same of the same sessions again has said it once.
        """
        now = self._clock.now()
        if not now - PRESENT <= said.as_of <= now + PRESENT:
            return None
        try:
            symbol = self._market.symbol(said.symbol)
            past = await self._history.before(symbol, now)
            view = given(said, self._market.quote(symbol), past, now)
            view = replace(
                view,
                symbol=symbol,
                reason=clean(said.reason, limit=400),
                chat=chat,
                message=message,
            )
            made = await self._database.write(lambda c: ViewTable.add(c, owner, view))
        except TioError as error:
            log.info("a view of %s is not kept: %s", said.symbol, error.message)
            return None
        self.due.put(owner, made)
        return made

    async def reported(
        self, owner: str, report: Report, by: str, *, chat: str = "", message: str = ""
    ) -> GivenView | None:
        """Keep the view of a brief, over the next five sessions; None where it gives none."""
        if report.workflow is not Workflow.brief or report.view is None:
            return None
        said = Said(
            symbol=report.symbol,
            bias=report.view.bias,
            by=by,
            confidence=report.confidence.score,
            reason=report.headline,
            as_of=report.as_of,
        )
        return await self.given(owner, said, chat=chat, message=message)

    async def held(self, owner: str, by: str) -> tuple[int, int]:
        """How many views of an author held, of how many scored; none where that is not known."""
        try:
            return await self._database.read(lambda c: ViewTable.held(c, owner, by))
        except TioError as error:
            log.warning("how views held is not known: %s", error.message)
            return 0, 0

    async def _list(self, asked: ListViews, by: Principal) -> tuple[GivenView, ...]:
        symbol = self._symbol(asked.symbol)
        return await self._database.read(
            lambda c: ViewTable.list(c, by.name, symbol, asked.by, asked.limit)
        )

    async def _record(self, asked: GetViewRecord, by: Principal) -> tuple[ViewRecord, ...]:
        from tio.engine.analyst.views.record import records

        found = await self._database.read(lambda c: ViewTable.list(c, by.name))
        return records(found, asked.by)

    def _symbol(self, text: str) -> str:
        """As it is known; views of one that nobody knows any more are found all the same."""
        try:
            return self._market.symbol(text) if text else ""
        except TioError:
            return text
