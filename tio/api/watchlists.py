"""The watchlists' words."""

from typing import Annotated

import msgspec
from msgspec import Meta

from tio.api.contract import Effect, Request, Role, Topic, word
from tio.api.market import Symbol

Name = Annotated[str, Meta(min_length=1, max_length=60)]
Members = Annotated[tuple[Symbol, ...], Meta(max_length=5_000)]


FIRST_SYMBOLS = (
    *("BTC-USD", "ETH-USD", "SOL-USD", "AAPL", "MSFT", "NVDA", "SPY", "QQQ"),
    *("^GSPC", "^IXIC", "^VIX", "EURUSD", "GBPUSD", "USDJPY", "ES=F", "GC=F", "CL=F"),
)
"""The Desk's first list where live sources can be asked and `desk.symbols` names none."""


class Watchlist(msgspec.Struct, frozen=True):
    """A named list of symbols in the order its owner gave them."""

    name: str
    symbols: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


@word(tool=True)
class ListWatchlists(Request[tuple[Watchlist, ...]], frozen=True):
    """The caller's watchlists, by name."""


@word(role=Role.trader, effect=Effect.write, tool=True)
class SaveWatchlist(Request[Watchlist], frozen=True):
    """Make a watchlist, or replace the one of that name; doubled symbols keep their first place."""

    name: Name
    symbols: Members = ()
    columns: Annotated[tuple[str, ...], Meta(max_length=40)] = ()


@word(role=Role.trader, effect=Effect.write)
class DeleteWatchlist(Request[Watchlist], frozen=True):
    """Remove a watchlist; the answer is what it held."""

    name: Name


@word()
class Watchlists(Topic[tuple[Watchlist, ...]], frozen=True):
    """All of the caller's watchlists, again after each change."""
