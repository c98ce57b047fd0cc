"""Trades of venues that number them one by one: what was missed is known, and fetched."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from tio.api.errors import TioError
from tio.api.ticks import Trade

log = logging.getLogger(__name__)


class Missing(NamedTuple):
    """Trades of a symbol after number `after` and before `before`; `since` is µs of the former."""

    symbol: str
    after: int
    before: int
    since: int

    @property
    def trades(self) -> int:
        """How many."""
        return self.before - self.after - 1

    def among(self, trades: Sequence[Trade]) -> list[Trade]:
        """Those of these trades that are missing, as trades that fold."""
        return [
            replace(trade, folds=True)
            for trade in trades
            if trade.id is not None and self.after < int(trade.id) < self.before
        ]


class Numbered:
    """Follows the numbers of each symbol's trades.

    The first a venue says of a symbol is its past, and folds only if it was said as news. Later
    ones fold when their number is new: also those of the snapshot that follows a reconnect.
    """

    def __init__(self) -> None:
        self._last: dict[str, tuple[int, int]] = {}
        """Symbol → the newest trade's number and instant."""

    def take(self, trades: Sequence[Trade]) -> tuple[list[Trade], list[Missing]]:
        """The trades as they fold, and what is missing before them."""
        told: list[Trade] = []
        missing: list[Missing] = []
        known = self._last.keys() & {trade.symbol for trade in trades}
        for trade in sorted(trades, key=_number):
            number = _number(trade)
            last, last_at = self._last.get(trade.symbol, (number - 1, trade.at))
            if trade.symbol in known and number > last:
                if number > last + 1:
                    missing.append(Missing(trade.symbol, last, number, last_at))
                trade = trade if trade.folds else replace(trade, folds=True)
            told.append(trade)
            if number > last:
                self._last[trade.symbol] = number, trade.at
        return told, missing


class Repairs:
    """Fetches what is missing, one symbol after the other; what cannot be had is logged."""

    def __init__(self, name: str, fetch: Callable[[Missing], Awaitable[None]]) -> None:
        self._name = name
        self._fetch = fetch
        self._waiting: dict[str, Missing] = {}
        self._news = asyncio.Event()

    def note(self, missing: Missing) -> None:
        """Have it fetched, with whatever of the symbol waits already."""
        known = self._waiting.get(missing.symbol)
        if known is not None:
            missing = known._replace(before=max(known.before, missing.before))
        self._waiting[missing.symbol] = missing
        self._news.set()

    async def run(self) -> None:
        """For ever."""
        while True:
            while self._waiting:
                missing = self._waiting.pop(next(iter(self._waiting)))
                try:
                    await self._fetch(missing)
                except (TioError, OSError, ValueError) as error:
                    log.warning("%s: trades of %s are missing: %s", self._name, missing[0], error)
            self._news.clear()
            await self._news.wait()


def _number(trade: Trade) -> int:
    return int(trade.id or 0)
