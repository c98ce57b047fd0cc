"""The words of idea cards answered; cards that are live are watched and scored when due."""

import contextlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from tio.api.access import Principal
from tio.api.clean import clean
from tio.api.contract import Request, Topic
from tio.api.errors import Conflict, TioError
from tio.api.ideas import (
    CloseIdea,
    GetIdea,
    GetIdeaRecord,
    Idea,
    IdeaRecord,
    IdeaState,
    ListedIdea,
    ListIdeas,
    PreviewIdea,
    SaveIdea,
    TakeIdea,
)
from tio.api.market import GetQuotes
from tio.api.trading import OrderPreview
from tio.engine.ideas.live import LiveIdeas
from tio.engine.ideas.marking import listed, price_of
from tio.engine.ideas.plans import changed_plan, plan_of
from tio.engine.ideas.taking import Taking
from tio.engine.market.service import MarketService
from tio.engine.portfolio.shelf import Shelf
from tio.engine.service import Answer, Stream
from tio.engine.store.database import Database
from tio.engine.store.ideas import IdeaTable
from tio.engine.written import written, written_before
from tio.plugin import Clock

_ENGINE = Principal()
ANALYST = "analyst"
"""The door of what the analyst proposed and a person confirmed."""


class IdeaService:
    """Answers for idea cards. `wall` is real time, `clock` the workspace's."""

    def __init__(
        self,
        database: Database,
        wall: Clock,
        clock: Clock,
        market: MarketService,
        shelf: Shelf,
        trading: Mapping[type[Request[Any]], Answer],
    ) -> None:
        self._database = database
        self._wall = wall
        self._clock = clock
        self._market = market
        self._shelf = shelf
        self._taking = Taking(trading)
        self._awaited: set[str] = set()
        self.live = LiveIdeas(database, clock, market)

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {
            SaveIdea: self._save,
            ListIdeas: self._list,
            GetIdea: self._get,
            CloseIdea: self._close,
            PreviewIdea: self._preview,
            TakeIdea: self._take,
            GetIdeaRecord: self._record,
        }

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {}

    async def start(self) -> None:
        await self.live.start()

    async def close(self) -> None:
        await self.live.close()

    async def _save(self, asked: SaveIdea, by: Principal) -> Idea:
        # What a person confirmed for the analyst is the analyst's thought.
        return await self.write(asked, by, ANALYST if by.door == ANALYST else by.name)

    async def write(self, asked: SaveIdea, by: Principal, author: str) -> Idea:
        """Write or change a card of `by`; `author` is who thought of it, as the analyst."""
        symbol = self._market.symbol(asked.symbol)
        key = (await self._shelf.ledger(by.name, asked.portfolio)).key
        price = await self._price(symbol)
        async with self.live.lock:
            first = await written_before(self._database, asked, by, Idea)
            if first is not None:
                return first
            plan = plan_of(asked, price, self._clock.now())
            if asked.id:
                was = await self._unsettled(asked.id, by, symbol)
                plan = changed_plan(was.plan, plan)
                idea = replace(was, plans=(*was.plans, plan))
                return await self._put(asked, by, idea)
            idea = Idea(author=author, portfolio=asked.portfolio, symbol=symbol, plans=(plan,))
            made = await written(
                self._database, self._wall, asked, by, lambda c: IdeaTable.add(c, key, idea), Idea
            )
            self.live.put(by.name, made)
            return made

    async def _unsettled(self, id: str, by: Principal, symbol: str) -> Idea:
        """A card that may still be changed; Conflict says why it may not."""
        idea = await self._idea(id, by)
        if idea.symbol != symbol:
            raise Conflict(f"{id} is of {idea.symbol}", "give it up and write another card")
        if idea.state is IdeaState.planned:
            idea = await self.live.seen_in_bars(by.name, idea)
        if idea.state is not IdeaState.planned:
            raise Conflict(f"{id} stands as it was planned: {_why(idea)}", "write another card")
        return idea

    async def _close(self, asked: CloseIdea, by: Principal) -> Idea:
        reason = clean(asked.reason).strip()
        async with self.live.lock:
            first = await written_before(self._database, asked, by, Idea)
            if first is not None:
                return first
            idea = await self._idea(asked.id, by)
            if idea.state in (IdeaState.scored, IdeaState.given_up):
                raise Conflict(f"{asked.id} is over: {_why(idea)}", "nothing is left to give up")
            if not idea.entered:
                idea = await self.live.seen_in_bars(by.name, idea)
            idea = replace(idea, given_up_at=self._clock.now(), reason=reason)
            return await self._put(asked, by, idea)

    async def _preview(self, asked: PreviewIdea, by: Principal) -> OrderPreview:
        idea = await self._untaken(asked.id, by)
        return await self._taking.preview(idea, await self._price(idea.symbol), by)

    async def _take(self, asked: TakeIdea, by: Principal) -> Idea:
        async with self.live.lock:
            first = await written_before(self._database, asked, by, Idea)
            if first is not None:
                return first
            idea = await self._untaken(asked.id, by)
            price = await self._price(idea.symbol)
            orders = await self._taking.place(idea, price, by)
            now = self._clock.now()
            # Quotes may have marked it while its orders were placed.
            idea = await self._idea(asked.id, by)
            idea = replace(idea, taken_at=now, orders=tuple(order.id for order in orders))
            return await self._put(asked, by, idea)

    async def _untaken(self, id: str, by: Principal) -> Idea:
        idea = await self._idea(id, by)
        if idea.taken_at is not None:
            raise Conflict(f"{id} was taken already: {', '.join(idea.orders)}", "see `tio orders`")
        if idea.state not in (IdeaState.planned, IdeaState.entered):
            raise Conflict(f"{id} cannot be taken: {_why(idea)}", "write another card")
        if idea.plan.due <= self._clock.now():
            raise Conflict(f"the horizon of {id} is over", "write another card")
        return idea

    async def _put(self, asked: Request[Idea], by: Principal, idea: Idea) -> Idea:
        made = await written(
            self._database, self._wall, asked, by, lambda c: IdeaTable.put(c, by.name, idea), Idea
        )
        self.live.put(by.name, made)
        return made

    async def _idea(self, id: str, by: Principal) -> Idea:
        found = await self._database.read(lambda c: IdeaTable.get(c, by.name, id))
        return self.live.now(by.name, found)

    async def _get(self, asked: GetIdea, by: Principal) -> ListedIdea:
        idea = await self._idea(asked.id, by)
        if idea.open:
            await self._price(idea.symbol)
        return self._listed(idea)

    async def _list(self, asked: ListIdeas, by: Principal) -> tuple[ListedIdea, ...]:
        found = await self._all(asked.portfolio, by)
        wanted = [each for each in found if asked.state in (None, each.state)][: asked.limit]
        await self._first_prices({idea.symbol for idea in wanted if idea.open})
        return tuple(self._listed(idea) for idea in wanted)

    async def _first_prices(self, symbols: set[str]) -> None:
        """Wait a moment, once, for the first word of symbols that nobody has spoken of."""
        board = self._market.market.board
        silent = {each for each in symbols - self._awaited if board.render(each) is None}
        self._awaited |= symbols
        if silent:
            with contextlib.suppress(TioError):
                await self._market.answers()[GetQuotes](GetQuotes(tuple(sorted(silent))), _ENGINE)

    async def _record(self, asked: GetIdeaRecord, by: Principal) -> tuple[IdeaRecord, ...]:
        from tio.engine.ideas.record import records

        return records(await self._all(asked.portfolio, by), asked.by)

    async def _all(self, portfolio: str, by: Principal) -> tuple[Idea, ...]:
        if portfolio:
            await self._shelf.ledger(by.name, portfolio)
        found = await self._database.read(lambda c: IdeaTable.list(c, by.name, portfolio))
        return tuple(self.live.now(by.name, idea) for idea in found)

    def _listed(self, idea: Idea) -> ListedIdea:
        return listed(idea, self._market.quote(idea.symbol))

    async def _price(self, symbol: str) -> Decimal | None:
        """What a symbol trades at, waiting a moment for the first word of it."""
        if self._market.market.board.render(symbol) is None:
            with contextlib.suppress(TioError):
                await self._market.answers()[GetQuotes](GetQuotes((symbol,)), _ENGINE)
        return price_of(self._market.quote(symbol))


def _why(idea: Idea) -> str:
    """Where it stands, as the reason why something cannot be done."""
    if idea.score is not None:
        return f"it was scored, {idea.score.said}"
    if idea.given_up_at is not None:
        return f"it was given up on {idea.given_up_at:%Y-%m-%d %H:%M}Z"
    if idea.ended_by is not None and idea.ended_at is not None:
        word = idea.ended_by.value.replace("stopped", "stop").replace("invalidated", "invalidation")
        return f"its {word} was reached on {idea.ended_at:%Y-%m-%d %H:%M}Z"
    if idea.taken_at is not None:
        return f"it was taken on {idea.taken_at:%Y-%m-%d %H:%M}Z"
    return f"its entry was reached on {idea.entered_at:%Y-%m-%d %H:%M}Z"
