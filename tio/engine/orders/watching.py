"""The topic of a portfolio's orders: it begins when the portfolio has been found."""

from collections.abc import AsyncIterator

from tio.api.contract import After, Item
from tio.api.orders import OrderEvent
from tio.engine.ordered import OrderedWatch
from tio.engine.orders.journal import Journal
from tio.engine.portfolio.shelf import Shelf

Events = tuple[OrderEvent, ...]


class OrdersWatch:
    """Every event of a portfolio's orders; NotFound on entering."""

    def __init__(
        self, shelf: Shelf, journal: Journal, owner: str, portfolio: str, after: After | None
    ) -> None:
        self._shelf = shelf
        self._journal = journal
        self._owner = owner
        self._portfolio = portfolio
        self._after = after
        self._watch: OrderedWatch[OrderEvent, Events] | None = None

    async def __aenter__(self) -> AsyncIterator[Item[Events]]:
        ledger = await self._shelf.ledger(self._owner, self._portfolio)
        self._watch = self._journal.channel(ledger.key).watch(tuple, self._after)
        return await self._watch.__aenter__()

    async def __aexit__(self, *exc: object) -> None:
        if self._watch is not None:
            await self._watch.__aexit__(*exc)
