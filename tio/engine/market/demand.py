"""What somebody watches, counted, so that sources follow it."""

import asyncio
from collections import Counter
from collections.abc import Iterable

from tio.plugin import Wanted


class Demand:
    """Symbols and how many want each; every source follows it with a `Wanted` of its own."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._followers: list[Follower] = []

    @property
    def symbols(self) -> frozenset[str]:
        return frozenset(self._counts)

    def add(self, symbols: Iterable[str]) -> None:
        before = len(self._counts)
        self._counts.update(symbols)
        if len(self._counts) != before:
            self._tell()

    def drop(self, symbols: Iterable[str]) -> None:
        before = len(self._counts)
        for symbol in symbols:
            self._counts[symbol] -= 1
            if self._counts[symbol] <= 0:
                del self._counts[symbol]
        if len(self._counts) != before:
            self._tell()

    def follow(self) -> "Follower":
        """A view of this demand for one source."""
        follower = Follower(self)
        self._followers.append(follower)
        return follower

    def leave(self, follower: Wanted) -> None:
        self._followers = [each for each in self._followers if each is not follower]

    def _tell(self) -> None:
        for follower in self._followers:
            follower.news.set()


class Follower:
    """The `Wanted` of one source."""

    def __init__(self, demand: Demand) -> None:
        self._demand = demand
        self._known = demand.symbols
        self.news = asyncio.Event()

    @property
    def symbols(self) -> frozenset[str]:
        return self._demand.symbols

    async def changed(self) -> None:
        """Returns when `symbols` is not what it was at the last call."""
        while self._demand.symbols == self._known:
            self.news.clear()
            await self.news.wait()
        self._known = self._demand.symbols
