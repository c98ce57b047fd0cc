"""The way of one symbol, and what of all ways leads to one source."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Protocol

from tio.api.market import AssetClass
from tio.api.sources import Attempt
from tio.plugin import Source, Wanted


class Shelf(Protocol):
    """The live sources: which can be used, and for what."""

    def source(self, name: str) -> Source | None: ...
    def unusable(self, name: str) -> str: ...
    def why_not(self, name: str, symbol: str) -> str: ...
    def awaits_list(self, name: str) -> bool: ...


class Path:
    """The way of one symbol: its chain, who tells it now, why, and who is being probed."""

    __slots__ = (
        "active",
        "better",
        "chain",
        "fault",
        "heard",
        "kind",
        "note",
        "passed",
        "probes",
        "reason",
        "refused",
        "since",
        "since_at",
        "symbol",
    )

    def __init__(self, symbol: str, kind: AssetClass, chain: Sequence[str], now: float) -> None:
        self.symbol = symbol
        self.kind = kind
        self.chain = tuple(chain)
        self.active = ""
        self.better = ""
        """A source before the active one in the chain that is asked again, to return to it."""
        self.since = now
        self.since_at = 0
        """µs UTC since when the active one is; `since` is the same in monotonic seconds."""
        self.reason = ""
        self.refused: dict[str, str] = {}
        self.passed: tuple[Attempt, ...] = ()
        self.heard = -1
        """The active feed's newest instant at which this path was looked at."""
        self.probes: list[int] = []
        """Instants of what the better source told since it is probed, one a look."""
        self.note = ""
        self.fault = ""
        """The error of ours by which it could not be judged the last time."""


class Slice:
    """The `Wanted` of one source: the symbols that are routed to it."""

    def __init__(
        self, routed: Callable[[], frozenset[str]], closely: Callable[[], frozenset[str]]
    ) -> None:
        self._routed = routed
        self._closely = closely
        self._known = self._wanted()
        self.news = asyncio.Event()

    @property
    def symbols(self) -> frozenset[str]:
        return self._routed()

    @property
    def closely(self) -> frozenset[str]:
        return self._routed() & self._closely()

    async def changed(self) -> None:
        """Returns when `symbols` or `closely` is not what it was at the last call."""
        while self._wanted() == self._known:
            self.news.clear()
            await self.news.wait()
        self._known = self._wanted()

    def _wanted(self) -> tuple[frozenset[str], frozenset[str]]:
        return self.symbols, self.closely


class Following:
    """Where a source gets its slices."""

    def __init__(
        self, routed: Callable[[], frozenset[str]], closely: Callable[[], frozenset[str]]
    ) -> None:
        self._routed = routed
        self._closely = closely
        self.slices: list[Slice] = []

    def follow(self) -> Slice:
        slice_ = Slice(self._routed, self._closely)
        self.slices.append(slice_)
        return slice_

    def leave(self, follower: Wanted) -> None:
        self.slices = [each for each in self.slices if each is not follower]

    def tell(self) -> None:
        """Something else is routed to the source."""
        for slice_ in self.slices:
            slice_.news.set()


class Shares:
    """Which symbols each source is to tell; sources hear when theirs are others."""

    def __init__(self, closely: Callable[[], frozenset[str]]) -> None:
        self._closely = closely
        self.renewing: set[str] = set()
        """Symbols that their source is to begin anew, with whole books: unwanted for a look."""
        self._routed: dict[str, frozenset[str]] = {}
        self._followings: dict[str, Following] = {}

    def of(self, name: str) -> frozenset[str]:
        """The symbols a source is to tell."""
        return self._routed.get(name, frozenset())

    def following(self, name: str) -> Following:
        """Where a source that is begun gets its slices."""
        following = self._followings[name] = Following(partial(self.of, name), self._closely)
        return following

    def tell(self) -> None:
        """Somebody looks closely at something else: sources hear of it."""
        for following in self._followings.values():
            following.tell()

    def divide(self, paths: Iterable[Path]) -> None:
        """Give each source the symbols it is to tell, those it is probed with included."""
        shares: dict[str, set[str]] = {}
        for path in paths:
            active = "" if path.symbol in self.renewing else path.active
            for name in (active, path.better):
                if name:
                    shares.setdefault(name, set()).add(path.symbol)
        for name in self._routed.keys() | shares.keys():
            share = frozenset(shares.get(name, ()))
            if share != self.of(name):
                self._routed[name] = share
                if name in self._followings:
                    self._followings[name].tell()
