"""What somebody watches, counted, so that sources follow it."""

import asyncio
from collections import Counter
from collections.abc import Iterable

from tio.plugin import Wanted


class Demand:
    """Symbols and how many want each; every source follows it with a `Wanted` of its own."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._closely: Counter[str] = Counter()
        self._followers: list[Follower] = []

    @property
    def symbols(self) -> frozenset[str]:
        return frozenset(self._counts)

    @property
    def closely(self) -> frozenset[str]:
        """Those whose book somebody watches."""
        return frozenset(self._closely)

    def look(self, symbol: str) -> None:
        """Somebody watches the book of a symbol."""
        self._closely[symbol] += 1
        self.add((symbol,))
        self._tell()

    def look_away(self, symbol: str) -> None:
        """One who did does no more."""
        self._closely[symbol] -= 1
        if self._closely[symbol] <= 0:
            del self._closely[symbol]
        self.drop((symbol,))
        self._tell()

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
        self._known = self._wanted()
        self.news = asyncio.Event()

    @property
    def symbols(self) -> frozenset[str]:
        return self._demand.symbols

    @property
    def closely(self) -> frozenset[str]:
        return self._demand.closely

    async def changed(self) -> None:
        """Returns when `symbols` or `closely` is not what it was at the last call."""
        while self._wanted() == self._known:
            self.news.clear()
            await self.news.wait()
        self._known = self._wanted()

    def _wanted(self) -> tuple[frozenset[str], frozenset[str]]:
        return self._demand.symbols, self._demand.closely
